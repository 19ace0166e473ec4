"""Reports, each a small file beside the institution's data: there for every process of it, and where the database is
what failed. The oldest go."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

_FOLDER: Final = "reports"
_DIGITS: Final = frozenset("0123456789abcdef")
_LENGTH: Final = 16
#: reports that are kept, for how long, and errors of one request that are told
MOST: Final = 300
DAYS: Final = 30
_ERRORS: Final = 5


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
        self._folder = folder

    @classmethod
    def of(cls, settings: KernelSettings) -> Self:
        return cls(settings.data_dir / _FOLDER)

    def get(self, number: str) -> Report | None:
        """A report; None where there is none of that number."""
        path = self._path(number)
        return _read(path) if path is not None else None

    def all(self) -> list[Report]:
        """Those that are kept, the newest first."""
        found = [report for path in self._paths() if (report := _read(path)) is not None]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def keep(self, report: Report) -> None:
        """Keep one; of a request that has one already, its errors are added. Where nothing can be written, none is
        kept: the log has the error all the same."""
        path = self._path(report.number)
        if path is None:
            return
        with suppress(OSError):
            before = _read(path)
            if before is not None:
                errors = (before.errors + report.errors)[:_ERRORS]
                report = replace(before, errors=errors, sent=before.sent or report.sent)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            at = datetime.fromisoformat(report.at)
            _write(path, json.dumps(asdict(report), ensure_ascii=False), at)
            self._forget(at - timedelta(days=DAYS))

    def _paths(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path.suffix == ".json"]
        except OSError:
            return []

    def _path(self, number: str) -> Path | None:
        """Where one lies: a number that isn't of a request leads nowhere."""
        if len(number) != _LENGTH or not _DIGITS.issuperset(number):
            return None
        return self._folder / f"{number}.json"

    def _forget(self, oldest: datetime) -> None:
        """Remove those that are too old, and the oldest of too many."""
        ages = sorted(((path.stat().st_mtime, path) for path in self._paths()), reverse=True)
        for place, (made, path) in enumerate(ages):
            if place >= MOST or made < oldest.timestamp():
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
