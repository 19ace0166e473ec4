"""Reports, each a small file beside the institution's data: there for every process of it, and where the database is
what failed. Of each kind the oldest go: what people make of pages, as often as they like, pushes out no error."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final, Self

from tenor_sdk.errors import Conflict

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

_FOLDER: Final = "reports"
_DIGITS: Final = frozenset("0123456789abcdef")
_LENGTH: Final = 16
#: reports of errors that are kept, those that were handed over apart from the others; and of pages
MOST: Final = 300
OF_PAGES: Final = 100
#: for how long, and errors of one request that are told
DAYS: Final = 30
_ERRORS: Final = 5
#: reports of pages on which nothing failed that a person makes in a day
OF_ONE: Final = 10


@dataclass(frozen=True)
class Report:
    """What is known of one request.

    Args:
        number: of the request, which its error page says.
        at: when, as ISO 8601.
        person: the id of whose request it was; none where nobody was recognised.
        browser: of whose session, as a keyed hash: where the database failed, nobody was recognised.
        asked: method and pattern of the address, without what stood in it.
        facts: versions, roles and the like, by the names of ``words.py``.
        errors: of each error its chain, as ``trace_of`` gives it.
        sent: whether a person handed it to the administrators.
    """

    number: str
    at: str
    person: int | None
    browser: str
    asked: str
    facts: dict[str, Any]
    errors: list[list[dict[str, Any]]] = field(default_factory=list)
    sent: bool = False

    def contents(self) -> dict[str, Any]:
        """What leaves with it: not whose it is."""
        return {
            "number": self.number, "at": self.at, "asked": self.asked, **self.facts, "errors": self.errors,
        }  # fmt: skip


class Reports:
    """The reports of an institution.

    Args:
        folder: in which they lie; made with the first.
    """

    def __init__(self, folder: Path) -> None:
        self._errors, self._pages, self._handed = folder, folder / "pages", folder / "handed"
        self._shelves = {self._errors: MOST, self._pages: OF_PAGES, self._handed: MOST}

    @classmethod
    def of(cls, settings: KernelSettings) -> Self:
        return cls(settings.data_dir / _FOLDER)

    def get(self, number: str) -> Report | None:
        """A report; None where there is none of that number."""
        found = (_read(path) for path in self._places(number))
        return next((report for report in found if report is not None), None)

    def all(self) -> list[Report]:
        """Those that are kept, the newest first."""
        paths = [path for shelf in self._shelves for path in _files(shelf)]
        found = [report for path in paths if (report := _read(path)) is not None]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def keep(self, report: Report) -> None:
        """Keep one of an error; of a request that has one already, its errors are added. Where nothing can be written,
        none is kept: the log has the error all the same."""
        before = self.get(report.number)
        if before is not None:
            report = replace(before, errors=(before.errors + report.errors)[:_ERRORS])
        self._put(report)

    def hand_over(self, report: Report) -> None:
        """Keep one for the administrators: of an error, or what a person makes of a page.

        Raises:
            Conflict: ``too-many-reports``: of pages, by this person on this day.
        """
        before = self.get(report.number)
        if before is None and not report.errors:
            self._check_share(report)
        self._put(replace(before or report, sent=True))

    def _check_share(self, report: Report) -> None:
        day = datetime.fromisoformat(report.at).date().isoformat()
        others = (_read(path) for path in _files(self._pages))
        same = [
            each
            for each in others
            if each is not None and each.person == report.person and each.at.startswith(day)
        ]
        if len(same) >= OF_ONE:
            raise Conflict("too-many-reports", most=OF_ONE)

    def _put(self, report: Report) -> None:
        at = datetime.fromisoformat(report.at)
        shelf = self._pages if not report.errors else self._handed if report.sent else self._errors
        with suppress(OSError):
            places = {path.parent: path for path in self._places(report.number)}
            if not places:
                return
            shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
            # first of all: where it can't be written it stays where it is
            _write(places.pop(shelf), json.dumps(asdict(report), ensure_ascii=False), at)
            for path in places.values():
                path.unlink(missing_ok=True)
            for each, most in self._shelves.items():
                _forget(each, most, at - timedelta(days=DAYS))

    def _places(self, number: str) -> list[Path]:
        """Where one may lie: a number that isn't of a request leads nowhere."""
        if len(number) != _LENGTH or not _DIGITS.issuperset(number):
            return []
        return [shelf / f"{number}.json" for shelf in self._shelves]


def _files(shelf: Path) -> list[Path]:
    try:
        return [path for path in shelf.iterdir() if path.suffix == ".json"]
    except OSError:
        return []


def _forget(shelf: Path, most: int, oldest: datetime) -> None:
    """Remove those that are too old, and the oldest of too many."""
    ages = sorted(((path.stat().st_mtime, path) for path in _files(shelf)), reverse=True)
    for place, (made, path) in enumerate(ages):
        if place >= most or made < oldest.timestamp():
            path.unlink(missing_ok=True)


def _write(path: Path, text: str, at: datetime) -> None:
    """Whole or not at all; a file is as old as its report by the institution's clock."""
    beside = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    beside.write_text(text, encoding="utf-8")
    os.utime(beside, (at.timestamp(), at.timestamp()))
    beside.replace(path)


def _read(path: Path) -> Report | None:
    try:
        return Report(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
