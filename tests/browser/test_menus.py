"""The menus of an app that don't fit into the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

ENTRIES = ".t-bar-menus a"
MORE = "[data-more-menus]"


def test_what_does_not_fit_stands_under_more(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as admin:
        admin.sign_in("ding.ning")
        admin.open("/plugins")
        page = admin.page
        every = page.locator(ENTRIES).all_text_contents()
        page.set_viewport_size({"width": 900, "height": 800})
        page.locator(f"{MORE} button").click()
        in_sight = page.locator(f"{ENTRIES}:visible").all_text_contents()
        below = page.locator(f"{MORE} a:visible").all_text_contents()
        assert "插件" in in_sight
        assert sorted(in_sight + below) == sorted(every)
        page.locator(f"{MORE} a", has_text=below[-1]).click()
        page.wait_for_load_state()
        assert page.locator(f"{ENTRIES}[aria-current]").inner_text() == below[-1]


def test_where_all_fit_there_is_no_more(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as manager:
        manager.sign_in("lin.xiaowen")
        assert manager.page.locator(ENTRIES).count() > 1
        assert not manager.page.locator(MORE).is_visible()
