"""Completeness is the trigger: the thirteenth paper brings the task, with its deadline over the national day, one
reminder, one escalation, a mail for each step, and a delegate while its person is away."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tenor_petitions.services import bring_paper
from tenor_petitions.workflow import submit

from core.tests.workflow.standing_in import change_user, give
from tenor.access.records import User
from tenor.notify.records import Mail, Notice
from tenor.workflow.records import Task
from tenor_sdk.testing import as_actor, make_user, run_jobs

pytestmark = pytest.mark.both_databases
ZONE = ZoneInfo("Asia/Shanghai")
LIN, ZHOU, HE = "lin.xiaowen", "zhou.qiming", "he.lei"


def at(acts: Any, text: str) -> None:
    acts.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def lacking_one(acts: Any, login: str = LIN) -> int:
    """A petition with twelve of its thirteen papers."""
    petition: int = acts.file(login, papers=12)
    acts.go(login, petition, submit)
    return petition


def review(acts: Any) -> Any:
    return next((one for one in reversed(acts.rows(Task)) if one.stage == "review"), None)


def before(acts: Any, login: str) -> list[str]:
    with as_actor(acts.kernel, login, write=False) as ctx:
        return [str(one.title) for one in acts.engine.tasks(ctx)]


def mails(acts: Any) -> Counter[tuple[str, str]]:
    """To whom, and about what, how many."""
    names = {one.id: one.login for one in acts.rows(User)}
    return Counter(
        (names[one.user_id], one.title["$text"][0])
        for one in acts.rows(Notice)
        if one.id in {mail.notice_id for mail in acts.rows(Mail)}
    )


def offered(acts: Any) -> set[str]:
    """Who was told that somebody's open tasks can be handed over."""
    names = {one.id: one.login for one in acts.rows(User)}
    return {
        names[one.user_id]
        for one in acts.rows(Notice)
        if one.title["$text"][0].startswith("{name} is on leave")
    }


@pytest.mark.parametrize(
    ("arrived", "due"),
    [("2026-09-30T10:00", "2026-10-09T18:00"), ("2026-10-08T10:00", "2026-10-10T18:00")],
)
def test_the_last_paper_brings_the_task_with_its_deadline(
    acts: Any, arrived: str, due: str
) -> None:
    at(acts, "2026-09-29T16:00")
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    petition = lacking_one(acts)
    assert review(acts) is None
    assert before(acts, ZHOU) == []
    at(acts, arrived)
    assert acts.do(LIN, petition, bring_paper)
    task = review(acts)
    assert before(acts, ZHOU) == ["Assess the petition"]
    assert task.due_at.astimezone(ZONE) == datetime.fromisoformat(due).replace(tzinfo=ZONE)
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        (mine,) = acts.engine.tasks(ctx)
    assert str(mine.why) == "The only one in this position who can take it"
    assert not mine.provisional


def test_each_step_is_one_mail(acts: Any) -> None:
    at(acts, "2026-09-30T09:30")
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    petition = lacking_one(acts)
    at(acts, "2026-09-30T10:00")
    acts.do(LIN, petition, bring_paper)
    for moment in (
        "2026-09-30T10:01", "2026-10-08T13:59", "2026-10-08T14:05", "2026-10-08T14:10",
        "2026-10-09T17:59", "2026-10-09T18:05", "2026-10-09T18:10", "2026-10-12T09:00",
    ):  # fmt: skip
        at(acts, moment)
        run_jobs(acts.kernel)
    sent = mails(acts)
    assert sent[ZHOU, "New task: {task}"] == 1
    assert sent[ZHOU, "Due {due}: {task}"] == 1
    assert {who for who, words in sent if words.startswith("Overdue")} == {
        "qin.feng", "liang.heng", "gu.yan",
    }  # fmt: skip
    assert set(sent.values()) == {1}


def test_of_who_goes_on_leave_new_tasks_come_to_the_delegate_and_open_ones_are_offered(
    acts: Any,
) -> None:
    change_user(acts.kernel, HE, on_leave_until=date(2026, 6, 29))
    petition = lacking_one(acts)
    acts.do(LIN, petition, bring_paper)
    first = review(acts).assignee_id
    away, delegate = (ZHOU, HE) if first == acts.user(ZHOU) else (HE, ZHOU)
    change_user(acts.kernel, away, on_leave_until=date(2026, 7, 31))
    give(acts.kernel, away, delegate, "risk-officer")
    run_jobs(acts.kernel)
    at(acts, "2026-06-30T23:50")
    run_jobs(acts.kernel)
    assert away in offered(acts)
    acts.go(LIN, acts.file(), submit)
    assert (
        before(acts, delegate).count("Assess the petition") == 2
    )  # the new one, and the open one in the other's place


def test_leave_from_tomorrow_begins_tomorrow(acts: Any) -> None:
    at(acts, "2026-06-30T10:00")
    change_user(acts.kernel, HE, on_leave_until=date(2026, 6, 30))
    leave = {"on_leave_from": date(2026, 7, 1), "on_leave_until": date(2026, 7, 31)}
    change_user(acts.kernel, ZHOU, **leave)
    run_jobs(acts.kernel)
    acts.go(LIN, acts.file(), submit)
    assert review(acts).assignee_id == acts.user(ZHOU)
    at(acts, "2026-06-30T17:00")
    run_jobs(acts.kernel)
    assert offered(acts) == set()
    at(acts, "2026-07-01T10:00")
    run_jobs(acts.kernel)
    assert ZHOU in offered(acts)
    acts.go(LIN, acts.file(), submit)
    assert review(acts).assignee_id == acts.user(HE)


def test_of_a_case_that_the_delegate_made_the_task_does_not_come_to_them(acts: Any) -> None:
    for login in (ZHOU, HE):
        change_user(acts.kernel, login, on_leave_until=date(2026, 7, 31))
    make_user(acts.kernel, "jack", positions=[("relationship-manager", "YZ")], unit="YZ")
    give(acts.kernel, ZHOU, "jack", "risk-officer")
    acts.go("jack", acts.file("jack"), submit)
    assert before(acts, "jack") == []
    acts.go(LIN, acts.file(), submit)
    assert before(acts, "jack") == ["Assess the petition"]


def test_a_deadline_in_a_year_that_nobody_confirmed_says_so(acts: Any) -> None:
    at(acts, "2026-12-31T10:00")
    change_user(acts.kernel, HE, on_leave_until=date(2027, 12, 31))
    acts.go(LIN, acts.file(), submit)
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        (task,) = acts.engine.tasks(ctx)
    assert task.due_at.astimezone(ZONE).year == 2027
    assert task.provisional
