"""Tasks: who gets one and why, who is told, who takes it, who hands it over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update
from tenor_petitions.records import Petition
from tenor_petitions.workflow import Assessment, approve, assess, decline, send_back, submit

from core.tests.workflow.acts import refused
from tenor.access.records import User
from tenor.notify.records import Mail, Notice
from tenor.workflow.records import Task
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases


def work(acts: Any, login: str) -> list[tuple[str, bool]]:
    """My work of a person: titles, and whether each is theirs already."""
    with as_actor(acts.kernel, login, write=False) as ctx:
        return [(str(task.title), task.mine) for task in acts.engine.tasks(ctx)]


def task_on(acts: Any, petition: int, login: str = "zhou.qiming") -> Any:
    return acts.do(login, petition, acts.engine.task_of)


def told(acts: Any) -> list[tuple[str, str]]:
    """Notices in the order of their making: to whom, which words."""
    names = {row.id: row.login for row in acts.rows(User)}
    return [
        (names[row.user_id], row.title["$text"][1]["task"]["$text"][0]) for row in acts.rows(Notice)
    ]


def leave(kernel: Any, login: str, until: date) -> None:
    with kernel.db.raw() as connection:
        connection.execute(
            update(User.__table__).where(User.login == login).values(on_leave_until=until)
        )


def do_work(kernel: Any, login: str, act: Callable[[Any], Any]) -> Any:
    with as_actor(kernel, login) as ctx:
        return act(ctx)


# -- who gets it ------------------------------------------------------------------------------------------------------


def test_a_new_record_is_its_owners_task(acts: Any) -> None:
    acts.file()
    assert work(acts, "lin.xiaowen") == [("Complete the petition", True)]
    assert work(acts, "zhou.qiming") == []


def test_nobody_is_told_of_what_they_brought_about_themselves(acts: Any) -> None:
    acts.file()
    assert told(acts) == []


def test_the_task_of_the_next_stage_goes_to_one_of_the_department_who_is_told_once(
    acts: Any,
) -> None:
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    task = task_on(acts, petition)
    assert (str(task.title), task.assignee_name, str(task.stage)) == (
        "Assess the petition",
        "周启明",
        "Review",
    )
    assert told(acts) == [("zhou.qiming", "Assess the petition")]
    assert len(acts.rows(Mail)) == 1
    assert work(acts, "zhou.qiming") == [("Assess the petition", True)]
    assert work(acts, "he.lei") == work(acts, "lin.xiaowen") == []


def test_the_next_one_goes_to_who_has_fewer_and_the_card_says_why(acts: Any) -> None:
    for _ in range(2):
        acts.go("lin.xiaowen", acts.file(), submit)
    third = acts.file()
    acts.go("lin.xiaowen", third, submit)
    owners = [row.assignee_id for row in acts.rows(Task) if row.stage == "review"]
    zhou, he = acts.user("zhou.qiming"), acts.user("he.lei")
    assert owners == [zhou, he, zhou]
    second = acts.rows(Task)[3]
    assert (second.stage, second.why["$text"][1]) == ("review", {"mine": 0, "others": 1})


def test_who_is_on_leave_gets_nothing_new(acts: Any) -> None:
    leave(acts.kernel, "zhou.qiming", date(2026, 7, 3))
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    task = task_on(acts, petition)
    assert task.assignee_name == "何磊"
    assert str(task.why) == "The only one in this position who can take it"


def test_who_is_back_from_leave_gets_tasks_again(acts: Any) -> None:
    leave(acts.kernel, "zhou.qiming", date(2026, 6, 29))
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    assert task_on(acts, petition).assignee_name == "周启明"


def test_who_did_a_segregated_step_does_not_get_the_task(acts: Any) -> None:
    make_user(
        acts.kernel,
        "jack",
        positions=[("relationship-manager", "HQ"), ("risk-officer", "YZ")],
        unit="YZ",
    )
    petition = acts.file()
    acts.go("jack", petition, submit)
    # Jack is nearer (his is the record's own unit), but he submitted it
    assert task_on(acts, petition).assignee_name == "周启明"


def test_where_nobody_can_take_it_administrators_are_told(acts: Any) -> None:
    for login in ("zhou.qiming", "he.lei"):
        leave(acts.kernel, login, date(2026, 12, 31))
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    assert task_on(acts, petition).assignee_id is None
    nobody = "Nobody can take the task {task}"
    titles = {row.user_id: row.title["$text"][0] for row in acts.rows(Notice)}
    assert titles == {acts.user("ding.ning"): nobody, acts.user("bai.lu"): nobody}


# -- of several people ------------------------------------------------------------------------------------------------


def test_a_decision_of_several_stays_with_all_of_them(acts: Any) -> None:
    petition = acts.at_approval(amount="20000000")
    for login in ("gu.yan", "liang.heng", "qin.feng"):
        assert work(acts, login) == [("Decide on the petition", False)]
    deciding = [login for login, words in told(acts) if words == "Decide on the petition"]
    assert deciding == ["qin.feng", "liang.heng", "gu.yan"]
    identity = task_on(acts, petition).id
    error = refused(
        Refused, do_work, acts.kernel, "gu.yan", lambda ctx: acts.engine.claim(ctx, identity)
    )
    assert error.key == "task-of-several"


def test_who_has_voted_has_done_their_part(acts: Any) -> None:
    petition = acts.at_approval(amount="20000000")
    acts.go("gu.yan", petition, approve)
    assert work(acts, "gu.yan") == []
    assert work(acts, "liang.heng") == [("Decide on the petition", False)]


def test_a_group_does_not_show_its_task_to_who_may_not_do_it(acts: Any) -> None:
    make_user(
        acts.kernel,
        "jack",
        positions=[("relationship-manager", "YZ"), ("approver", "HQ")],
        unit="YZ",
    )
    petition = acts.file("jack")
    acts.go("jack", petition, submit)
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    assert work(acts, "jack") == []
    assert work(acts, "gu.yan") == [("Decide on the petition", False)]


# -- done by doing ----------------------------------------------------------------------------------------------------


def test_a_task_is_done_by_leaving_its_state(acts: Any) -> None:
    petition = acts.at_approval()
    acts.go("gu.yan", petition, approve)
    done = [(row.stage, row.state, row.done_by_id) for row in acts.rows(Task)]
    lin, zhou, gu = (acts.user(login) for login in ("lin.xiaowen", "zhou.qiming", "gu.yan"))
    assert done == [("draft", "done", lin), ("review", "done", zhou), ("approval", "done", gu)]
    assert work(acts, "gu.yan") == work(acts, "zhou.qiming") == work(acts, "lin.xiaowen") == []


def test_what_comes_back_is_a_task_again_and_its_owner_is_told(acts: Any) -> None:
    petition = acts.at_approval()
    acts.go("gu.yan", petition, send_back, reason="the map is missing")
    assert work(acts, "lin.xiaowen") == [("Complete the petition", True)]
    assert told(acts)[-1] == ("lin.xiaowen", "Complete the petition")


def test_a_stage_that_is_only_passed_through_is_nobodys_task(acts: Any) -> None:
    passed = acts.file()
    acts.go("lin.xiaowen", passed, submit)
    stays = acts.file(papers=12)
    acts.go("lin.xiaowen", stays, submit)
    brought = [(row.record_id, row.stage) for row in acts.rows(Task) if row.stage != "draft"]
    assert brought == [(passed, "review"), (stays, "intake")]


def test_a_step_that_leads_on_by_itself_leaves_one_task(acts: Any) -> None:
    petition = acts.file(subject="complete at once", papers=1)
    acts.go("lin.xiaowen", petition, submit)
    assert acts.state(petition) == "review"
    assert [(row.stage, row.state) for row in acts.rows(Task)] == [
        ("draft", "done"),
        ("review", "open"),
    ]
    assert told(acts) == [("zhou.qiming", "Assess the petition")]


def test_who_had_a_task_keeps_the_case_within_reach(acts: Any) -> None:
    petition = acts.at_approval()
    acts.go("gu.yan", petition, decline, reason="too dear")
    with as_actor(acts.kernel, "zhou.qiming", write=False) as ctx:
        assert petition in set(
            acts.kernel.db.execute(ctx.session, ctx.actor.assigned(Petition)).scalars()
        )
    with as_actor(acts.kernel, "xu.min", write=False) as ctx:
        assert not list(acts.kernel.db.execute(ctx.session, ctx.actor.assigned(Petition)))


def test_everybody_who_was_to_decide_keeps_the_case_within_reach(acts: Any) -> None:
    petition = acts.at_approval(amount="20000000")
    acts.go("gu.yan", petition, approve)
    acts.go("liang.heng", petition, approve)
    for login in ("gu.yan", "liang.heng", "qin.feng"):
        with as_actor(acts.kernel, login, write=False) as ctx:
            mine = acts.kernel.db.execute(ctx.session, ctx.actor.assigned(Petition)).scalars()
            assert petition in set(mine)


# -- taking -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(acts: Any) -> int:
    """A task that waits for a risk officer: both were away when it arose, and are back."""
    for login in ("zhou.qiming", "he.lei"):
        leave(acts.kernel, login, date(2026, 12, 31))
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    for login in ("zhou.qiming", "he.lei"):
        leave(acts.kernel, login, date(2026, 6, 1))
    identity: int = task_on(acts, petition).id
    return identity


def claim(acts: Any, login: str, identity: int) -> None:
    do_work(acts.kernel, login, lambda ctx: acts.engine.claim(ctx, identity))


def test_a_waiting_task_is_taken_by_one(acts: Any, waiting: int) -> None:
    assert work(acts, "he.lei") == [("Assess the petition", False)]
    claim(acts, "he.lei", waiting)
    assert work(acts, "he.lei") == [("Assess the petition", True)]
    assert work(acts, "zhou.qiming") == []
    error = refused(Conflict, claim, acts, "zhou.qiming", waiting)
    assert (error.key, error.values["who"]) == ("task-taken", "何磊")
    assert acts.ledger("task-claimed")[0].actor_name == "何磊"


def test_of_two_who_take_it_in_the_same_second_one_has_it_and_the_other_sees_who(
    acts: Any, waiting: int
) -> None:
    together, ended = Barrier(2), {}

    def take(login: str) -> None:
        together.wait(10)
        try:
            claim(acts, login, waiting)
            ended[login] = ""
        except Conflict as error:
            ended[login] = str(error.values["who"])

    threads = [Thread(target=take, args=(login,)) for login in ("zhou.qiming", "he.lei")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    winner = next(login for login, other in ended.items() if not other)
    loser = next(login for login in ended if login != winner)
    assert ended[loser] == {"zhou.qiming": "周启明", "he.lei": "何磊"}[winner]


def test_taking_ones_own_task_again_changes_nothing(acts: Any, waiting: int) -> None:
    claim(acts, "he.lei", waiting)
    claim(acts, "he.lei", waiting)
    assert len(acts.ledger("task-claimed")) == 1


def test_nobody_takes_another_positions_task(acts: Any, waiting: int) -> None:
    refused(NotFound, claim, acts, "lin.xiaowen", waiting)
    refused(NotFound, claim, acts, "he.lei", 999_999)


def test_a_task_that_is_over_is_not_taken(acts: Any, waiting: int) -> None:
    petition = acts.rows(Task)[-1].record_id
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    assert refused(Conflict, claim, acts, "he.lei", waiting).key == "task-done"


# -- handing over -----------------------------------------------------------------------------------------------------


def hand_over(acts: Any, login: str, identity: int, to: str, reason: str = "") -> None:
    taker = acts.user(to)
    do_work(
        acts.kernel, login, lambda ctx: acts.engine.hand_over(ctx, identity, taker, reason=reason)
    )


def reviewing(acts: Any) -> int:
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    identity: int = task_on(acts, petition).id
    return identity


def test_a_task_is_handed_to_another_holder_who_is_told_by_whom_and_why(acts: Any) -> None:
    identity = reviewing(acts)
    hand_over(acts, "zhou.qiming", identity, "he.lei", "on site tomorrow")
    assert work(acts, "he.lei") == [("Assess the petition", True)]
    assert work(acts, "zhou.qiming") == []
    task = task_on(acts, acts.rows(Task)[-1].record_id)
    assert str(task.why) == "Handed over by 周启明: on site tomorrow"
    assert told(acts)[-1] == ("he.lei", "Assess the petition")
    entry = acts.ledger("task-handed-over")[0]
    assert (entry.reason, entry.changes["given_to"]) == (
        "on site tomorrow",
        [None, acts.user("he.lei")],
    )


def test_a_task_is_not_handed_to_who_cannot_do_it(acts: Any) -> None:
    identity = reviewing(acts)
    error = refused(Refused, hand_over, acts, "zhou.qiming", identity, "lin.xiaowen")
    assert error.key == "cannot-take-task"
    leave(acts.kernel, "he.lei", date(2026, 7, 1))
    assert (
        refused(Refused, hand_over, acts, "zhou.qiming", identity, "he.lei").key
        == "cannot-take-task"
    )


def test_a_task_is_not_handed_to_who_made_the_case_himself(acts: Any) -> None:
    make_user(
        acts.kernel,
        "jack",
        positions=[("relationship-manager", "YZ"), ("risk-officer", "HQ")],
        unit="YZ",
    )
    petition = acts.file("jack")
    acts.go("jack", petition, submit)
    identity = task_on(acts, petition).id
    holder = task_on(acts, petition).assignee_name
    giver = {"周启明": "zhou.qiming", "何磊": "he.lei"}[holder]
    assert refused(Refused, hand_over, acts, giver, identity, "jack").key == "cannot-take-task"


def test_others_tasks_are_handed_over_by_supervisors_with_a_reason(acts: Any) -> None:
    identity = reviewing(acts)
    refused(NotFound, hand_over, acts, "lin.xiaowen", identity, "he.lei", "why not")
    refused(Invalid, hand_over, acts, "ding.ning", identity, "he.lei")
    hand_over(acts, "ding.ning", identity, "he.lei", "left the bank")
    assert work(acts, "he.lei") == [("Assess the petition", True)]


def test_everything_of_one_person_is_handed_over_in_one_step(acts: Any) -> None:
    leave(acts.kernel, "he.lei", date(2026, 7, 1))
    for _ in range(3):
        reviewing(acts)
    leave(acts.kernel, "he.lei", date(2026, 6, 1))
    zhou, he = acts.user("zhou.qiming"), acts.user("he.lei")
    given = do_work(
        acts.kernel,
        "ding.ning",
        lambda ctx: acts.engine.hand_over_all(ctx, zhou, he, reason="has left"),
    )
    assert given == 3
    assert len(work(acts, "he.lei")) == 3
    assert len(acts.ledger("task-handed-over")) == 3
    error = refused(
        Forbidden,
        do_work,
        acts.kernel,
        "lin.xiaowen",
        lambda ctx: acts.engine.hand_over_all(ctx, he, zhou, reason="x"),
    )
    assert error.key == "not-permitted"


# -- my work ----------------------------------------------------------------------------------------------------------


def test_my_work_takes_as_many_statements_for_many_tasks_as_for_few(acts: Any) -> None:
    leave(acts.kernel, "he.lei", date(2026, 12, 1))
    reviewing(acts)
    few = statements(acts, "zhou.qiming")
    for _ in range(8):
        reviewing(acts)
    assert statements(acts, "zhou.qiming") == few
    approving = [acts.at_approval(amount="20000000") for _ in range(2)]
    few = statements(acts, "gu.yan")
    approving += [acts.at_approval(amount="20000000") for _ in range(4)]
    assert statements(acts, "gu.yan") == few
    assert len(work(acts, "gu.yan")) == len(approving)


def statements(acts: Any, login: str) -> int:
    with asking(acts.kernel.db.reader) as asked, as_actor(acts.kernel, login, write=False) as ctx:
        assert acts.engine.tasks(ctx)
    return len(asked)


def test_tasks_stand_in_the_order_of_their_deadlines(acts: Any) -> None:
    leave(acts.kernel, "he.lei", date(2026, 12, 1))
    make_user(
        acts.kernel,
        "jack",
        positions=[("risk-officer", "HQ"), ("relationship-manager", "YZ")],
        unit="YZ",
    )
    leave(acts.kernel, "zhou.qiming", date(2026, 12, 1))
    acts.file("jack")  # to complete, without a deadline
    reviewing(acts)
    assert [words for words, _ in work(acts, "jack")] == [
        "Assess the petition",
        "Complete the petition",
    ]


def test_every_person_reads_the_words_in_their_language(acts: Any) -> None:
    reviewing(acts)
    notice = acts.rows(Notice)[-1]
    with as_actor(acts.kernel, "zhou.qiming", write=False) as ctx:
        entry = acts.kernel.notify.entry(ctx, notice.id)
    assert (entry.title, entry.body) == (
        "新任务：Assess the petition",
        "在办任务不多于他人（0 项），且空闲最久",
    )
    assert entry.about is not None
    assert entry.about.name == "PET-2026-0001"
