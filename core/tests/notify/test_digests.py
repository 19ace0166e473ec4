"""The digest: one mail a day with all that somebody was told, nothing twice, nothing lost. And quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenor.jobs.notices import JOB_PARKED
from tenor.notify import mails
from tenor.notify.notices import OTHER
from tenor.notify.wishes import Quiet, end_of_quiet
from tenor.testing import as_actor
from tenor.workflow.notices import TASK
from tenor_sdk.errors import Invalid

if TYPE_CHECKING:
    from core.tests.notify.conftest import House
    from tenor_test_support import SmtpSink

pytestmark = pytest.mark.both_databases

WEDNESDAY, FRIDAY, SATURDAY, MONDAY = "2026-07-01", "2026-07-03", "2026-07-04", "2026-07-06"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def digesting(house: House) -> House:
    """An officer who wants all in one mail."""
    house.at(f"{WEDNESDAY} 10:00")
    house.work()
    house.choose(house.officer, OTHER, "digest")
    return house


def test_a_digest_holds_all_that_was_told_since_the_last_one(digesting: House) -> None:
    house = digesting
    for number in (1, 2, 3):
        house.tell(title=f"news {number}")
    house.work()
    assert house.states() == ["held"] * 3
    house.at("2026-07-02 08:31")
    house.work()
    (message,) = house.sunk()
    body = message.get_content()
    assert [f"{n}. news {n}" in body for n in (1, 2, 3)] == [True] * 3
    assert body.count("http://tenor.test/inbox/") == 3
    assert "3" in message["Subject"]
    assert house.states() == ["bundled"] * 3 + ["sent"]
    house.tell(title="news 4")
    house.at("2026-07-03 08:31")
    house.work()
    assert len(list(house.sunk())) == 2
    house.at("2026-07-04 08:31")
    house.work()
    assert len(list(house.sunk())) == 2


def test_a_digest_waits_for_a_working_day_where_the_institution_says_so(digesting: House) -> None:
    house = digesting
    house.at(f"{FRIDAY} 15:00")
    house.tell()
    house.at(f"{SATURDAY} 09:00")
    house.work()
    assert house.states() == ["held"]
    house.at(f"{MONDAY} 08:31")
    house.work()
    assert house.states() == ["bundled", "sent"]
    house.set(digest_working_days_only=False, digest_at="06:00")
    house.at("2026-07-10 15:00")
    house.tell()
    house.at("2026-07-11 06:00")
    house.work()
    assert house.states() == ["bundled", "sent", "bundled", "sent"]


def test_what_was_told_while_the_clock_was_ahead_is_in_the_next_digest(digesting: House) -> None:
    house = digesting
    house.later(days=300)
    house.tell(title="from the future")
    house.later(days=-300)
    house.tell(title="of today")
    for _ in range(2):
        house.work()
        house.later(minutes=6)
    assert house.states() == ["held", "held"]
    house.at("2026-07-02 08:31")
    house.work()
    (message,) = house.sunk()
    assert ["from the future" in message.get_content(), "of today" in message.get_content()] == [
        True, True,
    ]  # fmt: skip


def test_a_digest_whose_job_dies_half_way_is_made_once_with_all_in_it(
    digesting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = digesting
    house.choose(house.administrator, OTHER, "digest")
    house.tell(house.officer, house.administrator, title="one")
    house.tell(house.officer, house.administrator, title="two")
    house.at("2026-07-02 08:31")
    made: list[str] = []

    def add(ctx: Any, key: str, **values: Any) -> int:
        if made:
            raise OSError("the database went away")
        made.append(key)
        return adding(ctx, key, **values)

    adding = mails.add
    with monkeypatch.context() as patch:
        patch.setattr(mails, "add", add)
        house.work()
    assert house.states() == ["held"] * 4
    house.later(minutes=5)
    house.work()
    assert sorted(house.states()) == ["bundled"] * 4 + ["sent"] * 2
    assert sorted(message.get_content().count("/inbox/") for message in house.sunk()) == [2, 2]


def test_a_digest_that_is_greylisted_loses_nothing(digesting: House, smtp_sink: SmtpSink) -> None:
    house = digesting
    house.use(smtp_sink)
    house.tell(title="one")
    house.tell(title="two")
    smtp_sink.refuse(451)
    house.at("2026-07-02 08:31")
    house.work()
    smtp_sink.refuse(None)
    house.later(minutes=5)
    house.work()
    (message,) = smtp_sink.messages
    assert message.get_content().count("/inbox/") == 2


def test_a_digest_names_only_what_its_reader_may_read(digesting: House, chores: Any) -> None:
    from tenor_sdk.i18n import Text
    from tenor_sdk.notify import notify

    house = digesting
    house.choose(house.administrator, OTHER, "digest")
    with as_actor(house.kernel, house.clerk) as ctx:
        chore = chores.Chore(name="a secret matter")
        ctx.session.add(chore)
        people = [house.id(house.officer), house.id(house.administrator)]
        notify(ctx, people, Text("told", {}, None, "tenor_chores"), about=chore)
    house.at("2026-07-02 08:31")
    house.work()
    named = [
        message["To"] for message in house.sunk() if "a secret matter" in message.get_content()
    ]
    assert len(named) == 1
    assert house.administrator in named[0]


# -- quiet hours -----------------------------------------------------------------------------------


def _quiet(house: House, login: str, starts: str, ends: str) -> None:
    with as_actor(house.kernel, login) as ctx:
        house.kernel.notify.wishes.keep_quiet(ctx, starts, ends)


def test_in_quiet_hours_nothing_comes_but_into_the_inbox_and_all_of_it_afterwards(
    house: House,
) -> None:
    _quiet(house, house.officer, "22:00", "07:00")
    house.at(f"{WEDNESDAY} 23:10")
    house.tell(house.officer, house.administrator)
    house.work()
    assert sorted(house.states()) == ["sent", "waiting"]
    assert house.inbox(house.officer) == ["told"]
    house.at("2026-07-02 06:59")
    house.work()
    assert sorted(house.states()) == ["sent", "waiting"]
    house.at("2026-07-02 07:00")
    house.work()
    assert house.states() == ["sent", "sent"]


def test_what_is_urgent_doesnt_wait_for_the_morning(house: House) -> None:
    _quiet(house, house.officer, "22:00", "07:00")
    house.at(f"{WEDNESDAY} 23:10")
    house.tell(kind=JOB_PARKED)
    house.tell(kind=TASK)
    house.work()
    assert house.states() == ["sent", "waiting"]


def test_what_is_required_doesnt_wait_for_the_morning_either(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = house.kernel.notify.wishes
    required = {**wishes.kinds, TASK.key: replace(TASK, required=True)}
    monkeypatch.setattr(wishes, "kinds", required)
    _quiet(house, house.officer, "22:00", "07:00")
    house.at(f"{WEDNESDAY} 23:10")
    house.tell(kind=TASK)
    house.work()
    assert house.states() == ["sent"]


def test_a_mail_that_is_tried_again_doesnt_fall_into_quiet_hours(
    house: House, smtp_sink: SmtpSink
) -> None:
    house.use(smtp_sink)
    _quiet(house, house.officer, "22:00", "07:00")
    house.at(f"{WEDNESDAY} 21:59")
    smtp_sink.refuse(451)
    house.tell()
    house.work()
    smtp_sink.refuse(None)
    house.at(f"{WEDNESDAY} 22:05")
    house.work()
    assert house.states() == ["waiting"]
    house.at("2026-07-02 07:00")
    house.work()
    assert house.states() == ["sent"]


def test_the_institutions_quiet_hours_hold_for_who_set_none(house: House) -> None:
    house.set(quiet_from="20:00", quiet_until="08:00")
    _quiet(house, house.administrator, "", "")
    house.at(f"{WEDNESDAY} 21:00")
    house.tell(house.officer, house.administrator)
    house.work()
    waiting = [row.user_id for row in house.mails() if row.state == "waiting"]
    assert waiting == [house.id(house.officer)]


@pytest.mark.parametrize(("starts", "ends"), [("22:00", ""), ("25:00", "07:00"), ("ten", "07:00")])
def test_quiet_hours_are_two_times_or_none(house: House, starts: str, ends: str) -> None:
    with pytest.raises(Invalid):
        _quiet(house, house.officer, starts, ends)


@pytest.mark.parametrize("value", ["", "8:30", "24:00"])
def test_the_digest_needs_a_time(house: House, value: str) -> None:
    with pytest.raises(Invalid):
        house.set(digest_at=value)


_TIMES = st.times().map(lambda one: f"{one:%H:%M}")

NEW_YORK = ZoneInfo("America/New_York")
#: a zone whose clock stands still, and one that leaves an hour out and gives one twice each year
_INSTANTS = st.datetimes(timezones=st.sampled_from((ZONE, NEW_YORK))).filter(
    lambda one: 1 < one.year < 9999  # in UTC it may be a day of a year that isn't
)


@given(_TIMES, _TIMES, _INSTANTS)
@example("00:01", "00:00", datetime(1949, 4, 30, 0, 1, tzinfo=ZONE))  # the next day has no 00:00
@example("23:00", "01:45", datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK))
@example("00:01", "00:00", datetime(2026, 11, 1, 0, 1, tzinfo=NEW_YORK))  # a day of 25 hours
@example("22:00", "02:30", datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK))  # there is no 02:30
def test_the_end_of_quiet_hours_is_near_ahead_and_not_quiet_itself(
    starts: str, ends: str, instant: datetime
) -> None:
    zone, quiet, instant = instant.tzinfo, Quiet(starts, ends), instant.astimezone(UTC)
    assert isinstance(zone, ZoneInfo)
    end = end_of_quiet(quiet, instant, zone)
    if end is not None:
        before, after = (one.astimezone(zone).replace(tzinfo=None) for one in (instant, end))
        assert end > instant
        # on the clock on the wall or by hours that passed: the day on which it jumps has 23 or 25
        assert min(end - instant, after - before) <= timedelta(days=1)
        if _is_there(after.date(), ends, zone):
            assert f"{after:%H:%M}" == ends
            assert end_of_quiet(quiet, end, zone) is None
        else:  # the hour is left out: as much later
            assert end == datetime.combine(after.date(), time.fromisoformat(ends), zone).astimezone(
                UTC
            )


def _is_there(day: date, clock: str, zone: ZoneInfo) -> bool:
    """Whether the clock on the wall shows a time on a day."""
    meant = datetime.combine(day, time.fromisoformat(clock), zone)
    return meant.astimezone(UTC).astimezone(zone).time() == meant.time()
