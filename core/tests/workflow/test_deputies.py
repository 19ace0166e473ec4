"""Whoever stands in for a member of a committee votes for that seat, also where they press the step by a right of their
own; what they are party to themselves isn't the member's."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.boards import CHAIR, JING, WU, ZHENG, Boards
from core.tests.workflow.standing_in import give
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Forbidden
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.values import Amount

pytestmark = pytest.mark.both_databases

AGAINST, FOR, RECUSE = Ballot.AGAINST, Ballot.FOR, Ballot.RECUSE
#: an approver: may press the step, and has no seat
DEPUTY = "qin.feng"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def boards(institution: Any) -> Boards:
    made = Boards(institution)
    give(institution, JING, DEPUTY, "committee-member")
    return made


def ballots(boards: Boards, login: str, motion: int) -> tuple[Ballot, ...]:
    """What somebody is offered to say of the motion's one decision by this committee."""
    told = boards.do(login, motion, boards.engine.decisions)
    found: tuple[Ballot, ...] = next(one.ballots for one in told if one.how.name == "carry")
    return found


def tasks(boards: Boards, login: str) -> int:
    with as_actor(boards.kernel, login, write=False) as ctx:
        return len(boards.engine.tasks(ctx))


def test_a_deputy_votes_it_down_though_a_guard_blocks_it(boards: Boards) -> None:
    motion = boards.tabled(amount=Amount(0))
    assert AGAINST in ballots(boards, DEPUTY, motion)
    assert not boards.says(DEPUTY, motion, AGAINST)
    assert boards.cast(motion) == [("秦峰", "against", "")]
    assert boards.do(JING, motion, boards.engine.voted)[0].behalf_of == "何静"


def test_a_deputy_recuses_themselves_though_a_guard_blocks_it(boards: Boards) -> None:
    motion = boards.tabled(amount=Amount(0))
    assert not boards.says(DEPUTY, motion, RECUSE)
    assert refused(Forbidden, boards.says, DEPUTY, motion, AGAINST).key == "recused"


def test_what_a_deputy_is_party_to_leaves_the_member_their_seat(boards: Boards) -> None:
    motion = boards.tabled()
    boards.says(DEPUTY, motion, RECUSE, "my cousin sits there")
    assert refused(Forbidden, boards.votes, motion, DEPUTY).key == "recused"
    assert not boards.votes(motion, CHAIR, WU)
    assert boards.votes(motion, JING)
    assert boards.state(motion) == "carried"


def test_another_deputy_votes_for_the_seat(boards: Boards) -> None:
    make_user(boards.kernel, "second", positions=[("approver", "HQ")])
    give(boards.kernel, JING, "second", "committee-member")
    motion = boards.tabled()
    boards.says(DEPUTY, motion, RECUSE, "my cousin sits there")
    assert not boards.votes(motion, "second")


def test_a_vote_that_a_deputy_put_in_falls_with_their_recusal(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, DEPUTY)
    boards.says(DEPUTY, motion, RECUSE, "my cousin sits there")
    assert boards.cast(motion) == [("秦峰", "for", "recused"), ("秦峰", "recuse", "")]
    assert not boards.votes(motion, CHAIR, WU)
    assert boards.state(motion) == "tabled"


def test_a_members_own_recusal_takes_the_seat_out_whoever_stands_in(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, DEPUTY)
    boards.says(JING, motion, RECUSE, "my brother sits there")
    assert refused(Forbidden, boards.votes, motion, DEPUTY).key == "recused"
    assert not boards.votes(motion, WU, ZHENG)


# -- who stands in for two ---------------------------------------------------------------------------------------------


@pytest.fixture
def for_two(boards: Boards) -> Boards:
    """The deputy stands in for another member, too."""
    give(boards.kernel, WU, DEPUTY, "committee-member")
    return boards


def behalf(boards: Boards, motion: int) -> list[tuple[str, str]]:
    """The votes that count: whose, and in whose place."""
    voted = boards.do(CHAIR, motion, boards.engine.voted)
    return [(one.user_name, one.behalf_of) for one in voted if one.counts]


def test_where_one_of_two_is_recused_their_deputy_votes_for_the_other(for_two: Boards) -> None:
    motion = for_two.tabled()
    for_two.says(JING, motion, RECUSE, "my cousin sits there")
    assert FOR in ballots(for_two, DEPUTY, motion)
    assert tasks(for_two, DEPUTY) == 1
    for_two.votes(motion, DEPUTY)
    assert behalf(for_two, motion)[-1] == ("秦峰", "吴婉")
    assert tasks(for_two, DEPUTY) == 0


def test_where_one_of_two_has_voted_their_deputys_vote_is_the_others(for_two: Boards) -> None:
    motion = for_two.tabled()
    for_two.votes(motion, JING)
    assert tasks(for_two, DEPUTY) == 1
    for_two.says(DEPUTY, motion, AGAINST)
    assert behalf(for_two, motion) == [("何静", ""), ("秦峰", "吴婉")]
    assert tasks(for_two, DEPUTY) == 0


def test_who_votes_again_for_one_of_two_does_so_for_the_same(for_two: Boards) -> None:
    motion = for_two.tabled()
    for_two.votes(motion, JING, DEPUTY)
    for_two.says(DEPUTY, motion, AGAINST)
    assert behalf(for_two, motion) == [("何静", ""), ("秦峰", "吴婉")]
