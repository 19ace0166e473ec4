"""How pages come to a browser: the largest contentful paint, an interaction and shifts of the layout, beside the same
bytes served as files; each load in a browser that has nothing kept, both in turn."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.figures import Figure
from bench.over_http.measure import ROUNDS
from bench.pages.bank import Served, bank
from bench.pages.replay import replaying
from tenor_test_support.browser import launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: each with what is pressed there
PAGES: Final = {
    "list of 50 customers": ("/customers/customer", "td .t-check"),
    "form of a customer": ("/customers/customer/1/edit", "input[name=name]"),
    "home": ("/", ".t-me"),
    "page of a customer": ("/customers/customer/1", ".t-me"),
}
BAR: Final = 1.5
SHIFT: Final = 0.05
_OBSERVE: Final = """
window.seen = {paint: 0, shift: 0, press: 0};
const watch = (type, take, more) => new PerformanceObserver(list => list.getEntries().forEach(take))
  .observe({type, buffered: true, ...more});
watch('largest-contentful-paint', entry => { seen.paint = entry.startTime; });
watch('layout-shift', entry => { if (!entry.hadRecentInput) seen.shift += entry.value; });
watch('event', entry => { if (entry.interactionId) seen.press = Math.max(seen.press, entry.duration); },
  {durationThreshold: 16});
"""
_SETTLED: Final = "() => new Promise(done => setTimeout(() => done(seen), 300))"

#: milliseconds to the largest paint and to the paint after a press, and the score of the shifts
Seen = tuple[float, float, float]


def figures() -> Iterator[Figure]:
    """Milliseconds, ours beside the files'; shifts by their score."""
    with (
        tempfile.TemporaryDirectory() as folder,
        bank(Path(folder)) as served,
        replaying(served.port, served.cookie) as files,
        launched() as browser,
    ):
        for name, (path, pressed) in PAGES.items():
            ours, theirs = _both(browser, served, files, path, pressed)
            for place, what in enumerate(("largest contentful paint", "interaction")):
                yield Figure(
                    part=6, work=f"{name}, {what}", unit="ms", bar=BAR, runs=ROUNDS,
                    value=median(one[place] for one in ours), bare=median(one[place] for one in theirs),
                )  # fmt: skip
            shift = max(one[2] for one in ours)
            yield Figure(
                part=6, work=f"{name}, layout shift at most", value=shift, unit="", bar=SHIFT,
                runs=ROUNDS,
            )  # fmt: skip


def _both(
    browser: Browser, served: Served, files: str, path: str, pressed: str
) -> tuple[list[Seen], list[Seen]]:
    ours: list[Seen] = []
    theirs: list[Seen] = []
    for round_ in range(ROUNDS + 1):
        for at, found in ((served.house.url, ours), (files, theirs)):
            seen = _load(browser, at, path, pressed, served)
            if round_:  # the first only warms
                found.append(seen)
    return ours, theirs


def _load(browser: Browser, at: str, path: str, pressed: str, served: Served) -> Seen:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    try:
        context.add_cookies([
            {"name": name, "value": value, "url": at}
            for name, value in served.browser.cookies.items()
        ])  # fmt: skip
        page = context.new_page()
        page.add_init_script(_OBSERVE)
        answer = page.goto(at + path, wait_until="load")
        assert answer is not None
        assert answer.ok, path
        page.evaluate(_SETTLED)
        page.locator(pressed).first.click()
        seen = page.evaluate(_SETTLED)
        # what is drawn within sixteen milliseconds isn't told apart
        return seen["paint"], max(seen["press"], 16.0), seen["shift"]
    finally:
        context.close()
