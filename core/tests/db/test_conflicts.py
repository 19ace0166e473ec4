"""What is told of a value that must be unique and isn't, however it is written and whosever the other row is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tenor_guarded import Badge, Ballot

from tenor.i18n import Translator
from tenor_sdk import Conflict

if TYPE_CHECKING:
    from tenor.access import ActorData

    from .conftest import House

Row = dict[str, object]
Write = Callable[["House", "ActorData", type, Row], None]


def alone(house: House, actor: ActorData, record: type, row: Row) -> None:
    """As a form writes it, or a service."""
    with house.as_(actor) as ctx:
        ctx.session.add(record(**row))
        ctx.session.flush()


def together(house: House, actor: ActorData, record: type, row: Row) -> None:
    """As a procedure loads many."""
    with house.as_(actor) as ctx, house.kernel.access.procedure(ctx, "guarded", "load"):
        house.kernel.access.bulk.load(ctx, record, [row])


def of(actor: ActorData, **values: object) -> Row:
    return {"unit_id": actor.unit_id, "owner_id": actor.id, **values}


def said(conflict: Conflict, language: str) -> str:
    return Translator().error(conflict, language)


@pytest.mark.parametrize("write", [alone, together])
@pytest.mark.parametrize("mine", [True, False])
def test_the_field_is_named_be_the_other_row_hidden_or_not(
    house: House, write: Write, mine: bool
) -> None:
    other = house.ann if mine else house.ben
    alone(house, other, Badge, of(other, code="A-1"))
    with pytest.raises(Conflict) as refused:
        write(house, house.ann, Badge, of(house.ann, code="A-1"))
    assert refused.value.key == "already-exists"
    assert {name: str(value) for name, value in refused.value.values.items()} == {
        "field": "code", "label": "Code",
    }  # fmt: skip
    assert said(refused.value, "en") == "Code: there is one like it already."
    assert said(refused.value, "zh-CN") == "代码：已经存在相同的记录。"


@pytest.mark.parametrize("write", [alone, together])
def test_fields_that_are_unique_together_are_named_together(house: House, write: Write) -> None:
    row = {"series": "S", "holder_name": "Lin"}
    alone(house, house.ben, Badge, of(house.ben, **row))
    with pytest.raises(Conflict) as refused:
        write(house, house.ann, Badge, of(house.ann, **row))
    assert refused.value.values["field"] == "series, holder_name"
    assert said(refused.value, "en") == "Series, Issued to: there is one like it already."
    assert said(refused.value, "zh-CN") == "Series、Issued to：已经存在相同的记录。"


@pytest.mark.parametrize("write", [alone, together])
def test_a_field_that_the_person_may_not_see_isnt_named(house: House, write: Write) -> None:
    alone(house, house.ben, Badge, of(house.ben, pin="1234"))
    with pytest.raises(Conflict) as refused:
        write(house, house.ann, Badge, of(house.ann, pin="1234"))
    assert (refused.value.key, dict(refused.value.values)) == ("already-exists", {})
    assert said(refused.value, "en") == "There is one like it already."


@pytest.mark.parametrize("write", [alone, together])
def test_of_records_that_the_person_never_sees_no_field_is_named(
    house: House, write: Write
) -> None:
    alone(house, house.ben, Ballot, {"voter": "Lin"})
    with pytest.raises(Conflict) as refused:
        write(house, house.ann, Ballot, {"voter": "Lin"})
    assert (refused.value.key, dict(refused.value.values)) == ("already-exists", {})


def test_rows_of_one_load_may_not_clash_with_each_other_either(house: House) -> None:
    row = of(house.ann, code="A-1")
    with (
        pytest.raises(Conflict) as refused,
        house.as_(house.ann) as ctx,
        house.kernel.access.procedure(ctx, "guarded", "load"),
    ):
        house.kernel.access.bulk.load(ctx, Badge, [row, row])
    assert refused.value.values["field"] == "code"


def test_setting_many_rows_alike_names_the_field(house: House) -> None:
    for code in ("A-1", "A-2"):
        alone(house, house.ann, Badge, of(house.ann, code=code))
    with (
        pytest.raises(Conflict) as refused,
        house.as_(house.ann) as ctx,
        house.kernel.access.procedure(ctx, "guarded", "set"),
    ):
        house.kernel.access.bulk.update_where(ctx, Badge, Badge.id > 0, {"code": "A-3"})
    assert refused.value.values["field"] == "code"
