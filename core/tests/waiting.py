"""Of two who want the same row, the one who has to wait."""

from __future__ import annotations

from time import monotonic

from sqlalchemy import text

from tenor.kernel import Kernel


def wait_for_a_waiter(institution: Kernel) -> None:
    """Until somebody waits for what a transaction of this test holds."""
    blocked = text(
        "select count(*) from pg_stat_activity"
        " where wait_event_type = 'Lock' and datname = current_database()"
    )
    end = monotonic() + 10
    while monotonic() < end:
        turn = institution.db._turn
        if turn is not None and turn._waiting:
            return
        if turn is None:
            with institution.db.raw(write=False) as connection:
                if connection.scalar(blocked):
                    return
    raise AssertionError("nobody waits")
