"""An administrator decides what a plugin may do beyond its own records, and takes one out of use and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from tenor_test_support.browser import Console
    from tests.browser.desk import Desk
    from tests.browser.house import House


def row(admin: Desk, text: str) -> Locator:
    """The row of a table in which that stands."""
    return admin.main.locator("tbody tr").filter(has_text=text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_plugin_asks_for_is_denied_and_granted_again(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    with desk(chromium, demo_bank, console, language) as admin:
        admin.sign_in("ding.ning")
        admin.open("/plugins")
        row(admin, "channels").get_by_role("link").first.click()
        network = row(admin, admin.say("reach other computers"))
        for button, state in (("Deny", "denied"), ("Grant", "granted")):
            network.get_by_role("button", name=admin.say(button), exact=True).click()
            admin.told(admin.say("Decided; it counts in a few seconds, with the next process."))
            expect(network.locator(".t-state")).to_have_text(admin.say(state))


def test_a_plugin_that_was_just_disabled_or_enabled_is_listed_as_such_before_the_next_process(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as admin:
        admin.sign_in("ding.ning")
        # the next process may be there before the page is
        begins = "|".join(map(admin.say, ("starts with the next process", "running")))
        for button, leads_to, state in (
            ("Disable…", "Disable", admin.say("disabled")),
            ("Enable…", "Enable", begins),
        ):
            admin.open("/plugins/automation")
            admin.press(admin.say(button))
            admin.press(admin.say(leads_to))
            expect(row(admin, "automation").locator(".t-state")).to_have_text(re.compile(state))
