"""Chromium of the machine, driven by Playwright, and the console that must stay clean."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from tenor_test_support.errors import MissingService

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium: ``TENOR_TEST_CHROMIUM``, or the machine's: the one without a window, where
    there is one.

    Raises:
        MissingService: there is none.
    """
    names = (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    found = os.environ.get("TENOR_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), None
    )
    if not found:
        raise MissingService("Chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def opened(page: Page, url: str) -> Response | None:
    """Go there; what the page brings with it runs by then, and has asked for what it asks for at once.

    The network alone says less: on a slow machine it is quiet before the scripts begin.
    """
    answer = page.goto(url, wait_until="load")
    page.wait_for_load_state("networkidle")
    return answer


@contextmanager
def held(page: Page, which: str) -> Iterator[None]:
    """Hold requests back until the block ends, as a slow connection does; one at least is made within it.

    Args:
        which: their address, as Playwright's patterns have it.
    """
    waiting: list[Route] = []

    def hold(route: Route) -> None:  # no bound method of a builtin: Playwright marks its handlers
        waiting.append(route)

    page.route(which, hold)
    with page.expect_request(which):
        yield
    for route in waiting:
        route.continue_()
    page.unroute(which)  # what was asked for meanwhile goes on by that


@dataclass
class Console:
    """What a page complained about: script errors, console errors, refusals of the content security policy."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """From now on complaints that contain ``part`` are part of the test, such as the 422 it provokes."""
        self.expected.append(part)

    def unexpected(self) -> list[str]:
        """The complaints that nobody expected."""
        return [said for said in self.complaints if not any(part in said for part in self.expected)]

    def listen(self, page: Page) -> None:
        """Hear what ``page`` says from now on."""
        page.on(
            "console",
            lambda said: (
                self.complaints.append(f"{said.text} ({said.location.get('url', '')})")
                if said.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
