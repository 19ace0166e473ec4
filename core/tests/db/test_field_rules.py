"""What becomes of a field where several rules speak of it: no rule lifts what another forbids."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tenor_guarded import Folder, Sheet, clerk, reader

from tenor.access.actors import Lent
from tenor.declarations import Declarations
from tenor.records import Records
from tenor_sdk.access import FieldRule
from tenor_test_support.statements import asking

from .conftest import add_folder

if TYPE_CHECKING:
    from tenor.access import ActorData

    from .conftest import Folders, House

HIDE = FieldRule(fields=(Folder.subject,), effect="hide")
MASK = FieldRule(fields=(Folder.subject,), effect="mask")
FREEZE = FieldRule(fields=(Folder.subject,), effect="freeze")


FOR_CLERKS = FieldRule(fields=(Folder.amount,), effect="hide", unless=(clerk,))


def ruled(house: House, *rules: FieldRule) -> House:
    house.kernel.access.load(Declarations(values=[clerk, reader, *rules], records=[Folder, Sheet]))
    return house


def standing_in(taker: ActorData, giver: ActorData, *, clerk_is: str) -> ActorData:
    """Two of two branches, of whom one is a clerk and the other a mere reader, the first in the place of the second."""
    mere = frozenset({reader.key})
    if clerk_is == "giver":
        taker = replace(taker, roles=mere)
    else:
        giver = replace(giver, roles=mere)
    return replace(taker, stands_in=(replace(giver, lent=Lent(1, date(2026, 7, 31))),))


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


def test_a_rule_in_states_of_what_has_none_is_refused_as_it_would_never_hold(house: House) -> None:
    with pytest.raises(TypeError, match="no state"):
        ruled(house, FieldRule(fields=(Sheet.text,), effect="hide", in_states=("open",)))


@pytest.mark.parametrize("clerk_is", ["giver", "taker"])
def test_a_role_lifts_a_rule_on_the_rows_that_are_seen_by_it_and_on_no_others(
    house: House, folders: Folders, clerk_is: str
) -> None:
    """What one may not see alone, and the giver neither, two together don't see either."""
    access = ruled(house, FOR_CLERKS).kernel.access
    both = standing_in(house.ann, house.ben, clerk_is=clerk_is)
    clerks, readers = folders.bens, folders.anns
    if clerk_is == "taker":
        clerks, readers = readers, clerks
    with house.as_(both, write=False) as ctx:
        shown, shut = (ctx.session.get_one(Folder, one) for one in (clerks, readers))
        assert access.field_effects(ctx, Folder, row=shown) == {}
        assert access.field_effects(ctx, Folder, row=shut) == {"amount": "hide"}


def test_rows_that_are_seen_by_several_are_not_sorted_by_what_one_of_them_does_not_see(
    house: House, folders: Folders
) -> None:
    access = ruled(house, FOR_CLERKS).kernel.access
    both = standing_in(house.ann, house.ben, clerk_is="giver")
    with house.as_(both, write=False) as ctx:
        assert not access.may_sort(ctx, Folder.amount)


def test_who_sees_rows_by_the_givers_right_alone_sees_them_as_the_giver_does(
    house: House, folders: Folders
) -> None:
    access = ruled(house, FOR_CLERKS).kernel.access
    both = replace(standing_in(house.ann, house.ben, clerk_is="giver"), roles=frozenset())
    with house.as_(both, write=False) as ctx:
        assert access.may_sort(ctx, Folder.amount)


def test_of_many_rows_it_is_asked_as_often_as_of_few(house: House, folders: Folders) -> None:
    """Whoever acts for others sees some rows by their own rights and some by those of another."""
    access = ruled(house, FOR_CLERKS).kernel.access
    both = standing_in(house.ann, house.ben, clerk_is="giver")
    counts, effects = [], []
    for _more in range(2):
        with house.as_(both, write=False) as ctx:
            rows = list(ctx.session.scalars(select(Folder)))
            with asking(house.kernel.db.reader) as asked:
                access.look(ctx, rows)
                effects = [access.field_effects(ctx, Folder, row=row) for row in rows]
        counts.append(len(asked))
        for actor in (house.ann, house.ben):
            for _each in range(5):
                add_folder(house, actor, "more")
    assert counts == [2, 2]
    assert sorted(map(len, effects)) == [0] * 6 + [1] * 6


def test_what_is_written_is_asked_of_anew(house: House, folders: Folders) -> None:
    """A row that was seen by one's own rights is seen by the giver's alone once it was moved to their unit."""
    access = ruled(house, FOR_CLERKS).kernel.access
    both = standing_in(house.ann, house.ben, clerk_is="giver")
    with house.as_(both) as ctx:
        own = ctx.session.get_one(Folder, folders.anns)
        access.look(ctx, [own])
        assert access.field_effects(ctx, Folder, row=own) == {"amount": "hide"}
        with access.procedure(ctx, "guarded", "hand on"):
            own.unit_id = house.ben.unit_id
        assert access.field_effects(ctx, Folder, row=own) == {}
