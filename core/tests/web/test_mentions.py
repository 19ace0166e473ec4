"""Whoever is named in a comment is told, if they can read the record; the writer hears of those who can't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import insert, select, text

from core.tests.web.test_api import Programs, program
from core.tests.workflow.standing_in import give
from tenor.access.records import User
from tenor.events.rows import stamps, table_of
from tenor.kernel import Kernel
from tenor.records.records import Comment
from tenor_sdk.access import FieldRule, RowRule
from tenor_sdk.testing import as_actor, make_user

if TYPE_CHECKING:
    from tenor.context import KernelContext

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
LIN, READER, FAR = "lin.xiaowen", "ran.yi", "shen.bai"
BOX = "/vault/box/1"
TOLD, FOLLOWED = "林晓雯 提到了您", "林晓雯 发表了评论"
UNTOLD = "无权查看此记录，未予通知"
_users = table_of(User)


def _run(institution: Kernel, statement: Any, rows: Any = None) -> Any:
    """Have the database do what no page does; rows are stamped."""
    with as_actor(institution, LIN) as ctx:
        kernel_ctx = cast("KernelContext", ctx)
        given = [{**row, **stamps(kernel_ctx)} for row in rows] if rows else None
        return institution.db.execute(kernel_ctx.guarded, statement, given)


def _put(institution: Kernel, login: str, **values: Any) -> None:
    """Have something else stand of a person."""
    with as_actor(institution, "ding.ning") as ctx:
        person = ctx.session.scalars(select(User).where(User.login == login)).one()
        for name, value in values.items():
            setattr(person, name, value)


@pytest.fixture
def reader(person: Any, box: Any, institution: Kernel) -> Any:
    """Somebody else who reads the box: 冉一."""
    box()
    make_user(institution, READER, roles=["vault.appraiser"])
    _put(institution, READER, name="冉一")
    return person(READER)


@pytest.fixture
def say(person: Any) -> Callable[..., str]:
    """Comment on the box as Lin does; the page that comes then."""

    def comment(words: str, login: str = LIN) -> str:
        who = person(login)
        fields = who.form(BOX, f"{BOX}/comments")
        where = who.send(f"{BOX}/comments", {**fields, "text": words}).headers["Location"]
        page: str = who.get(f"{BOX}?tab=1")
        assert where.endswith("#timeline") == ('class="t-notice ' not in page)
        return page

    return comment


def test_whoever_is_named_is_told_that_and_not_what(reader: Any, say: Any) -> None:
    page = say("@冉一请看钥匙")
    inbox = reader.get("/inbox")
    assert TOLD in inbox
    assert "钥匙" not in inbox
    assert UNTOLD not in page


def test_the_notice_leads_to_the_record(reader: Any, say: Any, program: Programs) -> None:
    say("@冉一")
    (notice,) = program(READER)("GET", "/inbox").json["items"]
    assert notice["_href"].endswith(BOX)


def test_whoever_follows_too_is_told_once(reader: Any, say: Any) -> None:
    reader.send(f"{BOX}/follow", reader.form(BOX, f"{BOX}/follow"))
    say("@ran.yi @冉一")
    inbox = reader.get("/inbox")
    assert (inbox.count(TOLD), FOLLOWED in inbox) == (1, False)


def test_nobody_is_told_of_their_own_words(reader: Any, say: Any, person: Any) -> None:
    page = say("@林晓雯 remembers")
    assert UNTOLD not in page
    assert TOLD not in person(LIN).get("/inbox")
    assert 'class="t-mention is-me"' in page


def test_who_cannot_read_the_record_is_not_told_and_the_writer_hears_it(
    reader: Any, say: Any, person: Any, institution: Kernel
) -> None:
    _put(institution, FAR, name="沈白")
    assert f"沈白 {UNTOLD}" in say("@沈白 @冉一")
    assert TOLD not in person(FAR).get("/inbox")
    assert TOLD in reader.get("/inbox")


def test_in_english_several_are_told_of_in_one_sentence(
    reader: Any, person: Any, institution: Kernel
) -> None:
    for login, name in ((FAR, "Shen Bai"), (READER, "Ran Yi")):
        _put(institution, login, name=name)
    _put(institution, READER, active=False)
    _put(institution, LIN, language="en")
    lin = person(LIN)
    lin.client.set_cookie("tenor_language", "en", domain="localhost")
    lin.send(f"{BOX}/comments", {**lin.form(BOX, f"{BOX}/comments"), "text": "@Shen Bai @Ran Yi"})
    page = lin.get(BOX)
    assert "Shen Bai, Ran Yi can’t see this record and weren’t told." in page


@pytest.mark.parametrize("gone", [{"active": False}, {"archived": True}])
def test_who_left_is_not_told_and_the_writer_hears_it(
    reader: Any, say: Any, institution: Kernel, gone: dict[str, bool]
) -> None:
    _put(institution, READER, **gone)
    assert f"冉一 {UNTOLD}" in say("@冉一")


def test_whoever_reads_it_in_anothers_place_is_told(
    box: Any, say: Any, person: Any, institution: Kernel
) -> None:
    box()
    _put(institution, FAR, name="沈白")
    assert UNTOLD in say("@沈白")
    give(institution, LIN, FAR, "relationship-manager")
    assert UNTOLD not in say("@沈白")
    assert TOLD in person(FAR).get("/inbox")


def _hide(institution: Kernel, monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    """Have a rule keep a person from everybody."""
    book = institution.access.book
    rule = RowRule(record=User, allows=lambda _actor: User.login != login)
    rules = {**book.rules, User: [rule]}
    monkeypatch.setattr(institution.access, "book", replace(book, rules=rules))
    institution.access._rights.clear()


def test_whom_the_writer_may_not_see_is_nobody(
    reader: Any, say: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch, program: Programs
) -> None:
    _hide(institution, monkeypatch, READER)
    page = say("@冉一 @ran.yi")
    assert UNTOLD not in page
    assert "t-mention" not in page
    assert TOLD not in reader.get("/inbox")
    answer = program(LIN)("POST", f"{BOX}/comments", {"text": "@冉一"})
    assert answer.json == {"told": [], "not_told": [], "unclear": [], "over": False}
    assert program(LIN)("GET", f"{BOX}/comments").json["items"][0]["mentions"] == []


def test_by_a_hidden_name_nobody_is_found(
    reader: Any, say: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch, person: Any
) -> None:
    made = FieldRule(fields=(User.name,), effect="hide")
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, made])
    institution.access._field_effects.clear()
    say("@冉一")
    assert TOLD not in reader.get("/inbox")
    assert person(LIN).client.get(f"{BOX}/people?q=冉").json == []


def test_whoever_is_named_by_a_login_is_not_called_by_a_hidden_name(
    reader: Any, say: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch, program: Programs
) -> None:
    _put(institution, FAR, name="沈白")
    made = FieldRule(fields=(User.name,), effect="mask")
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, made])
    institution.access._field_effects.clear()
    page = say(f"@{FAR} @{READER}")
    assert f"{FAR} {UNTOLD}" in page
    assert "沈白" not in page
    answer = program(LIN)("POST", f"{BOX}/comments", {"text": f"@{FAR} @{READER}"})
    assert [one["name"] for one in answer.json["told"]] == [READER]
    assert [one["name"] for one in answer.json["not_told"]] == [FAR]
    assert TOLD in reader.get("/inbox")


def test_of_two_of_one_name_none_is_told_and_the_writer_hears_why(
    reader: Any, say: Any, person: Any, institution: Kernel
) -> None:
    make_user(institution, "ran.er", roles=["vault.appraiser"])
    _put(institution, "ran.er", name="冉一")
    assert "有多人名为“冉一”" in say("@冉一")
    assert TOLD not in reader.get("/inbox")
    say("@ran.er")
    assert TOLD in person("ran.er").get("/inbox")
    assert TOLD not in reader.get("/inbox")


def test_a_name_stands_out_later_too_and_says_what_its_person_is_called_today(
    reader: Any, say: Any, institution: Kernel
) -> None:
    say("请@冉一看")
    _put(institution, READER, name="冉二")
    page = reader.get(f"{BOX}?tab=1")
    assert '<mark class="t-mention is-me" title="冉二"><bdi>@冉一</bdi></mark>看' in page


def test_markup_and_long_comments_stay_texts(reader: Any, say: Any, institution: Kernel) -> None:
    _put(institution, READER, name="<i>x</i>")
    page = say("@<i>x</i> " + "长" * 2_000)
    assert "<bdi>@&lt;i&gt;x&lt;/i&gt;</bdi>" in page
    assert page.count("<bdi>@&lt;i&gt;") == 2
    assert "<i>x</i>" not in page


def test_an_old_comment_stands_as_it_was(reader: Any, institution: Kernel, person: Any) -> None:
    old = {"table_name": "vault_box", "record_id": 1, "text": "@冉一 of old"}
    _run(institution, insert(table_of(Comment)), [old])
    page = person(LIN).get(f"{BOX}?tab=1")
    assert '<div class="t-said">@冉一 of old</div>' in page


def test_a_program_hears_whom_it_told_and_reads_whom_a_comment_names(
    reader: Any, program: Programs, institution: Kernel
) -> None:
    _put(institution, FAR, name="沈白")
    lin = program(LIN)
    answer = lin("POST", f"{BOX}/comments", {"text": "请@冉一、@沈白看"})
    assert answer.status_code == 201
    (told,), (untold,) = answer.json["told"], answer.json["not_told"]
    assert (told["name"], untold["name"]) == ("冉一", "沈白")
    lin("POST", f"{BOX}/comments", {"text": "later"})
    later, first = lin("GET", f"{BOX}/comments").json["items"]
    assert (later["text"], first["by"], later["mentions"]) == ("later", "林晓雯", [])
    assert first["mentions"] == [
        {"id": told["id"], "name": "冉一", "start": 1, "length": 3},
        {"id": untold["id"], "name": "沈白", "start": 5, "length": 3},
    ]
    assert lin("GET", f"{BOX}/comments?before={later['id']}").json["items"] == [first]
    assert lin("GET", f"{BOX}/comments?before=x").status_code == 422
    assert program(FAR)("GET", f"{BOX}/comments").status_code == 404


def test_what_a_comment_was_answered_is_not_told_again_to_who_lost_the_record(
    reader: Any, program: Programs, institution: Kernel
) -> None:
    ask, once = program(READER), {"Idempotency_Key": "said"}
    said = {"text": "@沈柏"}
    first = ask("POST", f"{BOX}/comments", said, **once)
    assert [one["name"] for one in first.json["not_told"]] == ["沈柏"]
    assert ask("POST", f"{BOX}/comments", said, **once).json == first.json
    with institution.db.raw() as connection:
        connection.execute(text("DELETE FROM base_user_role WHERE role = 'vault.appraiser'"))
        connection.execute(text("UPDATE base_access_epoch SET number = number + 1"))
    assert ask("POST", f"{BOX}/comments", said, **once).status_code == 404


def test_what_is_not_discussed_has_no_comments(program: Programs, reader: Any) -> None:
    lin = program(LIN)
    opening = lin("POST", "/vault/opening", {"box_id": 1, "reason": "a look"}).json["id"]
    assert lin("GET", f"/vault/opening/{opening}/comments").json["key"] == "not-discussed"


def test_people_choose_how_they_are_told_of_it(reader: Any, program: Programs) -> None:
    ask = program(READER)
    kinds = {one["kind"]: one["way"] for one in ask("GET", "/me/notices").json["choices"]}
    assert kinds["base.mentioned"] == "at-once"
    assert "有人提到我" in reader.get("/me/notices")


# -- offered while a name is typed ------------------------------------------------------------------------------------


@pytest.fixture
def offered(person: Any) -> Callable[[str], Any]:
    def ask(typed: str, login: str = LIN) -> Any:
        answer = person(login).client.get(f"{BOX}/people", query_string={"q": typed})
        return answer.json if answer.status_code == 200 else answer.status_code

    return ask


def test_people_are_offered_by_name_sound_and_login(reader: Any, offered: Any) -> None:
    for typed in ("冉", "冉一", "ranyi", "ran.y"):
        (found,) = offered(typed)
        assert (found["name"], found["login"], found["writes"]) == ("冉一", READER, "冉一")
    assert offered("冉一请看") == []


def test_whoever_cannot_read_the_record_is_marked(
    reader: Any, offered: Any, institution: Kernel
) -> None:
    make_user(institution, "ran.er")
    marked = {one["login"]: (one["reads"], one.get("note")) for one in offered("ran")}
    assert marked == {READER: (True, None), "ran.er": (False, "无权查看此记录")}


def test_of_two_of_one_name_the_login_is_written(
    reader: Any, offered: Any, institution: Kernel
) -> None:
    make_user(institution, "ran.er")
    _put(institution, "ran.er", name="冉一")
    assert {one["writes"] for one in offered("ran")} == {READER, "ran.er"}


def test_whoever_is_hidden_or_left_or_oneself_is_not_offered(
    reader: Any, offered: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offered("林晓雯") == []
    assert len(offered("冉一")) == 1
    _put(institution, READER, active=False)
    assert offered("冉一") == []
    _put(institution, READER, active=True)
    _hide(institution, monkeypatch, READER)
    assert offered("冉一") == []


def test_who_cannot_read_the_record_is_offered_nobody(reader: Any, offered: Any) -> None:
    assert offered("冉", FAR) == 404


def test_before_a_letter_those_who_spoke_lately_are_offered(
    reader: Any, offered: Any, say: Any
) -> None:
    assert offered("") == []
    say("hello", READER)
    say("hello")
    assert [one["name"] for one in offered("")] == ["冉一"]


# -- many -------------------------------------------------------------------------------------------------------------


def _crowd(institution: Kernel, count: int) -> None:
    shared = {"language": "zh-CN", "email": "", "password": "", "active": True, "archived": False}
    rows = [{"login": f"crowd{n}", "name": f"众{n}", **shared} for n in range(count)]
    _run(institution, insert(_users), rows)


def test_statements_do_not_grow_with_people_or_signs(
    reader: Any, program: Programs, institution: Kernel, statements: list[str]
) -> None:
    lin = program(LIN)

    def count(words: str) -> int:
        lin("POST", f"{BOX}/comments", {"text": words})
        statements.clear()
        assert lin("POST", f"{BOX}/comments", {"text": words}).status_code == 201
        return len(statements)

    one = count("@冉一")
    assert count("@冉一 " + "@nobody " * 1_200) == one
    _crowd(institution, 2_000)
    assert count("@冉一 " + "@众nobody " * 900) == one
    assert count("@" * 10_000) < one


def test_eight_at_most_are_offered_by_the_same_statements(
    reader: Any, offered: Any, institution: Kernel, statements: list[str]
) -> None:
    def count(first: int) -> int:
        with as_actor(institution, "ding.ning") as ctx:
            made = (User(login=f"zed{n}", name=f"泽{n}") for n in range(first, first + 300))
            ctx.session.add_all(made)
        offered("zed")
        statements.clear()
        assert len(offered("zed")) == 8
        return len(statements)

    assert count(0) == count(300) == count(600)


def test_ids_and_places_alone_are_kept_beside_a_comment(
    reader: Any, say: Any, institution: Kernel
) -> None:
    say("请@冉一看")
    with institution.db.raw(write=False) as connection:
        (made,) = connection.execute(select(table_of(Comment).c.mentions)).scalars()
        (ran,) = connection.execute(select(_users.c.id).where(_users.c.login == READER)).scalars()
    assert made == {"people": [[ran, 1, 3]]}
