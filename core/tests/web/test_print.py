"""Pages on paper: what is there to be pressed stays off, heads come again on each page, no figure is cut."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tenor_sdk import Amount

#: what somebody on paper can't press
PRESSED = ".t-rail, .t-bar, .t-tabs, .t-facets, .t-pager, .t-bulk, .t-btn, .is-select, .t-seg, [popover], .t-skip"
CUT = """() => [...document.querySelectorAll("main th, main td, main dd, main h1, main h2")]
  .filter(cell => cell.offsetParent && cell.scrollWidth > cell.clientWidth + 1)
  .map(cell => cell.textContent.trim())"""
#: heads come again where no part around them scrolls or stands out of the flow
HEAD = """() => {
  const head = document.querySelector("main table thead");
  const around = [];
  for (let part = head; part; part = part.parentElement) around.push(getComputedStyle(part));
  const free = around.every(each => each.overflowY === "visible" && each.position !== "fixed");
  return [getComputedStyle(head).display, free];
}"""
A4 = {"width": 658, "height": 980}
ACROSS = {"width": 1017, "height": 688}


@pytest.fixture
def paper(lin: Any, box: Any) -> Any:
    """A page as it is printed, of a list of many boxes."""
    for number in range(60):
        box(name=f"第 {number} 号保管箱", value=Amount.of("1234567890.12"), since=date(2026, 6, 1))
    lin.emulate_media(media="print")
    return lin


def pages(page: Any) -> int:
    """On how many sheets of paper it goes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("dark", [False, True])
def test_a_list_is_printed_without_what_can_be_pressed(paper: Any, site: str, dark: bool) -> None:
    paper.emulate_media(media="print", color_scheme="dark" if dark else "light")
    paper.set_viewport_size(ACROSS)
    paper.goto(f"{site}/vault/box?kind=papers")
    for part in paper.locator(PRESSED).all():
        expect(part).to_be_hidden()
    expect(paper.locator(".t-chip")).to_be_visible()
    assert (
        paper.evaluate("getComputedStyle(document.querySelector('main h1')).color")
        == "rgb(0, 0, 0)"
    )


def test_heads_come_again_and_no_figure_is_cut(paper: Any, site: str) -> None:
    paper.set_viewport_size(ACROSS)
    paper.goto(f"{site}/vault/box")
    assert paper.evaluate(HEAD) == ["table-header-group", True]
    assert paper.evaluate(CUT) == []
    assert pages(paper) > 1


def test_a_page_of_a_record_says_what_it_is_who_printed_it_and_when(paper: Any, site: str) -> None:
    paper.set_viewport_size(A4)
    paper.goto(f"{site}/vault/box/1")
    foot = paper.locator(".t-print-foot")
    expect(foot).to_be_visible()
    said = foot.inner_text()
    for words in ("BOX-001", "截至 2026-06-30", "林晓雯 打印于 2026-06-30"):
        assert words in said
    assert paper.evaluate(CUT) == []


def test_a_chart_is_printed_light_and_is_dark_again_afterwards(paper: Any, site: str) -> None:
    paper.emulate_media(media="screen", color_scheme="dark")
    paper.goto(f"{site}/vault/box?look=chart-4")
    paper.wait_for_selector("[data-drawn] canvas")
    before = paper.evaluate("document.querySelector('canvas').toDataURL()")
    paper.evaluate("dispatchEvent(new Event('beforeprint'))")
    light = paper.evaluate("document.querySelector('canvas').toDataURL()")
    assert light != before
    paper.evaluate("dispatchEvent(new Event('afterprint'))")
    assert paper.evaluate("document.querySelector('canvas').toDataURL()") == before
    assert paper.evaluate("document.documentElement.dataset.theme") is None


def test_a_whole_list_is_printed_over_sheets_and_offers_itself(paper: Any, site: str) -> None:
    paper.add_init_script("window.print = () => { window.printed = (window.printed ?? 0) + 1 }")
    paper.set_viewport_size(ACROSS)
    paper.goto(f"{site}/vault/box/print", wait_until="load")
    paper.wait_for_function("window.printed === 1")
    assert paper.locator("tbody tr").count() == 60
    assert paper.evaluate(HEAD) == ["table-header-group", True]
    assert paper.evaluate(CUT) == []
    assert pages(paper) > 2
    for part in paper.locator(PRESSED).all():
        expect(part).to_be_hidden()
    expect(paper.locator(".t-facts")).to_be_visible()
    paper.emulate_media(media="screen")
    paper.get_by_role("button", name="打印", exact=True).click()
    paper.wait_for_function("window.printed === 2")
