"""What a house does with its work: people pass tasks on, put them off and talk about them, stand in for each other, and
decide as a committee; each page on the way looked over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.looking_over import faults
from tests.browser.test_pages import CODES, desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.desk import Desk
    from tests.browser.house import House

ZH, EN = "zh-CN", "en"
#: applications of the demo: one before 何磊's review, one before the committee
REVIEWED, BEFORE_THE_COMMITTEE = "APP-2026-000011", "APP-2026-000006"


class Floor:
    """The bank's people, each at a desk of their own.

    Args:
        chromium: their browser.
        house: the bank.
        console: hears what pages complain about.
    """

    def __init__(self, chromium: Browser, house: House, console: Console) -> None:
        self.chromium, self.house, self.console = chromium, house, console
        console.expect("422")  # what is refused beside its form

    @contextmanager
    def at(self, login: str, language: str) -> Iterator[Desk]:
        """Somebody, signed in."""
        with desk(self.chromium, self.house, self.console, language) as person:
            person.sign_in(login)
            yield person


def looked_over(person: Desk) -> None:
    """What the person sees has no fault."""
    assert faults(person.page, names=CODES if person.say.language == ZH else None) == []
    person.page.set_viewport_size({"width": 1440, "height": 900})


def shelf(person: Desk, name: str = "") -> None:
    """A shelf of the tasks page."""
    person.open(f"/tasks?shelf={name}" if name else "/tasks")


def its_page(person: Desk, number: str, shelf_name: str = "") -> None:
    """The page of the task on the application with this number."""
    shelf(person, shelf_name)
    task = person.main.locator(".t-task", has_text=number)
    task.get_by_role("link", name=person.say("More"), exact=True).click()
    person.page.wait_for_url("**/base/task/*")
    expect(person.page.locator(".t-bar-menus a[aria-current]")).to_have_text(person.say("Tasks"))


def there(person: Desk, number: str) -> bool:
    """Whether a task on the application stands on the page."""
    return person.main.locator(".t-task", has_text=number).count() > 0


def test_a_task_is_talked_about_handed_over_taken_back_put_back_and_claimed(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    floor = Floor(chromium, demo_bank, console)
    with floor.at("he.lei", ZH) as he, floor.at("zhou.qiming", EN) as zhou:
        its_page(he, REVIEWED)
        _comments(he)
        _hands_over(he)
        its_page(zhou, REVIEWED)
        looked_over(zhou)
        zhou.sees("Handed over by 何磊")
        its_page(he, REVIEWED, "handed")
        he.press(he.say("Take it back"))
        he.told(he.say("The task is back with you."))
        he.press(he.say("Put it back"))
        he.fill(he.say("Reason"), "手头工作已满")
        he.press(he.say("Put it back"))
        he.page.wait_for_url("**/tasks")
        shelf(zhou, "units")
        looked_over(zhou)
        zhou.press(zhou.say("Take it"))
        zhou.told(zhou.say("The task is yours."))
        assert zhou.page.url.endswith("/tasks?shelf=units")
        assert not there(zhou, REVIEWED)
        shelf(zhou)
        assert there(zhou, REVIEWED)
        _reads_what_happened(zhou)
        _hands_over_everything(zhou)
        shelf(he)
        assert there(he, REVIEWED)


def _comments(he: Desk) -> None:
    he.press(he.say("Comment"))
    he.fill(he.say("Comment"), "请补充最近三个月的产能数据。")
    looked_over(he)
    he.press(he.say("Comment"))
    he.told(he.say("Said."))


def _hands_over(he: Desk) -> None:
    he.press(he.say("Hand over"))
    he.choose(he.say("Hand over to"), "周启明")
    he.fill(he.say("Reason"), "下周出差")
    looked_over(he)
    he.press(he.say("Hand over"))
    he.told(he.say("Done: {what}", what=he.say("Hand over")))
    assert not there(he, REVIEWED)


def _reads_what_happened(zhou: Desk) -> None:
    """On the record: in words and by name, and with a way to the task."""
    zhou.main.locator(".t-task", has_text=REVIEWED).locator("a").first.click()
    zhou.page.wait_for_url("**/origination/application/*")
    zhou.sees("请补充最近三个月的产能数据。", "Review the risk")
    handed = zhou.main.locator(".t-entry", has_text="handed a task over")
    expect(handed).to_contain_text("Given to 周启明")
    zhou.main.locator(".t-task").get_by_role("link", name="More", exact=True).click()
    zhou.page.wait_for_url("**/base/task/*")


def _hands_over_everything(zhou: Desk) -> None:
    shelf(zhou)
    zhou.press(zhou.say("Hand over all of mine"))
    zhou.fill(zhou.say("Reason"), "年休假")
    looked_over(zhou)
    zhou.press(zhou.say("Preview"))
    zhou.sees("Nothing has been done yet", "Handed over to", REVIEWED)
    looked_over(zhou)
    zhou.press(zhou.say("Hand over all tasks"))
    zhou.told("tasks were handed over")


def test_a_task_is_put_off_and_brought_back_by_who_stands_in(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    """林晓雯 delegates to 方正, who finds her work before him, and may do with it what she could."""
    floor = Floor(chromium, demo_bank, console)
    with floor.at("lin.xiaowen", EN) as lin, floor.at("fang.zheng", ZH) as fang:
        _delegates(lin, "林晓雯")
        expect(lin.main.locator(".t-field", has_text="To whom")).to_contain_text("themselves")
        _delegates(lin, "方正")
        lin.told(lin.say("The delegation stands."))
        its_page(fang, "SG-2026-000002")
        fang.sees("林晓雯")
        fang.press(fang.say("Put off"))
        fang.fill(fang.say("Comes back on"), "2026-07-01")
        looked_over(fang)
        fang.press(fang.say("Put off"))
        fang.told(fang.say("Done: {what}", what=fang.say("Put off")))
        its_page(lin, "SG-2026-000002", "snoozed")
        looked_over(lin)
        lin.press(lin.say("Show it again"))
        lin.told(lin.say("The task is before you again."))
        lin.open("/base/delegation")
        lin.follow_first_row()
        lin.press(lin.say("End it now"))
        lin.page.wait_for_url("**/actions/end")
        lin.press(lin.say("End it now"))
        lin.told(lin.say("The delegation is over."))
        shelf(fang)
        assert not there(fang, "SG-2026-000002")


def _delegates(lin: Desk, taker: str) -> None:
    lin.open("/base/delegation/actions/delegate")
    lin.pick(lin.say("To whom"), taker, taker)
    lin.fill(lin.say("Until and including"), "2026-07-10")
    lin.fill(lin.say("Reason"), "年休假")
    lin.press(lin.say("Delegate my positions"))


def test_a_committee_decides_with_a_recusal_and_a_dissent(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    """何静 is for it and 吴婉 against, which stays on record; of the four without 郑涛 three suffice."""
    floor = Floor(chromium, demo_bank, console)
    with floor.at("zheng.tao", ZH) as zheng:
        _case(zheng)
        zheng.main.get_by_role("link", name=zheng.say("Recuse myself"), exact=True).click()
        zheng.press(zheng.say("Put in the vote"))
        assert zheng.error_at(zheng.say("Opinion or reason"))
        looked_over(zheng)
        zheng.fill(zheng.say("Opinion or reason"), "配偶在该公司任职")
        zheng.press(zheng.say("Put in the vote"))
        zheng.told(zheng.say("Your decision is in; others are still needed."))
        zheng.sees("配偶在该公司任职", "50,000,000.00 元")
        looked_over(zheng)
        shelf(zheng)
        assert not there(zheng, BEFORE_THE_COMMITTEE)
    with floor.at("sun.jianguo", EN) as sun:
        _case(sun)
        _votes_for(sun, "订单已核实。")
        sun.told(sun.say("Your decision is in; others are still needed."))
        sun.sees("单一客户依赖度过高", "订单已核实。")
        looked_over(sun)
    with floor.at("chen.li", ZH) as chen:
        _case(chen)
        _votes_for(chen, "同意。")
        state = chen.say("Contract", "documents")
        chen.told(chen.say("Decided. It is now at: {state}", state=state))
        chen.sees("单一客户依赖度过高", "配偶在该公司任职")
        looked_over(chen)


def _case(member: Desk) -> None:
    member.open(f"/search?q={BEFORE_THE_COMMITTEE}")  # what is found alone is opened
    assert re.search("/origination/application/[0-9]+$", member.path)


def _votes_for(member: Desk, words: str) -> None:
    member.main.locator("a.t-btn.is-primary").first.click()
    member.choose(member.say("Your vote"), member.say("For"))
    member.fill(member.say("Opinion or reason"), words)
    member.press(member.say("Put in the vote"))
