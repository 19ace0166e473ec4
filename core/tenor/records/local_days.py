"""Days and months of instants, as the institution's clock counts them, in the words of each database.

PostgreSQL knows time zones. SQLite doesn't: there the offset from UTC is said for each span of time in which it is the
same, which for most zones is one. Before 1970 and after 2069 it is that of the nearest such span.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, DateTime, Dialect, String, case, func, literal, type_coerce

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2069, 12, 31, tzinfo=UTC)
#: no zone changes its offset and back again within it
_STRIDE: Final = timedelta(days=7)
_SECOND: Final = timedelta(seconds=1)


def local_day(instant: Any, zone: ZoneInfo, dialect: Dialect, *, month: bool = False) -> Any:
    """The day of an instant in a time zone.

    Args:
        month: the first of its month will do, which there are fewer of.
    """
    if dialect.name == "postgresql":
        step, there = (literal(word, String) for word in ("month" if month else "day", zone.key))
        return func.date_trunc(step, instant, there, type_=DateTime(timezone=True))
    *earlier, last = [(end, func.date(instant, _modifier(offset))) for end, offset in spans(zone)]
    if not earlier:
        return type_coerce(last[1], Date)
    ends = [(instant < literal(end, instant.type), day) for end, day in earlier]
    return type_coerce(case(*ends, else_=last[1]), Date)


def day_read(value: Any, zone: ZoneInfo) -> date:
    """What the database gave for a day."""
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=8)
def spans(zone: ZoneInfo) -> tuple[tuple[datetime, timedelta], ...]:
    """Until when a zone has which offset from UTC; the last one goes on."""
    found = []
    steps = [_FIRST + n * _STRIDE for n in range((_LAST - _FIRST) // _STRIDE + 2)]
    for one, other in pairwise(steps):
        if _offset(one, zone) != _offset(other, zone):
            found.append((_change(one, other, zone), _offset(one, zone)))
    return (*found, (steps[-1], _offset(steps[-1], zone)))


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with another offset."""
    was = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, zone) == was:
            before = middle
        else:
            after = middle
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _modifier(offset: timedelta) -> Any:
    return literal(f"{int(offset.total_seconds()):+d} seconds", String)
