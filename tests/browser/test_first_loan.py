"""The first loan of a new bank, in a real browser, by the people whose work each step is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import tutorial
from tests.browser.first_loan.story import STEPS
from tests.browser.hands import Keyboard
from tests.browser.office import Office
from tests.browser.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House


def test_the_first_loan_in_chinese_by_the_keyboard_alone(
    chromium: Browser, console: Console, new_bank_on_sqlite: House
) -> None:
    play(Office(chromium, new_bank_on_sqlite, Words("zh-CN"), console, Keyboard()))


def test_the_first_loan_in_english_with_workers_elsewhere(
    chromium: Browser, console: Console, new_bank_on_postgresql: House
) -> None:
    play(Office(chromium, new_bank_on_postgresql, Words("en"), console))


def play(office: Office) -> None:
    """Every step, in its order; the tutorial in this language shows its pictures and its commands."""
    try:
        for step in STEPS:
            step.play(office)
    finally:
        office.close()
    assert office.camera.taken == tutorial.pictures(office.say.language)
    assert office.house.ran == tutorial.commands(office.say.language)
