"""A list that somebody lives in: narrowed, saved, changed by the dozen, with and without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.looking_over import faults
from tests.browser.test_pages import CODES, desk
from tests.browser.test_without_script import plain_desk
from tests.browser.wcag import breaches

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

CUSTOMERS: Final = "/customers/customer"
APPLICATIONS: Final = "/origination/application"
LOGIN: Final = "lin.xiaowen"


@pytest.mark.parametrize(("language", "industry"), [("zh-CN", "C34"), ("en", "C35")])
def test_a_list_is_kept_and_changed_by_the_keyboard(
    chromium: Browser, console: Console, demo_bank: House, language: str, industry: str
) -> None:
    names = CODES if language == "zh-CN" else None
    with desk(chromium, demo_bank, console, language) as lin:
        page, name = lin.page, f"industry {industry}"
        lin.sign_in(LOGIN)
        page.keyboard.press("Control+k")
        page.keyboard.type("zyjm")
        page.wait_for_selector("#t-palette mark")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"{CUSTOMERS}/[0-9]+$"))
        lin.open(f"{CUSTOMERS}?industry={industry}")
        page.locator(".t-tabs a[href*='/saved/new']").click()
        page.fill("#f-name", name)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**industry={industry}&saved=*")
        expect(page.locator(".t-tab[aria-current]")).to_contain_text(f"{name}1")
        assert faults(page, names=None) + breaches(page) == []
        page.set_viewport_size({"width": 1440, "height": 900})
        page.locator("tbody th a").focus()
        page.keyboard.press("Space")
        page.locator("[formaction$='/bulk/archive']").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/bulk/archive")
        assert faults(page, names=names) + breaches(page) == []
        lin.open(f"{CUSTOMERS}/columns")
        assert faults(page, names=names) + breaches(page) == []


def test_without_script_rows_are_changed_and_columns_moved(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, LOGIN) as lin:
        page = lin.page
        for query, deed in (("sort=-name", "archive"), ("sort=-name&archived=true", "restore")):
            lin.open(f"{CUSTOMERS}?{query}")
            page.locator("tbody .t-check").first.check()
            page.locator(f"[formaction$='/bulk/{deed}']").click()
            page.locator(f"form[action$='/bulk/{deed}'] button.is-primary").click()
            page.wait_for_url(re.compile(f"{CUSTOMERS}/bulk/[0-9]+$"))
            expect(page.locator("#t-main")).not_to_contain_text("#")
        lin.open(f"{CUSTOMERS}/columns")
        second = page.locator("input[name=order]").nth(1).get_attribute("value")
        page.locator(f"button[value='up:{second}']").click()
        expect(page.locator("input[name=order]").first).to_have_value(second or "")
        page.locator(".t-form-foot button[value=reset]").click()
        page.wait_for_url(f"**{CUSTOMERS}?all=1")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_widest_lists_of_a_bank_fit_on_a_desk_of_1440(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    with desk(chromium, demo_bank, console, language) as lin:
        lin.sign_in(LOGIN)
        for path in (CUSTOMERS, APPLICATIONS):
            lin.open(path)
            wrap = lin.page.locator(".t-table-wrap")
            assert wrap.locator("thead th").count() >= 10
            shown, needed = wrap.evaluate("wrap => [wrap.clientWidth, wrap.scrollWidth]")
            assert needed <= shown, path
