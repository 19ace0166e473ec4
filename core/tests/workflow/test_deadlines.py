"""Deadlines across the national day of 2026: one reminder at half time, one escalation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete
from tenor_petitions.records import Petition
from tenor_petitions.workflow import Assessment, assess, submit

from tenor.access.records import User, UserPosition
from tenor.notify.records import Mail, Notice
from tenor.workflow.records import CalendarDay, Task
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

ZONE = ZoneInfo("Asia/Shanghai")


def at(acts: Any, text: str) -> None:
    acts.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def submitted(acts: Any, when: str) -> int:
    at(acts, when)
    petition: int = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    return petition


def reviewing(acts: Any) -> Any:
    return next(row for row in reversed(acts.rows(Task)) if row.stage == "review")


def utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def told_at(acts: Any, text: str) -> list[tuple[str, str]]:
    """Let the machine work at a moment: whom it told of what then."""
    before = len(acts.rows(Notice))
    at(acts, text)
    run_jobs(acts.kernel)
    names = {row.id: row.login for row in acts.rows(User)}
    new = acts.rows(Notice)[before:]
    with as_actor(acts.kernel, "song.qing", write=False):
        return [(names[row.user_id], row.title["$text"][0]) for row in new]


@pytest.mark.parametrize(
    ("raised", "due"),
    [("2026-09-30T10:00", "2026-10-09T18:00"), ("2026-10-08T10:00", "2026-10-10T18:00")],
)
def test_two_working_days_across_the_national_day(acts: Any, raised: str, due: str) -> None:
    submitted(acts, raised)
    expected = datetime.fromisoformat(due).replace(tzinfo=ZONE)
    assert utc(reviewing(acts).due_at) == expected


def test_one_reminder_at_half_time_and_one_escalation_when_overdue(acts: Any) -> None:
    submitted(acts, "2026-09-30T10:00")
    run_jobs(acts.kernel)  # the schedules begin, the mail goes out
    assert told_at(acts, "2026-10-08T13:59") == []
    assert told_at(acts, "2026-10-08T14:05") == [("zhou.qiming", "Due {due}: {task}")]
    assert told_at(acts, "2026-10-08T16:00") == []
    assert told_at(acts, "2026-10-09T17:59") == []
    above = told_at(acts, "2026-10-09T18:05")
    assert above == [
        (login, "Overdue since {due}: {task}") for login in ("qin.feng", "liang.heng", "gu.yan")
    ]
    assert told_at(acts, "2026-10-12T10:00") == []
    assert told_at(acts, "2026-10-20T10:00") == []
    # one mail for each notice, and none besides
    assert len(acts.rows(Mail)) == len(acts.rows(Notice)) == 1 + 1 + 3


def test_who_is_told_above_is_told_before_whom_it_is(acts: Any) -> None:
    submitted(acts, "2026-09-30T10:00")
    run_jobs(acts.kernel)
    told_at(acts, "2026-10-08T14:05")
    told_at(acts, "2026-10-09T18:05")
    with as_actor(acts.kernel, "qin.feng", write=False) as ctx:
        assert acts.kernel.notify.inbox(ctx)[0].body == "现由周启明办理"
    with as_actor(acts.kernel, "zhou.qiming", write=False) as ctx:
        assert acts.kernel.notify.inbox(ctx)[0].body == ""


def test_the_reminder_says_when_it_is_due_in_local_time(acts: Any) -> None:
    submitted(acts, "2026-09-30T10:00")
    run_jobs(acts.kernel)
    told_at(acts, "2026-10-08T15:00")
    with as_actor(acts.kernel, "zhou.qiming", write=False) as ctx:
        reminder = acts.kernel.notify.inbox(ctx)[0]
    assert reminder.title == "2026-10-09 18:00 到期：Assess the petition"
    assert reminder.about is not None


def test_what_is_done_in_time_is_followed_by_silence(acts: Any) -> None:
    petition = submitted(acts, "2026-09-30T10:00")
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    run_jobs(acts.kernel)
    assert told_at(acts, "2026-10-20T10:00") == []


def test_a_task_whose_record_is_gone_is_cancelled_and_nobody_is_told(acts: Any) -> None:
    petition = submitted(acts, "2026-09-30T10:00")
    run_jobs(acts.kernel)
    with acts.kernel.db.raw() as connection:
        connection.execute(delete(Petition.__table__).where(Petition.id == petition))
    assert told_at(acts, "2026-10-20T10:00") == []
    assert reviewing(acts).state == "cancelled"


# -- the calendar -----------------------------------------------------------------------------------------------------


def enter(acts: Any, **values: Any) -> None:
    with as_actor(acts.kernel, "ding.ning") as ctx:
        ctx.session.add(CalendarDay(**values))


def test_what_staff_enter_goes_before_the_official_table(acts: Any) -> None:
    day = datetime(2026, 10, 9, tzinfo=ZONE).date()
    enter(acts, day=day, working=False, name="行庆")
    submitted(acts, "2026-09-30T10:00")
    assert utc(reviewing(acts).due_at) == datetime(2026, 10, 10, 18, tzinfo=ZONE)


def test_a_day_counts_in_the_request_that_enters_it(acts: Any) -> None:
    day = datetime(2026, 7, 1, tzinfo=ZONE).date()
    with as_actor(acts.kernel, "ding.ning") as ctx:
        assert acts.engine.calendar.is_working_day(ctx, day)
        ctx.session.add(CalendarDay(day=day, working=False))
        ctx.session.flush()
        assert not acts.engine.calendar.is_working_day(ctx, day)


def test_a_year_is_confirmed_by_the_notice_that_staff_enter(acts: Any) -> None:
    def confirmed(year: int) -> bool:
        with as_actor(acts.kernel, "lin.xiaowen", write=False) as ctx:
            answer: bool = acts.engine.calendar.is_confirmed(ctx, year)
            return answer

    assert (confirmed(2026), confirmed(2027)) == (True, False)
    enter(acts, day=datetime(2027, 2, 14, tzinfo=ZONE).date(), working=True, confirmed=True)
    assert (confirmed(2026), confirmed(2027), confirmed(2028)) == (True, True, False)


def test_administrators_are_warned_each_monday_when_the_calendar_soon_ends(acts: Any) -> None:
    at(acts, "2026-11-06T06:00")
    run_jobs(acts.kernel)
    monday, tuesday = "2026-11-09T08:00", "2026-11-10T08:00"
    words = "The calendar of working days is confirmed for {days} more days only"
    assert told_at(acts, monday) == [("ding.ning", words), ("bai.lu", words)]
    assert told_at(acts, tuesday) == []


def test_nobody_is_warned_while_the_calendar_reaches_far(acts: Any) -> None:
    at(acts, "2026-06-26T06:00")
    run_jobs(acts.kernel)
    assert told_at(acts, "2026-06-29T08:00") == []


def test_what_escalates_to_a_position_that_nobody_holds_reaches_administrators(acts: Any) -> None:
    submitted(acts, "2026-09-30T10:00")
    run_jobs(acts.kernel)  # the schedules begin
    with acts.kernel.db.raw() as connection:
        held = UserPosition.__table__
        connection.execute(delete(held).where(held.c.position == "approver"))
    told_at(acts, "2026-10-09T17:00")  # its person is reminded
    told = told_at(acts, "2026-10-09T18:05")
    above = {login for login, words in told if words.startswith("Overdue")}
    assert above == {"ding.ning", "bai.lu"}
