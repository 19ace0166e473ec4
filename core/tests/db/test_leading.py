"""Where a write leads: into the reach of a grant of whoever writes, and nowhere that a restriction hides from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, false, func, select
from tenor_guarded import Folder, Pointer, Sheet, clerk
from tenor_visitor import Stamp, stamp

from tenor.access.actors import Lent
from tenor.access.rights import RoleBook
from tenor.audit.records import LedgerEntry
from tenor_sdk import Amount, Conflict, Forbidden, NotFound, Scope, can
from tenor_sdk.access import Grant, RowRule, through
from tenor_sdk.services import savepoint

from .conftest import add_folder

if TYPE_CHECKING:
    from tenor.access import ActorData

    from .conftest import Folders, House

Grants = tuple[Grant, ...]
SMALL = RowRule(record=Folder, allows=lambda _actor: Folder.amount < Amount(1000))
NO_SECRETS = RowRule(record=Sheet, allows=lambda _actor: Sheet.text != "secret")


def ruled(house: House, *rules: RowRule, grants: Grants = clerk.grants) -> House:
    """A clerk has these grants, and these restrictions lie on what there is."""
    by_record: dict[Any, list[RowRule]] = {}
    for rule in rules:
        by_record.setdefault(rule.record, []).append(rule)
    house.kernel.access.book = RoleBook({clerk.key: grants}, by_record)
    house.kernel.access._rights.clear()
    return house


def small(_actor: Any) -> Any:
    """A scope of a plugin's own."""
    return Folder.amount < Amount(1000)


def folder(actor: ActorData, amount: int, **values: Any) -> Folder:
    return Folder(
        subject="s", amount=Amount(amount), unit_id=actor.unit_id, owner_id=actor.id, **values
    )


def standing_in(taker: ActorData, giver: ActorData) -> ActorData:
    return replace(taker, stands_in=(replace(giver, lent=Lent(1, date(2026, 7, 31))),))


def amounts(house: House) -> list[Amount]:
    with house.kernel.db.raw(write=False) as connection:
        return list(connection.execute(select(Folder.__table__.c.amount)).scalars())


# -- rows by themselves -----------------------------------------------------------------------------------------------


def test_a_row_is_not_made_where_a_restriction_hides_it(house: House) -> None:
    with pytest.raises(Forbidden, match="out-of-reach"), ruled(house, SMALL).as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 1000))
    assert amounts(house) == []


def test_a_row_is_not_changed_into_where_a_restriction_hides_it(
    house: House, folders: Folders
) -> None:
    with pytest.raises(Forbidden, match="out-of-reach"), ruled(house, SMALL).as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).amount = Amount(1000)
    assert amounts(house) == [Amount(100), Amount(100)]


def test_a_value_counted_up_in_sql_leads_nowhere_else_either(
    house: House, folders: Folders
) -> None:
    with pytest.raises(Forbidden, match="out-of-reach"), ruled(house, SMALL).as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).amount = Folder.amount + Amount(900)


def test_what_stays_in_sight_is_made_and_changed(house: House, folders: Folders) -> None:
    with ruled(house, SMALL).as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).amount = Amount(999)
        ctx.session.add(folder(house.ann, 998))
    assert sorted(amounts(house)) == [Amount(100), Amount(998), Amount(999)]


def test_what_is_hidden_is_removed_by_nobody_and_what_is_seen_by_whoever_may(
    house: House, folders: Folders
) -> None:
    large = add_folder(house, house.ann, "large", amount=1000)
    with ruled(house, SMALL).as_(house.ann) as ctx:
        assert ctx.session.get(Folder, large) is None
        assert not ctx.may(Folder, "delete", Folder(id=large))
        ctx.session.delete(ctx.session.get_one(Folder, folders.anns))
    assert sorted(amounts(house)) == [Amount(100), Amount(1000)]


CONDITION = can.everything(Folder, scope=small)


def test_a_row_is_made_within_a_plugins_own_condition_and_not_beyond_it(house: House) -> None:
    ruled(house, grants=CONDITION)
    with house.as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 999))
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 1000))
    assert amounts(house) == [Amount(999)]


def test_a_row_is_not_moved_out_of_a_plugins_own_condition(house: House, folders: Folders) -> None:
    ruled(house, grants=CONDITION)
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.bens).amount = Amount(1000)
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.bens).amount = Amount(999)


def test_a_row_leaves_one_grants_reach_for_anothers(house: House, folders: Folders) -> None:
    ruled(house, grants=(*CONDITION, *can.everything(Folder, scope=Scope.UNIT)))
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).amount = Amount(1000)
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.bens).amount = Amount(1000)


def test_one_row_beyond_reach_undoes_the_others_of_its_flush(house: House) -> None:
    ruled(house, SMALL)
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.add_all([folder(house.ann, 1), folder(house.ann, 1000), folder(house.ann, 2)])
    assert amounts(house) == []


