"""Lists: narrowed, sorted, paged, counted and taken out, each within the person's rows."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from tenor.kernel import Kernel
from tenor.records.paging import CAP
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor, make_user

LIST = "/vault/box"


@pytest.fixture
def three(box: Any) -> None:
    from tenor_vault.records import Kind

    box(name="deeds", kind=Kind.PAPERS, value=Amount.of("100"), since=date(2026, 1, 5))
    box(name="bars", kind=Kind.GOLD, value=Amount.of("900"), since=date(2026, 3, 5), sealed=True)
    box(name="coins", kind=Kind.GOLD, value=Amount.of("500"))


def rows(html: str) -> list[str]:
    """The names in the first column."""
    return [
        name for name in ("deeds", "bars", "coins") if f">{name}<" in html.partition("<tbody>")[2]
    ]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", ["deeds", "bars", "coins"]),
        ("q=coi", ["coins"]),
        ("kind=gold-bars", ["bars", "coins"]),
        ("kind=gold-bars&sealed=true", ["bars"]),
        ("value__from=200&value__to=600", ["coins"]),
        ("since__to=2026-02-01", ["deeds"]),
        ("view=sealedboxes", ["bars"]),
        ("q=nothing", []),
    ],
)
def test_each_state_of_a_list_is_an_address(person: Any, query: str, left: list[str]) -> None:
    assert rows(person("lin.xiaowen").get(f"{LIST}?{query}")) == left


@pytest.mark.usefixtures("three")
def test_a_column_sorts_both_ways(person: Any) -> None:
    lin = person("lin.xiaowen")
    up, down = lin.get(f"{LIST}?sort=value"), lin.get(f"{LIST}?sort=-value")
    assert up.index(">deeds<") < up.index(">coins<") < up.index(">bars<")
    assert down.index(">bars<") < down.index(">coins<") < down.index(">deeds<")
    assert 'aria-sort="descending"' in down


@pytest.mark.usefixtures("three")
def test_facets_count_what_the_other_filters_leave(person: Any) -> None:
    shown = person("lin.xiaowen").get(f"{LIST}?sealed=false")
    facets = shown.partition("<aside")[2].partition("</aside>")[0]
    assert facets.index("Gold bars") < facets.index("Papers") or "Papers" in facets
    assert facets.count("<span>1</span>") >= 2


def test_a_rare_value_that_is_chosen_is_counted_too(
    person: Any, box: Any, institution: Kernel
) -> None:
    keepers = [make_user(institution, f"keeper.{n}") for n in range(10)]
    for keeper in keepers[1:]:
        for turn in ("morning", "evening"):
            box(name=f"{turn} {keeper}", keeper_id=keeper)
    box(name="the rare one", keeper_id=keepers[0])
    shown = person("lin.xiaowen").get(f"{LIST}?keeper_id={keepers[0]}")
    facets = shown.partition("<aside")[2].partition("</aside>")[0]
    chosen = facets.partition('aria-current="true"')[2].partition("</li>")[0]
    assert "<span>1</span>" in chosen


def test_pages_follow_each_other_by_key(person: Any, box: Any) -> None:
    for number in range(60):
        box(name=f"box {number:02d}")
    lin = person("lin.xiaowen")
    first = lin.get(LIST)
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = lin.get(following.replace("&amp;", "&"))
    assert (">box 59<" in first, ">box 09<" in first) == (True, False)
    assert (">box 59<" in second, ">box 09<" in second) == (False, True)
    back = second.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0]
    assert ">box 59<" in lin.get(back.replace("&amp;", "&"))


def test_a_list_asks_as_often_for_many_rows_as_for_few(
    person: Any, box: Any, statements: list[str]
) -> None:
    lin = person("lin.xiaowen")
    box(items=["a"])
    lin.get(LIST)
    statements.clear()
    lin.get(LIST)
    few = len(statements)
    for number in range(40):
        box(name=f"box {number}", items=["a", "b"], value=Amount.of("1"))
    statements.clear()
    lin.get(LIST)
    assert len(statements) == few


def test_what_is_hidden_for_a_role_has_no_column_and_cant_be_filtered_by(
    person: Any, box: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    assert "Fee a year" in person("lin.xiaowen").get(LIST)
    appraiser = person("appraiser")
    assert "Fee a year" not in appraiser.get(LIST)
    appraiser.get(f"{LIST}?fee__from=0", 422)
    appraiser.get(f"{LIST}?sort=holder_identity", 422)


def test_an_empty_list_says_what_belongs_there_and_offers_the_first_step(person: Any) -> None:
    shown = person("lin.xiaowen").get(LIST)
    assert "目前没有您可见的" in shown
    assert 'href="/vault/box/new"' in shown


def test_more_than_a_thousand_arent_counted_out(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch, box: Any
) -> None:
    for _number in range(4):
        box()
    for module in ("records.paging", "web.lists", "web.record_page"):
        monkeypatch.setattr(f"tenor.{module}.CAP", 3)
    assert CAP == 1000
    assert "3+ 条" in person("lin.xiaowen").get(LIST)


@pytest.mark.usefixtures("three")
def test_an_export_holds_what_the_filter_shows_and_is_put_on_record(
    person: Any, institution: Kernel
) -> None:
    answer = person("lin.xiaowen").client.get(f"{LIST}/export?kind=gold-bars&format=csv")
    text = answer.data.decode("utf-8-sig")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="box-2026-06-30.csv"'
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["coins", "bars"]
    assert "900.00" in text
    ctx: Any
    with as_actor(institution, "song.qing") as ctx:
        noted = institution.audit.search(ctx, kind="export")[0]
    assert noted.actor_name == "林晓雯"
    said = {name: new for name, (_old, new) in noted.changes.items()}
    assert (said["of"], said["format"], said["rows"]) == ("vault_box", "csv", 2)
    assert said["fields"] == [
        "name", "number", "kind", "value", "fee", "since", "sealed", "holder_identity", "keeper_id", "shelf.name",
        "double",
    ]  # fmt: skip
    assert len(text.splitlines()[0].split(",")) == len(said["fields"])
    shown = person("song.qing").get("/audit?kind=export")
    assert all(label in shown for label in ("记录种类", "格式", "行数", "字段"))


def test_a_formula_is_taken_out_as_text(person: Any, box: Any) -> None:
    for name in ("=1+1", "@SUM(A1)", "+2", "-3", "\uff1d4"):
        box(name=name, value=Amount.of("12.50"))
    lin = person("lin.xiaowen")
    text = lin.client.get(f"{LIST}/export?format=csv").data.decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [
        "'\uff1d4", "'-3", "'+2", "'@SUM(A1)", "'=1+1",
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(lin.client.get(f"{LIST}/export?format=xlsx").data))
    sheet: Any = book.active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == [12.5] * 5


def test_who_may_not_take_records_out_isnt_offered_it(
    person: Any, box: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    appraiser = person("appraiser")
    assert "format=csv" not in appraiser.get(LIST)
    appraiser.get(f"{LIST}/export?format=csv", 403)


@pytest.mark.usefixtures("three")
def test_an_archived_record_leaves_the_list_and_can_be_asked_for(person: Any) -> None:
    lin = person("lin.xiaowen")
    lin.press("/vault/box/1", "/vault/box/1/archive")
    assert rows(lin.get(LIST)) == ["bars", "coins"]
    assert rows(lin.get(f"{LIST}?archived=true")) == ["deeds", "bars", "coins"]
    lin.press("/vault/box/1", "/vault/box/1/archive")
    assert rows(lin.get(LIST)) == ["deeds", "bars", "coins"]


@pytest.mark.usefixtures("three")
def test_an_action_of_the_list_is_for_whoever_has_its_right(
    person: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    lin = person("lin.xiaowen")
    answer = lin.press("/vault/box/actions/count", "/vault/box/actions/count")
    assert answer.headers["Location"] == LIST
    assert "3 boxes" in lin.get(LIST)
    person("appraiser").get("/vault/box/actions/count", 403)


@pytest.mark.usefixtures("three")
def test_a_search_goes_across_kinds_and_straight_to_the_only_one(person: Any) -> None:
    lin = person("lin.xiaowen")
    assert lin.client.get("/search?q=coins").headers["Location"] == "/vault/box/3"
    assert ">BOX-001<" in lin.get("/search?q=BOX-00")
    assert "没有找到" in lin.get("/search?q=%25")
