"""A committee on a case: quorum, share, veto and recusal as people meet them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.boards import CHAIR, JING, MOVER, OFFICER, SUN, WU, ZHENG, Boards
from core.tests.workflow.standing_in import change_user, give, user
from tenor.access.records import UserPosition
from tenor.notify.records import Notice
from tenor.workflow.records import Task, Vote, WorkflowStep
from tenor_sdk.approvals import Ballot, vote
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user, on_date, run_jobs
from tenor_sdk.values import Amount
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases

FOR, AGAINST, ABSTAIN = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN
VETO, RECUSE = Ballot.VETO, Ballot.RECUSE


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def boards(institution: Any) -> Boards:
    return Boards(institution)


def rows(boards: Boards, record: type[Any]) -> list[Any]:
    with boards.kernel.db.raw(write=False) as connection:
        table = record.__table__
        return list(connection.execute(table.select().order_by(table.c.id)))


def whats(error: Any) -> list[str]:
    return [str(one.what) for one in error.blockers]


# -- the rule ---------------------------------------------------------------------------------------------------------


def test_three_of_the_four_who_may_vote_carry_it_and_the_dissent_is_kept(boards: Boards) -> None:
    """孙建国 is recused; two thirds of the other four are three."""
    motion = boards.tabled()
    assert not boards.says(WU, motion, AGAINST, "the river has moved")
    assert not boards.votes(motion, CHAIR, JING)
    assert boards.votes(motion, ZHENG)
    assert boards.state(motion) == "carried"
    voted = boards.do(MOVER, motion, boards.engine.voted)
    assert [(one.user_name, one.ballot, one.opinion) for one in voted if one.counts] == [
        ("吴婉", "against", "the river has moved"), ("陈立", "for", ""), ("何静", "for", ""),
        ("郑涛", "for", ""),
    ]  # fmt: skip


def test_two_against_refuse_it(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR)
    assert not boards.says(WU, motion, AGAINST)
    assert boards.says(ZHENG, motion, AGAINST, "no river")
    assert boards.state(motion) == "dropped"
    step = rows(boards, WorkflowStep)[-1]
    assert (step.transition, step.reason) == ("drop", "no river")
    assert [one for one in boards.cast(motion) if one[2]] == []


def test_the_veto_of_the_chair_ends_it_with_a_reason(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING, WU, ZHENG)
    assert boards.state(motion) == "tabled"  # the chair may still veto it
    assert refused(Invalid, veto_without_reason, boards, motion).fields["reason"].key == "required"
    assert boards.says(CHAIR, motion, VETO, "against the policy")
    assert boards.state(motion) == "dropped"


def veto_without_reason(boards: Boards, motion: int) -> None:
    from tenor_boards.workflow import carry

    boards.do(CHAIR, motion, lambda ctx, one: vote(ctx, one, carry, VETO))


def test_nobody_else_has_a_veto(boards: Boards) -> None:
    motion = boards.tabled()
    assert refused(Forbidden, boards.says, JING, motion, VETO).key == "no-veto"


def test_what_decided_is_in_the_ledger_and_worked_out_again_from_the_votes(boards: Boards) -> None:
    motion = boards.tabled()
    boards.says(WU, motion, AGAINST)
    boards.votes(motion, CHAIR, JING, ZHENG)
    (entry,) = boards.ledger("committee-decided")
    told = {name: pair[1] for name, pair in entry.changes.items()}
    assert (told["number"], told["needed"], told["against"], told["entitled"], told["outcome"]) == (
        3, 3, 1, 4, "passed",
    )  # fmt: skip
    kept = rows(boards, Vote)[-1].authority["committee"]
    assert (kept["quorum"], kept["share"], len(kept["seats"])) == ("3", "2/3", 5)
    assert list(kept["recused"]) == [str(user(boards.kernel, SUN))]


def test_who_is_no_member_has_no_vote(boards: Boards) -> None:
    motion = boards.tabled()
    error = refused(Blocked, boards.votes, motion, "gu.yan")
    assert whats(error) == ["You have no seat in the committee"]


def test_the_refusal_is_nobodys_button_while_a_committee_is_in_charge(boards: Boards) -> None:
    from tenor_boards.workflow import drop

    motion = boards.tabled()

    def press(ctx: Any, one: Any) -> bool:
        return transition(ctx, one, drop, reason="by myself")

    assert whats(refused(Blocked, boards.do, CHAIR, motion, press)) == [
        "The committee decides this"
    ]
    assert not boards.offer(CHAIR, motion, "drop").allowed


def test_what_blocks_a_transition_blocks_a_vote_but_no_recusal(boards: Boards) -> None:
    motion = boards.tabled(amount=Amount(0))
    assert whats(refused(Blocked, boards.votes, motion, JING)) == ["An amount"]
    assert not boards.says(JING, motion, RECUSE, "a friend of mine")


def test_against_abstaining_and_recusing_are_of_committees_alone(boards: Boards) -> None:
    from tenor_boards.workflow import carry_stepwise

    motion = boards.tabled()
    error = refused(Refused, boards.says, OFFICER, motion, AGAINST, "no", carry_stepwise)
    assert error.key == "no-committee"


# -- recusal ----------------------------------------------------------------------------------------------------------


def test_who_is_party_to_it_may_not_vote_and_is_told_why(boards: Boards) -> None:
    motion = boards.tabled()
    error = refused(Forbidden, boards.votes, motion, SUN)
    assert error.key == "recused"
    assert "Is party to it" in boards.kernel.translator.error(error, "en")
    assert boards.ledger("denied")[0].changes["why"] == [None, "recused"]
    offer = boards.offer(SUN, motion)
    assert (offer.allowed, offer.ballots) == (False, ())
    assert "Is party to it" in boards.words(offer.why)


def test_a_rule_may_know_what_no_member_may_read(boards: Boards) -> None:
    from tenor_boards.records import Relative

    with as_actor(boards.kernel, "ding.ning") as ctx:
        member = user(boards.kernel, ZHENG)
        ctx.session.add(Relative(member_id=member, words="His brother is a director"))
    motion = boards.tabled()
    assert refused(Forbidden, boards.votes, motion, ZHENG).key == "recused"
    boards.votes(motion, JING, WU)  # of three
    assert boards.votes(motion, CHAIR)


def test_a_rule_that_fails_puts_the_decision_out_of_service(boards: Boards) -> None:
    motion = boards.tabled(subject="crash")
    with pytest.raises(ZeroDivisionError):
        boards.votes(motion, JING)
    offer = boards.offer(JING, motion)
    assert not offer.allowed
    assert "out of service" in boards.words(offer.why)


def test_whoever_recuses_themselves_is_out_of_the_count_for_good(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    boards.says(WU, motion, AGAINST)
    boards.change(motion, amount=Amount.of("600"))
    assert not boards.says(ZHENG, motion, RECUSE, "I hold shares of it")
    assert refused(Forbidden, boards.votes, motion, ZHENG).key == "recused"
    boards.votes(motion, CHAIR)
    assert not boards.says(WU, motion, AGAINST)
    assert boards.votes(motion, JING)  # two of three, three present
    assert ("郑涛", "recuse", "") in boards.cast(motion)


def test_a_recusal_can_decide_it(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    boards.says(WU, motion, AGAINST)
    run_jobs(boards.kernel)  # the schedules begin
    assert not boards.says(ZHENG, motion, RECUSE)  # who is party to it isn't who decides it
    clock = boards.kernel.clock
    clock.move(clock.instant + timedelta(minutes=6))
    run_jobs(boards.kernel)
    assert boards.state(motion) == "carried"
    assert rows(boards, WorkflowStep)[-1].user_id is None


def test_with_fewer_who_may_vote_than_the_quorum_nothing_is_decided(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR)
    for login in (JING, WU):
        boards.says(login, motion, RECUSE)
    error = refused(Blocked, boards.votes, motion, ZHENG)
    assert [boards.words(one.what) for one in error.blockers] == ["Only 2 may vote, and 3 have to"]
    offer = boards.offer(ZHENG, motion)
    assert (offer.allowed, offer.ballots) == (False, (RECUSE,))
    assert boards.state(motion) == "tabled"


def test_who_tabled_it_is_outside_the_count_by_the_segregation_of_duties(boards: Boards) -> None:
    positions = [("relationship-manager", "YZ"), ("committee-member", "HQ")]
    make_user(boards.kernel, "mei", positions=positions)
    from tenor_boards.records import Motion
    from tenor_boards.workflow import table

    with as_actor(boards.kernel, "mei") as ctx:
        motion = Motion(subject="mine", amount=Amount.of("1"), unit_id=ctx.actor.unit_id)
        ctx.session.add(motion)
        ctx.session.flush()
        transition(ctx, motion, table)
        made = motion.id
    sitting = boards.offer(JING, made).tally.sitting
    mei = user(boards.kernel, "mei")
    assert mei in sitting.seats
    assert mei in sitting.recused
    assert len(sitting.count.entitled) == 5  # nobody else is party to it


# -- changing -----------------------------------------------------------------------------------------------------


def test_a_member_changes_their_vote_until_it_is_decided(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR)
    boards.says(JING, motion, AGAINST)
    boards.votes(motion, WU, JING)
    assert boards.cast(motion)[1:] == [
        ("何静", "against", "replaced"), ("吴婉", "for", ""), ("何静", "for", ""),
    ]  # fmt: skip
    assert boards.state(motion) == "carried"


def test_the_same_vote_twice_is_one(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING)
    assert refused(Conflict, boards.votes, motion, JING).key == "already-voted"
    assert len(rows(boards, Vote)) == 1


def test_no_veto_and_no_vote_after_the_decision(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING, WU)
    assert refused(Conflict, boards.says, CHAIR, motion, VETO).key == "not-from-this-state"
    assert refused(Conflict, boards.says, ZHENG, motion, AGAINST).key == "not-from-this-state"
    assert boards.state(motion) == "carried"


def test_votes_fall_when_what_was_shown_changes_and_are_shown_as_fallen(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    boards.change(motion, amount=Amount.of("700"))
    assert not boards.votes(motion, WU)
    assert boards.offer(ZHENG, motion).tally.votes == 1
    assert boards.cast(motion) == [
        ("陈立", "for", "changed"), ("何静", "for", "changed"), ("吴婉", "for", ""),
    ]  # fmt: skip
    told = {one.user_id for one in rows(boards, Notice) if "no longer counts" in str(one.title)}
    assert told == {user(boards.kernel, CHAIR), user(boards.kernel, JING)}


def test_what_a_member_adds_is_decided_on_by_all(boards: Boards) -> None:
    from tenor_boards.workflow import Rider

    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    assert not boards.says(WU, motion, FOR, inputs=Rider("a fence"))
    assert [fallen for _who, _what, fallen in boards.cast(motion)] == ["changed", "changed", ""]


def test_who_votes_against_adds_nothing(boards: Boards) -> None:
    from tenor_boards.workflow import Rider

    motion = boards.tabled()
    boards.votes(motion, CHAIR)
    boards.says(WU, motion, AGAINST, inputs=Rider("a fence"))
    assert [fallen for _who, _what, fallen in boards.cast(motion)] == ["", ""]


def test_nobody_votes_on_something_else_than_they_saw(boards: Boards) -> None:
    from tenor_boards.workflow import carry

    motion = boards.tabled()
    seen = boards.offer(JING, motion).shown
    boards.change(motion, amount=Amount.of("700"))

    def press(ballot: Ballot) -> Any:
        return lambda ctx, one: boards.engine.transition(
            ctx, one, carry, None, "no", seen=seen, ballot=ballot
        )

    for ballot in (FOR, AGAINST, ABSTAIN):
        assert refused(Conflict, boards.do, JING, motion, press(ballot)).key == "changed-since"
    assert not boards.do(JING, motion, press(RECUSE))  # a conflict is one whatever it says


# -- members ------------------------------------------------------------------------------------------------------


def end_position(boards: Boards, login: str) -> None:
    held = UserPosition.__table__
    with boards.kernel.db.raw() as connection:
        connection.execute(held.delete().where(held.c.user_id == user(boards.kernel, login)))


def test_the_vote_of_a_member_who_leaves_stays_and_so_does_their_seat(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING)
    change_user(boards.kernel, JING, active=False)
    assert not boards.votes(motion, WU)
    assert len(boards.offer(WU, motion).tally.sitting.count.entitled) == 4
    assert boards.votes(motion, CHAIR)


def test_a_member_whose_position_ends_before_they_voted_is_one_no_more(boards: Boards) -> None:
    motion = boards.tabled()
    end_position(boards, ZHENG)
    boards.votes(motion, CHAIR)
    boards.says(WU, motion, AGAINST)
    assert boards.votes(motion, JING)  # two of the three left


def test_a_member_on_leave_keeps_their_seat(boards: Boards) -> None:
    motion = boards.tabled()
    change_user(boards.kernel, ZHENG, on_leave_until=date(2030, 1, 1))
    assert len(boards.offer(WU, motion).tally.sitting.count.entitled) == 4


def test_a_deputy_votes_for_the_seat_and_both_have_voted(boards: Boards) -> None:
    motion = boards.tabled()
    give(boards.kernel, ZHENG, OFFICER)
    assert not boards.votes(motion, OFFICER)
    sitting = boards.offer(WU, motion).tally.sitting
    assert sitting.ballots == {user(boards.kernel, ZHENG): FOR}
    boards.votes(motion, CHAIR)
    assert boards.votes(motion, WU)


def test_the_member_may_change_what_their_deputy_said(boards: Boards) -> None:
    motion = boards.tabled()
    give(boards.kernel, ZHENG, OFFICER)
    boards.votes(motion, OFFICER)
    boards.says(ZHENG, motion, AGAINST)
    assert boards.cast(motion) == [("周启明", "for", "replaced"), ("郑涛", "against", "")]


def test_a_deputy_who_has_a_seat_votes_for_that_alone(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING)
    give(boards.kernel, ZHENG, JING)
    assert refused(Conflict, boards.votes, motion, JING).key == "already-voted"
    assert len(boards.offer(WU, motion).tally.sitting.count.missing) == 3


def test_a_deputy_votes_for_one_seat_of_two(boards: Boards) -> None:
    motion = boards.tabled()
    for giver in (ZHENG, WU):
        give(boards.kernel, giver, OFFICER)
    boards.votes(motion, OFFICER)
    assert refused(Conflict, boards.votes, motion, OFFICER).key == "already-voted"
    assert len(boards.offer(JING, motion).tally.sitting.ballots) == 1


def test_a_deputy_of_the_recused_does_not_vote_and_neither_does_a_deputy_who_is(
    boards: Boards,
) -> None:
    motion = boards.tabled()
    give(boards.kernel, SUN, OFFICER)
    assert refused(Forbidden, boards.votes, motion, OFFICER).key == "recused"
    give(boards.kernel, ZHENG, SUN)
    assert refused(Forbidden, boards.votes, motion, SUN).key == "recused"


def test_a_deputy_without_a_seat_who_is_party_to_it_does_not_vote(boards: Boards) -> None:
    motion = boards.tabled(party=OFFICER)
    give(boards.kernel, ZHENG, OFFICER)
    assert refused(Forbidden, boards.votes, motion, OFFICER).key == "recused"
    assert len(boards.offer(WU, motion).tally.sitting.count.entitled) == 5


def test_a_seat_is_not_given_with_another_position(boards: Boards) -> None:
    make_user(boards.kernel, "mei", positions=[("committee-member", "HQ"), ("approver", "HQ")])
    motion = boards.tabled()
    give(boards.kernel, "mei", "han.xue", "approver")
    error = refused(Blocked, boards.votes, motion, "han.xue")
    assert "You have no seat in the committee" in whats(error)


def test_the_members_are_told_and_have_it_in_their_inbox_until_they_voted(boards: Boards) -> None:
    motion = boards.tabled()
    assert {one.position for one in rows(boards, Task)} >= {"committee-member", "committee-chair"}

    def inbox(login: str) -> list[int]:
        with as_actor(boards.kernel, login, write=False) as ctx:
            return [one.record_id for one in boards.engine.tasks(ctx)]

    assert motion in inbox(JING)
    boards.votes(motion, JING)
    assert motion not in inbox(JING)
    assert motion in inbox(WU)


def test_outside_ones_rows_there_is_nothing_to_vote_on(boards: Boards) -> None:
    from tenor_boards.records import Motion
    from tenor_boards.workflow import carry

    motion = boards.tabled()
    with as_actor(boards.kernel, "gao.jie") as ctx, pytest.raises(NotFound):
        vote(ctx, Motion(id=motion), carry, FOR)


# -- persons, time, authority -----------------------------------------------------------------------------------------


def test_persons_named_on_the_record_are_the_committee(boards: Boards) -> None:
    from tenor_boards.workflow import carry_named

    motion = boards.tabled(party="", named=("gu.yan", OFFICER, JING))
    error = refused(Blocked, boards.votes, motion, WU, how=carry_named)
    assert whats(error) == ["You have no seat in the committee"]
    assert not boards.votes(motion, "gu.yan", how=carry_named)
    assert boards.votes(motion, OFFICER, how=carry_named)


def test_it_can_wait_for_all(boards: Boards) -> None:
    from tenor_boards.workflow import carry_slowly

    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING, WU, how=carry_slowly)
    assert boards.state(motion) == "tabled"
    assert boards.says(ZHENG, motion, AGAINST, "late", carry_slowly)
    assert boards.state(motion) == "carried"


def test_when_its_time_is_over_it_is_counted_without_those_who_are_silent(boards: Boards) -> None:
    from tenor_boards.workflow import carry_slowly

    motion, silent = boards.tabled(), boards.tabled()
    boards.votes(motion, CHAIR, JING, WU, how=carry_slowly)
    boards.votes(silent, CHAIR, JING, how=carry_slowly)
    with as_actor(boards.kernel, JING, write=False) as ctx:
        later = ctx.today + timedelta(days=14)
    run_jobs(boards.kernel)
    assert boards.state(motion) == "tabled"
    with on_date(boards.kernel, later):
        run_jobs(boards.kernel)
        assert boards.state(motion) == "carried"
        assert boards.state(silent) == "tabled"  # without a quorum nothing is decided by silence


def test_who_leaves_can_let_the_rest_have_decided(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    boards.says(WU, motion, AGAINST)
    run_jobs(boards.kernel)  # the schedules begin
    end_position(boards, ZHENG)
    clock = boards.kernel.clock
    clock.move(clock.instant + timedelta(minutes=6))
    run_jobs(boards.kernel)
    assert boards.state(motion) == "carried"


def test_with_an_authority_the_committee_decides_what_no_other_line_covers(boards: Boards) -> None:
    from tenor_boards.workflow import carry_by_authority

    small = boards.tabled(amount=Amount.of("100"))
    error = refused(Blocked, boards.votes, small, JING, how=carry_by_authority)
    assert "Decided by: Approver, alone" in boards.words(error.blockers[0].why)
    assert boards.votes(small, "gu.yan", how=carry_by_authority)


def test_a_line_that_takes_more_people_raises_the_quorum(boards: Boards) -> None:
    from tenor_boards.workflow import carry_by_authority

    motion = boards.tabled(amount=Amount.of("500"))
    refused(Blocked, boards.votes, motion, "gu.yan", how=carry_by_authority)
    boards.votes(motion, CHAIR, JING, WU, how=carry_by_authority)
    assert boards.state(motion) == "tabled"
    assert boards.says(ZHENG, motion, ABSTAIN, how=carry_by_authority)
    assert boards.state(motion) == "carried"


def test_a_recusal_is_no_decision_that_a_simulation_looks_at(boards: Boards) -> None:
    from tenor_boards.workflow import carry_by_authority, powers

    motion = boards.tabled(amount=Amount.of("500"))
    boards.says(WU, motion, RECUSE, how=carry_by_authority)
    with as_actor(boards.kernel, "system", write=False) as ctx:
        authority = boards.engine.authorities.declared[powers.key]
        assert boards.engine.simulations.authority(ctx, authority, []).looked_at == 0


def test_above_every_line_nobody_decides(boards: Boards) -> None:
    from tenor_boards.workflow import carry_by_authority

    motion = boards.tabled(amount=Amount.of("5000"))
    for login in (CHAIR, "gu.yan"):
        refused(Blocked, boards.votes, motion, login, how=carry_by_authority)
