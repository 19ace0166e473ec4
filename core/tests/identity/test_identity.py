"""Signing in: what a changed password ends, and tries that are counted though they come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tenor.base.demo import DEMO_PASSWORD
from tenor.testing import as_actor
from tenor_sdk.errors import Refused

pytestmark = pytest.mark.both_databases
LOGIN = "zhou.qiming"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


def test_another_password_ends_what_was_signed_in_by_the_one_before(institution: Any) -> None:
    identity = institution.identity
    identity.set_password(LOGIN, DEMO_PASSWORD)
    before = identity.sign_in(LOGIN, DEMO_PASSWORD)
    identity.set_password(LOGIN, "a password that nobody else knows")
    assert identity.actor_of_session(before) is None
    after = identity.sign_in(LOGIN, "a password that nobody else knows")
    assert identity.actor_of_session(after).login == LOGIN


def test_another_password_leaves_other_people_signed_in(institution: Any) -> None:
    identity = institution.identity
    token = identity._open("lin.xiaowen", "")
    identity.set_password(LOGIN, "a password that nobody else knows")
    assert identity.actor_of_session(token).login == "lin.xiaowen"


def test_failures_in_the_same_instant_are_all_counted(institution: Any) -> None:
    with ThreadPoolExecutor(5) as threads:
        assert (
            list(threads.map(institution.identity.failures.count, [LOGIN] * 5, [""] * 5))
            == [None] * 5
        )
    with pytest.raises(Refused, match="locked-out"):
        institution.identity.sign_in(LOGIN, DEMO_PASSWORD)


def test_a_lock_is_not_lifted_by_another_failure(institution: Any) -> None:
    for _try in range(6):
        institution.identity.failures.count(LOGIN, "")
    with pytest.raises(Refused, match="locked-out"):
        institution.identity.sign_in(LOGIN, DEMO_PASSWORD)


def test_a_login_given_in_capitals_can_be_signed_in_with(institution: Any) -> None:
    from tenor.base.services import add_user

    with as_actor(institution, "system") as ctx:
        add_user(ctx, "Anna.Berg", "Anna Berg", unit="HQ")
    institution.identity.set_password("anna.berg", "a password that nobody else knows")
    assert institution.identity.sign_in("Anna.Berg", "a password that nobody else knows")
