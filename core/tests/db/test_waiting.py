"""What a connection is told late: savepoints, and rows of the kernel's journals. Nobody sees a difference but whoever
counts statements.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, table, text
from sqlalchemy.exc import DBAPIError
from tenor_guarded import Folder

from tenor.audit.records import LedgerEntry
from tenor.db.errors import Unguarded
from tenor.db.waiting import put, tell
from tenor.events.rows import stamps
from tenor.workflow.duties import ADD
from tenor_sdk import Refused
from tenor_sdk.services import savepoint
from tenor_test_support.statements import asking

from .conftest import add_folder
from .test_writes import entries

if TYPE_CHECKING:
    from tenor.context import KernelContext

    from .conftest import Folders, House

pytestmark = pytest.mark.both_databases

ALL = select(Folder)
LEDGER: Any = LedgerEntry.__table__
KINDS = select(LEDGER.c.kind).where(LEDGER.c.kind.in_(("one", "two"))).order_by(LEDGER.c.id)


def asked(house: House, act: Callable[[KernelContext], None]) -> list[str]:
    """The first words of what the database is asked meanwhile."""
    with asking(house.kernel.db.writer) as statements, house.as_(house.ann) as ctx:
        act(ctx)
    return [each.split()[0] for each in statements]


def read(ctx: KernelContext) -> None:
    ctx.session.scalars(ALL).all()


def kinds(house: House) -> list[str]:
    return [each["kind"] for each in entries(house) if each["kind"] in ("one", "two", "three")]


def test_a_part_in_which_nothing_is_asked_costs_no_statement(house: House) -> None:
    def act(ctx: KernelContext) -> None:
        with savepoint(ctx), savepoint(ctx):
            pass

    assert asked(house, act) == []


def test_parts_that_only_read_share_a_savepoint(house: House, folders: Folders) -> None:
    def act(ctx: KernelContext) -> None:
        for _part in range(3):
            with savepoint(ctx):
                read(ctx)

    assert asked(house, act) == ["SAVEPOINT", "SELECT", "SELECT", "SELECT"]


def test_what_is_locked_has_a_savepoint_of_its_own(house: House, folders: Folders) -> None:
    """Whoever goes back to before it gives the lock up."""

    def act(ctx: KernelContext) -> None:
        for _part in range(2):
            with savepoint(ctx):
                ctx.session.scalars(ALL.with_for_update()).all()

    found = asked(house, act)
    alone = house.kernel.db.dialect == "sqlite"  # where nothing is locked
    again = [] if alone else ["RELEASE", "SAVEPOINT"]
    assert found == ["SAVEPOINT", "SELECT", *again, "SELECT"]


def test_a_part_that_fails_after_one_that_only_read_is_undone_alone(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get_one(Folder, folders.anns)
        folder.subject = "before"
        with savepoint(ctx):
            read(ctx)
        with pytest.raises(Refused), savepoint(ctx):
            folder.subject = "within"
            ctx.session.flush()
            raise Refused("too-many")
        assert folder.subject == "before"
    with house.as_(house.ann) as ctx:
        assert ctx.session.get_one(Folder, folders.anns).subject == "before"


def test_a_part_around_one_that_fails_goes_on(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx, savepoint(ctx):
        folder = ctx.session.get_one(Folder, folders.anns)
        folder.subject = "around"
        with pytest.raises(Refused), savepoint(ctx):
            ctx.session.get_one(Folder, folders.anns).subject = "within"
            raise Refused("too-many")
        with savepoint(ctx):
            ctx.session.add(Folder(subject="after", unit_id=house.ann.unit_id))
    with house.as_(house.ann) as ctx:
        subjects = {each.subject for each in ctx.session.scalars(ALL)}
        assert subjects == {"around", "after"}


def test_what_was_pending_in_a_part_that_fails_is_never_written(house: House) -> None:
    with house.as_(house.ann) as ctx:
        with pytest.raises(Refused), savepoint(ctx), savepoint(ctx):
            ctx.session.add(Folder(subject="never", unit_id=house.ann.unit_id))
            raise Refused("too-many")
        assert not ctx.session.new
        assert ctx.session.scalars(ALL).all() == []


def test_a_statement_that_the_database_refuses_breaks_its_part_alone(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).subject = "before"
        connection = house.kernel.db.connection_of(ctx.guarded)
        with pytest.raises(DBAPIError), savepoint(ctx), house.kernel.db.marked(connection):
            connection.execute(select(1).select_from(table("nowhere")))
        assert ctx.session.get_one(Folder, folders.anns).subject == "before"


def test_what_a_sibling_wrote_in_a_part_that_fails_is_undone(house: House) -> None:
    with house.as_(house.ann) as ctx:
        with pytest.raises(Refused), savepoint(ctx):
            with house.kernel.db.system(ctx.session) as high:
                high.add(_unit())
            raise Refused("too-many")
        with house.kernel.db.system(ctx.session) as high:
            assert (
                high.scalars(select(type(_unit())).where(type(_unit()).code == "new")).all() == []
            )


def _unit() -> Any:
    from tenor.access.records import Unit

    return Unit(code="new", name="New")


def test_entries_of_a_part_that_fails_are_never_written(house: House, folders: Folders) -> None:
    audit = house.kernel.audit
    with house.as_(house.ann) as ctx:
        audit.note(ctx, "one")
        with pytest.raises(Refused), savepoint(ctx):
            audit.note(ctx, "two")
            raise Refused("too-many")
        audit.note(ctx, "three")
    assert kinds(house) == ["one", "three"]


def test_entries_are_there_for_whoever_asks_and_in_their_order(house: House) -> None:
    audit = house.kernel.audit
    with house.as_(house.ann) as ctx:
        audit.note(ctx, "one")
        audit.note(ctx, "two")
        found = house.kernel.db.execute(ctx.guarded, KINDS).scalars().all()
        assert found == ["one", "two"]
        audit.note(ctx, "three")
    assert kinds(house) == ["one", "two", "three"]


def test_entries_of_many_acts_are_one_statement_where_the_database_can(house: House) -> None:
    def act(ctx: KernelContext) -> None:
        for kind in ("one", "two", "three"):
            house.kernel.audit.note(ctx, kind)

    found = asked(house, act)
    assert kinds(house) == ["one", "two", "three"]
    assert len(found) == (1 if house.kernel.db.dialect == "postgresql" else 3), found


def test_what_is_undone_as_a_whole_leaves_nothing_for_the_next(house: House) -> None:
    with pytest.raises(Refused), house.as_(house.ann) as ctx:
        house.kernel.audit.note(ctx, "one")
        with savepoint(ctx):
            house.kernel.audit.note(ctx, "two")
        raise Refused("too-many")
    add_folder(house, house.ann, "next")
    assert kinds(house) == []


def test_whoever_goes_to_the_driver_has_it_told_first(house: House) -> None:
    with house.as_(house.ann) as ctx:
        connection = house.kernel.db.connection_of(ctx.guarded)
        house.kernel.audit.note(ctx, "one")
        tell(connection)
        driver: Any = connection.connection.driver_connection
        found = driver.execute("SELECT count(*) FROM base_ledger_entry WHERE kind = 'one'")
        assert found.fetchone()[0] == 1


def test_no_transaction_is_ended_within_a_part_in_which_nothing_happened(house: House) -> None:
    with (
        house.as_(house.ann) as ctx,
        savepoint(ctx),
        pytest.raises(Unguarded, match="savepoint"),
        house.kernel.db.pause(ctx.session),
    ):
        pass


def test_what_the_database_refuses_at_the_end_undoes_all_and_leaves_a_sound_connection(
    house: House,
) -> None:
    nothing = {"step": None, "user_id": 1}
    with pytest.raises(DBAPIError), house.as_(house.ann) as ctx:
        house.kernel.audit.note(ctx, "one")
        duty = {"table_name": "x", "record_id": 1, "at": ctx.now, **stamps(ctx)}
        put(house.kernel.db.connection_of(ctx.guarded), [(ADD, {**duty, **nothing})])
    for _connection in range(10):
        with house.as_(house.ann) as ctx:
            house.kernel.audit.note(ctx, "two")
    assert kinds(house) == ["two"] * 10


def test_where_the_server_goes_away_its_own_error_is_what_one_hears(
    house: House, folders: Folders
) -> None:
    """Whoever tries again when the database is up goes by its kind."""
    with pytest.raises(ConnectionError, match="away"), house.kernel.db.raw() as connection:
        connection.execute(text("SELECT 1"))
        connection.invalidate()
        raise ConnectionError("the server went away")
    with house.as_(house.ann) as ctx:
        read(ctx)
