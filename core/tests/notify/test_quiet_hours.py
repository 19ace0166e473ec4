"""Quiet hours end once, in whichever zone, near an hour that is left out or comes twice, or a day that is none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tenor.notify.wishes import Quiet, end_of_quiet

#: zones, and the year in which to look for the changes of their clocks: an hour forward and back; half an hour; an
#: offset with half an hour; back for Ramadan; no 30 December 2011; none at all
ZONES = {
    "Europe/Berlin": 2026, "America/New_York": 2026, "Australia/Lord_Howe": 2026, "America/St_Johns": 2026,
    "Africa/Casablanca": 2026, "Pacific/Apia": 2011, "Asia/Shanghai": 2026,
}  # fmt: skip
QUARTER = timedelta(minutes=15)


def changes(zone: str, year: int) -> list[datetime]:
    """The instants at which its clocks change, to the hour; the middle of the year besides."""
    begins = datetime(year, 1, 1, tzinfo=UTC)
    hours = [begins + timedelta(hours=n) for n in range(366 * 24)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    pairs = zip(hours[1:], offsets, offsets[1:], strict=False)
    return [hours[180 * 24], *(hour for hour, before, after in pairs if before != after)]


CHANGES = [(zone, at) for zone, year in ZONES.items() for at in changes(zone, year)]


@st.composite
def nights(draw: st.DrawFn) -> tuple[Quiet, datetime, ZoneInfo]:
    """Quiet hours that end near a change of the clocks, an instant near it, and the zone."""
    name, change = draw(st.sampled_from(CHANGES))
    zone = ZoneInfo(name)
    ends = change.astimezone(zone) + draw(st.integers(-12, 12)) * QUARTER
    starts = ends - draw(st.integers(4, 22 * 4)) * QUARTER
    instant = change + timedelta(minutes=draw(st.integers(-180, 180)))
    return Quiet(f"{starts:%H:%M}", f"{ends:%H:%M}"), instant, zone


@given(nights())
def test_quiet_hours_end_later_and_within_a_day_and_an_hour(
    night: tuple[Quiet, datetime, ZoneInfo],
) -> None:
    quiet, instant, zone = night
    end = end_of_quiet(quiet, instant, zone)
    assert end is None or instant < end <= instant + timedelta(hours=25)


@given(nights())
def test_when_they_are_over_nobody_waits_again(night: tuple[Quiet, datetime, ZoneInfo]) -> None:
    quiet, instant, zone = night
    end = end_of_quiet(quiet, instant, zone)
    assert end is None or end_of_quiet(quiet, end, zone) is None