def test_a_part_that_fails_leaves_nothing_and_the_rest_goes_on(house: House) -> None:
    with ruled(house, SMALL).as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 1))
        with pytest.raises(Forbidden, match="out-of-reach"), savepoint(ctx):
            ctx.session.add(folder(house.ann, 1000))
        ctx.session.add(folder(house.ann, 2))
    assert sorted(amounts(house)) == [Amount(1), Amount(2)]


def test_many_rows_are_asked_of_in_one_statement(house: House) -> None:
    ruled(house, SMALL)
    asked: list[str] = []
    for number in (1, 30):
        with house.as_(house.ann) as ctx:
            ctx.session.add_all([folder(house.ann, 1) for _ in range(number)])
            connection = house.kernel.db.connection_of(ctx.session)
            watch = _watching(asked := [])
            event.listen(connection, "before_cursor_execute", watch)
            ctx.session.flush()
            event.remove(connection, "before_cursor_execute", watch)
        assert len([one for one in asked if one.startswith("SELECT guarded_folder.id")]) == 1


def _watching(asked: list[str]) -> Callable[..., None]:
    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    return watch


# -- procedures -------------------------------------------------------------------------------------------------------


def test_a_procedure_hands_on_what_its_caller_sees_no_more(house: House, folders: Folders) -> None:
    """The right to enter is the person's; what is written inside is the plugin's to answer for."""
    access = ruled(house, SMALL).kernel.access
    with house.as_(house.ann) as ctx:
        with access.procedure(ctx, "guarded", "hand on"):
            ctx.session.get_one(Folder, folders.anns).amount = Amount(1000)
        with access.procedure(ctx, "guarded", "make"):
            ctx.session.add(folder(house.ann, 2000))
    assert sorted(amounts(house)) == [Amount(100), Amount(1000), Amount(2000)]


def test_the_doors_of_set_based_writing_do_so_too_and_reach_no_row_that_is_hidden(
    house: House, folders: Folders
) -> None:
    access = ruled(house, SMALL).kernel.access
    row = {"subject": "x", "unit_id": house.ann.unit_id, "archived": False}
    with house.as_(house.ann) as ctx, access.procedure(ctx, "guarded", "hand on"):
        assert access.bulk.load(ctx, Folder, [{**row, "amount": Amount(2000)}]) == 1
        assert access.bulk.update_where(ctx, Folder, Folder.id > 0, {"amount": Amount(1000)}) == 1
        assert access.bulk.update_where(ctx, Folder, Folder.id > 0, {"amount": Amount(1)}) == 0
    assert sorted(amounts(house)) == [Amount(100), Amount(1000), Amount(2000)]


# -- in another's place -----------------------------------------------------------------------------------------------


def test_nothing_is_carried_from_ones_own_reach_into_that_of_another(
    house: House, folders: Folders
) -> None:
    """Neither the one nor the other may do it: two together may not either."""
    with house.as_(house.ann) as ctx:
        ctx.session.add(Pointer(folder_id=folders.anns))
    both = standing_in(house.ann, house.ben)
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(both) as ctx:
        ctx.session.scalars(select(Pointer)).one().folder_id = folders.bens


def test_it_counts_for_the_giver_whose_rights_the_row_needs(house: House) -> None:
    def others(actor: Any) -> Any:
        return Folder.amount >= Amount(1000) if actor.id == house.ben.id else small(actor)

    ruled(house, grants=can.everything(Folder, scope=others))
    with house.as_(standing_in(house.ann, house.ben)) as ctx:
        ctx.session.add(folder(house.ann, 1000))
        ctx.session.add(folder(house.ann, 1))
    ledger = LedgerEntry.__table__.c
    with house.kernel.db.raw(write=False) as connection:
        told = connection.execute(
            select(ledger.changes, ledger.behalf_of_id).where(ledger.table_name == "guarded_folder")
        ).all()
    assert {changes["amount"][1]: behalf for changes, behalf in told} == {
        1000: house.ben.id, 1: None,
    }  # fmt: skip


def test_a_giver_lifts_no_restriction_of_what_is_made(house: House) -> None:
    rule = RowRule(
        record=Folder, allows=lambda actor: Folder.id > 0 if actor.id == house.ben.id else false()
    )
    ruled(house, rule)
    with house.as_(house.ben) as ctx:
        ctx.session.add(folder(house.ben, 1))
    with (
        pytest.raises(Forbidden, match="out-of-reach"),
        house.as_(standing_in(house.ann, house.ben)) as ctx,
    ):
        ctx.session.add(folder(house.ben, 1))


