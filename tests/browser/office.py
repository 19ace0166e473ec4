"""The bank's people at their desks, and the camera that takes the pictures of the tutorial."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.browser.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, FloatRect, Locator

    from tenor_test_support.browser import Console
    from tests.browser.house import House
    from tests.browser.words import Words

TUTORIAL: Final = Path(__file__).parents[2] / "docs" / "tutorial"
FILES: Final = TUTORIAL / "files"
IMAGES: Final = TUTORIAL / "images"
LARGEST: Final = 200_000
#: asks for pictures: ``make tutorial`` sets it
TAKE: Final = "TENOR_TUTORIAL"


class Office:
    """Each person has one desk, signed in when first needed.

    Args:
        browser: Chromium.
        house: the bank that runs.
        say: the words of everybody's language.
        console: hears what each page complains about.
    """

    def __init__(self, browser: Browser, house: House, say: Words, console: Console) -> None:
        self.browser, self.house, self.say, self.console = browser, house, say, console
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
        self._everybody.append(Desk(page, self.house.url, self.say))
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

    def picture(self, desk: Desk, name: str, to: Locator | None = None) -> None:
        """A picture of what is on somebody's screen, where pictures are asked for.

        Args:
            to: what stands lowest in it; None: the whole window.
        """
        self.camera.take(desk, name, to)


@dataclass
class Camera:
    """Takes the pictures of the tutorial, where they are asked for, and remembers which there are."""

    language: str
    taken: list[str] = field(default_factory=list)

    def take(self, desk: Desk, name: str, to: Locator | None) -> None:
        name = f"{name}.{self.language[:2]}"
        self.taken.append(name)
        if os.environ.get(TAKE):
            image = IMAGES / f"{name}.png"
            desk.page.mouse.move(0, 0)
            desk.page.evaluate("document.activeElement?.blur()")
            desk.page.screenshot(path=image, clip=_clip(desk, to), animations="disabled")


def _clip(desk: Desk, to: Locator | None) -> FloatRect | None:
    if to is None:
        return None
    to.scroll_into_view_if_needed()
    box = to.bounding_box()
    assert box is not None
    return {"x": 0, "y": 0, "width": 1280, "height": min(800, box["y"] + box["height"] + 16)}


@dataclass(frozen=True)
class Step:
    """A step of the journey: a heading of the tutorial, and what is done under it."""

    title: str
    play: Callable[[Office], None]
