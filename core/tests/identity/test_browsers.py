"""Browsers that are signed in: for a working day at most, however busy, and not while nobody is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.identity.records import SignIn
from tenor.testing import run_jobs

pytestmark = pytest.mark.both_databases
LOGIN = "zhou.qiming"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


def later(institution: Any, **distance: float) -> None:
    assert isinstance(institution.clock, StoppedClock)
    institution.clock.move(institution.clock.instant + timedelta(**distance))


def allow(institution: Any, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(institution, "settings", replace(institution.settings, session_hours=hours))


def busy(institution: Any, token: str, hours: int) -> list[bool]:
    """Whether the browser was signed in, hour by hour."""
    seen = []
    for _hour in range(hours):
        later(institution, hours=1)
        seen.append(institution.identity.actor_of_session(token) is not None)
    return seen


def test_a_browser_that_is_never_left_alone_is_signed_out_after_twelve_hours(
    institution: Any,
) -> None:
    token = institution.identity._open(LOGIN, "")
    assert busy(institution, token, 13) == [True] * 11 + [False] * 2


def test_an_institution_says_after_how_many_hours_it_ends(
    institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(institution, monkeypatch, 20)
    token = institution.identity._open(LOGIN, "")
    assert busy(institution, token, 21) == [True] * 19 + [False] * 2


def test_a_browser_that_is_left_alone_is_signed_out_before(
    institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(institution, monkeypatch, 100)
    token = institution.identity._open(LOGIN, "")
    later(institution, hours=11)
    assert institution.identity.actor_of_session(token) is not None
    later(institution, hours=12)
    assert institution.identity.actor_of_session(token) is None


def test_a_shorter_end_counts_for_who_is_signed_in_already(
    institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = institution.identity._open(LOGIN, "")
    later(institution, hours=2)
    assert institution.identity.actor_of_session(token) is not None
    allow(institution, monkeypatch, 2)
    assert institution.identity.actor_of_session(token) is None


def test_each_morning_the_sessions_that_are_over_are_gone(institution: Any) -> None:
    run_jobs(institution)  # the schedule begins
    institution.identity._open(LOGIN, "")
    later(institution, days=1)
    run_jobs(institution)
    with institution.db.raw(write=False) as connection:
        assert not connection.scalar(select(func.count()).select_from(table_of(SignIn)))
