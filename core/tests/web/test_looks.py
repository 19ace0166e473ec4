"""A list looked at otherwise: as a board, a calendar, a chart, a pivot, each of what the person may see alone; what it
says of some rows is what the list behind it shows."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text

from tenor.kernel import Kernel
from tenor.records.filters import parse, written
from tenor.records.totals import Axis
from tenor.testing.browsing import Forms
from tenor.web.chart import _TIMES
from tenor_sdk import Amount
from tenor_sdk.access import FieldRule
from tenor_sdk.dashboards import RowsTile
from tenor_sdk.declare import Origin
from tenor_sdk.looks import ChartView, per_month, per_quarter, per_year
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
LIST = "/vault/box"
PLACE = Origin("tenor_vault.views", "views.py", 1)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def main(html: str) -> str:
    """The page without the frame around it."""
    return html.partition('id="t-main"')[2]


def words(html: str) -> str:
    """What stands there, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def lane(html: str, value: str) -> str:
    """A column of a board."""
    found = re.search(rf'(?s)<section class="t-lane[^"]*" data-to="{value}".*?</section>', html)
    assert found, value
    return found[0]


def behind(person: Any, html: str, href_part: str = "") -> int:
    """How many rows the list behind the first link of a piece of a page has."""
    hrefs = [unescape(each) for each in re.findall(r'href="([^"]+)"', html)]
    page = person.get(
        next(each for each in hrefs if each.partition("?")[0] == LIST and href_part in each)
    )
    found = re.search(r"共 ([\d,]+) 条", words(main(page))) or re.search(
        r"([\d,]+) 条", words(main(page))
    )
    assert found, words(main(page))[:600]
    return int(found[1])


def test_a_board_has_counts_sums_and_cards_of_what_one_may_see(lin: Any, box: Any) -> None:
    from tenor_vault.records import Kind

    for number in range(14):
        box(name=f"paper {number}", value=Amount.of("100"))
    box(name="bars", kind=Kind.GOLD, value=Amount.of("1000.50"))
    box("shen.bai", name="secret", value=Amount.of("9999"))
    page = main(lin.get(f"{LIST}?look=board"))
    papers, gold = lane(page, "papers"), lane(page, "gold-bars")
    assert re.search(r">14</a>", papers)
    assert "1,400.00" in papers
    assert papers.count('class="t-card"') == 12
    assert "1,000.50" in gold
    assert "secret" not in page
    assert "9,999" not in page
    assert behind(lin, papers) == 14


def test_a_board_is_narrowed_as_its_list_is(lin: Any, box: Any) -> None:
    box(name="one", sealed=True)
    box(name="two")
    page = main(lin.get(f"{LIST}?look=board&sealed=true"))
    assert "one" in lane(page, "papers")
    assert "two" not in lane(page, "papers")
    assert "look=board" in unescape(page.partition('class="t-chip"')[2][:400])


def test_a_card_of_a_choice_is_moved_by_its_menu_and_comes_back_to_the_board(
    lin: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box, Kind

    identity = box(name="one")
    page = main(lin.get(f"{LIST}?look=board"))
    menu = unescape(re.findall(r'class="t-card-move" href="([^"]+)"', page)[0])
    asked = lin.get(menu)
    action = f"{LIST}/{identity}/moves?by=kind"
    fields = Forms(asked).to(action) | {"value": "gold-bars"}
    answer = lin.send(action, fields)
    assert answer.headers["Location"] == f"{LIST}?look=board"
    with as_actor(institution, LIN) as ctx:
        assert ctx.session.get_one(Box, identity).kind is Kind.GOLD


def test_a_card_that_somebody_else_changed_meanwhile_stays(
    lin: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box, Kind

    identity = box(name="one")
    action = f"{LIST}/{identity}/moves?by=kind"
    fields = Forms(lin.get(action)).to(action) | {"value": "gold-bars"}
    with as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Box, identity).name = "renamed"
    lin.send(action, fields, 409)
    with as_actor(institution, LIN) as ctx:
        assert ctx.session.get_one(Box, identity).kind is Kind.PAPERS


def test_a_card_of_a_state_moves_by_its_transition_and_a_refusal_says_why(
    lin: Any, institution: Kernel
) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, LIN) as ctx:
        ids = [add_errand(ctx, f"errand {number}").id for number in range(8)]
    last = ids[-1]
    for identity in ids[:-1]:
        asked = lin.get(
            f"/errands/errand/{identity}/moves?by=state&next=/errands/errand?look=board"
        )
        action = f"/errands/errand/{identity}/transitions/start"
        if f'action="{action}"' not in asked:
            break
        answer = lin.send(action, Forms(asked).to(action))
        assert answer.headers["Location"] == "/errands/errand?look=board"
    asked = words(main(lin.get(f"/errands/errand/{last}/moves?by=state&to=under-way")))
    assert "同一时间最多" in asked
    board = main(lin.get("/errands/errand?look=board"))
    assert "errand 0" in lane(board, "under-way")
    assert "errand 7" in lane(board, "to-do")