# -- lines ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sheets(house: House, folders: Folders) -> tuple[int, int]:
    """Of Ann's folder the sheet that she sees, and one that is hidden from her."""
    with house.as_(house.ann) as ctx:
        own = ctx.session.get_one(Folder, folders.anns)
        own.sheets.append(Sheet(text="secret"))
        ctx.session.flush()
        seen, hidden = (sheet.id for sheet in own.sheets)
    ruled(house, NO_SECRETS)
    return seen, hidden


def test_a_hidden_line_is_neither_read_nor_changed_nor_removed(
    house: House, sheets: tuple[int, int]
) -> None:
    seen, hidden = sheets
    with house.as_(house.ann) as ctx:
        assert ctx.session.scalars(select(Sheet.id)).all() == [seen]
        for verb in ("read", "update", "delete"):
            assert ctx.may(Sheet, verb, Sheet(id=seen, parent_id=1))
            assert not ctx.may(Sheet, verb, Sheet(id=hidden, parent_id=1))


def test_a_line_that_was_hidden_meanwhile_is_not_found(
    house: House, sheets: tuple[int, int]
) -> None:
    with pytest.raises(NotFound), house.as_(house.ann) as ctx:
        sheet = ctx.session.get_one(Sheet, sheets[0])
        with house.kernel.access.procedure(ctx, "guarded", "hide"):
            sheet.text = "secret"
        sheet.text = "seen again"


def test_no_line_is_made_or_changed_into_where_it_is_hidden(
    house: House, folders: Folders, sheets: tuple[int, int]
) -> None:
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.get_one(Sheet, sheets[0]).text = "secret"
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.add(Sheet(parent_id=folders.anns, text="secret"))
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Sheet, sheets[0]).text = "open"
        ctx.session.add(Sheet(parent_id=folders.anns, text="open too"))


def test_no_line_is_hidden_in_a_new_record(house: House) -> None:
    ruled(house, NO_SECRETS)
    with house.as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 1, sheets=[Sheet(text="open")]))
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.add(folder(house.ann, 1, sheets=[Sheet(text="secret")]))


def test_a_hidden_line_keeps_its_parent_from_being_removed(
    house: House, folders: Folders, sheets: tuple[int, int]
) -> None:
    """Whoever can't see it can't remove it, and its parent isn't removed under it."""
    with pytest.raises(Conflict, match="still-referred-to"), house.as_(house.ann) as ctx:
        ctx.session.delete(ctx.session.get_one(Folder, folders.anns))
    with house.kernel.db.raw(write=False) as connection:
        assert connection.scalar(select(func.count()).select_from(Sheet.__table__)) == 3


def test_what_belongs_to_a_hidden_line_is_hidden_with_it(
    house: House, sheets: tuple[int, int]
) -> None:
    seen, hidden = sheets
    with house.as_(house.ann) as ctx:
        stamp(ctx, seen)
        assert ctx.may(Stamp, "update", Stamp(id=seen))
        assert not ctx.may(Stamp, "update", Stamp(id=hidden))
    with pytest.raises(NotFound, match="linked-record"), house.as_(house.ann) as ctx:
        stamp(ctx, hidden)


OWN_ONLY = (*can.everything(Folder, scope=Scope.OWN), *can.read(Folder, scope=Scope.UNIT))


def test_a_line_goes_by_its_parent(house: House, folders: Folders) -> None:
    """Of a colleague's folder one reads the lines and changes none, nor adds one."""
    ruled(house, grants=OWN_ONLY)
    colleague = replace(house.ann, id=house.ben.id)
    with house.as_(colleague) as ctx:
        (sheet,) = ctx.session.get_one(Folder, folders.anns).sheets
        assert ctx.may(Sheet, "read", sheet)
        for verb in ("update", "delete"):
            assert not ctx.may(Sheet, verb, sheet)
    for text in ("changed", "added"):
        with pytest.raises(Forbidden, match="not-permitted"), house.as_(colleague) as ctx:
            own = ctx.session.get_one(Folder, folders.anns)
            if text == "changed":
                own.sheets[0].text = text
            else:
                ctx.session.add(Sheet(parent_id=own.id, text=text))


def test_a_line_is_not_moved_into_a_record_that_is_not_ones_own_to_change(
    house: House, folders: Folders
) -> None:
    ruled(house, grants=OWN_ONLY)
    colleague = replace(house.ann, id=house.ben.id)
    own = add_folder(house, colleague, "the colleague's")
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(colleague) as ctx:
        (sheet,) = ctx.session.get_one(Folder, own).sheets
        sheet.parent_id = folders.anns


def test_lines_with_a_grant_of_their_own_go_by_it(house: House, folders: Folders) -> None:
    grants = (*can.read(Folder), *can.edit(Sheet, scope=through(Sheet.parent_id)))
    ruled(house, NO_SECRETS, grants=grants)
    with house.as_(house.ann) as ctx:
        (sheet,) = ctx.session.get_one(Folder, folders.bens).sheets
        sheet.text = "changed"
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.add(Sheet(parent_id=folders.bens, text="secret"))
