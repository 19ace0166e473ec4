"""People who click at their own pace, whatever the answers take: each click has its time beforehand, and what it takes
counts from that time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle
from threading import Event
from typing import Final

from tenor.base.demo import PEOPLE
from tests.security.browsing import Forms, signed_in

#: seconds between two clicks of a person, at least and at most
PACE: Final = (5.0, 10.0)
#: who keeps customers and applications, and one of their customers for each browser
KEEPERS: Final[Mapping[str, tuple[int, ...]]] = {
    "lin.xiaowen": (2, 3, 4, 5),
    "shen.bai": (16, 17, 18, 19),
}
_MENU: Final = re.compile(r'href="(/[a-z_]+/[a-z-]+)"')
_ROW: Final = re.compile(r'data-href="([^"]+)"')
Act = Callable[[], object]
#: its multiples lie evenly between whole numbers, and no two alike
_SPREAD: Final = 0.6180339887


def chosen(number: int) -> float:
    """A share from 0 to 1, another one for each number: the same in every run."""
    return number * _SPREAD % 1


@dataclass
class Clicks:
    """What came of them: seconds from the time at which each was due, and what wasn't answered as it should be."""

    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def share(self, part: float) -> float:
        """So many seconds or less for this part of them."""
        return sorted(self.took)[int(len(self.took) * part)]


class Somebody:
    """A person at a browser of their own.

    Args:
        customer: one that nobody else changes, of whoever keeps customers.
    """

    def __init__(self, url: str, login: str, customer: int | None) -> None:
        self.browser, self.customer, self.turn = signed_in(url, login), customer, 0
        self.rows: list[str] = []
        self.held: dict[str, str] = {}
        self.led = ""
        self.menus = sorted(set(_MENU.findall(self.browser.get("/")))) or ["/inbox"]

    def acts(self) -> Iterator[Act]:
        """What they do, a click each: reading, and between it writing where that is their work."""
        while True:
            yield lambda: self.browser.get("/")
            yield self._list
            yield self._row
            yield self._search
            yield lambda: self.browser.get("/inbox")
            if self.customer is not None:
                yield from self._writing(self.customer)

    def _list(self) -> None:
        shown = self.browser.get(self._next(self.menus))
        self.rows = [unescape(one) for one in _ROW.findall(shown)]

    def _row(self) -> None:
        self.browser.get(self._next(self.rows) if self.rows else "/tasks")

    def _search(self) -> None:
        answer = self.browser.ask("GET", "/search?q=%E6%B3%BD%E8%BF%9C")
        # of one alone it leads to its page
        assert answer.status in (200, 303), f"search: {answer.status}"

    def _next(self, some: list[str]) -> str:
        self.turn += 1
        return some[int(chosen(self.turn) * len(some))]

    def _writing(self, customer: int) -> Iterator[Act]:
        edit, new = f"/customers/customer/{customer}/edit", "/origination/application/new"
        yield lambda: self._form(edit)
        yield lambda: self._sent(edit, address=f"云州市{self.turn}号")
        yield lambda: self._form(new)
        more = {"amount": "1000000", "months": "12", "rate": "4.35", "purpose": "购料"}
        yield lambda: self._sent(new, customer_id=str(customer), **more)
        yield lambda: self._form(f"{self.led}/transitions/withdraw")
        yield lambda: self._sent(f"{self.led}/transitions/withdraw", reason="客户撤回")

    def _form(self, path: str) -> None:
        self.held = Forms(self.browser.get(path)).to(path)

    def _sent(self, path: str, **fields: str) -> None:
        answer = self.browser.send(path, {**self.held, **fields})
        assert answer.status == 303, f"POST {path}: {answer.status}\n{answer.text}"
        self.led = answer.headers["location"]


def clicking(url: str, people: int, seconds: float) -> Clicks:
    """So many people at work for so long, of all positions."""
    found = Clicks()
    customers = {login: iter(some) for login, some in KEEPERS.items()}
    logins = cycle(sorted((one[0] for one in PEOPLE), key=lambda login: login not in KEEPERS))
    crowd = [
        Somebody(url, login, next(customers.get(login, iter(())), None))
        for _number, login in zip(range(people), logins, strict=False)
    ]
    begun = time.monotonic() + 1
    with ThreadPoolExecutor(people) as at_once:
        for number, one in enumerate(crowd):
            times = _times(number, begun, seconds)
            at_once.submit(_click, one, times, found)
    return found


def _times(number: int, begun: float, seconds: float) -> list[float]:
    """When one of the people clicks."""
    due, times = begun + chosen(number) * PACE[1], []
    while due < begun + seconds:
        times.append(due)
        due += PACE[0] + chosen(number + 31 * len(times)) * (PACE[1] - PACE[0])
    return times


def _click(one: Somebody, times: list[float], found: Clicks) -> None:
    pace = Event()  # which nobody sets: people click when it is their time, whatever was answered
    for due, act in zip(times, one.acts(), strict=False):
        pace.wait(max(0.0, due - time.monotonic()))
        try:
            act()
        except (AssertionError, OSError, LookupError, StopIteration) as error:
            found.wrong.append(repr(error)[:500])
        found.took.append(time.monotonic() - due)
