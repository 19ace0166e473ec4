"""A list looked at otherwise: no fault in either language, cards moved by the keyboard and by dragging, charts that are
drawn, and tables where there is no script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tenor_test_support.browser import held
from tests.browser.looking_over import faults
from tests.browser.test_pages import CODES, desk
from tests.browser.test_without_script import plain_desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

LOGIN: Final = "lin.xiaowen"
LOOKS: Final = (
    "/origination/application?look=board", "/origination/application?look=chart", "/origination/application?look=pivot",
    "/loans/loan?look=board", "/loans/loan?look=calendar&look_at=2026-07", "/loans/loan?look=calendar&look_by=week",
    "/loans/loan?look=chart", "/loans/loan?look=pivot", "/customers/customer?look=chart",
    "/customer_tags/customer-tag?look=graph", "/tasks?look=calendar", "/tasks?look=calendar&look_by=week",
    "/dashboards/loans/portfolio", "/dashboards/origination/pipeline", "/",
)  # fmt: skip
BOARD: Final = "/origination/application?look=board"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_look_has_a_fault(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    wrong: list[str] = []
    with desk(chromium, demo_bank, console, language) as lin:
        lin.sign_in(LOGIN)
        for path in LOOKS:
            lin.open(path)
            if "look=chart" in path or "look=graph" in path:
                lin.page.wait_for_selector("[data-drawn] canvas")
            names = CODES if language == "zh-CN" else None
            wrong += [f"{path}: {fault}" for fault in faults(lin.page, names=names)]
    assert not wrong, "\n".join(wrong)


def test_a_card_is_moved_by_the_keyboard_and_a_refusal_says_why(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as lin:
        page = lin.page
        lin.sign_in(LOGIN)
        lin.open(BOARD)
        page.wait_for_selector("[draggable=true]")
        menu = page.locator("[data-to=draft] .t-card-move").first
        menu.focus()
        with held(page, "**part=dialog*"):
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")  # nothing has come yet: it comes once
        dialog = page.locator("dialog[open]")
        expect(dialog.locator(".t-moves > li").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(menu).to_be_focused()


def test_a_card_is_dragged_to_where_its_step_leads(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as lin:
        page = lin.page
        lin.sign_in(LOGIN)
        lin.open(BOARD)
        page.wait_for_selector("[draggable=true]")
        card = page.locator("[data-to=draft] .t-card").first
        name = card.locator(".t-card-name").inner_text()
        card.drag_to(page.locator("[data-to=intake]"))
        expect(page.locator("[data-to=intake]")).to_contain_text(name)
        expect(page).to_have_url(re.compile("look=board"))


def test_a_chart_shows_its_table_and_follows_the_theme(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "en") as lin:
        page = lin.page
        lin.sign_in(LOGIN)
        lin.open("/loans/loan?look=chart")
        page.wait_for_selector("[data-drawn] canvas")
        expect(page.locator(".t-chart-table")).to_be_hidden()
        page.locator("[data-t-chart-data]").click()
        expect(page.locator(".t-chart-table tfoot")).to_be_visible()
        with page.expect_download() as told:
            page.locator("[data-t-chart-png]").click()
        assert told.value.suggested_filename.endswith(".png")


@pytest.mark.parametrize(
    "path", ["/loans/loan?look=chart", "/customer_tags/customer-tag?look=graph"]
)
def test_a_drawing_made_for_more_room_makes_no_page_wider(
    chromium: Browser, console: Console, demo_bank: House, path: str
) -> None:
    """As it stands in a window made narrower, until it is drawn anew."""
    with desk(chromium, demo_bank, console, "en") as lin:
        lin.sign_in(LOGIN)
        lin.open(path)
        lin.page.wait_for_selector("[data-drawn] canvas")
        wider = lin.page.locator("[data-drawn] canvas").first.evaluate(
            """canvas => {
              canvas.style.setProperty("width", "3000px");
              const body = document.getElementById("t-body");
              return body.scrollWidth - body.clientWidth;
            }"""
        )
        assert wider == 0


def test_without_script_the_table_stands_there_and_cards_have_a_page(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, LOGIN) as lin:
        lin.open("/customers/customer?look=chart")
        expect(lin.page.locator(".t-chart-table tfoot")).to_be_visible()
        lin.open(BOARD)
        lin.page.locator(".t-card-move").first.click()
        expect(lin.page.locator(".t-moves > li").first).to_be_visible()
