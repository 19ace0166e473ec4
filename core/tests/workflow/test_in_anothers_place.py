"""What is done in another's place: it counts for both, is on record for both, and joins no two sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from tenor_petitions.records import Petition
from tenor_petitions.services import file_petition, rate
from tenor_petitions.workflow import Assessment, approve, assess, decline, submit

from core.tests.workflow.acts import refused
from core.tests.workflow.standing_in import change_user, end, give, user
from tenor.access.records import Unit
from tenor.notify.records import Notice
from tenor.workflow.records import Duty, Task, Vote
from tenor_sdk.errors import Blocked, Conflict, Forbidden, NotFound
from tenor_sdk.testing import as_actor, make_user, on_date
from tenor_sdk.workflow import counts_for, transition, who_did
from tenor_test_support.ledger import seal

pytestmark = pytest.mark.both_databases

SOUND = Assessment(opinion="sound")


def work(acts: Any, login: str) -> list[tuple[str, str]]:
    """My work of a person: titles, and in whose place."""
    with as_actor(acts.kernel, login, write=False) as ctx:
        return [(str(task.title), task.behalf_of) for task in acts.engine.tasks(ctx)]


def offered(acts: Any, login: str, petition: int) -> dict[str, bool]:
    """What a person is offered, and whether they may press it."""
    with as_actor(acts.kernel, login, write=False) as ctx:
        found = ctx.session.get_one(Petition, petition)
        return {one.name: one.allowed for one in acts.engine.available(ctx, found)}


def behalf(entries: list[Any]) -> list[tuple[str, str]]:
    return [(entry.actor_name, entry.behalf_of_name) for entry in entries]


# -- tasks ------------------------------------------------------------------------------------------------------------


def test_the_givers_tasks_come_to_who_stands_in_with_the_givers_name(acts: Any) -> None:
    acts.file()
    give(acts.kernel, "lin.xiaowen", "shen.bai")
    assert work(acts, "shen.bai") == [("Complete the petition", "林晓雯")]
    assert work(acts, "lin.xiaowen") == [("Complete the petition", "")]


def test_they_are_gone_with_the_last_day(acts: Any) -> None:
    acts.file()
    give(acts.kernel, "lin.xiaowen", "shen.bai", until=date(2026, 7, 1))
    with on_date(acts.kernel, date(2026, 7, 2)):
        assert work(acts, "shen.bai") == []


def test_tasks_of_another_position_stay_with_the_giver(acts: Any) -> None:
    kernel = acts.kernel
    make_user(kernel, "mei", positions=[("risk-officer", "YZ"), ("approver", "YZ")], unit="YZ")
    give(kernel, "mei", "chen.li", "approver")
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    assert work(acts, "mei") == [("Assess the petition", "")]
    assert work(acts, "chen.li") == []


def test_a_task_of_the_group_that_is_taken_in_anothers_place_becomes_the_others(acts: Any) -> None:
    kernel = acts.kernel
    acts.at_approval()
    made = give(kernel, "gu.yan", "chen.li")
    (task,) = [row for row in acts.rows(Task) if row.stage == "approval"]
    with kernel.db.raw() as connection:  # it waits for one of them
        connection.execute(update(Task.__table__).where(Task.id == task.id).values(several=False))
    with as_actor(kernel, "chen.li") as ctx:
        kernel.workflow.claim(ctx, task.id)
    (row,) = [row for row in acts.rows(Task) if row.id == task.id]
    assert row.assignee_id == user(kernel, "gu.yan")
    assert behalf(acts.ledger("task-claimed")) == [("陈立", "顾岩")]
    assert work(acts, "chen.li") == [("Decide on the petition", "顾岩")]
    end(kernel, "chen.li", made)
    assert work(acts, "chen.li") == []
    assert work(acts, "gu.yan") == [("Decide on the petition", "")]


def test_who_is_away_and_represented_still_gets_new_tasks_and_the_other_is_told(acts: Any) -> None:
    kernel = acts.kernel
    change_user(kernel, "zhou.qiming", on_leave_until=date(2026, 7, 31))
    change_user(kernel, "he.lei", active=False)
    give(kernel, "zhou.qiming", "chen.li")
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    (task,) = [row for row in acts.rows(Task) if row.stage == "review"]
    assert task.assignee_id == user(kernel, "zhou.qiming")
    about = [row for row in acts.rows(Notice) if row.about_table == "petitions_petition"]
    told = {row.user_id for row in about}
    assert told == {user(kernel, "zhou.qiming"), user(kernel, "chen.li")}


def test_who_is_away_gets_nothing_where_who_stands_in_did_what_stands_against_it(acts: Any) -> None:
    """林晓雯 submits, and stands in for the only risk officer, whose task isn't against a submitting; yet it is against
    deciding: the approver who is away is represented by her, so nobody is found."""
    kernel = acts.kernel
    for login in ("qin.feng", "liang.heng"):
        change_user(kernel, login, active=False)
    change_user(kernel, "gu.yan", on_leave_until=date(2026, 7, 31))
    give(kernel, "gu.yan", "lin.xiaowen")
    acts.at_approval()
    (task,) = [row for row in acts.rows(Task) if row.stage == "approval"]
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        group = acts.engine.work.group(
            ctx, "approver", task.record_unit_id, barred=[user(kernel, "lin.xiaowen")]
        )
    assert group.members == ()


# -- duties -----------------------------------------------------------------------------------------------------------


def test_what_is_done_in_anothers_place_counts_for_both(acts: Any) -> None:
    give(acts.kernel, "lin.xiaowen", "shen.bai")
    petition = acts.file()
    acts.go("shen.bai", petition, submit)
    both = [user(acts.kernel, "shen.bai"), user(acts.kernel, "lin.xiaowen")]
    assert acts.do("qin.feng", petition, lambda ctx, one: who_did(ctx, one, submit)) == both


def test_what_is_done_by_ones_own_right_counts_for_oneself_alone(acts: Any) -> None:
    """何磊 is a risk officer as 周启明 is, for whom he stands in."""
    give(acts.kernel, "zhou.qiming", "he.lei")
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    acts.go("he.lei", petition, assess, SOUND)
    who = acts.do("qin.feng", petition, lambda ctx, one: who_did(ctx, one, assess))
    assert who == [user(acts.kernel, "he.lei")]
    assert behalf(acts.ledger("transition"))[0] == ("何磊", "")


#: petitions' rule: who assesses never decides. Who gives whom, who assesses, who then decides; 梅 may by herself only
#: what stands last
SIDES = {
    "who did it, for another": ([("gu.yan", "mei")], "mei", "mei", "risk-officer"),
    "who did it for another, for the same": ([("gu.yan", "mei")], "mei", "mei", ""),
    "who gave, and for whom it was done": ([("gu.yan", "mei")], "mei", "gu.yan", ""),
    "who stands in for who did it": ([("gu.yan", "mei")], "gu.yan", "mei", ""),
    "who was represented in it, for another": (
        [("zhou.qiming", "mei"), ("gu.yan", "zhou.qiming")], "mei", "zhou.qiming", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("second", SIDES)
def test_the_other_side_is_shut_to(acts: Any, second: str) -> None:
    kernel = acts.kernel
    given, assessing, deciding, position = SIDES[second]
    make_user(kernel, "mei", positions=[(position, "YZ")] if position else [])
    for giver, taker in given:
        give(kernel, giver, taker)
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    acts.go(assessing, petition, assess, SOUND)
    assert offered(acts, deciding, petition)["approve"] is False
    assert refused(Forbidden, acts.go, deciding, petition, approve).key == "segregated"
    assert "Decide on the petition" not in [title for title, _for in work(acts, deciding)]
    assert acts.state(petition) == "approval"


def test_a_step_that_a_service_puts_on_record_counts_for_both_too(acts: Any) -> None:
    """陈立 reads the petition by nothing but 顾岩's position."""
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    petition = acts.at_approval()
    acts.do("chen.li", petition, rate)
    (duty,) = [row for row in acts.rows(Duty) if row.step == "rate"]
    assert (duty.user_id, duty.behalf_of_id) == (user(kernel, "chen.li"), user(kernel, "gu.yan"))
    for login in ("chen.li", "gu.yan"):
        assert refused(Forbidden, acts.go, login, petition, approve).key == "segregated"


