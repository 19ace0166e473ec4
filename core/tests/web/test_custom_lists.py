"""Lists by custom fields: filtered, searched and counted by the database, only where a definition says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.tests.web.own_fields import acting, add, add_every_kind
from tenor.kernel import Kernel
from tenor.records import PageQuery
from tenor_sdk.custom_fields import set_custom_fields
from tenor_sdk.errors import Invalid

pytestmark = pytest.mark.both_databases

Box = Callable[..., int]
FIRST = {
    "text": "Alpha 甲", "long_text": "a line of Beta", "integer": -5, "amount": "1000000000000000.01", "rate": "0.05",
    "date": "2026-01-31", "boolean": True, "choice": "sse",
}  # fmt: skip
SECOND = {
    "text": "gamma", "long_text": "delta", "integer": 70, "amount": "9.00", "rate": "0.5", "date": "2026-11-01",
    "boolean": False, "choice": "szse",
}  # fmt: skip


@pytest.fixture
def filled(institution: Kernel, box: Box) -> Kernel:
    """Two boxes with values of every kind, and one without any."""
    from tenor_vault.records import Box as Record

    add_every_kind(institution, searched=True)
    for name, values in (("first", FIRST), ("second", SECOND), ("third", {})):
        made = box(name=name)
        with acting(institution, "lin.xiaowen") as ctx:
            set_custom_fields(ctx, ctx.session.get_one(Record, made), values)
    return institution


def found(
    institution: Kernel, login: str = "lin.xiaowen", search: str = "", **filters: str
) -> set[str]:
    from tenor_vault.records import Box as Record

    given = {f"custom.{key}": [value] for key, value in filters.items()}
    with acting(institution, login, write=False) as ctx:
        page = institution.records.page(ctx, Record, PageQuery(search, given))
        return {record.name for record in page.records if isinstance(record, Record)}


@pytest.mark.parametrize("key", FIRST)
def test_a_list_is_filtered_by_each_kind(filled: Kernel, key: str) -> None:
    value = FIRST[key] if key != "boolean" else "true"
    assert found(filled, **{key: str(value)}) == {"first"}


@pytest.mark.parametrize(
    ("bounds", "names"),
    [
        ({"integer__from": "-5"}, {"first", "second"}), ({"integer__to": "69"}, {"first"}),
        ({"amount__from": "9.01"}, {"first"}), ({"amount__to": "9"}, {"second"}),
        ({"rate__from": "0.05", "rate__to": "0.1"}, {"first"}),
        ({"date__from": "2026-02-01"}, {"second"}), ({"date__to": "2026-10-31"}, {"first"}),
    ],
)  # fmt: skip
def test_figures_and_days_have_bounds(
    filled: Kernel, bounds: dict[str, str], names: set[str]
) -> None:
    assert found(filled, **bounds) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("custom.amount > 9.01", {"first"}), ("custom.choice != sse", {"second", "third"}),
        ("custom.text ~ alph or custom.integer = 70", {"first", "second"}),
        ("not custom.date < 2026-02-01", {"second", "third"}), ("custom.rate = 0.01..0.06", {"first"}),
        ("custom.boolean = empty", {"third"}), ("custom.text >= b", {"second"}),
        ('"字段 choice" = 上交所', {"first"}), ("custom.date = 2026-11", {"second"}),
    ],
)  # fmt: skip
def test_the_filter_language_knows_them_by_key_and_label(
    filled: Kernel, text: str, names: set[str]
) -> None:
    from tenor_vault.records import Box as Record

    with acting(filled, "lin.xiaowen", write=False) as ctx:
        page = filled.records.page(ctx, Record, PageQuery(filter=text))
        assert {one.name for one in page.records if isinstance(one, Record)} == names


@pytest.mark.parametrize("text", ["alpha", "甲", "BETA"])
def test_the_search_box_looks_into_texts(filled: Kernel, text: str) -> None:
    assert found(filled, search=text) == {"first"}


def test_what_stands_in_a_pattern_is_no_pattern(filled: Kernel) -> None:
    assert found(filled, search="%pha") == set()


@pytest.mark.parametrize("key", ["text", "other", "__class__", "text.x", "", "text'] --"])
def test_what_is_not_said_to_be_searched_is_no_filter(
    institution: Kernel, box: Box, key: str
) -> None:
    add(institution, "text", "text")
    with pytest.raises(Invalid, match="unknown-filter"):
        found(institution, **{key: "x"})


@pytest.mark.parametrize(
    ("key", "value"), [("date", "soon"), ("amount", "NaN"), ("integer", "x"), ("choice", "nyse")]
)
def test_a_filter_of_another_kind_is_refused_at_its_name(
    filled: Kernel, key: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        found(filled, **{key: value})
    assert list(refused.value.fields) == [f"custom.{key}"]


def test_rows_of_another_unit_are_not_found_by_their_values(filled: Kernel) -> None:
    assert found(filled, "shen.bai", choice="sse") == set()


def test_a_list_offers_what_it_can_be_narrowed_by_with_counts(filled: Kernel, person: Any) -> None:
    page = person("lin.xiaowen").get("/vault/box")
    for label in ("字段 choice", "字段 boolean", "字段 amount", "字段 date"):
        assert label in page, label
    assert "上交所" in page
    assert "custom.choice=sse" in page
    narrowed = person("lin.xiaowen").get("/vault/box?custom.choice=sse&custom.amount__from=1")
    assert "字段 choice：上交所" in narrowed
    assert "first" in narrowed
    assert "second" not in narrowed


def test_an_export_has_them_behind_the_columns(filled: Kernel, person: Any) -> None:
    sheet = person("lin.xiaowen").get("/vault/box/export?format=csv&custom.choice=sse")
    head, row = sheet.strip().split("\n", 1)
    assert [cell for cell in head.strip().split(",") if cell.startswith("字段")] == [
        f"字段 {key}" for key in FIRST
    ]
    for cell in ("Alpha 甲", "1000000000000000.01", "5.00%", "2026-01-31", "上交所"):
        assert cell in row, cell
