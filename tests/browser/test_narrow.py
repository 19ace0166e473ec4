"""What has little room: lines with many columns that are edited in place, tasks on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tenor_test_support.browser import opened
from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

CELLS: Final = "[data-t-lines] tbody td[data-label]"
#: the narrowest input that still shows what stands in it
NARROW: Final = 80
#: an input is no taller than two lines of it, unless what is said of its column stands below
TALL: Final = 60


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_said_of_a_column_leaves_room_for_its_inputs(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    with desk(chromium, demo_bank, console, language) as risk:
        risk.sign_in("zhou.qiming")
        page = risk.page
        page.set_viewport_size({"width": 1280, "height": 860})
        risk.open("/base/task-rule-version/actions/draft")
        page.select_option("[name=workflow]", "origination.application")
        day = "2031-03-01" if language == "en" else "2031-03-02"
        page.fill("[name=effective_from]", day)
        page.click("#t-main button.is-primary")
        page.wait_for_url(re.compile(r"/[0-9]+$"))
        opened(page, f"{page.url}/edit")
        inputs = page.locator(f"{CELLS} > :is(input, select).t-input")
        widths = inputs.evaluate_all("all => all.map(one => one.offsetWidth)")
        assert len(widths) > NARROW // 10
        assert min(widths) >= NARROW
        below = page.locator("[data-t-lines] tbody tr:not(:first-child)")
        rows = below.evaluate_all("all => all.map(one => one.offsetHeight)")
        assert rows
        assert max(rows) <= TALL


def test_on_a_phone_a_task_says_which_case_it_is(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "en") as manager:
        manager.sign_in("lin.xiaowen")
        manager.page.set_viewport_size({"width": 390, "height": 844})
        manager.open("/tasks")
        cases = manager.page.locator(".t-task-subject a")
        assert cases.count() > 1
        for case in cases.all():
            assert case.is_visible()
