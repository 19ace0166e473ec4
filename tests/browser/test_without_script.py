"""A day at the bank in browsers that run no script: lists, forms, cases, tasks, saved filters and settings work all the
same, wherever nothing has to be picked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from tenor.base.demo import DEMO_PASSWORD
from tests.browser.desk import Desk
from tests.browser.test_pages import demo_code
from tests.browser.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House

CUSTOMERS: Final = "/customers/customer"
#: applications of the demo: before 何磊's review, and before one approver
REVIEWED: Final = "APP-2026-000011"
BEFORE_APPROVAL: Final = "/origination/application/8"


@contextmanager
def plain_desk(chromium: Browser, house: House, console: Console, login: str) -> Iterator[Desk]:
    """Somebody signed in, in a browser that runs no script."""
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    console.listen(page)
    desk = Desk(page, house.url, Words("zh-CN"))
    desk.open("/sign-in")
    page.fill("#f-login", login)
    page.fill("#f-password", DEMO_PASSWORD)
    page.locator("form[action='/sign-in'] button.is-primary").click()
    page.wait_for_url(f"{house.url}/")
    yield desk
    context.close()


def test_a_list_is_searched_narrowed_sorted_turned_and_kept(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, "lin.xiaowen") as lin:
        page, rows = lin.page, lin.main.locator("tbody tr")
        lin.open(CUSTOMERS)
        page.fill("#t-list-search", "盛川")
        page.press("#t-list-search", "Enter")
        page.wait_for_url("**q=**")
        expect(rows).to_have_count(5)
        lin.main.locator("thead a", has_text=lin.say("Name", "customers")).click()
        expect(lin.main.locator("th[aria-sort=descending]")).to_have_count(1)
        lin.main.locator(".t-facet-option", has_text="C35").click()
        expect(rows).to_have_count(1)
        page.locator(".t-tabs a[href*='/saved/new']").click()
        page.fill("#f-name", "盛川制造")
        lin.main.locator("form.t-form button.is-primary").click()
        expect(lin.main.locator(".t-tab[aria-current]")).to_contain_text("盛川制造")
        lin.main.locator(".t-chip").first.click()
        page.locator("button[value=ten-thousand]").click()
        expect(page.locator("button[value=ten-thousand]")).to_have_attribute("aria-pressed", "true")
    with plain_desk(chromium, demo_bank, console, "song.qing") as song:
        song.open("/audit")
        first = song.main.locator("tbody tr").last.inner_text()
        song.main.locator(".t-sheet-foot a").last.click()
        expect(song.main.locator("tbody tr").first).not_to_have_text(first)


def test_a_form_is_refused_mended_and_saved(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    console.expect("422")
    with plain_desk(chromium, demo_bank, console, "lin.xiaowen") as lin:
        page, say = lin.page, lin.say
        lin.open(f"{CUSTOMERS}/new")
        lin.fill(say("Name", "customers"), "无脚本机械有限公司")
        lin.press(say("Save"))
        page.locator("#t-errors a").first.click()
        lin.fill(say("Unified social credit code", "customers"), demo_code())
        lin.press(say("Save"))
        page.wait_for_url(re.compile(f"{CUSTOMERS}/[0-9]+$"))
        lin.sees("无脚本机械有限公司")
        page.locator("textarea[name=text]").fill("现场已走访。")
        page.locator(".t-compose button").click()
        lin.sees("现场已走访。")
        lin.open(f"{CUSTOMERS}/1")
        page.locator("a[href$='/reveal/representative_phone']").click()
        lin.fill(say("Reason"), "核对授权书")
        lin.press(say("Show"))
        lin.sees("19900000001")
        lin.open(f"{CUSTOMERS}/1")
        lin.tab(say("Statements", "customers"))
        lin.sees(say("Statements and ratios", "customers"))


def test_a_case_goes_on_with_what_is_asked_of_it(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, "qin.feng") as qin:
        say = qin.say
        qin.follow(say("Decide on the application", "origination"))
        qin.open(BEFORE_APPROVAL)
        qin.press(say("Approve", "origination"))
        qin.fill(say("Reasons", "origination"), "同意，按条件放款。")
        qin.press(say("Approve", "origination"))
        qin.stage(say("Contract", "documents"))


def test_a_task_is_put_back_and_claimed(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, "he.lei") as he:
        he.open("/tasks")
        task = he.main.locator(".t-task", has_text=REVIEWED)
        task.get_by_role("link", name=he.say("More"), exact=True).click()
        he.press(he.say("Put it back"))
        he.fill(he.say("Reason"), "手头工作已满")
        he.press(he.say("Put it back"))
        he.page.wait_for_url("**/tasks")
    with plain_desk(chromium, demo_bank, console, "zhou.qiming") as zhou:
        zhou.open("/tasks?shelf=units")
        zhou.press(zhou.say("Take it"))
        zhou.told(zhou.say("The task is yours."))
        zhou.open("/tasks")
        expect(zhou.main.locator(".t-task", has_text=REVIEWED)).to_have_count(1)


def test_a_setting_is_kept_and_a_plugin_looked_at(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with plain_desk(chromium, demo_bank, console, "ding.ning") as ding:
        field = ding.say("Name of the lender", "documents")
        ding.open("/settings/documents")
        ding.fill(field, "海岳商业银行股份有限公司")
        ding.press(ding.say("Save"))
        ding.told("")
        ding.open("/settings/documents")
        expect(ding.field(field)).to_have_value("海岳商业银行股份有限公司")
        ding.open("/plugins/automation")
        ding.press(ding.say("Disable…"))
        ding.sees(ding.say("Disable"))
        ding.open("/inbox")
        ding.open("/search?q=zyjm")
