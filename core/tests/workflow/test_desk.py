"""What people do with the tasks before them: put back, take back, put off, talk about, hand over all at once; and what
becomes of the tasks of people who aren't there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete
from tenor_petitions.records import Petition
from tenor_petitions.workflow import Assessment, assess, submit

from core.tests.workflow.acts import refused
from core.tests.workflow.desks import DING, HE, LIN, ZHOU, do, latest, of, row, shelf, told
from core.tests.workflow.standing_in import change_user, give
from tenor.access.records import User, UserPosition
from tenor.base.desk import snooze_action, takers, takers_of_all
from tenor.notify.records import Notice
from tenor.records.records import Comment
from tenor.workflow.handing import Move
from tenor.workflow.records import Task
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user, run_jobs
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases
ZONE = ZoneInfo("Asia/Shanghai")


# -- there and back ---------------------------------------------------------------------------------------------------


def test_what_is_put_back_waits_for_all_who_may_take_it_and_they_are_told(acts: Any) -> None:
    identity = of(acts, ZHOU)
    do(acts, ZHOU, lambda ctx: acts.engine.handing.put_back(ctx, identity, reason="too much"))
    assert shelf(acts, HE, "units") == shelf(acts, ZHOU, "units") == [identity]
    assert told(acts, "Waits for one of you") == {HE}
    entry = acts.ledger("task-put-back")[0]
    assert (entry.actor_name, entry.reason) == ("周启明", "too much")


def test_who_may_not_take_what_is_put_back_isnt_told_of_it(acts: Any) -> None:
    """Whoever filed a petition never assesses it, though they hold the position by now."""
    both = [("relationship-manager", "YZ"), ("risk-officer", "HQ")]
    make_user(acts.kernel, "jack", positions=both, unit="YZ")
    acts.go("jack", acts.file("jack"), submit)
    found = latest(acts)
    giver = next(one for one in (ZHOU, HE) if acts.user(one) == found.assignee_id)
    do(acts, giver, lambda ctx: acts.engine.handing.put_back(ctx, found.id))
    assert told(acts, "Waits for one of you") == {ZHOU, HE} - {giver}


def test_what_goes_by_no_position_is_put_back_to_nobody(acts: Any) -> None:
    acts.file()
    identity = latest(acts).id
    error = refused(Refused, do, acts, LIN, lambda ctx: acts.engine.handing.put_back(ctx, identity))
    assert error.key == "task-of-nobody-else"


def test_whoever_handed_a_task_over_takes_it_back_until_it_is_done(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he, reason="on site"))
    assert (shelf(acts, ZHOU), shelf(acts, ZHOU, "handed"), shelf(acts, HE)) == (
        [],
        [identity],
        [identity],
    )
    do(acts, ZHOU, lambda ctx: acts.engine.handing.take_back(ctx, identity))
    assert (shelf(acts, ZHOU), shelf(acts, ZHOU, "handed"), shelf(acts, HE)) == ([identity], [], [])
    assert told(acts, "Taken back from you") == {HE}
    refused(NotFound, do, acts, HE, lambda ctx: acts.engine.handing.take_back(ctx, identity))


def test_who_lost_the_position_takes_nothing_back(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he))
    end_position(acts, ZHOU)
    error = refused(
        Refused, do, acts, ZHOU, lambda ctx: acts.engine.handing.take_back(ctx, identity)
    )
    assert error.key == "cannot-take-task"


def test_a_record_is_not_handed_to_who_could_not_go_on_with_it(acts: Any) -> None:
    """A task of whoever looks after a record goes by no position, but not to just anybody."""
    acts.file()
    identity, xu = latest(acts).id, acts.user("xu.min")
    error = refused(Refused, do, acts, LIN, lambda ctx: acts.engine.hand_over(ctx, identity, xu))
    assert error.key == "cannot-take-task"
    colleague = make_user(
        acts.kernel, "colleague", positions=[("relationship-manager", "YZ")], unit="YZ"
    )
    to = acts.user("colleague") if colleague is None else colleague
    do(acts, LIN, lambda ctx: acts.engine.hand_over(ctx, identity, getattr(to, "id", to)))
    assert shelf(acts, "colleague") == [identity]


# -- put off ----------------------------------------------------------------------------------------------------------


def at(acts: Any, text: str) -> None:
    acts.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def snooze(acts: Any, identity: int, until: date, login: str = ZHOU) -> None:
    do(acts, login, lambda ctx: acts.engine.desk.snooze(ctx, identity, until))


def test_what_is_put_off_is_out_of_sight_until_its_day(acts: Any) -> None:
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)
    snooze(acts, identity, date(2026, 6, 30))
    assert (shelf(acts, ZHOU), shelf(acts, ZHOU, "snoozed")) == ([], [identity])
    at(acts, "2026-06-30T00:01")
    assert (shelf(acts, ZHOU), shelf(acts, ZHOU, "snoozed")) == ([identity], [])


@pytest.mark.parametrize(
    ("until", "key"),
    [(date(2026, 6, 29), "day-is-over"), (date(2026, 7, 2), "snoozed-past-deadline")],
)
def test_nothing_is_put_off_past_its_deadline(acts: Any, until: date, key: str) -> None:
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)  # due on 1 July
    error = refused(Invalid, snooze, acts, identity, until)
    assert error.fields["until"].key == key


def test_what_is_due_today_is_not_offered_to_be_put_off(acts: Any) -> None:
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)  # due on 1 July

    def offered(ctx: Any) -> bool:
        assert snooze_action.shown is not None
        return bool(snooze_action.shown(ctx, ctx.session.get_one(Task, identity)))

    assert do(acts, ZHOU, offered)
    at(acts, "2026-07-01T09:00")
    assert not do(acts, ZHOU, offered)


def test_only_what_is_ones_own_is_put_off(acts: Any) -> None:
    identity = of(acts, ZHOU)
    refused(NotFound, snooze, acts, identity, date(2026, 7, 1), HE)
    refused(NotFound, snooze, acts, 10**20, date(2026, 7, 1))


def test_what_is_handed_over_is_in_sight_of_who_gets_it(acts: Any) -> None:
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)
    snooze(acts, identity, date(2026, 6, 30))
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he))
    assert shelf(acts, HE) == [identity]


def test_what_is_put_off_is_brought_back_before_its_day(acts: Any) -> None:
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)
    snooze(acts, identity, date(2026, 6, 30))
    refused(NotFound, do, acts, HE, lambda ctx: acts.engine.desk.wake(ctx, identity))
    do(acts, ZHOU, lambda ctx: acts.engine.desk.wake(ctx, identity))
    assert (shelf(acts, ZHOU), shelf(acts, ZHOU, "snoozed")) == ([identity], [])
    assert [one.actor_name for one in acts.ledger("task-woken")] == ["周启明"]


# -- what people were told of it --------------------------------------------------------------------------------------


def unread(acts: Any, login: str) -> tuple[int, int, str]:
    """What the bell says, how many the inbox lists as unread, and by what the bell knows that it has changed."""
    notify = acts.kernel.notify
    with as_actor(acts.kernel, login, write=False) as ctx:
        listed = notify.inbox(ctx, unread_only=True)
        assert [one.read for one in listed] == [False] * len(listed)
        return notify.unread(ctx), len(listed), notify.counter(ctx.actor.id).partition("-")[2]


def test_what_tells_of_a_task_counts_as_read_once_that_is_done(acts: Any) -> None:
    identity = of(acts, ZHOU)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, acts.user(HE), reason="away"))
    assert (unread(acts, ZHOU), unread(acts, HE)) == ((1, 1, "1"), (1, 1, "1"))
    acts.go(HE, row(acts, identity).record_id, assess, Assessment("can be done", 7))
    assert (unread(acts, ZHOU), unread(acts, HE)) == ((0, 0, "0"), (0, 0, "0"))
    with as_actor(acts.kernel, HE, write=False) as ctx:
        assert [one.read for one in acts.kernel.notify.inbox(ctx)] == [True]


# -- talked about -----------------------------------------------------------------------------------------------------


def test_a_comment_stands_on_the_record_and_whoever_has_the_task_is_told(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he))
    do(acts, ZHOU, lambda ctx: acts.engine.desk.comment(ctx, identity, "the map is on its way"))
    (said,) = acts.rows(Comment)
    assert (said.table_name, said.text) == (Petition.__tablename__, "the map is on its way")
    assert told(acts, "{name} on: {task}") == {HE}
    error = refused(Invalid, do, acts, HE, lambda ctx: acts.engine.desk.comment(ctx, identity, " "))
    assert error.fields["text"].key == "required"


def test_whoever_has_the_task_and_is_mentioned_is_told_once(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he))
    do(acts, ZHOU, lambda ctx: acts.engine.desk.comment(ctx, identity, f"@{HE} the map is here"))
    assert told(acts, "{name} mentions you") == {HE}
    assert told(acts, "{name} on: {task}") == set()


def test_a_comment_stays_unread_when_its_task_is_over(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he = acts.user(HE)
    do(acts, ZHOU, lambda ctx: acts.engine.hand_over(ctx, identity, he))
    do(acts, HE, lambda ctx: acts.engine.desk.comment(ctx, identity, "the map is missing"))
    acts.go(HE, row(acts, identity).record_id, assess, Assessment("can be done", 7))
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        unread = acts.kernel.notify.inbox(ctx, unread_only=True)
        assert [str(one.body) for one in unread] == ["the map is missing"]


def test_nobody_else_comments_on_a_task(acts: Any) -> None:
    identity = of(acts, ZHOU)
    refused(NotFound, do, acts, LIN, lambda ctx: acts.engine.desk.comment(ctx, identity, "x"))


# -- everything of one person -----------------------------------------------------------------------------------------


def plan(acts: Any, login: str, giver: str, taker: str | None) -> list[tuple[str | None, str]]:
    """To whom each task would go, and why it would stay."""
    names = {one.id: one.login for one in acts.rows(User)}
    to = acts.user(taker) if taker else None
    who = acts.user(giver)
    moves = do(acts, login, lambda ctx: acts.engine.handing.plan(ctx, who, to))
    return [(names.get(one.taker_id), str(one.why_not or "")) for one in moves]


def test_before_everything_is_handed_over_it_is_said_what_goes_and_what_stays(acts: Any) -> None:
    jack_positions = [("relationship-manager", "YZ"), ("risk-officer", "HQ")]
    make_user(acts.kernel, "jack", positions=jack_positions, unit="YZ")
    of(acts, ZHOU)
    petition = acts.file("jack")
    acts.go("jack", petition, submit)
    given = latest(acts)
    zhou = acts.user(ZHOU)
    if given.assignee_id != zhou:
        do(acts, DING, lambda ctx: acts.engine.hand_over(ctx, given.id, zhou, reason="x"))
    assert plan(acts, DING, ZHOU, "jack") == [
        ("jack", ""),
        (None, "What they did on this case stands against it"),
    ]
    assert {why for _to, why in plan(acts, DING, ZHOU, "xu.min")} == {
        "Doesn’t hold the position Risk officer for it"
    }
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    assert {why for _to, why in plan(acts, DING, ZHOU, HE)} == {"Is on leave, or has left"}
    assert len(acts.ledger("task-handed-over")) <= 1  # looking changed nothing


def test_without_a_name_each_goes_to_whom_it_would_go_if_it_came_now(acts: Any) -> None:
    make_user(acts.kernel, "jack", positions=[("risk-officer", "HQ")], unit="HQ")
    change_user(acts.kernel, "jack", on_leave_until=date(2026, 12, 31))
    for _ in range(4):
        of(acts, ZHOU)
    change_user(acts.kernel, "jack", on_leave_until=None)
    assert sorted(str(to) for to, _why in plan(acts, ZHOU, ZHOU, None)) == [HE, HE, "jack", "jack"]
    zhou = acts.user(ZHOU)
    do(acts, ZHOU, lambda ctx: acts.engine.handing.hand_over_all(ctx, zhou, None, reason="leaving"))
    assert shelf(acts, ZHOU) == []
    assert (len(shelf(acts, HE)), len(shelf(acts, "jack"))) == (2, 2)
    assert {one.reason for one in acts.ledger("task-handed-over")} == {"leaving"}


def test_nobody_plans_with_others_tasks_without_the_right(acts: Any) -> None:
    refused(Forbidden, plan, acts, LIN, ZHOU, HE)


def test_a_plan_takes_as_many_statements_for_many_tasks_as_for_few(acts: Any) -> None:
    zhou = acts.user(ZHOU)

    def asked() -> int:
        with as_actor(acts.kernel, DING) as ctx, asking(acts.kernel.db.writer) as found:
            assert acts.engine.handing.plan(ctx, zhou, None)
        return len(found)

    of(acts, ZHOU)
    few = asked()
    for _ in range(4):
        of(acts, ZHOU)
    assert asked() == few


def test_of_two_who_hand_over_the_same_task_the_second_is_told(acts: Any) -> None:
    identity = of(acts, ZHOU)
    he, zhou = acts.user(HE), acts.user(ZHOU)
    handing = acts.engine.handing

    def late(ctx: Any) -> None:
        stale = dict(handing._tasks.row(ctx, identity))
        handing.hand_over(ctx, identity, he, reason="first")
        handing._give(ctx, Move({**stale, "assignee_id": zhou}), zhou, "second")

    error = refused(Conflict, do, acts, DING, late)
    assert (error.key, error.values["who"]) == ("task-taken", "何磊")


# -- people who aren't there ------------------------------------------------------------------------------------------


def end_position(acts: Any, login: str, position: str = "risk-officer") -> None:
    table = UserPosition.__table__
    with acts.kernel.db.raw() as connection:
        theirs = (table.c.user_id == acts.user(login), table.c.position == position)
        connection.execute(delete(table).where(*theirs))


def look(acts: Any) -> int:
    with as_actor(acts.kernel, "system") as ctx:
        return int(acts.engine.leaving.run(ctx))


def leaves(acts: Any) -> None:
    change_user(acts.kernel, ZHOU, active=False)


@pytest.mark.parametrize("go", [leaves, lambda acts: end_position(acts, ZHOU)])
def test_the_task_of_who_left_or_lost_the_position_goes_on_to_another(acts: Any, go: Any) -> None:
    identity = of(acts, ZHOU)
    go(acts)
    assert look(acts) == 1
    assert shelf(acts, HE) == [identity]
    assert told(acts, "New task") >= {HE}
    assert len(acts.ledger("task-passed-on")) == 1
    assert look(acts) == 0


def test_where_nobody_is_left_it_waits_for_the_position_and_administrators_are_told(
    acts: Any,
) -> None:
    identity = of(acts, ZHOU)
    change_user(acts.kernel, ZHOU, active=False)
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    look(acts)
    assert row(acts, identity).assignee_id is None
    assert told(acts, "Nobody can take") == {"ding.ning", "bai.lu"}
    change_user(acts.kernel, HE, on_leave_until=None)
    assert shelf(acts, HE, "units") == [identity]


def test_of_who_looked_after_a_record_and_left_the_head_of_the_unit_is_told_once(acts: Any) -> None:
    acts.file()
    change_user(acts.kernel, LIN, active=False)
    assert look(acts) == 1
    heads = told(acts, "{name} has left")
    assert heads
    assert LIN not in heads
    assert look(acts) == 0


def test_the_open_tasks_of_who_is_on_leave_are_offered_once_to_them_and_to_who_can_hand_them_over(
    acts: Any,
) -> None:
    of(acts, ZHOU)
    of(acts, ZHOU)
    change_user(acts.kernel, ZHOU, on_leave_until=date(2026, 7, 31))
    assert look(acts) == 2
    assert ZHOU in told(acts, "{name} is on leave")
    before = len(acts.rows(Notice))
    assert look(acts) == 0
    assert len(acts.rows(Notice)) == before
    assert len(shelf(acts, ZHOU)) == 2  # offered, not taken away


@pytest.mark.parametrize("go", [leaves, lambda acts: end_position(acts, ZHOU)])
def test_what_was_offered_while_somebody_was_away_goes_on_once_they_leave(
    acts: Any, go: Any
) -> None:
    identity = of(acts, ZHOU)
    change_user(acts.kernel, ZHOU, on_leave_until=date(2026, 7, 31))
    assert look(acts) == 1
    go(acts)
    assert look(acts) == 1
    assert row(acts, identity).assignee_id == acts.user(HE)
    assert look(acts) == 0


def test_who_looked_after_a_record_and_leaves_while_away_is_told_of_once_more(acts: Any) -> None:
    acts.file()
    change_user(acts.kernel, LIN, on_leave_until=date(2026, 7, 31))
    assert look(acts) == 1
    acts.kernel.clock.move(acts.kernel.clock.instant + timedelta(hours=1))
    with as_actor(acts.kernel, DING) as ctx:
        acts.kernel.records.update(
            ctx, ctx.session.get_one(User, acts.user(LIN)), {"active": False}
        )
    assert look(acts) == 1
    assert told(acts, "{name} has left") - {LIN}
    assert look(acts) == 0


def test_who_left_while_the_clock_was_ahead_isnt_told_of_again_and_again(acts: Any) -> None:
    acts.file()
    now = acts.kernel.clock.instant
    acts.kernel.clock.move(now + timedelta(hours=1))
    with as_actor(acts.kernel, DING) as ctx:
        acts.kernel.records.update(
            ctx, ctx.session.get_one(User, acts.user(LIN)), {"active": False}
        )
    acts.kernel.clock.move(now)
    assert [look(acts), look(acts), look(acts)] == [1, 0, 0]


def test_leave_does_not_end_before_it_begins(acts: Any) -> None:
    leave = {"on_leave_from": "2026-07-10", "on_leave_until": "2026-07-01"}

    def change(ctx: Any) -> None:
        acts.kernel.records.update(ctx, ctx.session.get_one(User, acts.user(ZHOU)), leave)

    error = refused(Invalid, do, acts, DING, change)
    assert error.fields["on_leave_until"].key == "ends-before-it-begins"


def test_who_is_away_again_has_their_tasks_offered_again(acts: Any) -> None:
    of(acts, ZHOU)
    for until in (date(2026, 7, 31), None, date(2026, 8, 31)):
        change_user(acts.kernel, ZHOU, on_leave_until=until)
        look(acts)
    offers = [one for one in acts.rows(Notice) if one.user_id == acts.user(ZHOU)]
    assert sum(one.title["$text"][0].startswith("{name} is on leave") for one in offers) == 2


def test_the_machine_looks_after_them_by_itself(acts: Any) -> None:
    identity = of(acts, ZHOU)
    run_jobs(acts.kernel)
    change_user(acts.kernel, ZHOU, active=False)
    at(acts, "2026-06-30T23:00")
    run_jobs(acts.kernel)
    assert shelf(acts, HE) == [identity]


def test_a_delegate_does_not_get_the_task_of_a_case_that_they_made(acts: Any) -> None:
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    make_user(acts.kernel, "jack", positions=[("relationship-manager", "YZ")], unit="YZ")
    give(acts.kernel, ZHOU, "jack", "risk-officer")
    petition = acts.file("jack")
    acts.go("jack", petition, submit)
    assert shelf(acts, "jack") == []
    assert latest(acts).assignee_id == acts.user(ZHOU)
    refused(
        NotFound,
        do,
        acts,
        "jack",
        lambda ctx: acts.engine.desk.snooze(ctx, latest(acts).id, date(2026, 7, 1)),
    )


def test_who_stands_in_hands_over_puts_back_and_puts_off_what_is_the_others(acts: Any) -> None:
    """Jack stands in for 周启明, who is the one in whose place it is done, and may take it back."""
    make_user(acts.kernel, "jack", positions=[("relationship-manager", "YZ")], unit="YZ")
    at(acts, "2026-06-29T10:00")
    identity = of(acts, ZHOU)
    give(acts.kernel, ZHOU, "jack", "risk-officer")
    desk, handing = acts.engine.desk, acts.engine.handing
    do(acts, "jack", lambda ctx: desk.snooze(ctx, identity, date(2026, 6, 30)))
    assert [shelf(acts, "jack", name) for name in ("before", "snoozed")] == [[], [identity]]
    do(acts, "jack", lambda ctx: acts.engine.hand_over(ctx, identity, acts.user(HE), reason=""))
    assert shelf(acts, HE, "mine") == [identity]
    (said,) = [one for one in acts.ledger("task-handed-over") if one.behalf_of_id is not None]
    assert (said.actor_id, said.behalf_of_id) == (acts.user("jack"), acts.user(ZHOU))
    do(acts, ZHOU, lambda ctx: handing.take_back(ctx, identity))
    do(acts, "jack", lambda ctx: handing.put_back(ctx, identity, reason="on holiday"))
    assert row(acts, identity).assignee_id is None
    assert told(acts, "Waits for one of you") == {HE}


def test_a_task_is_offered_to_those_to_whom_it_can_go(acts: Any) -> None:
    """Not to jack, who made the case, nor to 林晓雯, who holds no such position."""
    make_user(acts.kernel, "jack", positions=[("risk-officer", "HQ")], unit="HQ")
    identity = of(acts, ZHOU)
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        task = ctx.session.get_one(Task, identity)
        able = [int(key) for key, _name in takers(ctx, task)]
    assert acts.user(HE) in able
    assert not {acts.user(ZHOU), acts.user(LIN)} & set(able)


def test_who_stands_in_is_reminded_too_but_not_of_a_case_that_they_made(acts: Any) -> None:
    make_user(acts.kernel, "jack", positions=[("relationship-manager", "YZ")], unit="YZ")
    at(acts, "2026-06-29T10:00")
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    give(acts.kernel, ZHOU, "jack", "risk-officer")
    for login in (LIN, "jack"):
        acts.go(login, acts.file(login), submit)
    at(acts, "2026-07-01T17:00")
    with as_actor(acts.kernel, "system") as ctx:
        acts.engine.deadlines.run(ctx)
    names = {one.id: one.login for one in acts.rows(User)}
    reminded = [
        names[one.user_id]
        for one in acts.rows(Notice)
        if one.title["$text"][0] == "Due {due}: {task}"
    ]
    assert sorted(reminded) == ["jack", ZHOU, ZHOU]


def test_what_goes_by_no_position_is_offered_to_those_who_may_do_it(acts: Any) -> None:
    """A draft of 林晓雯's can go to her colleague, not to who holds no such right, nor who doesn't see the record."""
    make_user(acts.kernel, "mei", positions=[("relationship-manager", "YZ")], unit="YZ")
    make_user(acts.kernel, "ran", positions=[("relationship-manager", "LH")], unit="LH")
    acts.file(LIN)
    identity = latest(acts).id
    with as_actor(acts.kernel, LIN, write=False) as ctx:
        task = ctx.session.get_one(Task, identity)
        able = {int(key) for key, _name in takers(ctx, task)}
        me = ctx.session.get_one(User, ctx.actor.id)
        of_all = {int(key) for key, _name in takers_of_all(ctx, me)}
    assert acts.user("mei") in able
    assert not {acts.user(LIN), acts.user(ZHOU), acts.user("ran")} & able
    assert acts.user("mei") in of_all
    assert not {acts.user(LIN), acts.user(ZHOU)} & of_all