def test_nobody_finds_the_moves_of_what_is_anothers(lin: Any, box: Any) -> None:
    another = box("shen.bai", name="secret")
    assert lin.client.get(f"{LIST}/{another}/moves?by=kind").status_code == 404


@pytest.mark.parametrize("effect", ["hide", "mask"])
def test_what_is_hidden_or_masked_is_nothing_by_which_a_card_moves(
    lin: Any, box: Any, institution: Kernel, effect: Any
) -> None:
    from tenor_vault.records import Box, Kind

    identity = box(name="one", kind=Kind.GOLD)
    action = f"{LIST}/{identity}/moves?by=kind"
    fields = Forms(lin.get(action)).to(action) | {"value": "papers"}
    institution.access.field_rules.append(FieldRule(fields=(Box.kind,), effect=effect))
    institution.access._field_effects.clear()
    for part in ("", "&part=dialog", "&to=papers"):
        assert lin.client.get(action + part).status_code == 404
    assert lin.client.post(action, data=fields).status_code == 404
    with as_actor(institution, LIN) as ctx:
        assert ctx.session.get_one(Box, identity).kind is Kind.GOLD


def test_what_is_secret_is_nothing_by_which_a_card_moves(
    lin: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box, Kind

    identity = box(name="one", kind=Kind.GOLD)
    info = institution.records.specs(Box)["kind"].info
    monkeypatch.setitem(info.__dict__, "secret", True)
    assert lin.client.get(f"{LIST}/{identity}/moves?by=kind").status_code == 404


def test_a_state_that_is_hidden_is_nothing_by_which_a_card_moves(
    lin: Any, institution: Kernel
) -> None:
    from tenor_errands.public import add_errand
    from tenor_errands.records import Errand

    with as_actor(institution, LIN) as ctx:
        moves = f"/errands/errand/{add_errand(ctx, 'one').id}/moves?by=state"
    lin.get(moves)
    institution.access.field_rules.append(FieldRule(fields=(Errand.state,), effect="hide"))
    institution.access._field_effects.clear()
    assert lin.client.get(moves).status_code == 404


def test_a_calendar_has_rows_on_their_days_and_says_which_have_none(lin: Any, box: Any) -> None:
    for number in range(5):
        box(name=f"box {number}", since=date(2026, 6, 10), value=Amount.of("10"))
    box(name="may", since=date(2026, 5, 4))
    box(name="never")
    page = main(lin.get(f"{LIST}?look=calendar"))
    day = page.partition('datetime="2026-06-10"')[2].partition("</td>")[0]
    assert "50.00" in day
    assert day.count("<li>") == 3
    assert behind(lin, day, "2026-06-10") == 5
    assert "may" not in page.partition("<tbody>")[2]
    assert behind(lin, page.partition("t-sheet-end")[2], "empty") == 1
    assert "may" in main(lin.get(f"{LIST}?look=calendar&look_at=2026-05"))
    week = main(lin.get(f"{LIST}?look=calendar&look_by=week&look_at=2026-06-10"))
    assert week.count("<td") == 7
    assert week.partition('datetime="2026-06-10"')[2].partition("</td>")[0].count("<li>") == 5


def test_a_day_says_what_of_a_row_is_not_visible_and_its_tags_in_words(
    lin: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box, Shelf
    from tenor_vault.views import boxes

    roles, positions = ["vault.shelver", "vault.vault-keeper"], [("relationship-manager", "YZ")]
    make_user(institution, "shelver", roles=roles, positions=positions)
    with as_actor(institution, "shelver") as ctx:
        shelf = Shelf(name="their shelf")
        ctx.session.add(shelf)
        ctx.session.flush()
        where, unit = shelf.id, next(iter(ctx.actor.units))
    day = date(2026, 6, 10)
    box("shelver", name="old,<b>", since=day, shelf_id=where, sealed=True, unit_id=unit)
    calendar = boxes.looks[1]
    shows = (Box.name, Box.sealed, Box.shelf_id)
    monkeypatch.setitem(calendar.__dict__, "shows", shows)
    monkeypatch.setitem(institution.records.specs(Box)["name"].info.__dict__, "widget", "tags")
    page = main(lin.get(f"{LIST}?look=calendar"))
    cell = page.partition('datetime="2026-06-10"')[2].partition("</td>")[0]
    assert ">old, &lt;b&gt; · 是 · 您不可见</a>" in cell
    assert 'title="old, &lt;b&gt; · 是 · 您不可见 · ' in cell


def test_a_calendar_counts_all_that_have_no_date(
    lin: Any, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.records.paging.CAP", 2)
    for _time in range(4):
        box()
    head = main(lin.get(f"{LIST}?look=calendar")).partition("t-sheet-end")[2].partition("</a>")[0]
    assert "4 条未填日期" in words(head)


def test_days_on_which_nothing_stands_are_said_to_be_so(lin: Any, box: Any) -> None:
    box(name="june", since=date(2026, 6, 3))
    assert "没有记录。" not in main(lin.get(f"{LIST}?look=calendar&look_at=2026-06"))
    assert "本月没有记录。" in main(lin.get(f"{LIST}?look=calendar&look_at=2031-01"))
    week = f"{LIST}?look=calendar&look_by=week&look_at=2031-01-10"
    assert "本周没有记录。" in main(lin.get(week))


def test_a_calendar_tells_holidays_and_working_weekends(lin: Any) -> None:
    page = main(lin.get(f"{LIST}?look=calendar&look_at=2026-10"))
    first = page.partition('datetime="2026-10-01"')[2].partition("</td>")[0]
    assert "休" in first


@pytest.mark.parametrize("at", ["2026-13", "x", "0001-01-01", "9999-12-31", "2026-6", "2026-06-31"])
def test_a_day_that_is_none_is_today(lin: Any, at: str) -> None:
    page = main(lin.get(f"{LIST}?look=calendar&look_at={at}"))
    assert 'aria-current="date"' in page


def test_a_chart_sums_for_each_currency_over_months_without_gaps(lin: Any, box: Any) -> None:
    box(name="a", since=date(2026, 1, 31), value=Amount.of("10"))
    box(name="b", since=date(2026, 3, 1), value=Amount.of("20.50"))
    box(name="c", since=date(2026, 3, 31), value=Amount.of("1"))
    box(name="d", value=Amount.of("5"))
    page = main(lin.get(f"{LIST}?look=chart"))
    rows = re.findall(r'(?s)<tr><th scope="row">(.*?)</th><td[^>]*data-v="([^"]*)">', page)
    assert [(label, value) for label, value in rows] == [
        ("2026-01", "10.00"), ("2026-02", "0.00"), ("2026-03", "21.50"), (rows[3][0], "5.00"),
    ]  # fmt: skip
    assert "36.50" in page.partition("<tfoot>")[2]
    march = page.partition(">2026-03</th>")[2].partition("</tr>")[0]
    assert behind(lin, march) == 2
    lin.press("/", "/me/preferences", language="en")
    assert "<h2>Insured value by since by month</h2>" in lin.get(f"{LIST}?look=chart")


def test_a_day_at_the_end_of_all_time_is_on_every_look(lin: Any, box: Any) -> None:
    box(name="one", since=date(2026, 6, 10))
    box(name="no end", since=date(9999, 12, 31), value=Amount.of("5"))
    chart = main(lin.get(f"{LIST}?look=chart"))
    assert behind(lin, chart.partition(">9999-12</th>")[2].partition("</tr>")[0]) == 1
    assert 'class="t-calendar"' in lin.get(f"{LIST}?look=calendar")
    page = main(lin.get(f"{LIST}?look=pivot&look_by=since.quarter,kind,count"))
    row = page.partition("9999 Q4")[2].partition("</tr>")[0]
    assert behind(lin, row) == 1
    assert "no end" in lin.get(f"{LIST}?filter=since+%3E%3D+9999-12-01")


def test_a_sum_is_exact_beyond_what_a_column_holds(lin: Any, box: Any) -> None:
    from tenor_vault.records import Kind

    for number in range(3):
        box(name=f"box {number}", kind=Kind.GOLD, value=Amount(9_000_000_000_000_000_001))
    assert "270,000,000,000,000,000.03" in lane(main(lin.get(f"{LIST}?look=board")), "gold-bars")


def test_each_cell_of_a_pivot_leads_to_as_many_rows_as_it_says(lin: Any, box: Any) -> None:
    from tenor_vault.records import Kind

    for number in range(6):
        kind = Kind.GOLD if number < 2 else Kind.PAPERS
        since = date(2026, 1 + number, 15) if number else None
        box(name=f"box {number}", kind=kind, sealed=number % 2 == 0, since=since)
    for by in ("kind,sealed,count", "since.quarter,kind,count", "kind,shelf.name,count"):
        page = main(lin.get(f"{LIST}?look=pivot&look_by={by}"))
        cells = re.findall(r'<td class="is-end[^"]*"><a href="([^"]+)">([\d,]+)</a></td>', page)
        assert cells
        for href, figure in cells:
            assert behind(lin, f'href="{href}"') == int(figure), (by, unescape(href))
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        inner = re.findall(r"is-shade-\d\"><a [^>]+>(\d+)</a>", body)
        assert sum(map(int, inner)) == 6


@pytest.mark.parametrize("effect", ["hide", "mask"])
def test_what_is_hidden_or_masked_is_no_axis_and_no_sum(
    lin: Any, box: Any, institution: Kernel, effect: Any
) -> None:
    from tenor_vault.records import Box

    box(name="one", keeper_id=1, value=Amount.of("77.70"), since=date(2026, 6, 1))
    rule = FieldRule(fields=(Box.value, Box.keeper_id), effect=effect)
    institution.access.field_rules.append(rule)
    page = lin.get(f"{LIST}?look=board")
    assert "one" in lane(page, "papers")
    assert "77.70" not in page
    # the chart of the sum and that by keeper aren't offered, nor shown to whoever writes their address
    assert "look=chart-4" in page
    assert not re.search('look=chart&|look=chart"|look=chart-2|look=chart-3', page)
    for look in ("chart", "chart-2", "chart-3"):
        assert "data-t-chart" not in lin.get(f"{LIST}?look={look}")
    asked = lin.get(f"{LIST}?look=pivot&look_by=keeper_id,kind,value")
    assert "77.70" not in asked
    assert "look_by=kind%2Csealed%2Cvalue" not in asked


def test_a_way_to_look_that_is_not_there_is_the_list(lin: Any, box: Any) -> None:
    box(name="one")
    for look in ("kanban", "chart-9", "pivot%00"):
        page = main(lin.get(f"{LIST}?look={look}"))
        assert "data-t-rows" in page


@pytest.mark.parametrize("look", ["board", "calendar", "chart", "chart-2", "pivot"])
def test_it_asks_as_often_for_many_rows_as_for_few(
    lin: Any, box: Any, statements: list[str], look: str
) -> None:
    from tenor_vault.records import Kind

    path = f"{LIST}?look={look}"
    for kind in Kind:
        box(name="first", kind=kind, since=date(2026, 6, 1), value=Amount.of("1"))
    lin.get(path)
    statements.clear()
    lin.get(path)
    few = len(statements)
    for number in range(20):
        box(name=f"box {number}", kind=list(Kind)[number % 2], since=date(2026, 6, 1 + number))
    lin.get(path)
    statements.clear()
    lin.get(path)
    assert len(statements) == few


def test_the_figures_of_a_chart_and_a_pivot_go_out_exactly_and_on_record(
    lin: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Kind

    box(name="a", since=date(2026, 6, 1), value=Amount.of("1234567.89"))
    box(name="b", kind=Kind.GOLD, since=date(2026, 6, 2), value=Amount.of("10"))
    chart = lin.get(f"{LIST}/figures?look=chart&format=csv")
    assert chart.splitlines()[1:] == ["2026-06,1234577.89"]
    pivot = lin.get(f"{LIST}/figures?look=pivot&look_by=kind,sealed,value&format=csv")
    assert [line.split(",")[1:] for line in pivot.splitlines()[1:]] == [
        ["1234567.89", "1234567.89"], ["10.00", "10.00"],
    ]  # fmt: skip
    assert lin.client.get(f"{LIST}/figures?look=pivot&format=xlsx").data[:2] == b"PK"
    assert lin.client.get(f"{LIST}/figures?look=board").status_code == 404
    with institution.db.raw() as connection:
        kinds = connection.execute(
            text("SELECT count(*) FROM base_ledger_entry WHERE kind = 'export'")
        )
        assert kinds.scalar_one() == 3


def test_too_many_values_are_no_pivot_and_it_says_so(
    lin: Any, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Kind

    monkeypatch.setattr("tenor.records.totals.MOST", 1)
    for kind in Kind:
        box(kind=kind)
    assert "1" in words(main(lin.get(f"{LIST}?look=board"))).partition("超过")[2][:4]


def test_what_is_beyond_the_largest_is_one_step_that_leads_to_its_rows(
    lin: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.web.chart._BARS", 3)
    with institution.db.raw() as connection:
        people = list(connection.scalars(text("SELECT id FROM base_user ORDER BY id LIMIT 5")))
    for number, identity in enumerate(people):
        for _time in range(5 - number):
            box(keeper_id=identity)
    box()
    page = main(lin.get(f"{LIST}?look=chart-2"))
    rows = re.findall(r'(?s)<tr><th scope="row">.*?data-v="(\d+)">(.*?)</td>', page)
    assert [int(value) for value, _cell in rows] == [5, 4, 6, 1]
    assert [behind(lin, cell) for _value, cell in rows] == [5, 4, 6, 1]


def others(html: str, label: str = "其余") -> tuple[int, str]:
    """What a chart's step of the rest says, and its cell."""
    found = re.search(rf'(?s)<tr><th scope="row">{label}.*?data-v="(\d+)">(.*?)</td>', html)
    assert found, html
    return int(found[1]), found[2]


def test_the_columns_beyond_the_largest_lead_to_their_rows_in_time(lin: Any, box: Any) -> None:
    for number in range(24):
        for day in (1, 14, 31)[: 1 + (number % 3 > 0)]:
            box(since=date(2021 + number // 4, 1 + number % 4 * 3, day))
    box(since=date(9999, 12, 31))
    box(since=date(9999, 1, 31))
    box()
    page = main(lin.get(f"{LIST}?look=pivot&look_by=kind,since.quarter,count"))
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)
    row = page.partition("<tbody>")[2].partition("</tr>")[0]
    cells = dict(zip(heads[1:], re.findall(r"(?s)<td.*?</td>", row), strict=False))
    rest = next(head for head in cells if head.startswith("其余"))
    assert int(words(cells[rest])) == behind(lin, cells[rest])


def test_the_bars_beyond_the_largest_lead_to_their_rows_in_time(
    lin: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box
    from tenor_vault.views import boxes

    for number, month in enumerate((0, 0, 1, 2, 3, 3, 7, 11, 12, 25, 25, 47, 130, 131)):
        box(since=date(2015 + month // 12, 1 + month % 12, 1 + number % 28))
    for number in range(24):
        box(since=date(2019 + number // 12, 1 + number % 12, 28))
    box(since=date(9999, 12, 31))
    box(since=date(1, 1, 1))
    box()
    for step in (per_month, per_quarter, per_year):
        tile = RowsTile(title="a chart", rows=boxes, look=ChartView(step(Box.since)), origin=PLACE)
        monkeypatch.setattr(institution.views.dashboards, "tiles", [tile])
        for kept in (1, 3, 6):
            monkeypatch.setattr("tenor.web.chart._TIMES", kept + 1)
            count, cell = others(main(lin.get("/")))
            assert behind(lin, cell) == count, (step, kept, cell)


def test_the_rest_of_many_steps_is_a_filter_that_a_list_takes() -> None:
    months = [date(2000 + number // 12, 1 + number % 12, 1) for number in range(0, 238, 2)]
    quarters = [date(1900 + number // 4, 1 + number % 4 * 3, 1) for number in range(0, 238, 2)]
    in_turn = [date(2000 + number // 4, 1 + number % 4 * 3, 1) for number in range(1, 120)]
    years = [date(1900 + number, 1, 1) for number in range(119)]
    for step, kept in (
        ("month", months),
        ("quarter", quarters),
        ("quarter", in_turn),
        ("year", years),
    ):
        axis = Axis("since", step)
        rest = axis.rest(axis.words(kept))
        assert parse(written(rest)) == rest
        assert len(kept) == _TIMES - 1, "as many as a chart keeps at most"


def test_scattered_quarters_beyond_the_largest_lead_to_their_rows(
    lin: Any, institution: Kernel, monkeypatch: Any
) -> None:
    from tenor_vault.records import Box
    from tenor_vault.views import boxes

    with as_actor(institution, LIN) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        for number in range(130):
            for _ in range(2 - number % 2 * (number > 80)):
                day = date(1900 + number // 2, 1 + number % 2 * 6, 1)
                ctx.session.add(Box(name="a box", since=day, **whose))
    chart = ChartView(per_quarter(Box.since))
    tile = RowsTile(title="a chart", rows=boxes, look=chart, origin=PLACE)
    monkeypatch.setattr(institution.views.dashboards, "tiles", [tile])
    count, cell = others(main(lin.get("/")))
    assert count == 11
    assert behind(lin, cell) == count
