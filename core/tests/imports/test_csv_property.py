"""Lines of a CSV as Python's own writer makes them, with whatever stands in the cells."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tenor.exports.files import csv_lines
from tenor.records.written import neutral

NASTY = st.text(st.sampled_from("=+-@'\"\t\r\n, ;{[\\.a1é泽𠮷🦀\u2028\u0085\x0b"), max_size=6)
TEXTS = st.none() | NASTY | st.text(st.characters(codec="utf-8"), max_size=20)
KINDS = (
    TEXTS,
    st.integers() | st.none(),
    st.booleans() | st.none(),
    st.decimals(allow_nan=False, allow_infinity=False) | TEXTS,
    st.dictionaries(NASTY, st.integers() | NASTY, max_size=2) | st.none() | TEXTS,
    st.lists(NASTY, max_size=2) | st.none(),
)


@st.composite
def chunks(draw: st.DrawFn) -> list[tuple[list[Any], bool]]:
    """Columns of one length, each with whether its cells are figures."""
    rows = draw(st.integers(1, 5))
    texts = st.tuples(st.sampled_from(KINDS), st.just(False))
    figures = st.tuples(
        st.just(st.none() | st.from_regex(r"-?[0-9]{1,9}\.[0-9]{2}")), st.just(True)
    )
    return [
        (draw(st.lists(kind, min_size=rows, max_size=rows)), figure)
        for kind, figure in draw(st.lists(texts | figures, min_size=1, max_size=4))
    ]


def cell(value: Any, *, figures: bool) -> Any:
    """A cell as a spreadsheet may read it."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return neutral(value) if isinstance(value, str) and not figures else value


@given(chunks())
def test_lines_are_those_of_pythons_own_writer(columns: list[tuple[list[Any], bool]]) -> None:
    out = io.StringIO()
    cells = [[cell(each, figures=figures) for each in values] for values, figures in columns]
    csv.writer(out).writerows(zip(*cells, strict=True))
    values, figures = zip(*columns, strict=True)
    assert csv_lines(values, figures) == out.getvalue()


@given(st.lists(st.lists(st.decimals(allow_nan=False) | TEXTS, min_size=2, max_size=2), min_size=1))
def test_what_they_say_is_read_again(rows: list[list[Any]]) -> None:
    values = list(zip(*rows, strict=True))
    read = list(csv.reader(io.StringIO(csv_lines(values, (False, False)), newline="")))
    said = [
        ["" if each is None else str(cell(each, figures=False)) for each in row] for row in rows
    ]
    assert read == said


def test_a_decimal_is_written_as_it_stands() -> None:
    assert csv_lines([[Decimal("1.50")]], [False]) == "1.50\r\n"
