"""When whoever has a task is reminded of it. Pure: what is said of it is handed in, and so is the calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from tenor.workflow.working_days import WorkingDays

#: at a share of the time, so many days or office hours before its end, each working day after it
SHARE, DAYS, HOURS, OVERDUE = "share", "days", "hours", "overdue"
#: whoever has the task; also who was told when it became overdue
PERSON, ABOVE = "person", "above"
#: the least and the most of each way: per cent, working days, office hours, working days
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    SHARE: (1, 99), DAYS: (0, 366), HOURS: (1, 999), OVERDUE: (1, 60),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Reminder:
    """One line of what a rule says.

    Args:
        way: one of ``BOUNDS``.
        amount: per cent of the time, days, hours, or how many times at most.
        whom: ``person`` or ``above``.
    """

    way: str
    amount: int
    whom: str = PERSON


#: what plugins declare
HALF: Final = Reminder(SHARE, 50)


@dataclass(frozen=True)
class Told:
    """A reminder of one task, and how many times it was told, or went by untold."""

    reminder: Reminder
    times: int = 0


@dataclass(frozen=True)
class Span:
    """The time of a task.

    Args:
        arisen, due: its ends.
        days: the calendar.
        works: whether the institution works on a day, also of a year of which the calendar isn't out.
    """

    arisen: datetime
    due: datetime
    days: WorkingDays
    works: Callable[[date], bool]

    def moment(self, told: Told) -> datetime | None:
        """When a reminder is told next, in UTC; None: never more. What would come before the task did never comes."""
        one, times = told.reminder, told.times
        if one.way == OVERDUE:
            if times >= one.amount:
                return None
            return self.days.opening_after(self.due, times + 1, self.works)
        if times:
            return None
        before = self._before(one)
        return before if before is not None and before > self.arisen else None

    def _before(self, one: Reminder) -> datetime | None:
        if one.way == SHARE:
            return self.days.part_way(self.arisen, self.due, one.amount)
        if one.way == HOURS:
            return self.days.hours_before(self.arisen, self.due, one.amount)
        return self.days.opening_before(self.arisen, self.due, one.amount)


def next_at(span: Span, reminders: Iterable[Told]) -> datetime | None:
    """When the next of them is told; None where none is left."""
    return min(filter(None, map(span.moment, reminders)), default=None)


def gone_by(span: Span, reminders: Sequence[Told], now: datetime) -> list[Told]:
    """The same reminders with those counted as told whose moment has come, each as often as it came."""
    return [_up_to(span, one, now) for one in reminders]


def come(before: Sequence[Told], after: Sequence[Told]) -> list[Reminder]:
    """Those that were told at least once more."""
    return [
        old.reminder
        for old, new in zip(before, after, strict=True)
        if new.times > old.times
    ]  # fmt: skip


def written(reminders: Iterable[Told]) -> list[dict[str, Any]]:
    """As they are kept with a task."""
    return [{**asdict(one.reminder), "told": one.times} for one in reminders]


def read(kept: Sequence[Mapping[str, Any]]) -> list[Told]:
    """What ``written`` kept."""
    return [Told(Reminder(one["way"], one["amount"], one["whom"]), one["told"]) for one in kept]


def _up_to(span: Span, one: Told, now: datetime) -> Told:
    while (at := span.moment(one)) is not None and at <= now:
        one = replace(one, times=one.times + 1)
    return one
