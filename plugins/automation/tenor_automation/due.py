"""At which records a rule looks when its time comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, or_

from tenor_automation.domain import timing
from tenor_automation.records import Occasion, Rule, Unit
from tenor_sdk import Archivable, Context, NotFound, Record, Refused
from tenor_sdk.calendar import is_working_day, time_zone
from tenor_sdk.catalogue import kind_named


@dataclass(frozen=True)
class Look:
    """When a rule looks.

    Args:
        day: for which; a rule that was held up looks for each day that it missed.
        since, until: the span for which it looks within the day, where it does so.
    """

    day: date
    since: datetime | None = None
    until: datetime | None = None


def is_time(ctx: Context, rule: Rule, look: Look) -> bool:
    """Whether a rule acts at all then."""
    works = _works(ctx)
    working = works if rule.working_days_only else None
    match rule.occasion:
        case Occasion.INTERVAL:
            assert look.since is not None  # the clock says so
            assert look.until is not None  # likewise
            first, last = time.fromisoformat(rule.from_time), time.fromisoformat(rule.to_time)
            return timing.falls_between(
                look.since, look.until, rule.minutes, first, last, time_zone(ctx), working
            )
        case Occasion.WEEKLY:
            return timing.weekly(look.day, rule.weekdays.split(), works=working)
        case Occasion.MONTHLY if rule.last_working_day:
            return timing.last_working_day(look.day, works)
        case Occasion.MONTHLY:
            return timing.monthly(look.day, rule.month_day, works=working)
        case Occasion.DAILY:
            return working is None or working(look.day)
        case _:
            return True


def due(ctx: Context, rule: Rule, looks: Sequence[Look]) -> ColumnElement[bool]:
    """Which records are due at one of these times, whoever may read them.

    Raises:
        NotFound: the plugin of such records is off, or they have no such date any more.
    """
    kind = kind_named(ctx, rule.about)
    conditions: list[ColumnElement[bool]] = [kind.id > 0]
    if rule.occasion == Occasion.DATE:
        conditions.append(or_(*(_dated(ctx, rule, kind, look) for look in looks)))
    if issubclass(kind, Archivable):
        conditions.append(~kind.archived)
    return and_(*conditions)


def _dated(ctx: Context, rule: Rule, kind: type[Record], look: Look) -> ColumnElement[bool]:
    column = getattr(kind, rule.date_field, None)
    if column is None:  # its plugin has taken it away since
        raise NotFound("not-found", what=rule.date_field)
    if rule.counted_in == Unit.HOURS:
        assert look.since is not None  # the clock says so
        assert look.until is not None  # likewise
        after = timedelta(hours=rule.days)
        return _between(ctx, column, look.since - after, look.until - after)
    if rule.counted_in == Unit.DAYS:
        return _on_days(ctx, column, [look.day - timedelta(days=rule.days)])
    return _on_days(ctx, column, timing.working_days_before(look.day, rule.days, _works(ctx)))


def _between(ctx: Context, column: Any, since: datetime, until: datetime) -> ColumnElement[bool]:
    """After the one instant and not after the other; a date counts as its beginning."""
    if isinstance(column.type, Date):
        zone = time_zone(ctx)
        since_day, until_day = (one.astimezone(zone).date() for one in (since, until))
        return and_(column > since_day, column <= until_day)
    return and_(column > since, column <= until)


def _on_days(ctx: Context, column: Any, days: Iterable[date]) -> ColumnElement[bool]:
    """On one of these days, by the institution's zone."""
    if isinstance(column.type, Date):
        found: ColumnElement[bool] = column.in_(list(days))
        return found
    zone = time_zone(ctx)
    starts = [datetime.combine(day, time(), zone) for day in days]
    spans = [
        and_(column >= start, column < datetime.combine(start.date() + timedelta(days=1), time(), zone))
        for start in starts
    ]  # fmt: skip
    return or_(*spans) if spans else column.in_([])


def _works(ctx: Context) -> timing.Works:
    """Whether the institution works on a day; Monday to Friday count where no calendar reaches."""

    def works(day: date) -> bool:
        try:
            return is_working_day(ctx, day)
        except Refused:
            return day.weekday() < 5

    return works
