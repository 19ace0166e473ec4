"""What was typed when a session had ended comes back to whoever typed it, unsaved, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tenor.identity.drafts import MOST, TooLong
from tenor.kernel import Kernel
from tenor.testing.browsing import Person
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
LIN, SHEN = "lin.xiaowen", "shen.bai"
NEW, EDIT = "/vault/box/new", "/vault/box/1/edit"
AGAIN = "此前填写的内容已恢复"
Browser = Callable[[str], Person]


def end(institution: Kernel, browser: Person) -> None:
    """End a browser's session, as its expiry does or another browser's password."""
    cookie = browser.client.get_cookie("tenor_session", domain="localhost")
    assert cookie is not None
    institution.identity.sign_out(cookie.value)


def lose(institution: Kernel, browser: Person, path: str, **typed: Any) -> Any:
    """Open a form, type, and save after the session has ended."""
    form = browser.form(path)
    end(institution, browser)
    return browser.send(path, {**form, **typed})


def boxes(institution: Kernel) -> int:
    from tenor_vault.records import Box

    with as_actor(institution, LIN) as ctx:
        return len(ctx.session.query(Box).all())


def test_what_was_typed_comes_back_unsaved_after_signing_in_again(
    person: Browser, institution: Kernel
) -> None:
    lost = lose(
        institution, person(LIN), NEW, name="bars", remark="one\r\n<b>two</b>",
        **{"items-count": "1", "items-0-what": "ring", "items-0-pieces": "3"},
    )  # fmt: skip
    assert lost.headers["Location"] == "/sign-in?next=%2Fvault%2Fbox%2Fnew&kept=1"
    assert boxes(institution) == 0
    shown = person(LIN).get(NEW)
    assert AGAIN in shown
    assert "<b>two</b>" not in shown
    form = Person.read(shown, NEW)
    assert (form["name"], form["items-0-what"], form["items-0-pieces"]) == ("bars", "ring", "3")


def test_the_door_says_so_and_goes_on_saying_it_after_a_wrong_password(anybody: Any) -> None:
    path = "/sign-in?next=/vault/box/new&kept=1"
    assert "已填写的内容已为您保留" in anybody.get(path)
    again = anybody.press(path, "/sign-in", 422, login="nobody", password="wrong")
    assert "已填写的内容已为您保留" in again.text
    assert "已填写的内容已为您保留" not in anybody.get("/sign-in")


def test_saving_it_is_the_end_of_it(person: Browser, institution: Kernel) -> None:
    lose(institution, person(LIN), NEW, name="bars", kind="gold-bars")
    lin = person(LIN)
    lin.send(NEW, lin.form(NEW))
    assert boxes(institution) == 1
    assert AGAIN not in lin.get(NEW)


def test_whoever_doesnt_want_it_drops_it(person: Browser, institution: Kernel) -> None:
    lose(institution, person(LIN), NEW, name="of mine")
    lin = person(LIN)
    lin.press(NEW, "/drafts/drop")
    assert "of mine" not in lin.get(NEW)


def test_nobody_else_is_shown_it(person: Browser, institution: Kernel) -> None:
    lose(institution, person(LIN), NEW, name="bars of lin")
    shen = person(SHEN)
    assert "bars of lin" not in shen.get(NEW)
    key = person(LIN).form(NEW, "/drafts/drop")["key"]
    shen.send("/drafts/drop", {**shen.form("/", "/me/preferences"), "key": key})
    assert "bars of lin" in person(LIN).get(NEW)


def test_at_a_shared_browser_it_is_kept_for_whose_form_it_was(
    app: Flask, person: Browser, institution: Kernel
) -> None:
    lin, shen = person(LIN), person(SHEN)
    form = lin.form(NEW)
    refused = shen.client.post(NEW, data={**form, "name": "bars of lin"})
    assert refused.status_code == 403
    assert "bars of lin" not in refused.text
    assert boxes(institution) == 0
    assert "bars of lin" not in shen.get(NEW)
    assert "bars of lin" in lin.get(NEW)


def test_whoever_signed_in_again_beside_it_finds_it_at_once(
    person: Browser, institution: Kernel
) -> None:
    before, now = person(LIN), person(LIN)
    form = before.form(NEW)
    answer = now.client.post(NEW, data={**form, "name": "bars"})
    assert answer.status_code == 403
    assert f'href="{NEW}"' in answer.text
    assert boxes(institution) == 0
    assert AGAIN in now.get(NEW)


@pytest.mark.parametrize("word", ["", "made up", "WzEsIi92YXVsdC9ib3gvbmV3Il0.x.y"])
def test_a_word_that_isnt_ours_keeps_nothing(
    anybody: Any, person: Browser, institution: Kernel, word: str
) -> None:
    given = {"_whose": word, "name": "planted", "csrf_token": "x"}
    assert anybody.client.post(NEW, data=given).status_code == 403
    assert anybody.client.post("/drafts", data=given).json == {"kept": False}
    assert "planted" not in person(LIN).get(NEW)


def test_the_word_of_one_form_is_worth_nothing_at_another(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lin = person(LIN)
    form = lin.form(NEW)
    end(institution, lin)
    assert lin.client.post(EDIT, data={**form, "name": "planted"}).status_code == 403
    assert "planted" not in person(LIN).get(EDIT)


def test_what_is_masked_isnt_kept_and_stays_in_the_record(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box(holder_identity="330106199001010017")
    lin = person(LIN)
    lost = {"name": "another", "holder_identity": "330106199001010025"}
    lose(institution, lin, EDIT, **lost)
    lin = person(LIN)
    form = lin.form(EDIT)
    assert (form["name"], form["holder_identity"]) == ("another", "")
    with institution.db.raw(write=False) as connection:
        from sqlalchemy import text

        kept = str(connection.execute(text("select fields from base_draft")).scalar())
    assert "3301061990" not in kept
    lin.send(EDIT, form)
    from tenor_vault.records import Box

    with as_actor(institution, "system") as ctx, institution.db.system(ctx.session) as session:
        assert session.get(Box, 1).holder_identity == "330106199001010017"


def test_what_a_rule_masks_from_others_isnt_kept_either_and_stands_as_it_is(
    person: Browser, institution: Kernel, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box, Item

    box(remark="kept in the record", items=["ring"])
    rules = institution.access.field_rules
    everybody = tuple(institution.access.roles.values())
    lifted = FieldRule(fields=(Box.remark,), effect="mask", unless=everybody)
    of_line = FieldRule(fields=(Item.what,), effect="mask", unless=everybody)
    monkeypatch.setattr(institution.access, "field_rules", [*rules, lifted, of_line])
    lose(institution, person(LIN), EDIT, name="another", remark="typed anew")
    form = person(LIN).form(EDIT)
    assert (form["name"], form["remark"]) == ("another", "kept in the record")
    assert form["items-0-what"] == "ring"


def test_a_change_meanwhile_is_a_conflict_and_not_overwritten(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box(name="as it was")
    lin = person(LIN)
    form = lin.form(EDIT)
    end(institution, lin)
    lin.send(EDIT, {**form, "name": "mine"})
    other = person(LIN)
    with as_actor(institution, LIN) as ctx:
        from tenor_vault.records import Box

        ctx.session.get(Box, 1).name = "theirs"
    conflict = other.send(EDIT, other.form(EDIT), 409)
    for version in ("as it was", "theirs", "mine"):
        assert version in conflict.text


def test_adding_a_line_doesnt_overwrite_what_was_changed_since(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box(name="as it was")
    lin = person(LIN)
    form = lin.form(EDIT)
    with as_actor(institution, LIN) as ctx:
        from tenor_vault.records import Box

        ctx.session.get(Box, 1).name = "theirs"
    again = lin.send(EDIT, {**form, "name": "mine", "_add": "items"}, 200)
    lin.send(EDIT, Person.read(again.text, EDIT), 409)


def test_after_a_day_it_is_gone(person: Browser, institution: Kernel) -> None:
    lose(institution, person(LIN), NEW, name="bars")
    from sqlalchemy import text

    yesterday = institution.clock.now() - timedelta(days=1, seconds=1)
    from tenor.identity.records import Draft

    with institution.db.raw() as connection:
        table: Any = Draft.__table__
        connection.execute(table.update().values(created_at=yesterday))
    assert AGAIN not in person(LIN).get(NEW)
    ctx: Any
    with as_actor(institution, "system") as ctx:
        institution.identity.prune(ctx)
    with institution.db.raw(write=False) as connection:
        assert not connection.execute(text("select count(*) from base_draft")).scalar()


def test_of_one_person_there_are_so_many_and_none_is_endless(institution: Kernel) -> None:
    drafts = institution.identity.drafts
    for place in range(MOST + 3):
        drafts.keep(2, f"/vault/box/{place}/edit", [("name", "x")])
    with pytest.raises(TooLong):
        drafts.keep(2, NEW, [("name", "x" * 300_000)])
    from sqlalchemy import text

    with institution.db.raw(write=False) as connection:
        assert connection.execute(text("select count(*) from base_draft")).scalar() == MOST


def test_while_somebody_is_signed_in_nothing_is_brought(person: Browser) -> None:
    lin = person(LIN)
    form = lin.form(NEW)
    assert lin.client.post("/drafts", data={**form, "name": "x"}).json == {"kept": False}
