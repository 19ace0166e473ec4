"""The calendar that comes with the kernel: official tables, and for other years the statutory holidays, provisional.

An institution's own rows of ``CalendarDay`` go before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

#: The present system of long holidays with make-up days begins here; before, nobody should compute with it.
FIRST_YEAR: Final = 2000
_TABLES: Final = Path(__file__).with_name("calendar_cn.toml")
_MAKE_UP: Final = "调休"


@dataclass(frozen=True)
class ShippedDay:
    """A day as a table has it. ``source``: the notice; ``confirmed``: whether it is an official one."""

    day: date
    working: bool
    name: str
    confirmed: bool
    source: str


@cache
def shipped(year: int) -> tuple[ShippedDay, ...] | None:
    """The days of a year that aren't what their weekday says, in order; None where nothing is known of the year."""
    official = _tables().get(str(year))
    if official is not None:
        return tuple(sorted(_official(official), key=lambda each: each.day))
    return _statutory(year)


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(_TABLES.read_text("utf-8"))


def _official(table: Mapping[str, Any]) -> Iterator[ShippedDay]:
    source = table["source"]
    for first, last, name in table["off"]:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            yield ShippedDay(day, False, name, True, source)
            day += timedelta(days=1)
    for text in table["working"]:
        yield ShippedDay(date.fromisoformat(text), True, _MAKE_UP, True, source)


def _statutory(year: int) -> tuple[ShippedDay, ...] | None:
    """By the library ``holidays``: right for what the law fixes, silent on make-up days until they are announced."""
    import holidays

    known: Any = holidays.country_holidays("CN", years=year, language="zh_CN")
    if not FIRST_YEAR <= year <= known.end_year:
        return None
    source = f"holidays {version('holidays')}"
    off = (ShippedDay(day, False, name, False, source) for day, name in known.items())
    on = (ShippedDay(day, True, _MAKE_UP, False, source) for day in known.weekend_workdays)
    days = (each for each in (*off, *on) if each.day.year == year)
    return tuple(sorted(days, key=lambda each: each.day))
