"""The commonest values, drawn without a template: each escaped, and the same wherever it is asked for."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.web.drawn import Drawn
from tenor.web.drawn_tables import Tables
from tenor.web.templating import environment

BAD = '<i title="x">&</i>'
SAFE = "&lt;i title=&#34;x&#34;&gt;&amp;&lt;/i&gt;"
KINDS = ("text", "link", "money", "integer", "percent", "date", "datetime", "hidden")
WORDS = ("text", "href", "iso", "currency", "unit", "title")


@pytest.fixture
def drawn() -> Drawn:
    return Drawn(lambda text: text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", WORDS)
def test_no_word_of_a_value_reaches_a_page_as_it_is(drawn: Drawn, kind: str, word: str) -> None:
    for adverse in (False, True):
        value = {"kind": kind, "text": "1", "adverse": adverse, word: BAD}
        assert BAD not in str(drawn.show(value))
        tables = Tables(drawn)
        assert BAD not in tables.cell({"label": BAD, "unit": BAD, "align": BAD}, value, None, None)
        columns = [{"identity": True, "label": BAD, "align": BAD}]
        table = {"columns": columns, "rows": [_row(value)], "choose": {"id": BAD, "name": BAD}}
        assert BAD not in tables.rows(table, None, None)
        assert BAD not in tables.rows({"columns": columns, "rows": [_GROUP]}, None, None)


_GROUP = {"group": BAD, "note": BAD}


def _row(value: Any) -> dict[str, Any]:
    return {"href": BAD, "id": BAD, "label": BAD, "choose": BAD, "cells": [value]}


def test_what_it_draws_is_the_value_with_its_signs(drawn: Drawn) -> None:
    assert drawn.show(BAD) == SAFE
    assert (
        drawn.show({"kind": "link", "text": "A & B", "href": "/a"}) == '<a href="/a">A &amp; B</a>'
    )
    money = {"kind": "money", "text": "1.00", "currency": "USD", "adverse": True}
    assert drawn.show(money) == (
        '<span class="t-num t-adverse t-strong"><span class="t-unit">USD</span> 1.00</span>'
    )


def test_what_is_rare_is_left_to_the_template(drawn: Drawn) -> None:
    for value in (
        {"kind": "state", "text": "x"},
        {"text": "x", "why": "y"},
        {"text": "x", "sub": "y"},
    ):
        assert drawn.show(value) is None


def test_a_word_of_a_mapping_is_found_though_a_method_is_called_so(institution: Kernel) -> None:
    template = environment(institution).from_string(
        "{{ a.text }}{{ a.items is callable }}{{ a.no }}"
    )
    assert template.render(a={"text": BAD, "items": 1}) == f"{SAFE}True"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2026-06-29 – 2026-07-10", ["2026-06-29", "2026-07-10"]),
        ("自2026-06-29起", ["2026-06-29"]),
        ("since 2026-06-29 10:30", ["2026-06-29 10:30"]),
        ("APP-2026-000001", ["APP-2026-000001"]),
        ("Loan LN-2026-0007 & more", ["LN-2026-0007"]),
        ("船厂 · 80,000,000.00 CNY", ["80,000,000.00 CNY"]),
        ("船厂 · 80,000.00 元", ["80,000.00 元"]),
        ("non-performing", []),
        ("x-2026-06-29", []),
        ("env-9faf7995c341aa116a6acf796937d1b4", []),
        ("A-LONG-ROW-OF-LETTERS-THAT-NO-LINE-HOLDS-1", []),
    ],
)
def test_a_day_a_number_of_a_record_and_an_amount_are_one_word(
    drawn: Drawn, text: str, whole: list[str]
) -> None:
    for value in (text, {"text": text}, {"kind": "link", "text": text, "href": "/a"}):
        shown = str(drawn.show(value))
        parts = [each.partition("</span>")[0] for each in shown.split('<span class="t-num">')[1:]]
        assert parts == whole
    assert BAD not in drawn.unbroken(f"{BAD} {text}")


@pytest.mark.parametrize("piece", [",1", "1", "A-", "2026-01-", "A1 "])
def test_a_long_text_is_looked_through_once(drawn: Drawn, piece: str) -> None:
    begun = process_time()
    drawn.unbroken(f"{piece * 50_000}-.")
    assert process_time() - begun < 1
