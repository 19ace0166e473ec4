"""When a schedule is due: arithmetic on instants, with the institution's zone and working days handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tenor_sdk.jobs import Daily, Every

#: A run later than this after its time was missed; so ``skip`` leaves it out.
GRACE: Final = timedelta(minutes=10)

#: Nobody's calendar has so many days off in a row.
_LONGEST: Final = 60


@dataclass(frozen=True)
class Runs:
    """What becomes of a schedule that is due.

    Args:
        due: the times for which a run is made now.
        next: when it is due again.
    """

    due: tuple[datetime, ...]
    next: datetime


def next_after(
    schedule: Every | Daily, instant: datetime, zone: ZoneInfo, works: Callable[[date], bool]
) -> datetime:
    """The first time after ``instant`` at which a schedule is due, in UTC.

    Args:
        works: whether the institution works on a day; asked only by schedules of working days.
    """
    if isinstance(schedule, Every):
        return instant + schedule.distance
    return next(_daily(schedule, instant, zone, works))


def runs(
    schedule: Every | Daily,
    seen: datetime,
    now: datetime,
    zone: ZoneInfo,
    works: Callable[[date], bool],
) -> Runs:
    """What is to run of a schedule that was due at ``seen``, which isn't after ``now``."""
    if isinstance(schedule, Every):
        steps = (now - seen) // schedule.distance + 1
        return Runs((seen,), seen + steps * schedule.distance)
    missed = [seen]
    for due in _daily(schedule, seen, zone, works):
        if due > now:
            return Runs(_caught_up(schedule, missed, now), due)
        missed.append(due)
    raise AssertionError("a daily schedule never ends")


def _caught_up(schedule: Daily, missed: list[datetime], now: datetime) -> tuple[datetime, ...]:
    if schedule.catch_up == "each":
        return tuple(missed)
    last = missed[-1]
    if schedule.catch_up == "skip" and now - last > GRACE:
        return ()
    return (last,)


def _daily(
    schedule: Daily, after: datetime, zone: ZoneInfo, works: Callable[[date], bool]
) -> Iterator[datetime]:
    day = after.astimezone(zone).date()
    idle = 0
    while True:
        due = datetime.combine(day, schedule.at, zone).astimezone(UTC)
        counts = not schedule.working_days_only or idle > _LONGEST or works(day)
        if due > after and counts:
            yield due
        idle = 0 if counts else idle + 1
        day += timedelta(days=1)
