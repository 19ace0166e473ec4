"""The institution's calendar: working days with the make-up working weekends (调休)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context


def time_zone(ctx: Context) -> ZoneInfo:
    """The institution's time zone."""
    return port_of(ctx).time_zone(ctx)


def is_working_day(ctx: Context, day: date) -> bool:
    """Whether the institution works on ``day``.

    Raises:
        Refused: ``no-calendar`` where the calendar doesn't reach that year.
    """
    return port_of(ctx).is_working_day(ctx, day)


def working_days_after(ctx: Context, start: datetime, days: int) -> datetime:
    """Close of business on the ``days``-th working day after the day of ``start`` (in the institution's time zone).

    Raises:
        Refused: ``no-calendar``.
    """
    return port_of(ctx).working_days_after(ctx, start, days)
