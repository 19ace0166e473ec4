"""Whole books as they are handed over, with all that is wrong with them: every bad row is reported, none is lost, none
invented."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tenor_sdk.values import Amount, Rate

from .conftest import Desk, as_csv
from .test_imports import DAYS, LOANS

pytestmark = pytest.mark.both_databases
DATA = Path(__file__).parent / "data"
Row = Mapping[str, str]


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _faults(row: Row) -> list[str]:
    """The columns of a loan in which something is wrong, by rules written down a second time."""
    wrong = {
        "Name": not row["Name"].strip(),
        "NAICS": not re.fullmatch(r"([1-9]\d{5})?", row["NAICS"]),
        "Term": int(row["Term"]) < 1,
        "RevLineCr": row["RevLineCr"] not in ("Y", "N", "0", "1", ""),
        "MIS_Status": not row["MIS_Status"],
    }
    return [column for column, fault in wrong.items() if fault]


def _columns(reasons: str) -> list[str]:
    return [reason.partition(":")[0] for reason in reasons.split("; ")]


def test_of_eleven_thousand_loans_each_is_taken_in_or_told_with_all_its_reasons(desk: Desk) -> None:
    rows = _rows("sba_loans.csv.gz")
    content = (DATA / "sba_loans.csv.gz").read_bytes()
    done = desk.take("loan", content, name="sba_loans.csv.gz", mapping=LOANS, matched_by=["number"])
    expected = {line: _faults(row) for line, row in enumerate(rows, 2) if _faults(row)}
    refused = {line: _columns(reasons) for line, reasons in desk.refused(done).items()}
    assert {line: sorted(found) for line, found in refused.items()} == {
        line: sorted(found) for line, found in expected.items()
    }
    taken = [row for row in rows if not _faults(row)]
    assert (done.rows, done.made, done.refused) == (len(rows), len(taken), len(expected))
    assert desk.rows("loan", "number", "term", "staff", "disbursed", "charged_off") == [
        (
            row["LoanNr_ChkDgt"], int(row["Term"]), int(row["NoEmp"]), Amount.of(row["DisbursementGross"]),
            Amount.of(row["ChgOffPrinGr"]),
        )
        for row in taken
    ]  # fmt: skip


def test_what_was_refused_is_mended_and_comes_in_with_nothing_twice(desk: Desk) -> None:
    rows = _rows("sba_loans.csv.gz")
    book: dict[str, Any] = {"mapping": LOANS, "matched_by": ["number"]}
    first = desk.take("loan", as_csv(list(rows[0]), *(list(row.values()) for row in rows)), **book)
    for row in rows:
        for column in _faults(row):
            row[column] = {"Term": "1", "MIS_Status": "P I F", "Name": "?"}.get(column, "")
    again = desk.take("loan", as_csv(list(rows[0]), *(list(row.values()) for row in rows)), **book)
    assert (again.made, again.changed, again.refused) == (first.refused, 0, 0)
    assert again.unchanged == first.made
    assert len(desk.rows("loan", "number")) == len(rows)


def test_seven_thousand_companies_bring_their_ratios_to_the_last_digit(desk: Desk) -> None:
    name = "polish_bankruptcy_1year.csv.gz"
    mapping = {
        "net profit / total assets": "profitability",
        "total liabilities / total assets": "leverage",
        DAYS: "days",
    }
    rows = _rows(name)
    done = desk.take("ratio", (DATA / name).read_bytes(), name=name, mapping=mapping)
    assert (done.rows, done.made, done.refused) == (len(rows), len(rows), 0)
    assert desk.rows("ratio", *mapping.values()) == [
        tuple(Rate.of(row[column]) if row[column] else None for column in mapping) for row in rows
    ]
