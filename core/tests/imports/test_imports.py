"""A file becomes records by the rules of forms and API: what is right is taken in, what isn't comes back with why."""

from __future__ import annotations

import pytest

from tenor_sdk import Amount

from .conftest import Desk, as_csv

pytestmark = pytest.mark.both_databases

HEAD = ("Credit code", "名称", "Registered capital")


def test_rows_become_records_and_each_bad_one_is_told_with_its_reason(desk: Desk) -> None:
    done = desk.take(
        "firm",
        as_csv(
            HEAD,
            ("A1", "Haiyue", "1,000.50"),
            ("A2", "", "7"),
            ("A3", "Bao'an", "much"),
            ("A4", "Lu", ""),
        ),
        mapping={"名称": "name"},
    )
    assert (done.state, done.made, done.refused) == ("done", 2, 2)
    assert desk.rows("firm", "code", "name", "capital", "number") == [
        ("A1", "Haiyue", Amount(100050), "FIRM-00001"),
        ("A4", "Lu", None, "FIRM-00002"),
    ]
    assert list(desk.refused(done)) == [3, 4]
