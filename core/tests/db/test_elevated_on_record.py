"""That somebody looked beyond their rows stays on record, whatever becomes of what they looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from tenor_guarded import Folder

from tenor_sdk import Refused
from tenor_sdk.services import savepoint
from tenor_test_support.ledger import seal

from .test_writes import entries

if TYPE_CHECKING:
    from tenor.context import KernelContext

    from .conftest import Folders, House


def looks(house: House) -> list[str]:
    """The reasons on record, oldest first."""
    return [each["reason"] for each in entries(house) if each["kind"] == "elevated"]


def look(ctx: KernelContext, reason: str) -> None:
    with ctx.elevated(reason) as high:
        assert len(high.scalars(select(Folder)).all()) == 2


def test_it_stays_though_what_it_was_for_is_refused(house: House, folders: Folders) -> None:
    with pytest.raises(Refused), house.as_(house.ann) as ctx:
        look(ctx, "total of the institution")
        raise Refused("too-many")
    assert looks(house) == ["total of the institution"]
    (told,) = [each for each in entries(house) if each["kind"] == "elevated"]
    assert (told["actor_id"], told["request_id"]) == (house.ann.id, ctx.request_id)


def test_it_stays_though_the_looking_itself_fails(house: House, folders: Folders) -> None:
    with pytest.raises(ZeroDivisionError), house.as_(house.ann) as ctx, ctx.elevated("a look"):
        raise ZeroDivisionError
    assert looks(house) == ["a look"]


def test_it_stays_once_where_a_part_is_undone(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        look(ctx, "before")
        with pytest.raises(Refused), savepoint(ctx):
            look(ctx, "within")
            raise Refused("too-many")
        look(ctx, "after")
    assert sorted(looks(house)) == ["after", "before", "within"]


def test_one_within_another_stays(house: House, folders: Folders) -> None:
    with pytest.raises(Refused), house.as_(house.ann) as ctx, ctx.elevated("outer"):
        look(ctx, "inner")
        raise Refused("too-many")
    assert sorted(looks(house)) == ["inner", "outer"]


def test_what_is_kept_again_is_sealed_and_proves_true(house: House, folders: Folders) -> None:
    with pytest.raises(Refused), house.as_(house.ann) as ctx:
        look(ctx, "a look")
        raise Refused("too-many")
    assert seal(house.kernel) == len(entries(house))
    assert not house.kernel.audit.verify().findings
