"""The menus of an app that don't fit into the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

ENTRIES = ".t-bar-menus a"
MORE = ".t-bar-more button"
IN_SIGHT = """link => {
  const [its, bar] = [link, link.closest("ul")].map(one => one.getBoundingClientRect());
  return bar.left <= its.left && its.right <= bar.right;
}"""

#: how much wider the name of an app is than the tile in which it stands
WIDER = """() => [...document.querySelectorAll(".t-rail .t-app")].filter(app => app.offsetParent).map(app => {
  const words = document.createRange();
  words.selectNodeContents(app.querySelector("span"));
  return [app.textContent.trim(), words.getBoundingClientRect().width - app.clientWidth];
})"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_app_is_named_within_its_tile(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    with desk(chromium, demo_bank, console, language) as somebody:
        somebody.sign_in("lin.xiaowen")
        for width in (1440, 390):
            somebody.page.set_viewport_size({"width": width, "height": 844})
            told = somebody.page.evaluate(WIDER)
            assert len(told) > 4
            assert [(name, by) for name, by in told if by > -4] == []


def test_what_does_not_fit_stands_under_more(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as admin:
        admin.sign_in("ding.ning")
        page = admin.page
        page.set_viewport_size({"width": 900, "height": 800})
        admin.open("/plugins")
        every = page.locator(ENTRIES).all_text_contents()
        page.locator(MORE).click()
        listed = page.locator("#t-menus a")
        assert listed.all_text_contents() == every
        leads = listed.last.get_attribute("href")
        listed.last.click()
        page.wait_for_url(f"**{leads}")
        current = page.locator(f"{ENTRIES}[aria-current]")
        assert current.inner_text() == every[-1]
        assert current.evaluate(IN_SIGHT)


def test_where_all_fit_there_is_no_more(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as manager:
        manager.sign_in("lin.xiaowen")
        assert manager.page.locator(ENTRIES).count() > 1
        assert not manager.page.locator(MORE).is_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_open_menu_is_in_sight_and_the_bar_moves_no_more_than_it_must(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    with desk(chromium, demo_bank, console, language) as admin:
        admin.sign_in("ding.ning")
        page = admin.page
        admin.open("/plugins")
        every = page.locator(ENTRIES).evaluate_all(
            "links => links.map(a => a.getAttribute('href'))"
        )
        for width in (1440, 1280, 1024):
            page.set_viewport_size({"width": width, "height": 800})
            searches, moved = set(), []
            for path in ["/", *every[:7], every[-1]]:
                admin.open(path)
                assert page.locator(f"{ENTRIES}[aria-current]").evaluate(IN_SIGHT), path
                moved.append(page.locator(".t-bar-menus").evaluate("bar => bar.scrollLeft"))
                searches.add(page.locator(".t-bar .t-search").evaluate("it => it.offsetWidth"))
            assert len(searches) == 1
            assert width < 1440 or moved[1:6] == [0] * 5
