"""The day of an instant is what the institution's clock shows, whichever database works it out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import literal, select

from tenor.kernel import Kernel
from tenor.records.local_days import day_read, local_day, spans
from tenor_sdk.columns import UtcTime

pytestmark = pytest.mark.both_databases
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC")


def instants(zone: ZoneInfo) -> list[datetime]:
    """Around midnights, and around each change of the zone's offset of some years."""
    nights = [
        datetime(year, month, day, tzinfo=zone).astimezone(UTC)
        for year in (1975, 1999, 2026, 2060)
        for month, day in ((1, 1), (3, 29), (7, 1), (10, 25), (12, 31))
    ]
    changes = [end for end, _offset in spans(zone)[:-1] if end.year in (1986, 1991, 2011, 2026)]
    about = (timedelta(seconds=-1), timedelta(0), timedelta(hours=1))
    return [one + away for one in (*nights, *changes) for away in about]


@pytest.mark.parametrize("name", ZONES)
def test_it_is_what_the_clock_shows(institution: Kernel, name: str) -> None:
    zone = ZoneInfo(name)
    dialect = institution.db.reader.dialect
    wrong = []
    with institution.db.raw(write=False) as connection:
        for instant in instants(zone):
            there = literal(instant, UtcTime())
            day, month = connection.execute(
                select(local_day(there, zone, dialect), local_day(there, zone, dialect, month=True))
            ).one()
            expected = instant.astimezone(zone).date()
            found = (day_read(day, zone), day_read(month, zone).replace(day=1))
            if found != (expected, expected.replace(day=1)):
                wrong.append((instant, found, expected))
    assert wrong == []


def test_a_zone_without_changes_is_one_span() -> None:
    assert len(spans(ZoneInfo("UTC"))) == 1
    assert [end.year for end, _offset in spans(ZoneInfo("Asia/Shanghai"))[-3:-1]] == [1991, 1991]
