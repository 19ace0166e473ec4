"""Rows that were refused, mended in their file and imported again; and files that come twice."""

from __future__ import annotations

import io
import threading

import pytest

from tenor.imports import Entry
from tenor.imports.rejects import write_refused
from tenor.loader.stage import actor_of

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases

LOAN = (
    "number", "borrower", "approved_on", "term", "staff", "disbursed", "outcome", "charged_off",
)  # fmt: skip


def refused_file(desk: Desk, entry: Entry) -> str:
    out = io.BytesIO()
    ctx: object
    with desk.kernel.context(actor_of(desk.kernel, LIN), write=False) as ctx:
        write_refused(ctx, entry, out)
    return out.getvalue().decode("utf-8-sig")


def loan(number: int, day: str, term: str = "12", disbursed: str = "5") -> tuple[str, ...]:
    return (f"{1_000_000_000 + number}", "A", day, term, "1", disbursed, "P I F", "0")


def test_a_negative_amount_goes_out_as_it_was_and_comes_in_again(desk: Desk) -> None:
    first = desk.take("loan", as_csv(LOAN, loan(1, "2024-01-02", "x", "-100.50")))
    text = refused_file(desk, first)
    assert ",-100.50," in text
    mended = desk.take("loan", text.replace(",x,", ",12,").encode())
    assert (mended.made, mended.refused) == (1, 0)


def test_a_day_that_only_its_whole_file_could_tell_goes_out_so_that_everybody_can(
    desk: Desk,
) -> None:
    rows = [loan(n, f"{n + 1:02d}/04/2024", "x" if n == 2 else "12") for n in range(28)]
    first = desk.take("loan", as_csv(LOAN, *rows))
    assert (first.made, first.refused) == (27, 1)
    text = refused_file(desk, first)
    assert "2024-04-03" in text
    mended = desk.take("loan", text.replace(",x,", ",12,").encode())
    assert (mended.made, mended.refused) == (1, 0)


def test_a_column_whose_name_looks_like_a_formula_is_known_again(desk: Desk) -> None:
    head, mapping = ("code", "name", "+capital"), {"+capital": "capital"}
    first = desk.take("firm", as_csv(head, ("A", "B", "x")), mapping=mapping)
    text = refused_file(desk, first)
    assert "'+capital" in text
    mended = desk.take("firm", text.replace(",x,", ",5,").encode(), mapping=mapping)
    assert (mended.made, mended.refused) == (1, 0)


@pytest.mark.parametrize("cell", ["capital", "name"])
def test_a_cell_with_a_null_is_refused_and_the_others_are_taken(desk: Desk, cell: str) -> None:
    bad = {"name": ("B", "a\0b", "1"), "capital": ("B", "ab", "1\0")}[cell]
    # further on than whoever looks at what a file is looks
    rows = [*((f"A{n}", "Firm" * 12, "1") for n in range(100)), bad]
    entry = desk.take("firm", as_csv(("code", "name", "capital"), *rows))
    assert (entry.state, entry.made, entry.refused) == ("done", 100, 1)


def test_one_file_given_twice_at_once_is_taken_in_once(desk: Desk) -> None:
    """The field by which its rows are known again isn't a unique one: no index would stop the second."""
    content = as_csv(("profitability", "leverage"), *((f"{n}", "1") for n in range(1500)))

    def take() -> None:
        desk.take("ratio", content, matched_by=["profitability"])

    both = [threading.Thread(target=take) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(desk.rows("ratio", "profitability")) == 1500


def test_a_file_that_was_taken_in_before_is_warned_of_where_its_rows_are_not_known_again(
    desk: Desk,
) -> None:
    content = as_csv(("profitability", "leverage"), ("1", "1"))
    assert desk.take("ratio", content).warnings == []
    (warning,) = desk.take("ratio", content).warnings
    assert "已于 2026-06-30 导入过" in warning
    assert desk.take("ratio", content, matched_by=["profitability"]).warnings == []


def test_yuan_given_as_ten_thousands_are_warned_of_in_earnest_too(desk: Desk) -> None:
    head = ("code", "name", "capital")
    desk.take("firm", as_csv(head, *((f"A{n}", "Firm", f"{20_000_000 + n}") for n in range(10))))
    off = desk.take("firm", as_csv(head, *((f"B{n}", "Firm", f"{2000 + n}") for n in range(10))))
    assert [warning.partition("：")[0] for warning in off.warnings] == ["capital"]
