"""The one clock. Everything else asks it, so that a test, and the demo, can say what day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class Clock:
    """Real time, in UTC, and the business date in the institution's time zone.

    Args:
        zone: of the institution, such as ``Asia/Shanghai``.
        business_date: a date that stands still (the demo, tests); None: the calendar's.
    """

    def __init__(self, zone: str = "Asia/Shanghai", business_date: date | None = None) -> None:
        self.zone = ZoneInfo(zone)
        self.business_date = business_date

    def now(self) -> datetime:
        """This instant, in UTC. Where the business date stands still, that day at the real time of day."""
        return self.told(datetime.now(UTC))

    def told(self, real: datetime) -> datetime:
        """What this clock shows at an instant of real time, such as one by the clock of the database."""
        if self.business_date is None:
            return real
        local = real.astimezone(self.zone)
        return local.replace(
            year=self.business_date.year, month=self.business_date.month, day=self.business_date.day
        ).astimezone(UTC)

    def today(self) -> date:
        """The business date."""
        return self.business_date or self.now().astimezone(self.zone).date()


class StoppedClock(Clock):
    """A clock that tests set; time stands still between ``move``s."""

    def __init__(self, instant: datetime, zone: str = "Asia/Shanghai") -> None:
        super().__init__(zone)
        self.instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self.instant

    def move(self, instant: datetime) -> None:
        """Set the clock to ``instant``, which has a zone."""
        self.instant = instant.astimezone(UTC)
