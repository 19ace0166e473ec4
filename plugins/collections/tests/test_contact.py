from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_collections.domain.contact import contact_policy, hindrances
from tenor_collections.reference import delivered_rules
from tenor_loans.public import rule_on
from tenor_sdk.errors import Invalid

POLICY = contact_policy(rule_on(delivered_rules(), "contact", date(2025, 9, 2)).value)
SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = {"daily-cap": "blocked: daily cap 3", "quiet-hours": "blocked: quiet hours"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


CALLS = [at(f"2025-09-02T{hour}:00") for hour in ("09", "13", "19")]


def rules(moment: datetime, **kwargs: bool) -> list[str]:
    return [found.rule for found in hindrances(POLICY, moment, CALLS, SHANGHAI, **kwargs)]


def test_calls_are_blocked_by_the_daily_cap_and_in_quiet_hours(vectors: dict[str, Any]) -> None:
    answers = {
        moment: ", ".join(WORDS[rule] for rule in rules(at(moment))) or "allowed"
        for moment in vectors["contact_rule"]
    }
    assert answers == vectors["contact_rule"]


def test_a_fourth_call_is_refused_with_the_figures_of_the_rule() -> None:
    (cap,) = hindrances(POLICY, at("2025-09-02T20:00"), CALLS, SHANGHAI)
    assert (cap.rule, cap.values) == ("daily-cap", {"made": 3, "permitted": 3})


def test_a_fourth_call_at_night_breaks_two_rules_and_both_are_named() -> None:
    assert rules(at("2025-09-02T22:30")) == ["quiet-hours", "daily-cap"]


def test_a_new_day_begins_at_midnight_where_the_person_lives() -> None:
    urumqi_evening = datetime(2025, 9, 2, 16, 30, tzinfo=UTC)
    assert rules(urumqi_evening, agreed=True) == []
    west = timezone(timedelta(hours=6))
    calls = hindrances(POLICY, urumqi_evening, CALLS, west, agreed=True)
    assert [found.rule for found in calls] == ["daily-cap"]


def test_quiet_hours_are_those_of_the_person_not_of_the_caller() -> None:
    new_york_morning = datetime(2025, 9, 3, 9, 0, tzinfo=ZoneInfo("America/New_York"))
    assert rules(new_york_morning) == []
    assert rules(new_york_morning + timedelta(hours=1)) == ["quiet-hours"]


def test_a_person_may_agree_to_be_called_at_night_but_not_more_often() -> None:
    assert rules(at("2025-09-03T22:30"), agreed=True) == []
    assert rules(at("2025-09-02T22:30"), agreed=True) == ["daily-cap"]


def test_a_complaint_stops_every_contact() -> None:
    assert rules(at("2025-09-03T10:00"), on_hold=True) == ["contact-on-hold"]


def test_quiet_hours_within_one_day_are_understood_too() -> None:
    siesta = replace(POLICY, quiet_from=time(12), quiet_until=time(14))
    quiet = [siesta.is_quiet(time(hour)) for hour in (11, 12, 13, 14, 23)]
    assert quiet == [False, True, True, False, False]


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        hindrances(POLICY, datetime(2025, 9, 2, 10, 0), [], SHANGHAI)  # noqa: DTZ001 that is the point
    assert refused.value.key == "time-without-zone"


@given(st.lists(st.integers(0, 7 * 24 * 60), max_size=60))
def test_whoever_asks_first_never_calls_a_person_more_than_three_times_a_day(
    minutes: list[int],
) -> None:
    made: list[datetime] = []
    for minute in minutes:
        moment = at("2025-09-01T00:00") + timedelta(minutes=minute)
        if not hindrances(POLICY, moment, made, SHANGHAI):
            made.append(moment)
    a_day = [call.date() for call in made]
    assert all(a_day.count(day) <= 3 for day in a_day)
    assert all(time(8) <= call.time() < time(22) for call in made)
