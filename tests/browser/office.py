"""The bank's people at their desks, and the camera that takes the pictures of the tutorial."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.browser.desk import Desk
from tests.browser.tutorial import IMAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.hands import Hands
    from tests.browser.house import House
    from tests.browser.words import Words

#: asks for pictures, which is all that it does
TAKE: Final = "TENOR_TUTORIAL"


class Office:
    """Each person has one desk, signed in when first needed.

    Args:
        browser: Chromium.
        house: the bank that runs.
        say: the words of everybody's language.
        console: hears what each page complains about.
        hands: with what everybody works.
    """

    def __init__(
        self, browser: Browser, house: House, say: Words, console: Console, hands: Hands | None = None
    ) -> None:  # fmt: skip
        self.browser, self.house, self.say, self.console = browser, house, say, console
        self.hands = hands
        self.camera = Camera(say.language)
        #: what a step finds out and a later one needs
        self.notes: dict[str, str] = {}
        self._desks: dict[str, Desk] = {}
        self._everybody: list[Desk] = []

    def stranger(self) -> Desk:
        """Somebody's browser before they have signed in."""
        context = self.browser.new_context(
            locale=self.say.language,
            timezone_id="Asia/Shanghai",
            viewport={"width": 1280, "height": 800},
            reduced_motion="reduce",
        )
        page = context.new_page()
        self.console.listen(page)
        self._everybody.append(Desk(page, self.house.url, self.say, self.hands))
        return self._everybody[-1]

    def desk(self, login: str) -> Desk:
        """The desk of somebody."""
        if login not in self._desks:
            desk = self.stranger()
            desk.sign_in(login)
            self._desks[login] = desk
        return self._desks[login]

    def close(self) -> None:
        """Everybody goes home."""
        for desk in self._everybody:
            desk.page.context.close()

    def picture(self, desk: Desk, name: str) -> None:
        """A picture of what is on somebody's screen, where pictures are asked for."""
        self.camera.take(desk, name)


@dataclass
class Camera:
    """Takes the pictures of the tutorial, where they are asked for, and remembers which there are."""

    language: str
    taken: list[str] = field(default_factory=list)

    def take(self, desk: Desk, name: str) -> None:
        """The window down to where the page's content ends, without what the page says in passing."""
        self.taken.append(f"{name}.{self.language[:2]}")
        if os.environ.get(TAKE):
            desk.page.mouse.move(0, 0)
            height = desk.page.evaluate(_TIDY)
            desk.page.screenshot(
                path=IMAGES / f"{self.taken[-1]}.png",
                clip={"x": 0, "y": 0, "width": 1280, "height": height},
                animations="disabled",
            )


_TIDY: Final = """() => {
  document.activeElement?.blur();
  for (const toast of document.querySelectorAll('.t-toast')) toast.remove();
  const main = document.querySelector('#t-main');
  const ends = [...(main?.children ?? [])].map((part) => part.getBoundingClientRect().bottom);
  return Math.min(720, Math.max(420, ...(main ? ends : [innerHeight])) + 24);
}"""


@dataclass(frozen=True)
class Step:
    """A step of the journey: a heading of the tutorial in its two languages, and what is done under it."""

    title: str
    chinese: str
    play: Callable[[Office], None]
