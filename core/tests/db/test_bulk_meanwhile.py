"""Set-based writing while somebody else writes the same rows: nothing that was changed meanwhile is written over."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text, true
from tenor_guarded import Folder

from tenor_sdk import Conflict

from .conftest import add_folder, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tenor.access import ActorData

    from .conftest import House


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """On PostgreSQL: on SQLite nobody else writes meanwhile."""
    request.param = "postgresql"
    with opened(request, tmp_path) as house:
        yield house


def _set(house: House, actor: ActorData, where: Any, values: dict[str, object]) -> int:
    with house.as_(actor) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        return house.kernel.access.bulk.update_where(ctx, Folder, where, values)


def _waiting(house: House) -> bool:
    locks = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with house.kernel.db.raw(write=False) as connection:
        return bool(connection.execute(locks).scalar())


def _meanwhile(house: House, act: Callable[[], object]) -> Thread:
    """Somebody who begins now, and waits for what is being changed."""
    over = Event()

    def run() -> None:
        try:
            act()
        finally:
            over.set()

    thread = Thread(target=run)
    thread.start()
    while not over.is_set() and not _waiting(house):
        pass
    return thread


def _told(house: House, identity: int) -> tuple[str, int]:
    with house.kernel.db.raw(write=False) as connection:
        table = Folder.__table__
        row = connection.execute(
            table.select()
            .with_only_columns(table.c.subject, table.c.version)
            .where(table.c.id == identity)
        ).one()
    return row.subject, row.version


def test_a_row_that_no_longer_fits_is_not_written_over(house: House) -> None:
    mine, counts = add_folder(house, house.ann, "open"), []
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, mine).subject = "closed"
        ctx.session.flush()
        other = _meanwhile(
            house,
            lambda: counts.append(
                _set(house, house.ann, Folder.subject == "open", {"subject": "taken"})
            ),
        )
    other.join()
    assert (counts, _told(house, mine)) == ([0], ("closed", 2))


def test_what_two_claim_is_given_to_one(house: House) -> None:
    mine, counts = add_folder(house, house.ann, "open"), []
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        bulk = house.kernel.access.bulk
        assert bulk.update_where(ctx, Folder, Folder.subject == "open", {"subject": "first"}) == 1
        other = _meanwhile(
            house,
            lambda: counts.append(
                _set(house, house.ann, Folder.subject == "open", {"subject": "second"})
            ),
        )
    other.join()
    assert (counts, _told(house, mine)) == ([0], ("first", 2))


def test_a_row_that_left_the_persons_sight_is_not_written(house: House) -> None:
    mine, counts = add_folder(house, house.ann, "open"), []
    table = Folder.__table__
    with house.kernel.db.raw() as connection:
        connection.execute(table.update().values(unit_id=house.ben.unit_id, subject="theirs"))
        other = _meanwhile(
            house, lambda: counts.append(_set(house, house.ann, true(), {"subject": "anns"}))
        )
    other.join()
    assert (counts, _told(house, mine)[0]) == ([0], "theirs")


def test_a_record_that_was_set_meanwhile_is_not_saved_as_it_was(house: House) -> None:
    """Somebody has it open; a set-based change comes between; their save is told so."""
    mine = add_folder(house, house.ann, "open")
    with pytest.raises(Conflict, match="changed-since"), house.as_(house.ann) as ctx:
        folder = ctx.session.get_one(Folder, mine)
        other = Thread(target=lambda: _set(house, house.ann, true(), {"subject": "taken"}))
        other.start()
        other.join()
        folder.subject = "mine"
    assert _told(house, mine) == ("taken", 2)
