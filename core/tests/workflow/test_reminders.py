"""Reminders that staff set: before a task is due and after, of each exactly one, whoever looks and however late."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update
from tenor_petitions.workflow import Assessment, assess

from core.tests.workflow.acts import refused
from core.tests.workflow.test_deadlines import enter, reviewing, submitted, told_at, utc
from core.tests.workflow.test_task_rules import HE, ZHOU, ZONE, Rules, at
from tenor.base.task_reminders import reminders_sheet
from tenor.base.task_rule_sheets import rule_changes_sheet
from tenor.base.task_rules import propose
from tenor.workflow.records import Task, TaskRuleVersion
from tenor.workflow.simulate import REMINDERS
from tenor_sdk.errors import Blocked
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

DUE, OVERDUE = "Due {due}: {task}", "Overdue since {due}: {task}"
HEADS = ("qin.feng", "liang.heng", "gu.yan")
HALF = {"way": "share", "amount": 50}
#: of a task that comes on 30 September and is due on 9 October, with 1–7 October off
COMES = "2026-09-30T10:00"


def said(*reminders: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"whom": "person", **one} for one in reminders]


def ruled(acts: Any, *reminders: dict[str, Any], **changes: Any) -> None:
    """Petitions are reminded of so, and one comes."""
    at(acts, "2026-09-28T10:00")
    Rules(acts).publish(date(2026, 9, 28), reminders=said(*reminders), **changes)
    submitted(acts, COMES)
    run_jobs(acts.kernel)


def remind_at(acts: Any) -> str:
    at_ = reviewing(acts).remind_at
    return f"{utc(at_).astimezone(ZONE):%m-%d %H:%M}" if at_ is not None else ""


def above(words: str = OVERDUE) -> list[tuple[str, str]]:
    return [(login, words) for login in HEADS]


def test_a_share_days_and_hours_before_are_each_told_once(acts: Any) -> None:
    ruled(
        acts,
        {"way": "share", "amount": 10},
        {"way": "days", "amount": 1},
        {"way": "hours", "amount": 3},
    )
    assert remind_at(acts) == "09-30 12:36"
    assert told_at(acts, "2026-09-30T12:40") == [(HE, DUE)]
    assert remind_at(acts) == "10-08 09:00"
    assert told_at(acts, "2026-10-07T12:00") == []
    assert told_at(acts, "2026-10-08T09:05") == [(HE, DUE)]
    assert told_at(acts, "2026-10-08T12:00") == []
    assert remind_at(acts) == "10-09 15:00"
    assert told_at(acts, "2026-10-09T15:05") == [(HE, DUE)]
    assert remind_at(acts) == ""
    assert told_at(acts, "2026-10-09T17:00") == []


def test_overdue_is_told_each_working_day_until_its_cap(acts: Any) -> None:
    ruled(acts, {"way": "overdue", "amount": 3})
    assert told_at(acts, "2026-10-09T18:05") == above()
    # 10 October is a Saturday that is worked, 11 a Sunday
    assert told_at(acts, "2026-10-10T09:05") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-11T12:00") == []
    assert told_at(acts, "2026-10-12T09:05") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-13T09:05") == [(HE, OVERDUE)]
    assert remind_at(acts) == ""
    assert told_at(acts, "2026-10-14T09:05") == []


def test_who_is_told_when_overdue_is_reminded_too_but_not_twice_at_once(acts: Any) -> None:
    ruled(acts, {"way": "overdue", "amount": 5, "whom": "above"})
    # the server stood from before it was due: the escalation tells those above
    assert told_at(acts, "2026-10-10T10:00") == [(HE, OVERDUE), *above()]
    assert told_at(acts, "2026-10-12T10:00") == [(HE, OVERDUE), *above()]


def test_after_a_stop_what_was_missed_is_told_in_one_notice_and_never_again(acts: Any) -> None:
    ruled(acts, HALF, {"way": "days", "amount": 0}, {"way": "overdue", "amount": 4}, escalate_to="")
    # over half of its time, the morning of its day, and two days overdue
    assert told_at(acts, "2026-10-12T12:00") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-12T18:00") == []
    assert told_at(acts, "2026-10-13T09:05") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-14T09:05") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-15T09:05") == []


def test_who_looks_again_at_the_same_moment_tells_nothing(acts: Any) -> None:
    ruled(acts, HALF)
    at(acts, "2026-10-08T15:00")
    for expected in (1, 0):
        with as_actor(acts.kernel, "song.qing") as ctx:
            assert acts.kernel.workflow.deadlines.run(ctx) == expected


def test_two_who_read_the_same_row_tell_it_once(acts: Any) -> None:
    ruled(acts, HALF)
    at(acts, "2026-10-08T15:00")
    deadlines = acts.kernel.workflow.deadlines
    with as_actor(acts.kernel, "song.qing") as ctx:
        (row,) = deadlines._due(ctx, "remind_at")
        assert [deadlines._remind(ctx, row), deadlines._remind(ctx, row)] == [1, 0]


def test_a_reminder_moves_with_the_deadline(acts: Any) -> None:
    ruled(acts, {"way": "days", "amount": 0})
    later = datetime(2026, 10, 13, 18, tzinfo=ZONE)
    with acts.kernel.db.raw() as connection:
        connection.execute(update(Task.__table__).values(due_at=later))
    assert told_at(acts, "2026-10-09T09:05") == []
    assert remind_at(acts) == "10-13 09:00"
    assert told_at(acts, "2026-10-13T09:05") == [(HE, DUE)]


def test_nobody_is_reminded_on_a_day_that_was_given_off_meanwhile(acts: Any) -> None:
    ruled(acts, {"way": "overdue", "amount": 2}, escalate_to="")
    enter(acts, day=date(2026, 10, 12), working=False, name="行庆")
    assert told_at(acts, "2026-10-10T09:05") == [(HE, OVERDUE)]
    assert told_at(acts, "2026-10-12T10:00") == []
    assert told_at(acts, "2026-10-13T09:05") == [(HE, OVERDUE)]


def test_what_would_come_before_the_task_does_not_come(acts: Any) -> None:
    ruled(acts, {"way": "days", "amount": 9}, {"way": "hours", "amount": 200})
    assert remind_at(acts) == ""
    assert told_at(acts, "2026-10-09T12:00") == []


def test_what_is_done_is_reminded_of_no_more(acts: Any) -> None:
    ruled(acts, {"way": "overdue", "amount": 9}, escalate_to="")
    assert told_at(acts, "2026-10-10T09:05") == [(HE, OVERDUE)]
    acts.go(HE, reviewing(acts).record_id, assess, Assessment(opinion="sound"))
    run_jobs(acts.kernel)
    assert told_at(acts, "2026-10-12T09:05") == []


def test_a_rule_without_reminders_reminds_nobody(acts: Any) -> None:
    ruled(acts)
    assert remind_at(acts) == ""
    assert told_at(acts, "2026-10-09T12:00") == []


def test_a_task_of_before_there_were_several_is_reminded_of_at_half_time(acts: Any) -> None:
    submitted(acts, COMES)
    run_jobs(acts.kernel)
    with acts.kernel.db.raw() as connection:
        connection.execute(update(Task.__table__).values(reminders=None))
    assert told_at(acts, "2026-10-08T14:05") == [(ZHOU, DUE)]
    assert told_at(acts, "2026-10-08T16:00") == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"stage": "nowhere", **HALF}, "no rule for the state nowhere"),
        ({"way": "share", "amount": 0}, "between 1 and 99"),
        ({"way": "overdue", "amount": 61}, "between 1 and 60"),
        ({**HALF, "whom": "above"}, "of what is overdue only"),
    ],
)
def test_what_cannot_be_is_said_before_it_is_proposed(acts: Any, wrong: Any, words: str) -> None:
    at(acts, "2026-06-30T10:00")
    rules = Rules(acts)
    version = rules.draft(reminders=said(wrong))
    error = refused(Blocked, rules.go, ZHOU, version, propose)
    assert words in str(error.blockers[0].what)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((HALF, HALF), "are the same"),
        (({"way": "overdue", "amount": 2}, {"way": "overdue", "amount": 3}), "are the same"),
        ([{"way": "hours", "amount": n} for n in range(1, 12)], "more than 10 reminders"),
    ],
)
def test_what_says_the_same_or_too_much_is_named(acts: Any, lines: Any, words: str) -> None:
    at(acts, "2026-06-30T10:00")
    rules = Rules(acts)
    version = rules.draft(reminders=said(*lines))
    error = refused(Blocked, rules.go, ZHOU, version, propose)
    assert words in str(error.blockers[0].what)


def test_others_are_told_only_where_the_rule_names_them(acts: Any) -> None:
    at(acts, "2026-06-30T10:00")
    rules = Rules(acts)
    lines = said({"way": "overdue", "amount": 2, "whom": "above"})
    version = rules.draft(reminders=lines, escalate_to="")
    error = refused(Blocked, rules.go, ZHOU, version, propose)
    assert "names nobody" in str(error.blockers[0].what)


def test_a_draft_begins_with_the_reminders_that_count_and_says_what_it_changes(acts: Any) -> None:
    at(acts, "2026-06-30T10:00")
    rules = Rules(acts)
    same = rules.draft()
    other = rules.draft(date(2026, 7, 1), reminders=said({"way": "overdue", "amount": 5}))
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        first, second = (ctx.session.get_one(TaskRuleVersion, one) for one in (same, other))
        assert [(one.stage, one.way, one.amount) for one in first.reminders] == [
            ("review", "share", 50)
        ]
        unchanged, changed = (rule_changes_sheet(ctx, one) for one in (first, second))
        assert unchanged is not None
        assert changed is not None
        assert (list(unchanged.rows), len(changed.rows)) == ([], 1)
        assert "每个工作日" in acts.kernel.translator.text(changed.rows[0][2], "zh-CN")


def test_a_simulation_counts_the_tasks_of_which_others_would_have_been_reminded(acts: Any) -> None:
    ruled(acts, HALF)
    rules = Rules(acts)
    lines = said({"way": "overdue", "amount": 5})
    changed = rules.simulated(rules.draft(date(2026, 10, 1), reminders=lines))
    assert changed.counts == {REMINDERS: 1}
    assert rules.simulated(rules.draft(date(2026, 10, 1))).counts == {}


def test_the_page_of_a_task_says_what_was_told_and_what_is_next(acts: Any) -> None:
    ruled(acts, HALF, {"way": "days", "amount": 0})
    told_at(acts, "2026-10-08T15:00")
    with as_actor(acts.kernel, HE, write=False) as ctx:
        task = ctx.session.get_one(Task, reviewing(acts).id)
        sheet = reminders_sheet(ctx, task)
        assert sheet is not None
        listed: Any = sheet.rows
        rows = [(str(what), told, str(cell.value)) for what, told, cell in listed]
        (open_task,) = [one for one in acts.engine.tasks(ctx) if one.id == task.id]
    assert rows == [
        ("in the morning of the day on which it is due", 0, "2026-10-09 09:00"),
        ("at half time", 1, "–"),
    ]
    assert open_task.remind_at == datetime(2026, 10, 9, 9, tzinfo=ZONE)
