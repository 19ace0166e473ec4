"""A ledger as long as a test wants it, sealed as far as it goes, and how much memory something takes of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from tenor.audit.entries import plain
from tenor.audit.hashing import entry_digest, field_hashes
from tenor.audit.inserting import insert_entries
from tenor.db import Database
from tenor.kernel import Kernel

_BLOCK: Final = 2500
#: Whatever has begun by now is over; for PostgreSQL, whose numbers of transactions are those of all databases.
_OVER: Final = """
    do $$
    declare begun xid8 := pg_snapshot_xmax(pg_current_snapshot());
    begin
        while pg_snapshot_xmin(pg_current_snapshot()) < begun loop
            perform pg_sleep(0.005);
        end loop;
    end $$"""
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
#: of the record that all the entries are about
TABLE: Final = "made_record"


def seal(kernel: Kernel) -> int:
    """Seal all that has been written, however many others work on the same server; returns how many entries.

    A seal leaves out what came after a transaction that isn't over, be it one of another database.
    """
    settle(kernel.db)
    return kernel.audit.seal()


def settle(database: Database) -> None:
    """Wait until no transaction is under way that had begun before."""
    with database.raw(write=False) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("set local statement_timeout = '30s'"))
            connection.execute(text(_OVER))


def lengthen(kernel: Kernel, count: int) -> None:
    """Put so many entries of a record into the ledger, a few hundred bytes each, and seal them."""
    for begun in range(0, count, _BLOCK):
        with kernel.db.raw() as connection:
            insert_entries(connection, [_row(begun + each) for each in range(_BLOCK)])
        seal(kernel)


def put_in(database: Database, count: int, begun: datetime) -> None:
    """Put so many entries into the ledger, one for each second since an instant."""
    with database.raw() as connection:
        insert_entries(connection, [_row(number, begun) for number in range(count)])


def peak(work: Callable[[], Any]) -> int:
    """The bytes that Python held at most while something was done, over what it held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _row(number: int, begun: datetime = _BEGUN) -> dict[str, Any]:
    at, changes = begun + timedelta(seconds=number), {"subject": ["before", f"泽远 {number}"]}
    header: dict[str, Any] = {
        "at": plain(at), "actor_id": 1, "actor_name": "林晓雯", "kind": "update", "table_name": TABLE,
        "record_id": number, "procedure": "", "elevation": "", "reason": "", "request_id": f"{number:032x}",
    }  # fmt: skip
    salt = f"k{number:032x}"
    hashes = field_hashes(salt, changes)
    digest = entry_digest(header, hashes)
    stamps = {"version": 1, "created_at": at, "changed_at": at, "behalf_of_name": ""}
    kept = {"changes": changes, "hashes": hashes, "salt": salt, "digest": digest}
    return {**header, **stamps, **kept, "at": at}
