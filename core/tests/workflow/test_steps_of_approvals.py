"""Decisions one after the other, side by side, and of n of m named people; and several who press at once."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.boards import APPROVERS, CHAIR, JING, OFFICER, WU, ZHENG, Boards
from core.tests.workflow.standing_in import give
from tenor.workflow.records import WorkflowStep
from tenor_sdk.approvals import Approval, ApprovalStep, Ballot, vote
from tenor_sdk.errors import Blocked, Conflict, TenorError
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.values import Amount

pytestmark = pytest.mark.both_databases

FIRST, SECOND, THIRD = APPROVERS


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def boards(institution: Any) -> Boards:
    return Boards(institution)


@pytest.fixture
def stepwise() -> Any:
    from tenor_boards.workflow import carry_stepwise

    return carry_stepwise


@pytest.fixture
def parallel() -> Any:
    from tenor_boards.workflow import carry_parallel

    return carry_parallel


def whats(boards: Boards, error: Any) -> list[str]:
    return [boards.words(one.what) for one in error.blockers]


def test_who_comes_later_waits_for_who_comes_first(boards: Boards, stepwise: Any) -> None:
    motion = boards.tabled()
    error = refused(Blocked, boards.votes, motion, FIRST, how=stepwise)
    assert whats(boards, error) == ["Before you it takes: The risk department"]
    assert not boards.votes(motion, OFFICER, FIRST, how=stepwise)
    assert boards.votes(motion, SECOND, how=stepwise)
    assert boards.state(motion) == "carried"


def test_a_step_that_is_complete_takes_no_more(boards: Boards, stepwise: Any) -> None:
    motion = boards.tabled()
    boards.votes(motion, OFFICER, how=stepwise)
    error = refused(Blocked, boards.votes, motion, "he.lei", how=stepwise)
    assert whats(boards, error) == ["Your step is complete"]


def test_nobody_has_a_part_in_two_steps(boards: Boards, stepwise: Any) -> None:
    make_user(boards.kernel, "mei", positions=[("risk-officer", "HQ"), ("approver", "HQ")])
    motion = boards.tabled()
    boards.votes(motion, "mei", how=stepwise)
    assert refused(Conflict, boards.votes, motion, "mei", how=stepwise).key == "already-voted"


def test_who_has_no_step_is_told_so(boards: Boards, stepwise: Any) -> None:
    motion = boards.tabled()
    error = refused(Blocked, boards.votes, motion, JING, how=stepwise)
    assert whats(boards, error) == ["None of your positions decides this case"]


def test_all_steps_begin_again_when_what_was_shown_changes(boards: Boards, stepwise: Any) -> None:
    motion = boards.tabled()
    boards.votes(motion, OFFICER, FIRST, how=stepwise)
    boards.change(motion, amount=Amount.of("600"))
    error = refused(Blocked, boards.votes, motion, SECOND, how=stepwise)
    assert whats(boards, error) == ["Before you it takes: The risk department"]
    boards.votes(motion, OFFICER, how=stepwise)
    assert [fallen for _who, _what, fallen in boards.cast(motion)] == ["changed", "changed", ""]
    assert boards.votes(motion, FIRST, SECOND, how=stepwise)


def test_a_deputy_takes_the_step_of_whom_they_stand_in_for(boards: Boards, stepwise: Any) -> None:
    motion = boards.tabled()
    give(boards.kernel, OFFICER, "han.xue")
    assert not boards.votes(motion, "han.xue", FIRST, how=stepwise)
    assert refused(Conflict, boards.votes, motion, OFFICER, how=stepwise).key == "already-voted"
    assert boards.votes(motion, SECOND, how=stepwise)


def test_side_by_side_in_any_order_two_of_three_named(boards: Boards, parallel: Any) -> None:
    motion = boards.tabled(named=(FIRST, SECOND, JING))
    assert not boards.votes(motion, JING, OFFICER, how=parallel)
    error = refused(Blocked, boards.votes, motion, THIRD, how=parallel)
    assert whats(boards, error) == ["None of your positions decides this case"]
    assert boards.votes(motion, SECOND, how=parallel)


def test_who_could_fill_two_steps_leaves_one_to_who_cannot(boards: Boards, parallel: Any) -> None:
    motion = boards.tabled(named=(OFFICER, FIRST))
    assert not boards.votes(motion, OFFICER, FIRST, how=parallel)
    assert boards.votes(motion, "he.lei", how=parallel)


def test_an_approval_goes_one_way() -> None:
    steps = (ApprovalStep(members=("approver",)),)
    with pytest.raises(TypeError, match="one of"):
        Approval(shown=lambda _ctx, _record: None)
    with pytest.raises(TypeError, match="one of"):
        Approval(shown=lambda _ctx, _record: None, steps=steps, needed=lambda _ctx, _record: 1)
    with pytest.raises(TypeError, match="at least one"):
        ApprovalStep(members=("approver",), people=0)


# -- in the same second -----------------------------------------------------------------------------------------------


def at_once(boards: Boards, motion: int, said: list[tuple[str, Ballot]]) -> list[str]:
    """Each votes in a thread of their own; where readers don't wait for writers, all have read it before."""
    from tenor_boards.records import Motion
    from tenor_boards.workflow import carry

    together = Barrier(len(said))
    ended = [""] * len(said)
    reads_first = boards.kernel.db.dialect == "postgresql"

    def press(place: int, login: str, ballot: Ballot) -> None:
        try:
            if not reads_first:
                together.wait(10)
            with as_actor(boards.kernel, login) as ctx:
                one = ctx.session.get_one(Motion, motion)
                if reads_first:
                    together.wait(10)
                ended[place] = str(vote(ctx, one, carry, ballot, reason="at once"))
        except TenorError as error:
            ended[place] = error.key

    threads = [Thread(target=press, args=(place, *one)) for place, one in enumerate(said)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ended)


def moves(boards: Boards) -> list[str]:
    with boards.kernel.db.raw(write=False) as connection:
        table = WorkflowStep.__table__
        rows = connection.execute(table.select().order_by(table.c.id))
        return [row.transition for row in rows if row.transition in ("carry", "drop")]


def test_the_last_two_votes_in_the_same_second_decide_once(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, CHAIR, JING)
    said = [(WU, Ballot.FOR), (ZHENG, Ballot.FOR)]
    assert at_once(boards, motion, said) == ["True", "not-from-this-state"]
    assert moves(boards) == ["carry"]


def test_a_double_click_of_a_member_is_one_vote(boards: Boards) -> None:
    motion = boards.tabled()
    assert at_once(boards, motion, [(JING, Ballot.FOR)] * 2) == ["False", "already-voted"]
    assert len(boards.cast(motion)) == 1


def test_a_veto_and_the_deciding_vote_in_the_same_second_are_one_decision(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING, WU)
    said = [(CHAIR, Ballot.VETO), (ZHENG, Ballot.FOR)]
    assert "True" in at_once(boards, motion, said)
    assert moves(boards) == ["drop"]
