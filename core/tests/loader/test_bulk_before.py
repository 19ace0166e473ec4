"""Changes of many whose rows stood in two lists: after the migration each row that still matters has one of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from tenor.kernel import Kernel
from tenor.loader.manifest import BASE, find
from tenor.loader.migrations import downgrade, migrate

pytestmark = pytest.mark.both_databases
MADE = """
    insert into base_bulk_change (
        record, what, given, state, reached, changed, ids, refused,
        version, created_at, created_by_id, changed_at, changed_by_id
    )
    values ('vault.box', 'archive', '{}', :state, :reached, 1, :ids, :refused, 1, :at, 3, :at, 3)
"""
AT = "2026-06-30 10:00:00+00:00"
ROWS = """
    select change_id, place, record_id, was, name, why, created_by_id from base_bulk_row
    order by change_id, place
"""


def test_what_was_refused_and_what_waits_goes_to_rows(institution: Kernel) -> None:
    base, url = find()[0][BASE], institution.settings.database_url
    downgrade(url, base, "0036")
    told: list[tuple[str, int, Any, Any]] = [
        ("done", 3, [7, 8, 9], [[8, "B", "is frozen"], [9, "", "isn't there"]]),
        ("waiting", 1, [7, 8, 9], []),
    ]
    with institution.db.raw() as connection:
        for state, reached, ids, refused in told:
            lists = {"ids": json.dumps(ids), "refused": json.dumps(refused)}
            connection.execute(text(MADE), {"state": state, "reached": reached, "at": AT, **lists})
    migrate(url, [base], backup=False)
    with institution.db.raw(write=False) as connection:
        assert [tuple(row) for row in connection.execute(text(ROWS))] == [
            (1, 2, 8, None, "B", "is frozen", 3), (1, 3, 9, None, "", "isn't there", 3),
            (2, 2, 8, None, "", "", 3), (2, 3, 9, None, "", "", 3),
        ]  # fmt: skip
        totals = connection.execute(text("select total, problem from base_bulk_change order by id"))
        assert [tuple(row) for row in totals] == [(3, ""), (3, "")]
