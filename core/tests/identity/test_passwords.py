"""Another password: what was opened by the one before is closed, and the ledger says so."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import extract_parameters

from tenor.identity import passwords
from tenor.loader.stage import actor_of
from tenor.testing import as_actor, make_user
from tenor_sdk.errors import NotFound

pytestmark = pytest.mark.both_databases
LOGIN, COLLEAGUE = "zhou.qiming", "lin.xiaowen"
NEW, NEWER = "a password that nobody else knows", "another that nobody else knows"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


@pytest.fixture
def identity(institution: Any) -> Any:
    institution.identity.set_password(LOGIN, NEW)
    return institution.identity


def token_of(institution: Any, login: str) -> str:
    token: str = institution.identity.create_token(actor_of(institution, login), "a program")
    return token


def noted(institution: Any) -> list[Any]:
    with as_actor(institution, "song.qing", write=False) as ctx:
        found = institution.audit.search(ctx, kind="password-changed")
        return [{name: pair[1] for name, pair in entry.changes.items()} for entry in found]


def test_the_tokens_of_who_gets_another_password_are_worth_nothing(
    institution: Any, identity: Any
) -> None:
    tokens = [token_of(institution, LOGIN) for _program in range(2)]
    identity.set_password(LOGIN, NEWER)
    assert [identity.actor_of_token(token) for token in tokens] == [None, None]


def test_the_tokens_of_other_people_go_on(institution: Any, identity: Any) -> None:
    token = token_of(institution, COLLEAGUE)
    identity.set_password(LOGIN, NEWER)
    assert identity.actor_of_token(token).login == COLLEAGUE


def test_a_token_made_afterwards_is_taken(institution: Any, identity: Any) -> None:
    identity.set_password(LOGIN, NEWER)
    assert identity.actor_of_token(token_of(institution, LOGIN)).login == LOGIN


def test_the_ledger_says_how_much_was_closed(institution: Any, identity: Any) -> None:
    before = len(noted(institution))
    for _device in range(2):
        identity.sign_in(LOGIN, NEW)
    token_of(institution, LOGIN)
    identity.set_password(LOGIN, NEWER)
    newest, *older = noted(institution)
    assert newest == {"sessions": 2, "tokens": 1}
    assert len(older) == before


def test_a_hash_that_is_given_closes_as_much_as_a_password(institution: Any, identity: Any) -> None:
    from tenor.base.services import set_password_hash

    token, browser = token_of(institution, LOGIN), identity.sign_in(LOGIN, NEW)
    with as_actor(institution, "system") as ctx:
        set_password_hash(ctx, LOGIN, "a hash")
    assert (identity.actor_of_token(token), identity.actor_of_session(browser)) == (None, None)


def test_a_first_password_leaves_the_token_of_a_program_alone(institution: Any) -> None:
    make_user(institution, "program.one")
    token = token_of(institution, "program.one")
    institution.identity.set_password("program.one", NEW)
    assert institution.identity.actor_of_token(token).login == "program.one"


def test_nobody_has_no_password(institution: Any) -> None:
    with pytest.raises(NotFound, match="no-user"):
        institution.identity.set_password("nobody.here", NEW)


def test_who_is_not_there_is_checked_with_as_much_work_as_who_is() -> None:
    assert extract_parameters(passwords._NOBODY) == extract_parameters(passwords.hashed(NEW))
    assert not passwords.matches("", NEW)
