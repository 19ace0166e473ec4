"""Whoever is party to a case before a committee doesn't have it in their inbox, and isn't told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.tests.workflow.boards import JING, MOVER, SUN, WU, Boards
from core.tests.workflow.standing_in import give, user
from tenor.notify.records import Notice
from tenor_sdk.approvals import Ballot
from tenor_sdk.testing import as_actor, run_jobs
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def boards(institution: Any) -> Boards:
    return Boards(institution)


def inbox(boards: Boards, login: str) -> list[int]:
    with as_actor(boards.kernel, login, write=False) as ctx:
        return [one.record_id for one in boards.engine.tasks(ctx)]


def told(boards: Boards, login: str) -> int:
    """How often somebody was told of something."""
    table = Notice.__table__
    with boards.kernel.db.raw(write=False) as connection:
        whose = table.select().where(table.c.user_id == user(boards.kernel, login))
        return len(connection.execute(whose).all())


def pass_by(boards: Boards) -> None:
    """Six minutes, with what is done meanwhile by itself."""
    run_jobs(boards.kernel)  # the schedules begin
    boards.kernel.clock.move(boards.kernel.clock.instant + timedelta(minutes=6))
    run_jobs(boards.kernel)


def test_who_is_recused_by_a_rule_neither_has_it_in_their_inbox_nor_is_told(boards: Boards) -> None:
    motion = boards.tabled()
    assert motion not in inbox(boards, SUN)
    assert motion in inbox(boards, WU)
    assert (told(boards, SUN), told(boards, WU)) == (0, 1)


def test_who_becomes_party_to_it_later_has_it_before_them_no_more(boards: Boards) -> None:
    motion = boards.tabled()
    boards.change(motion, party_id=user(boards.kernel, WU))
    pass_by(boards)
    assert motion not in inbox(boards, WU)
    assert motion in inbox(boards, SUN)


def test_who_stands_in_for_a_member_and_is_party_to_it_does_not_have_it(boards: Boards) -> None:
    give(boards.kernel, JING, "xu.min", "committee-member")
    motion = boards.tabled(party="xu.min")
    assert motion not in inbox(boards, "xu.min")
    assert motion in inbox(boards, JING)


def test_whoever_recused_themselves_is_not_told_when_it_comes_again(boards: Boards) -> None:
    from tenor_boards.workflow import pull, table

    motion = boards.tabled()
    boards.says(JING, motion, Ballot.RECUSE, "my brother's")
    before = told(boards, JING)
    for how in (pull, table):
        boards.do(MOVER, motion, lambda ctx, one, how=how: transition(ctx, one, how))
    assert told(boards, JING) == before
    assert motion not in inbox(boards, JING)
