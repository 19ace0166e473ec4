"""A calendar and a chart by an instant: its day is the institution's, whose midnight divides one from the next."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.tests.web.circle import LIN, Circle

pytestmark = pytest.mark.both_databases
ZONE = ZoneInfo("Asia/Shanghai")
LIST = "/circles/stake"


@pytest.fixture(scope="module")
def plugins(circles: str) -> tuple[str, ...]:
    return (circles,)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def at(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ZONE)


def day(html: str, iso: str) -> list[str]:
    """What stands on a day."""
    cell = html.partition(f'<time datetime="{iso}">')[2].partition("</td>")[0]
    return [
        unescape(each) for each in re.findall(r"<a href=\"/circles/stake/[^>]*>([^<]*)</a>", cell)
    ]


def test_midnight_divides_one_day_from_the_next(lin: Any, circle: Circle) -> None:
    for one in (
        at(2026, 6, 14, 23, 59, 59),
        at(2026, 6, 15),
        at(2026, 6, 15, 23, 59, 59),
        at(2026, 6, 16, 7),
    ):
        circle.stake("Hai", "Shan", at=one)
    page = lin.get(f"{LIST}?look=calendar&look_at=2026-06")
    assert [day(page, f"2026-06-{n}") for n in (14, 15, 16)] == [
        ["23:59 Owns"], ["00:00 Owns", "23:59 Owns"], ["07:00 Owns"],
    ]  # fmt: skip


def test_the_first_of_a_day_are_shown_and_the_others_led_to(lin: Any, circle: Circle) -> None:
    for hour in (22, 1, 9, 15, 4):
        circle.stake("Hai", "Shan", at=at(2026, 6, 15, hour))
    circle.stake("Hai", "Shan", at=at(2026, 6, 16))
    page = lin.get(f"{LIST}?look=calendar&look_at=2026-06")
    assert day(page, "2026-06-15") == ["01:00 Owns", "04:00 Owns", "09:00 Owns"]
    cell = page.partition('<time datetime="2026-06-15">')[2].partition("</td>")[0]
    href = unescape(re.findall(r't-day-more" href="([^"]+)"', cell)[0])
    assert "5 条" in lin.get(href)


def test_months_and_quarters_begin_where_the_institution_is(lin: Any, circle: Circle) -> None:
    for one in (
        at(2026, 3, 31, 23, 59),
        at(2026, 4, 1),
        at(2026, 4, 1, 7),
        at(2026, 12, 31, 23),
        at(2027, 1, 1),
    ):
        circle.stake("Hai", "Shan", at=one)
    for look, wanted in (
        ("chart", {"2026-03": 1, "2026-04": 2, "2026-12": 1, "2027-01": 1}),
        ("chart-2", {"2026 Q1": 1, "2026 Q2": 2, "2026 Q4": 1, "2027 Q1": 1}),
    ):
        page = lin.get(f"{LIST}?look={look}")
        rows = re.findall(
            r'(?s)<tr><th scope="row">([^<]*)</th><td[^>]*data-v="(\d+)">(.*?)</td>', page
        )
        assert {label: int(count) for label, count, _cell in rows if count != "0"} == wanted
        for _label, count, cell in rows:
            if count != "0":
                behind = lin.get(unescape(re.findall(r'href="([^"]+)"', cell)[0]))
                assert f"{count} 条" in behind