def test_a_guard_is_asked_for_whom_it_would_count(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    chen, gu = user(kernel, "chen.li"), user(kernel, "gu.yan")
    petition = acts.at_approval()
    with as_actor(kernel, "chen.li") as ctx:
        found = ctx.session.get_one(Petition, petition)
        assert counts_for(ctx) == {chen}
        with acts.engine.moving.in_place(ctx, found, approve):
            assert counts_for(ctx) == {chen, gu}


# -- votes ------------------------------------------------------------------------------------------------------------


def test_a_vote_in_anothers_place_is_one_vote_and_spends_both(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    petition = acts.at_approval(amount="20000000")  # takes two
    assert not acts.go("chen.li", petition, approve)
    (vote,) = acts.rows(Vote)
    assert (vote.user_id, vote.behalf_of_id) == (user(kernel, "chen.li"), user(kernel, "gu.yan"))
    for login in ("chen.li", "gu.yan"):
        assert refused(Conflict, acts.go, login, petition, approve).key == "already-voted"
        assert work(acts, login) == []
    assert acts.go("qin.feng", petition, approve)


def test_who_may_vote_themselves_has_no_second_vote_for_another(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "qin.feng")
    petition = acts.at_approval(amount="20000000")
    assert not acts.go("qin.feng", petition, approve)
    (vote,) = acts.rows(Vote)
    assert vote.behalf_of_id is None
    assert refused(Conflict, acts.go, "qin.feng", petition, approve).key == "already-voted"
    assert acts.go("gu.yan", petition, approve)


def test_who_stands_in_for_two_votes_for_the_one_who_has_not(acts: Any) -> None:
    kernel = acts.kernel
    for giver in ("gu.yan", "qin.feng"):
        give(kernel, giver, "chen.li")
    petition = acts.at_approval(amount="20000000")
    assert not acts.go("gu.yan", petition, approve)
    assert len(work(acts, "chen.li")) == 1
    assert offered(acts, "chen.li", petition)["approve"] is True
    assert acts.go("chen.li", petition, approve)
    assert acts.rows(Vote)[-1].behalf_of_id == user(kernel, "qin.feng")


def test_who_stands_in_for_two_decides_for_the_one_on_no_other_side(acts: Any) -> None:
    kernel = acts.kernel
    for giver in ("gu.yan", "qin.feng"):
        give(kernel, giver, "chen.li")
    petition = acts.at_approval()
    acts.do("gu.yan", petition, rate)
    assert len(work(acts, "chen.li")) == 1
    assert acts.go("chen.li", petition, approve)
    assert acts.rows(Vote)[-1].behalf_of_id == user(kernel, "qin.feng")


# -- on record --------------------------------------------------------------------------------------------------------


def test_the_ledger_names_in_whose_place_every_part_of_a_step_was_done(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    petition = acts.at_approval()
    acts.go("chen.li", petition, approve)
    with as_actor(kernel, "song.qing", write=False) as ctx:
        (latest, *_) = kernel.audit.search(ctx, kind="transition")
        parts = kernel.audit.search(ctx, request_id=latest.request_id)
    assert {entry.kind for entry in parts} >= {"transition", "vote", "update"}
    assert set(behalf(parts)) == {("陈立", "顾岩")}
    seal(kernel)
    assert kernel.audit.verify().findings == ()


def test_whoever_takes_the_name_out_of_an_entry_is_found(acts: Any) -> None:
    from tenor.audit.records import LedgerEntry

    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    acts.go("chen.li", acts.at_approval(), approve)
    seal(kernel)
    table: Any = LedgerEntry.__table__
    drop = {
        "sqlite": "DROP TRIGGER base_ledger_entry_no_update",
        "postgresql": "DROP TRIGGER base_ledger_entry_append_only ON base_ledger_entry",
    }[kernel.db.dialect]
    with kernel.db.raw() as connection:
        connection.exec_driver_sql(drop)
        named = table.c.behalf_of_id.is_not(None)
        connection.execute(update(table).where(named).values(behalf_of_id=None, behalf_of_name=""))
    assert {finding.key for finding in kernel.audit.verify().findings} == {"edited"}


def test_a_form_changes_what_the_giver_looks_after_and_says_for_whom(acts: Any) -> None:
    give(acts.kernel, "lin.xiaowen", "shen.bai")
    petition = acts.file()
    acts.do("shen.bai", petition, lambda _ctx, one: setattr(one, "subject", "a dam"))
    (entry, *_) = acts.ledger("update")
    assert (entry.changes["subject"], *behalf([entry])) == (
        ["a bridge", "a dam"],
        ("沈柏", "林晓雯"),
    )


def test_what_is_made_in_the_givers_unit_is_made_for_them_and_its_making_counts_for_both(
    acts: Any,
) -> None:
    kernel = acts.kernel
    give(kernel, "lin.xiaowen", "shen.bai")
    lin, shen = user(kernel, "lin.xiaowen"), user(kernel, "shen.bai")
    with as_actor(kernel, "shen.bai") as ctx:
        here = ctx.session.scalars(select(Unit.id).where(Unit.code == "YZ")).one()
        ctx.session.add(Petition(subject="a quay", unit_id=here, owner_id=lin))
    (made,) = acts.rows(Duty)
    assert (made.step, made.user_id, made.behalf_of_id) == ("create", shen, lin)
    assert behalf(acts.ledger("create"))[0] == ("沈柏", "林晓雯")


def test_what_one_makes_oneself_is_ones_own(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "lin.xiaowen", "shen.bai")
    with as_actor(kernel, "shen.bai") as ctx:
        file_petition(ctx)
    (made,) = acts.rows(Duty)
    assert made.behalf_of_id is None
    assert behalf(acts.ledger("create"))[0] == ("沈柏", "")


def test_nothing_is_moved_from_the_givers_unit_into_ones_own(acts: Any) -> None:
    """Both may change it, each in their unit; together they are still not one hand."""
    kernel = acts.kernel
    give(kernel, "lin.xiaowen", "shen.bai")
    petition = acts.file()

    def move(ctx: Any, one: Any) -> None:
        one.unit_id = ctx.session.scalars(select(Unit.id).where(Unit.code == "LH")).one()

    assert refused(Forbidden, acts.do, "shen.bai", petition, move).key == "out-of-reach"


def test_ones_own_right_does_not_act_on_what_only_the_giver_sees(acts: Any) -> None:
    """方正's role may decline, yet sees no petition; 沈柏 sees his own, and may not decline. Together: neither."""
    kernel = acts.kernel
    make_user(kernel, "mei", roles=["petitions.petition-decider"])
    petition = acts.at_approval()
    assert refused(NotFound, _decline, kernel, "mei", petition).key == "not-found"
    give(kernel, "lin.xiaowen", "mei")
    assert refused(Forbidden, _decline, kernel, "mei", petition).key == "not-permitted"


def _decline(kernel: Any, login: str, petition: int) -> None:
    with as_actor(kernel, login) as ctx:
        transition(ctx, Petition(id=petition), decline, reason="no")


def test_a_stale_act_after_the_end_is_not_found(acts: Any) -> None:
    kernel = acts.kernel
    petition = acts.file()
    made = give(kernel, "lin.xiaowen", "shen.bai")
    with as_actor(kernel, "shen.bai", write=False) as ctx:
        assert ctx.session.get(Petition, petition) is not None
    end(kernel, "lin.xiaowen", made)
    with as_actor(kernel, "shen.bai") as ctx:
        error = refused(NotFound, transition, ctx, Petition(id=petition), submit)
    assert error.key == "not-found"


def test_blockers_are_the_same_for_whoever_stands_in(acts: Any) -> None:
    give(acts.kernel, "lin.xiaowen", "shen.bai")
    petition = acts.file(subject="", amount="0")
    error = refused(Blocked, acts.go, "shen.bai", petition, submit)
    assert [str(each.what) for each in error.blockers] == ["A subject", "An amount"]
