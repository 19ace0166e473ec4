"""Whoever follows a case is told of its steps, but of their own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tenor_permits.workflow import reviewed, submit

from core.tests.workflow.permits import KEEPER, REVIEWER, Permits
from tenor.notify.records import Notice
from tenor_sdk.records import follow

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def _told(permits: Permits, login: str) -> int:
    statement = select(Notice.id).where(
        Notice.kind == "base.followed", Notice.user_id == permits.user(login)
    )
    with permits.kernel.db.raw(write=False) as connection:
        return len(connection.execute(statement).all())


def test_a_follower_is_told_that_a_case_moved_on(permits: Permits) -> None:
    permit = permits.file()
    permits.do(KEEPER, permit, follow)
    permits.go(KEEPER, permit, submit)
    assert _told(permits, KEEPER) == 0
    permits.go(REVIEWER, permit, reviewed)
    assert _told(permits, KEEPER) == 1
    assert _told(permits, REVIEWER) == 0
