"""How long a million entries of the ledger take to verify, on one core, and how much memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from bench.figures import ROOT, Figure
from tenor.audit.entries import plain
from tenor.audit.hashing import entry_digest, field_hashes
from tenor.audit.records import LedgerEntry, Seal, SealMember, SealStamp
from tenor.audit.seals import seal
from tenor.audit.verifying import verify
from tenor.db import Database
from tenor_sdk.records import metadata

ENTRIES: Final = 1_000_000
_BLOCK: Final = 5000
_BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def figures() -> Iterator[Figure]:
    """Seconds of CPU, and megabytes at most, of a process that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        _fill(url, ENTRIES)
        told = subprocess.run(
            [sys.executable, "-m", "bench.ledger", url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, megabytes = json.loads(told.stdout)
    work = f"verify {ENTRIES:,} entries of the ledger, CPU"
    yield Figure(part=3, work=work, value=seconds, unit="s", bar=60)
    work = f"verify {ENTRIES:,} entries, memory at most"
    yield Figure(part=3, work=work, value=megabytes, unit="MB", bar=300)


def _fill(url: str, count: int) -> None:
    """A ledger of loans: five fields an entry, sealed."""
    database = Database(url)
    tables: list[Any] = [
        LedgerEntry.__table__,
        Seal.__table__,
        SealMember.__table__,
        SealStamp.__table__,
    ]
    with database.raw() as connection:
        metadata.create_all(connection, tables=tables)
    for begun in range(0, count, _BLOCK):
        with database.raw() as connection:
            rows = [_row(number) for number in range(begun, min(begun + _BLOCK, count))]
            connection.execute(insert(tables[0]), rows)
            seal(connection, _BEGUN + timedelta(seconds=begun))
    database.dispose()


def _row(number: int) -> dict[str, Any]:
    at = _BEGUN + timedelta(seconds=number)
    changes = {
        "amount": [number * 100, number * 100 + 1],
        "due_on": ["2026-06-30", "2026-09-30"],
        "state": ["draft", "active"],
        "subject": [None, f"泽远 {number}"],
        "unit_id": [None, number % 40],
    }
    header: dict[str, Any] = {
        "at": plain(at), "actor_id": number % 97, "actor_name": "林晓雯", "kind": "update", "table_name": "loans_loan",
        "record_id": number % 5000, "procedure": "loans.change", "elevation": "", "reason": "",
        "request_id": f"{number:032x}",
    }  # fmt: skip
    salt = f"k{number:032x}"
    hashes = field_hashes(salt, changes)
    stamps = {"version": 1, "created_at": at, "changed_at": at, "behalf_of_name": ""}
    digest = entry_digest(header, hashes)
    kept = {"changes": changes, "hashes": hashes, "salt": salt, "digest": digest}
    return {**header, **stamps, **kept, "at": at, "transaction": 0}


def main(url: str) -> None:
    """Verify, and say how long it took and how much memory."""
    database = Database(url)
    with database.raw(write=False) as connection:
        begun = time.process_time()
        verdict = verify(connection)
        seconds = time.process_time() - begun
    assert not verdict.findings, verdict.findings[:3]
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    main(sys.argv[1])
