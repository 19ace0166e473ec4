"""What was read of a person is kept until anything changes that rights depend on, whoever changes it and however."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from tenor.access import ActorData
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.testing.institution import start, stop
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases

WHO = "lin.xiaowen"
CHANGES = {
    "a position that is taken away": "DELETE FROM base_user_position WHERE user_id = {id}",
    "a role that is given": (
        "INSERT INTO base_user_role (user_id, role, version, created_at, changed_at)"
        " VALUES ({id}, 'notes.note-author', 1, '2026-06-30', '2026-06-30')"
    ),
    "a new unit below theirs": (
        "INSERT INTO base_unit (code, name, path, archived, version, created_at, changed_at)"
        " SELECT 'NEW', 'New', path || '999/', false, 1, created_at, changed_at"
        " FROM base_unit WHERE id = {unit}"
    ),
    "another language": "UPDATE base_user SET language = 'en' WHERE id = {id}",
}
LEAVES = text("UPDATE base_user SET active = false WHERE login = 'lin.xiaowen'")


@pytest.fixture
def token(institution: Kernel) -> str:
    return institution.identity.create_token(actor_of(institution, WHO), "test")


@pytest.fixture
def asked(institution: Kernel, token: str) -> Callable[[], ActorData | None]:
    return lambda: institution.identity.actor_of_token(token)


@pytest.fixture
def statements(institution: Kernel) -> Iterator[list[str]]:
    with asking(institution.db.reader) as said:
        yield said


def test_to_know_who_asks_again_takes_one_statement(
    asked: Callable[[], ActorData | None], statements: list[str]
) -> None:
    first = asked()
    statements.clear()
    assert asked() is first
    assert len(statements) == 1, statements


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_request_knows_of(
    institution: Kernel, asked: Callable[[], ActorData | None], change: str
) -> None:
    before = asked()
    assert before is not None
    with institution.db.raw() as connection:
        connection.execute(text(CHANGES[change].format(id=before.id, unit=before.unit_id)))
    after = asked()
    assert after is not None
    assert after != before


def test_somebody_who_left_acts_no_more(
    institution: Kernel, asked: Callable[[], ActorData | None]
) -> None:
    assert asked() is not None
    with institution.db.raw() as connection:
        connection.execute(LEAVES)
    assert asked() is None


def test_another_process_knows_at_once(
    institution: Kernel, database: str, tmp_path_factory: pytest.TempPathFactory, token: str
) -> None:
    other = start(database, (), tmp_path_factory.mktemp("other"))
    try:
        assert other.identity.actor_of_token(token) is not None
        with institution.db.raw() as connection:
            connection.execute(LEAVES)
        assert other.identity.actor_of_token(token) is None
    finally:
        stop(other)
