"""What becomes of a field where several rules speak of it: no rule lifts what another forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tenor_guarded import Folder, Sheet, clerk

from tenor.declarations import Declarations
from tenor.records import Records
from tenor_sdk.access import FieldRule

if TYPE_CHECKING:
    from .conftest import House

HIDE = FieldRule(fields=(Folder.subject,), effect="hide")
MASK = FieldRule(fields=(Folder.subject,), effect="mask")
FREEZE = FieldRule(fields=(Folder.subject,), effect="freeze")


def ruled(house: House, *rules: FieldRule) -> House:
    house.kernel.access.load(Declarations(values=[clerk, *rules], records=[Folder, Sheet]))
    return house


@pytest.mark.parametrize("rules", [(HIDE, FREEZE), (FREEZE, HIDE), (HIDE, MASK), (MASK, HIDE)])
def test_what_one_rule_hides_no_other_shows(house: House, rules: tuple[FieldRule, ...]) -> None:
    with ruled(house, *rules).as_(house.ann) as ctx:
        assert house.kernel.access.field_effects(ctx, Folder) == {"subject": "hide"}


@pytest.mark.parametrize("rules", [(MASK, FREEZE), (FREEZE, MASK)])
def test_what_is_masked_and_frozen_is_shown_masked_and_not_written(
    house: House, rules: tuple[FieldRule, ...]
) -> None:
    records = Records()
    records.attach(ruled(house, *rules).kernel)
    with house.as_(house.ann) as ctx:
        assert house.kernel.access.field_effects(ctx, Folder) == {"subject": "mask"}
        assert "subject" not in {spec.key for spec in records.writable(ctx, Folder)}


def test_what_is_masked_alone_can_be_written(house: House) -> None:
    records = Records()
    records.attach(ruled(house, MASK).kernel)
    with house.as_(house.ann) as ctx:
        assert "subject" in {spec.key for spec in records.writable(ctx, Folder)}


def test_a_rule_with_an_effect_that_nobody_knows_is_refused(house: House) -> None:
    slip: Any = "hidden"
    with pytest.raises(TypeError, match="hidden"):
        ruled(house, FieldRule(fields=(Folder.subject,), effect=slip))
