"""The desk of one of the bank's people: their browser, and what they do in it, in the words that they read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

from tests.browser.hands import Mouse
from tests.journeys.bank import PASSWORD, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

    from tests.browser.hands import Hands
    from tests.browser.words import Words

PATIENCE: Final = 20_000


class Desk:
    """Somebody's browser.

    Args:
        page: with cookies of its own.
        url: where the bank is.
        say: the words of their language.
        hands: with what they work; a mouse, unless it is said otherwise.
    """

    def __init__(self, page: Page, url: str, say: Words, hands: Hands | None = None) -> None:
        self.page, self.url, self.say = page, url, say
        self.hands = hands or Mouse()
        page.set_default_timeout(PATIENCE)

    # -- going ----------------------------------------------------------------------------------

    def sign_in(self, login: str) -> None:
        """With the demo's password, then in the desk's language."""
        self.open("/sign-in")
        self.hands.fill(self.page.locator("#f-login"), login)
        self.hands.fill(self.page.locator("#f-password"), PASSWORD)
        self.hands.press(self.page.locator("form[action='/sign-in'] button.is-primary"))
        self.page.wait_for_url(f"{self.url}/")
        self.speak(self.say.language)

    def speak(self, language: str) -> None:
        """In that language from now on: it is the person's own setting."""
        if self.page.locator("html").get_attribute("lang") != language:
            self.hands.press(self.page.locator("[popovertarget=t-languages]"))
            self.hands.press(self.page.locator(f"#t-languages button[value={language}]"))
            expect(self.page.locator("html")).to_have_attribute("lang", language)
            self.page.wait_for_load_state()

    def open(self, path: str, *, status: int = 200) -> None:
        """A page by its address; it must answer with that status."""
        answer = self.page.goto(self.url + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"

    def app(self, title: str) -> None:
        """An app of the rail."""
        self.hands.press(self.page.locator(".t-rail").get_by_role("link", name=title, exact=True))

    def menu(self, title: str) -> None:
        """A menu of the app in the top bar."""
        menus = self.page.locator(".t-bar-menus")
        self.hands.press(menus.get_by_role("link", name=title, exact=True))

    def tab(self, title: str) -> None:
        """A tab of the record."""
        self.hands.press(self.page.locator(".t-tabs").get_by_role("link", name=title, exact=True))
        expect(self.page.locator(".t-tabs [aria-current]")).to_contain_text(title)

    def follow(self, text: str) -> None:
        """A link of the page's main part."""
        self.hands.press(self.main.get_by_role("link", name=text, exact=True).first)

    def follow_first_row(self) -> None:
        """The first row of a list."""
        self.hands.press(self.main.locator("tbody tr a").first)

    def open_mail(self, address: str) -> str:
        """The newest mail to somebody, once it was sent; its text."""
        items = self.main.locator(".t-news li", has_text=address)
        sent = items.filter(has=self.page.locator("time"))

        def arrived() -> bool:
            self.open("/mails")
            return sent.count() > 0

        wait_until(arrived, f"no mail to {address}")
        self.hands.press(sent.first.locator("a"))
        self.page.wait_for_url("**/mails?mail=*")
        return self.main.locator(".t-mail-text").inner_text()

    @property
    def path(self) -> str:
        """Where the person is."""
        return self.page.url.removeprefix(self.url).partition("?")[0]

    # -- doing ----------------------------------------------------------------------------------

    def press(self, title: str) -> None:
        """A button, or the link that looks like one."""
        self.hands.press(self.button(title))

    def button(self, title: str) -> Locator:
        """The first button with this title in the page's main part."""
        exactly = re.compile(rf"^\s*{re.escape(title)}\s*$")
        return self.main.locator(".t-btn").filter(has_text=exactly).first

    def fill(self, label: str, text: str) -> None:
        """A field by its label; once more where a picker, closing, took the focus meanwhile."""
        field = self.field(label)

        def filled() -> bool:
            self.hands.fill(field, text)
            return field.input_value() == text

        wait_until(filled, f"{label} doesn't take {text}")

    def choose(self, label: str, option: str) -> None:
        """An option of a list by its words."""
        self.hands.choose(self.field(label), option)

    def pick(self, label: str, typed: str, option: str) -> None:
        """Something found by typing in a picker; once more where it closed before it was chosen."""
        field = self.main.locator(".t-field").filter(has=self._label(label))
        search = field.locator(".ts-control input")
        found = field.locator(".ts-dropdown .option", has_text=option).first

        def picked() -> bool:
            if not found.is_visible():
                self.hands.fill(search, typed)
            try:
                self.hands.take(found)
            except (NotInTime, AssertionError):
                return False
            return True

        wait_until(picked, f"{label} doesn't offer {option}")

        def shut() -> bool:
            if field.locator(".ts-dropdown").is_visible():
                search.press("Escape")
            return not field.locator(".ts-dropdown").is_visible()

        wait_until(shut, f"the list of {label} stays open")

    def attach(self, label: str, file: Path | FilePayload) -> None:
        """A file from the person's machine."""
        self.hands.attach(self.field(label), file)

    def field(self, label: str) -> Locator:
        """The control of a field."""
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))

    def _label(self, label: str) -> Locator:
        return self.page.locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))

    # -- seeing ---------------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        """The page without the frame around it."""
        return self.page.locator("#t-main")

    def sees(self, *texts: str) -> None:
        """Each of these stands in the page."""
        for text in texts:
            found = self.main.get_by_text(text).filter(visible=True)
            expect(found.first).to_be_visible(timeout=PATIENCE)

    def misses(self, text: str) -> None:
        """That doesn't stand in the page."""
        expect(self.main.get_by_text(text)).to_have_count(0)

    def told(self, text: str) -> None:
        """The toast says that it's done."""
        expect(self.page.locator(".t-toast").filter(has_text=text)).to_be_visible()

    def stage(self, title: str) -> None:
        """The stage at which the case is."""
        expect(self.page.locator(".t-head .t-state")).to_have_text(title, timeout=PATIENCE)

    def error_at(self, label: str) -> str:
        """What a refused field says, as soon as it is refused."""
        expect(self.field(label)).to_have_attribute("aria-describedby", re.compile("."))
        note = self.field(label).get_attribute("aria-describedby")
        return self.page.locator(f"#{note}").inner_text()
