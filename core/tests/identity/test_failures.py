"""Tries that fail: counted by login and address, so that guessing is slow and nobody is shut out by a stranger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.base.demo import DEMO_PASSWORD
from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.identity.failures import where_from
from tenor.identity.records import FailedSignIn
from tenor.testing import run_jobs
from tenor_sdk.errors import Refused

pytestmark = pytest.mark.both_databases
LOGIN = "zhou.qiming"
AT_WORK, ELSEWHERE = "10.1.0.7", "203.0.113.9"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


@pytest.fixture
def door(institution: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The room, in which ``right`` is everybody's password, so that a try takes no time."""
    identity = institution.identity
    monkeypatch.setattr(
        "tenor.identity.passwords.matches", lambda _kept, given: given == DEMO_PASSWORD
    )
    return identity


def fails(door: Any, login: str, address: str, times: int = 1) -> None:
    for _try in range(times):
        with pytest.raises(Refused, match="sign-in-failed"):
            door.sign_in(login, "wrong", address)


def locked(door: Any, login: str, address: str) -> int:
    """For how many minutes the right password is refused."""
    with pytest.raises(Refused, match="locked-out") as refusal:
        door.sign_in(login, DEMO_PASSWORD, address)
    return int(str(refusal.value.values["minutes"]))


def later(institution: Any, **distance: float) -> None:
    assert isinstance(institution.clock, StoppedClock)
    institution.clock.move(institution.clock.instant + timedelta(**distance))


def kept(institution: Any) -> int:
    with institution.db.raw(write=False) as connection:
        return int(connection.scalar(select(func.count()).select_from(table_of(FailedSignIn))))


def test_a_stranger_locks_a_login_where_they_are_and_not_where_its_person_is(door: Any) -> None:
    fails(door, LOGIN, ELSEWHERE, 5)
    assert locked(door, LOGIN, ELSEWHERE) == 10
    assert door.sign_in(LOGIN, DEMO_PASSWORD, AT_WORK)


def test_who_signs_in_elsewhere_forgives_the_stranger_nothing(door: Any) -> None:
    fails(door, LOGIN, ELSEWHERE, 5)
    door.sign_in(LOGIN, DEMO_PASSWORD, AT_WORK)
    assert locked(door, LOGIN, ELSEWHERE) == 10


def test_an_address_that_tries_many_logins_is_locked_for_every_login(door: Any) -> None:
    for number in range(30):
        fails(door, f"guess.{number}", ELSEWHERE)
    assert locked(door, LOGIN, ELSEWHERE) == 10
    assert door.sign_in(LOGIN, DEMO_PASSWORD, AT_WORK)


def test_who_mistypes_and_then_signs_in_counts_no_more_against_the_branchs_address(
    door: Any,
) -> None:
    for _try in range(10):
        fails(door, LOGIN, AT_WORK, 3)
        door.sign_in(LOGIN, DEMO_PASSWORD, AT_WORK)
    fails(door, "lin.xiaowen", AT_WORK)
    assert door.sign_in("lin.xiaowen", DEMO_PASSWORD, AT_WORK)


def test_a_login_that_is_tried_from_many_addresses_is_locked_for_all_of_them(door: Any) -> None:
    for number in range(10):
        fails(door, LOGIN, f"203.0.113.{number}", 5)
    assert locked(door, LOGIN, AT_WORK) == 10


def test_a_lock_ends_by_the_clock_and_the_count_begins_anew(institution: Any, door: Any) -> None:
    fails(door, LOGIN, ELSEWHERE, 5)
    later(institution, minutes=4)
    assert locked(door, LOGIN, ELSEWHERE) == 6
    later(institution, minutes=6, seconds=1)
    fails(door, LOGIN, ELSEWHERE, 4)
    assert door.sign_in(LOGIN, DEMO_PASSWORD, ELSEWHERE)


def test_an_address_is_free_again_when_enough_of_its_failures_are_forgotten(
    institution: Any, door: Any
) -> None:
    fails(door, "guess.first", ELSEWHERE)
    later(institution, minutes=7)
    for number in range(29):
        fails(door, f"guess.{number}", ELSEWHERE)
    assert locked(door, LOGIN, ELSEWHERE) == 3
    later(institution, minutes=3, seconds=1)
    assert door.sign_in(LOGIN, DEMO_PASSWORD, ELSEWHERE)


def test_each_morning_the_failures_that_have_no_more_effect_are_gone(
    institution: Any, door: Any
) -> None:
    run_jobs(institution)  # the schedule begins
    fails(door, LOGIN, ELSEWHERE, 5)
    later(institution, days=1)
    fails(door, LOGIN, AT_WORK)
    run_jobs(institution)
    assert kept(institution) == 1


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("10.1.0.7", "10.1.0.7"),
        ("::ffff:10.1.0.7", "10.1.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 90, "x" * 64),
    ],
)
def test_an_address_of_the_long_kind_counts_by_the_network_that_its_holder_may_choose_from(
    given: str, counted: str
) -> None:
    assert where_from(given) == counted
