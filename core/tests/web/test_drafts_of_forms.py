"""What was typed into any form of a page when a session had ended comes back: a step's, an act's, settings, a
comment, a reason; and nothing of it that is secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from sqlalchemy import text

from tenor.kernel import Kernel
from tenor.testing.browsing import Forms, Person
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
LIN, ADMIN = "lin.xiaowen", "ding.ning"
BOX, SETTINGS = "/vault/box/1", "/settings/vault"
REVALUE = f"{BOX}/actions/revalue"
AGAIN = "此前填写的内容已恢复"
Browser = Callable[[str], Person]


@pytest.fixture
def errand(institution: Kernel) -> str:
    from tenor_errands.public import add_errand

    with as_actor(institution, LIN) as ctx:
        return f"/errands/errand/{add_errand(ctx, 'fetch the deed').id}"


def end(institution: Kernel, browser: Person) -> None:
    cookie = browser.client.get_cookie("tenor_session", domain="localhost")
    assert cookie is not None
    institution.identity.sign_out(cookie.value)


def lose(institution: Kernel, browser: Person, action: str, page: str = "", **typed: Any) -> str:
    """Open a page, type into one of its forms, and send it after the session has ended; where it leads."""
    form = browser.form(page or action, action)
    end(institution, browser)
    return browser.send(action, {**form, **typed}).headers["Location"]


def kept(institution: Kernel) -> str:
    """All that is kept of anybody, as it stands in the database."""
    with institution.db.raw(write=False) as connection:
        return str(connection.execute(text("select fields from base_draft")).scalars().all())


def test_the_reason_of_a_step_comes_back_and_goes_with_the_step(
    person: Browser, institution: Kernel, errand: str
) -> None:
    drop = f"{errand}/transitions/drop"
    assert lose(institution, person(LIN), drop, reason="no longer needed").endswith("&kept=1")
    lin = person(LIN)
    shown = lin.get(drop)
    assert AGAIN in shown
    form = Person.read(shown, drop)
    assert form["reason"] == "no longer needed"
    lin.send(drop, form)
    assert "no longer needed" in lin.get(errand)
    assert kept(institution) == "[]"


def test_a_step_that_is_refused_shows_what_was_sent_and_not_what_was_kept(
    person: Browser, institution: Kernel, errand: str
) -> None:
    drop = f"{errand}/transitions/drop"
    lose(institution, person(LIN), drop, reason="as it was kept")
    lin = person(LIN)
    again = lin.send(drop, {**lin.form(drop), "reason": " "}, 422).text
    assert Person.read(again, drop)["reason"].strip() == ""
    lin.send(drop, {**Person.read(again, drop), "reason": "in other words"})
    assert kept(institution) == "[]"


def test_what_a_step_showed_is_shown_anew_and_isnt_kept(
    person: Browser, institution: Kernel, errand: str
) -> None:
    drop = f"{errand}/transitions/drop"
    lose(institution, person(LIN), drop, reason="of mine", _seen="seen before", _next="/tasks")
    assert "seen before" not in kept(institution)


def test_an_act_that_was_being_previewed_comes_back_with_its_inputs(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lin = person(LIN)
    preview = lin.send(REVALUE, {**lin.form(REVALUE), "value": "900", "why": "seen"}, 200).text
    going_on = Forms(preview).found[-1][1] | Forms(preview).to(REVALUE)
    end(institution, lin)
    assert "kept=1" in lin.send(REVALUE, going_on).headers["Location"]
    lin = person(LIN)
    form = lin.form(REVALUE)
    assert (form["value"], form["why"]) == ("900", "seen")
    preview = lin.send(REVALUE, form, 200).text
    assert kept(institution) != "[]"
    lin.send(REVALUE, Forms(preview).to(REVALUE))
    assert kept(institution) == "[]"


def test_of_an_act_nothing_is_kept_that_a_rule_masks_in_the_record(
    person: Browser, institution: Kernel, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    box()
    everybody = tuple(institution.access.roles.values())
    masked = FieldRule(fields=(Box.value,), effect="mask", unless=everybody)
    monkeypatch.setattr(
        institution.access, "field_rules", [*institution.access.field_rules, masked]
    )
    lose(institution, person(LIN), REVALUE, value="765432", why="seen")
    assert "765432" not in kept(institution)
    assert person(LIN).form(REVALUE)["why"] == "seen"


def test_settings_come_back_without_their_secrets(person: Browser, institution: Kernel) -> None:
    lose(institution, person(ADMIN), SETTINGS, motto="kept safe", strict="1", key="hush-hush")
    assert "hush-hush" not in kept(institution)
    admin = person(ADMIN)
    form = admin.form(SETTINGS)
    assert (form["motto"], form["strict"][-1], form["key"]) == ("kept safe", "1", "")
    admin.send(SETTINGS, form)
    assert kept(institution) == "[]"
    assert admin.form(SETTINGS)["motto"] == "kept safe"


def test_a_comment_comes_back_where_it_was_being_written(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    to = lose(institution, person(LIN), f"{BOX}/comments", BOX, text="two lines\r\n<i>of it</i>")
    assert to == "/sign-in?next=%2Fvault%2Fbox%2F1&kept=1"
    lin = person(LIN)
    shown = lin.get(BOX)
    assert AGAIN in shown
    assert "<i>of it" not in shown
    assert f'href="{BOX}#timeline"' in shown  # the way to it; the focus stays where it is
    assert " autofocus" not in shown
    lin.send(f"{BOX}/comments", Person.read(shown, f"{BOX}/comments"))
    after = lin.get(BOX)
    assert AGAIN not in after
    assert f'href="{BOX}#timeline"' not in after
    assert "two lines" in after


def test_a_comment_that_isnt_wanted_is_dropped(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lose(institution, person(LIN), f"{BOX}/comments", BOX, text="of mine")
    lin = person(LIN)
    assert lin.press(BOX, "/drafts/drop").headers["Location"] == BOX
    assert "of mine" not in lin.get(BOX)


def test_a_form_in_which_nothing_stands_keeps_nothing(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lin = person(LIN)
    form = lin.form(BOX, f"{BOX}/comments")
    end(institution, lin)
    lin.send(f"{BOX}/comments", form, 403)
    assert kept(institution) == "[]"


def test_the_reason_for_looking_at_a_masked_value_comes_back(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box(holder_identity="330106199001010017")
    reveal = f"{BOX}/reveal/holder_identity"
    lose(institution, person(LIN), reveal, reason="she is at the desk")
    lin = person(LIN)
    form = lin.form(reveal)
    assert form["reason"] == "she is at the desk"
    assert "330106199001010017" in lin.send(reveal, form, 200).text
    assert kept(institution) == "[]"


def test_what_was_typed_for_many_rows_comes_back_once_they_are_chosen_again(
    person: Browser, institution: Kernel, errand: str
) -> None:
    many = "/errands/errand/bulk/transition/drop"
    lin = person(LIN)
    chosen = {"csrf_token": lin.form("/me/notices")["csrf_token"], "ids": ["1"]}
    form = Forms(lin.send(f"{many}?step=ask", chosen, 200).text).to(many)
    end(institution, lin)
    to = lin.send(many, {**form, "reason": "nobody needs them"}).headers["Location"]
    assert to == f"/sign-in?next={quote(many, safe='')}&kept=1"
    lin = person(LIN)
    chosen["csrf_token"] = lin.form("/me/notices")["csrf_token"]
    again = Forms(lin.send(f"{many}?step=ask", chosen, 200).text).to(many)
    assert again["reason"] == "nobody needs them"


def test_what_was_typed_for_many_rows_stands_where_signing_in_leads(
    person: Browser, institution: Kernel, box: Any
) -> None:
    many, ids = "/vault/box/bulk/field", [str(box(name=f"box {number}")) for number in range(2)]
    lin = person(LIN)
    query = "q=box&sort=-name"
    chosen = {"csrf_token": lin.form("/me/notices")["csrf_token"], "ids": ids, "_query": query}
    lin.get(many, 303)  # nothing is kept: back to the list
    asked = lin.send(many, {**chosen, "_field": "remark"}, 200).text
    end(institution, lin)
    to = lin.send(many, {**Forms(asked).to(many), "remark": "moved"}).headers["Location"]
    page = parse_qs(urlsplit(to).query)["next"][0]
    assert page == f"{many}?{urlencode({'list': query})}"
    lin = person(LIN)
    shown = lin.get(page)
    assert AGAIN in shown
    again = Forms(shown).to(many)
    assert (again["_field"], again["remark"], again["_query"]) == ("remark", "moved", query)
    assert again["_rows"].split() == ids
    preview = lin.send(many, again, 200).text
    result = lin.send(many, Forms(preview).to(many)).headers["Location"]
    assert result == "/vault/box/bulk/1"
    with as_actor(institution, LIN) as ctx:
        from tenor_vault.records import Box

        assert {each.remark for each in ctx.session.query(Box)} == {"moved"}
    assert lin.client.get(page).headers["Location"] == "/vault/box?q=box&sort=-name"


def test_what_was_typed_for_many_rows_and_isnt_wanted_is_dropped_and_the_list_is_there(
    person: Browser, institution: Kernel, errand: str
) -> None:
    many, drop = "/errands/errand/bulk/transition/drop", "/drafts/drop"
    lin = person(LIN)
    chosen = {"csrf_token": lin.form("/me/notices")["csrf_token"], "ids": ["1"]}
    form = Forms(lin.send(f"{many}?step=ask", chosen, 200).text).to(many)
    end(institution, lin)
    lin.send(many, form, 403)
    lin = person(LIN)
    assert lin.client.get(many).headers["Location"] == "/errands/errand?all=1"  # nothing was typed
    end(institution, lin)
    lin.send(many, {**form, "reason": "nobody needs them"})
    lin = person(LIN)
    dropped = lin.send(drop, Forms(lin.get(many)).to(drop)).headers["Location"]
    assert dropped == many
    assert lin.client.get(dropped).headers["Location"] == "/errands/errand?all=1"


def test_a_record_that_was_chosen_comes_back_although_the_form_doesnt_offer_it_by_itself(
    person: Browser, institution: Kernel, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.web.fields.OFFERED", 1)
    ctx: Any
    with as_actor(institution, "shen.bai") as ctx:
        shen = str(ctx.actor.id)
    box()
    many = "/vault/box/bulk/field/keeper_id"
    lin = person(LIN)
    chosen = {"csrf_token": lin.form("/me/notices")["csrf_token"], "ids": ["1"]}
    form = Forms(lin.send(f"{many}?step=ask", chosen, 200).text).to(many)
    end(institution, lin)
    lin.send(many, {**form, "keeper_id": shen})
    lin = person(LIN)
    chosen["csrf_token"] = lin.form("/me/notices")["csrf_token"]
    again = lin.send(f"{many}?step=ask", chosen, 200).text
    assert Forms(again).to(many)["keeper_id"] == shen


def test_a_choice_comes_back_as_it_was_made(person: Browser, institution: Kernel) -> None:
    lose(institution, person(LIN), "/me/notices", starts="22:00", ends="07:30")
    form = person(LIN).form("/me/notices")
    assert (form["starts"], form["ends"]) == ("22:00", "07:30")


def test_at_a_shared_browser_a_comment_is_kept_for_whoever_wrote_it(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lin, shen = person(LIN), person("shen.bai")
    form = lin.form(BOX, f"{BOX}/comments")
    shen.send(f"{BOX}/comments", {**form, "text": "of lin"}, 403)
    assert "of lin" in lin.get(BOX)


def test_the_word_of_a_form_keeps_no_input_that_it_doesnt_name(
    person: Browser, institution: Kernel, box: Any
) -> None:
    box()
    lose(institution, person(LIN), f"{BOX}/comments", BOX, text="x", planted="of nobody")
    assert "of nobody" not in kept(institution)
