"""Whoever follows a record is told of what is said on it; nobody else is, and nobody of their own words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel
from tenor_sdk.testing import make_user

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
LIN, READER, FAR = "lin.xiaowen", "ran.yi", "shen.bai"
SAID = "林晓雯 发表了评论"


@pytest.fixture
def reader(person: Any, box: Any, institution: Any) -> Any:
    """Somebody else who reads the box."""
    box()
    make_user(institution, READER, roles=["vault.appraiser"])
    return person(READER)


def _follow(who: Any) -> None:
    who.send("/vault/box/1/follow", who.form("/vault/box/1", "/vault/box/1/follow"))


def _comment(who: Any) -> None:
    fields = who.form("/vault/box/1", "/vault/box/1/comments")
    who.send("/vault/box/1/comments", {**fields, "text": "the key is lost"})


def test_a_follower_is_told_that_somebody_commented(person: Any, reader: Any) -> None:
    _follow(reader)
    _comment(person(LIN))
    assert SAID in reader.get("/inbox")
    assert "the key is lost" not in reader.get("/inbox")


def test_nobody_else_is_and_nobody_of_their_own_words(person: Any, reader: Any) -> None:
    lin = person(LIN)
    _follow(lin)
    _comment(lin)
    for who in (lin, reader):
        assert SAID not in who.get("/inbox")


def test_the_same_button_ends_it(person: Any, reader: Any) -> None:
    assert "关注" in reader.get("/vault/box/1?tab=1")
    _follow(reader)
    assert "取消关注" in reader.get("/vault/box/1?tab=1")
    _follow(reader)
    _comment(person(LIN))
    assert SAID not in reader.get("/inbox")


def test_over_the_api_a_second_time_is_no_more(program: Programs, reader: Any, person: Any) -> None:
    other = program(READER)
    for _time in range(2):
        assert other("POST", "/vault/box/1/follow").status_code == 201
    _comment(person(LIN))
    assert reader.get("/inbox").count(SAID) == 1
    assert other("POST", "/vault/box/1/unfollow").status_code == 200
    _comment(person(LIN))
    assert reader.get("/inbox").count(SAID) == 1


def test_who_cannot_read_it_cannot_follow_it(program: Programs, reader: Any) -> None:
    assert program(FAR)("POST", "/vault/box/1/follow").status_code == 404


@pytest.fixture
def lost(reader: Any, box: Any, institution: Kernel) -> Any:
    """Whoever follows the box, and can't read it any more."""
    _follow(reader)
    with institution.db.raw() as connection:
        connection.execute(text("DELETE FROM base_user_role WHERE role = 'vault.appraiser'"))
        connection.execute(text("UPDATE base_access_epoch SET number = number + 1"))
    assert reader.client.get("/vault/box/1").status_code == 404
    return reader


def test_who_lost_the_record_is_told_no_more(person: Any, lost: Any) -> None:
    _comment(person(LIN))
    assert SAID not in lost.get("/inbox")


def test_who_lost_the_record_ends_it_all_the_same(
    program: Programs, lost: Any, institution: Kernel
) -> None:
    def followers() -> int:
        with institution.db.raw(write=False) as connection:
            found = connection.execute(text("SELECT count(*) FROM base_follower"))
            return int(found.scalar_one())

    assert followers() == 1
    ask = program(READER)
    assert ask("POST", "/vault/box/1/unfollow").status_code == 200
    assert followers() == 0
    # one that never was answers alike
    assert ask("POST", "/vault/box/999/unfollow").status_code == 200
    assert ask("POST", f"/vault/box/{2**63}/unfollow").status_code == 200


def test_what_has_no_timeline_is_not_followed(program: Programs, reader: Any) -> None:
    lin = program(LIN)
    opening = lin("POST", "/vault/opening", {"box_id": 1, "reason": "a look"}).json["id"]
    answer = lin("POST", f"/vault/opening/{opening}/follow")
    assert (answer.status_code, answer.json["key"]) == (422, "not-discussed")
