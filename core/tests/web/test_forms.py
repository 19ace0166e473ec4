"""Forms: what was typed is never lost, one press has one effect, and of two people neither overwrites the other."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tenor.kernel import Kernel
from tenor.testing import as_actor as as_kernel
from tenor_sdk import Amount, Invalid, Rate
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor, make_user

NEW = "/vault/box/new"
EDIT = "/vault/box/1/edit"
REVALUE = "/vault/box/1/actions/revalue"


def the_box(institution: Kernel, identity: int = 1) -> Any:
    from tenor_vault.records import Box

    with as_actor(institution, "lin.xiaowen") as ctx:
        found = ctx.session.get(Box, identity)
        assert found is not None
        _items = [(item.what, item.pieces, item.worth) for item in found.items]
        ctx.session.expunge(found)
        found.__dict__["_items"] = _items
        return found


def item_of(ctx: Any) -> Any:
    from tenor_vault.records import Item

    return ctx.session.scalars(select(Item)).one()


def test_a_record_is_made_from_what_was_typed(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    typed = {
        "name": "bars of the mint", "kind": "gold-bars", "value": "1,234,567.89", "fee": "4.35", "since": "2026-01-05",
        "sealed": "1", "holder_identity": "330106199001010017", "remark": "line one\r\nline two",
        "items-count": "2", "items-0-what": "ring", "items-0-pieces": "2", "items-0-worth": "5,000",
        "items-1-what": "", "items-1-pieces": "", "items-1-worth": "",
    }  # fmt: skip
    answer = lin.send(NEW, {**lin.form(NEW), **typed})
    assert answer.headers["Location"] == "/vault/box/1"
    made = the_box(institution)
    assert (made.name, made.kind.value, made.value, made.fee, made.since, made.sealed) == (
        "bars of the mint", "gold-bars", Amount.of("1234567.89"), Rate.of("0.0435"), date(2026, 1, 5), True,
    )  # fmt: skip
    assert made.remark == "line one\nline two"
    assert made._items == [("ring", 2, Amount.of("5000"))]
    assert "BOX-001 已保存" in lin.get("/vault/box/1")
    assert "BOX-001 已保存" not in lin.get("/vault/box/1")


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(person: Any) -> None:
    lin = person("lin.xiaowen")
    typed = {
        "name": "", "value": "12.345", "fee": "a lot", "since": "5 January", "remark": "kept & <safe>",
        "items-count": "2", "items-0-what": "ring", "items-0-pieces": "0", "items-1-what": "x" * 41,
        "items-1-pieces": "1",
    }  # fmt: skip
    shown = lin.send(NEW, {**lin.form(NEW), **typed}, 422).text
    for field in ("name", "value", "fee", "since", "items-0-pieces", "items-1-what"):
        assert f'href="#f-{field}"' in shown, field
        assert f'id="f-{field}-note"' in shown, field
    for kept in (
        'value="12.345"',
        'value="a lot"',
        'value="5 January"',
        "kept &amp; &lt;safe&gt;",
        'value="ring"',
    ):
        assert kept in shown, kept
    assert "日期请写作 2026-06-30" in shown


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("not-a-time", {}, "时间请写作 2026-06-30 10:00。"),
        ("not-a-time-of-day", {}, "请填写时间，例如 08:30。"),
        ("no-authority", {"key": "credit", "known": "loans"}, "没有授权“credit”。现有：loans。"),
        ("no-time-stamp-authority", {}, "尚未设置时间戳机构及其证书。"),
    ],
)
def test_each_refusal_says_its_own(
    institution: Kernel, key: str, values: dict[str, str], said: str
) -> None:
    assert institution.translator.error(Invalid(key, None, **values), "zh-CN") == said


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("From", "从"), ("Sender", "发件人"), ("Name", "名称"), ("Full name", "姓名"), ("Previous", "上一页"),
        ("Previous seal", "前一封存"), ("Later", "往后"), ("Due later", "以后到期"), ("Left out", "已停用"),
        ("Why left out", "未参与分派的原因"), ("Held positions", "所任岗位记录"), ("Held", "Held"),
    ],
)  # fmt: skip
def test_two_things_are_called_by_two_words(
    institution: Kernel, english: str, chinese: str
) -> None:
    assert institution.translator.text(english, "zh-CN") == chinese


def test_a_file_that_was_handed_in_isnt_asked_for_twice(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    upload = (io.BytesIO(b"%PDF-1.7 deed"), "deed.pdf")
    refused = lin.send(NEW, {**lin.form(NEW), "name": "", "paper_id": upload}, 422).text
    assert ">deed.pdf<" in refused
    kept = refused.partition('name="paper_id_kept" value="')[2].partition('"')[0]
    lin.send(NEW, {**lin.form(NEW), "name": "with a deed", "paper_id_kept": kept})
    assert the_box(institution).paper_id == int(kept)
    assert lin.client.get(f"/files/{kept}").data == b"%PDF-1.7 deed"


def test_nobody_gets_at_a_file_by_naming_its_number(
    person: Any, institution: Kernel, box: Any
) -> None:
    shen = person("shen.bai")
    shen.send(
        NEW, {**shen.form(NEW), "name": "theirs", "paper_id": (io.BytesIO(b"%PDF-1.7 x"), "x.pdf")}
    )
    lin = person("lin.xiaowen")
    lin.get("/files/1", 404)
    answer = lin.client.post(NEW, data={**lin.form(NEW), "name": "mine", "paper_id_kept": "1"})
    assert answer.status_code in (404, 422)
    lin.get("/files/1", 404)


@pytest.mark.parametrize(
    ("path", "input_name", "shown_again"),
    [
        (NEW, "paper_id", {"_add": "items"}),
        (EDIT, "paper_id", {"_add": "items"}),
        (f"{REVALUE}?step=ask", "proof", {}),
    ],
)
def test_nobody_reads_the_name_of_a_file_by_naming_its_number(
    person: Any, institution: Kernel, box: Any, path: str, input_name: str, shown_again: Any
) -> None:
    box()
    with as_kernel(institution, "shen.bai") as ctx:
        theirs = institution.files.store(ctx, "divorce of Zhang San.pdf", b"%PDF-1.7 x", None).id
    lin = person("lin.xiaowen")
    form = lin.form(path.partition("?")[0])
    for number in (theirs, theirs + 1):
        shown = lin.send(path, {**form, f"{input_name}_kept": str(number), **shown_again}, 200).text
        assert "divorce" not in shown
        assert f'name="{input_name}"' in shown  # it is asked for, as if nothing had been handed in
        assert f"#{number}" not in shown


def test_a_double_click_has_one_effect(person: Any) -> None:
    lin = person("lin.xiaowen")
    form = {**lin.form(NEW), "name": "once"}
    first, second = lin.send(NEW, form), lin.send(NEW, form)
    assert first.headers["Location"] == second.headers["Location"] == "/vault/box/1"
    lin.get("/vault/box/2", 404)


def test_a_form_that_went_already_isnt_sent_again_with_something_else_in_it(person: Any) -> None:
    lin = person("lin.xiaowen")
    form = lin.form(NEW)
    lin.send(NEW, {**form, "name": "first"})
    again = lin.send(NEW, {**form, "name": "second"}, 409)
    assert "这张表单已经提交过" in again.text
    assert 'value="second"' in again.text


def test_an_untouched_masked_value_stays_as_it_is(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(holder_identity="330106199001010017")
    lin = person("lin.xiaowen")
    form = lin.form(EDIT)
    assert form["holder_identity"] == ""
    lin.send(EDIT, {**form, "name": "renamed"})
    assert the_box(institution).holder_identity == "330106199001010017"
    lin.send(EDIT, {**lin.form(EDIT), "holder_identity": "110101199001010011"})
    assert the_box(institution).holder_identity == "110101199001010011"


def test_a_masked_value_of_a_line_is_not_in_the_form_and_stays_as_it_is(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(items=["ring"])
    with as_actor(institution, "lin.xiaowen") as ctx:
        item_of(ctx).mark = "6222021001112345"
    lin = person("lin.xiaowen")
    assert "6222021001112345" not in lin.get(EDIT)
    lin.send(EDIT, {**lin.form(EDIT), "items-0-what": "golden ring"})
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert (item_of(ctx).what, item_of(ctx).mark) == ("golden ring", "6222021001112345")
    lin.send(EDIT, {**lin.form(EDIT), "items-0-mark": "6222029999999999"})
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert item_of(ctx).mark == "6222029999999999"


def test_lines_are_added_changed_and_removed_in_place(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(items=["ring", "chain", "coin"])
    lin = person("lin.xiaowen")
    form = lin.form(EDIT)
    more = lin.send(EDIT, {**form, "_add": "items"}, 200).text
    assert 'name="items-3-what"' in more
    form |= {
        "items-0-what": "golden ring", "items-1-_remove": "1", "items-count": "4", "items-3-what": "pearl",
        "items-3-pieces": "7",
    }  # fmt: skip
    lin.send(EDIT, form)
    assert [(what, pieces) for what, pieces, _worth in the_box(institution)._items] == [
        ("golden ring", 1), ("coin", 1), ("pearl", 7),
    ]  # fmt: skip


def test_an_error_in_a_line_below_a_removed_one_is_shown_at_its_own_line(
    person: Any, box: Any
) -> None:
    box(items=["ring", "chain"])
    lin = person("lin.xiaowen")
    wrong = {"items-0-_remove": "1", "items-1-pieces": "0"}
    shown = lin.send(EDIT, {**lin.form(EDIT), **wrong}, 422).text
    assert 'href="#f-items-1-pieces"' in shown
    assert 'href="#f-items-0-pieces"' not in shown


def test_of_two_who_change_the_same_the_second_chooses_and_loses_nothing(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(name="first name", value=Amount.of("100"), remark="old")
    lin, fang = person("lin.xiaowen"), person("lin.xiaowen")
    mine, theirs = lin.form(EDIT), fang.form(EDIT)
    fang.send(EDIT, {**theirs, "name": "their name", "remark": "their remark"})
    shown = lin.send(EDIT, {**mine, "name": "my name", "value": "200"}, 409).text
    for text in ("first name", "their name", "my name", "100.00", "200"):
        assert text in shown, text
    form = lin.read(shown, EDIT)
    assert form["choose-name"] == "theirs"
    assert form["choose-value"] == "mine"
    lin.send(EDIT, {**form, "choose-name": "mine"})
    now = the_box(institution)
    assert (now.name, now.value, now.remark) == ("my name", Amount.of("200"), "their remark")


@pytest.mark.parametrize("typed", ["²", "9" * 5000])
def test_a_conflict_over_what_merely_looks_like_a_number_is_shown_as_typed(
    person: Any, box: Any, typed: str
) -> None:
    box(name="first name")
    lin, fang = person("lin.xiaowen"), person("lin.xiaowen")
    mine, theirs = lin.form(EDIT), fang.form(EDIT)
    fang.send(EDIT, {**theirs, "keeper_id": "1"})
    assert typed in lin.send(EDIT, {**mine, "keeper_id": typed}, 409).text


def test_a_conflict_does_not_carry_what_a_rule_hides_from_the_person(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    box(name="first name", remark="for the branch head alone")
    rule = FieldRule(fields=(Box.remark,), effect="hide")
    institution.access.field_rules = [*institution.access.field_rules, rule]
    lin, fang = person("lin.xiaowen"), person("lin.xiaowen")
    mine, theirs = lin.form(EDIT), fang.form(EDIT)
    fang.send(EDIT, {**theirs, "name": "their name"})
    shown = lin.send(EDIT, {**mine, "name": "my name"}, 409).text
    assert "for the branch head alone" not in shown


def test_a_frozen_record_has_no_form(person: Any, institution: Kernel) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, "lin.xiaowen") as ctx:
        add_errand(ctx, "dropped soon")
    lin = person("lin.xiaowen")
    drop = "/errands/errand/1/transitions/drop"
    lin.press(drop, drop, reason="not needed")
    assert "/errands/errand/1/edit" not in lin.get("/errands/errand/1")
    lin.get("/errands/errand/1/edit", 422)


def test_who_may_only_read_has_no_form(person: Any, box: Any, institution: Kernel) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    appraiser = person("appraiser")
    assert EDIT not in appraiser.get("/vault/box/1")
    appraiser.get(EDIT, 403)
    appraiser.get(NEW, 403)
    lin = person("lin.xiaowen").form(EDIT)
    token = appraiser.form("/vault/box", "/sign-out")["csrf_token"]
    appraiser.send(EDIT, {**lin, "csrf_token": token, "name": "taken over"}, 403)


def test_a_link_is_picked_from_what_the_person_may_read(person: Any, institution: Kernel) -> None:
    lin = person("lin.xiaowen")
    found = lin.client.get("/base/user/suggest?q=lin").json
    assert [one["label"] for one in found] == ["林晓雯"]
    assert lin.client.get("/vault/shelf/suggest?q=a").status_code == 404
    assert 'data-suggest="/base/user/suggest"' in lin.get(NEW)


def test_a_link_to_what_the_person_cant_read_is_shown_as_such_and_left_alone(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box, Shelf

    make_user(
        institution,
        "shelver",
        roles=["vault.shelver", "vault.vault-keeper"],
        positions=[("relationship-manager", "YZ")],
    )
    with as_actor(institution, "shelver") as ctx:
        ctx.session.add(Shelf(name="the hidden shelf"))
    with as_actor(institution, "shelver") as ctx:
        whose = {"unit_id": next(iter(ctx.actor.units)), "owner_id": ctx.actor.id}
        ctx.session.add(Box(name="on a shelf", shelf_id=1, **whose))
    lin = person("lin.xiaowen")
    for path in ("/vault/box", "/vault/box/1", EDIT):
        shown = lin.get(path)
        assert "the hidden shelf" not in shown
    assert "您不可见" in lin.get("/vault/box/1")
    form = lin.form(EDIT)
    assert "shelf_id" not in form
    lin.send(EDIT, {**form, "name": "still on it"})
    assert the_box(institution).shelf_id == 1
    refused = lin.client.post(EDIT, data={**lin.form(EDIT), "shelf_id": "1", "name": "x"})
    assert refused.status_code in (303, 404)


def test_removing_says_what_goes_and_refuses_what_is_pointed_at(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Opening

    box(items=["ring"])
    box()
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.add(Opening(box_id=1, reason="look"))
    lin = person("lin.xiaowen")
    lin.press("/vault/box/1/delete", "/vault/box/1/delete", 409)
    lin.get("/vault/box/1")
    lin.press("/vault/box/2/delete", "/vault/box/2/delete")
    lin.get("/vault/box/2", 404)


def test_a_file_that_is_too_large_is_refused_in_words(
    person: Any, box: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    box()
    lin = person("lin.xiaowen")
    comments = "/vault/box/1/comments"

    def sent(size: int) -> str:
        form = {**lin.form("/vault/box/1", comments), "file": (io.BytesIO(b"0" * size), "big.bin")}
        answer = lin.client.post(comments, data=form)
        assert answer.status_code in (413, 422)
        return str(answer.text)

    monkeypatch.setattr("tenor.files.files.LARGEST", 100)
    assert "超过" in sent(101)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert "内容过大" in sent(2000)


# -- fields that go by a choice ---------------------------------------------------------------------------------------


def test_a_form_asks_only_for_what_the_choice_takes_and_is_shown_again_by_a_button(
    person: Any, institution: Kernel
) -> None:
    """As without script: the kind is chosen, the button beside it pressed, and nothing typed is lost."""
    lin = person("lin.xiaowen")
    form = lin.form(NEW)
    assert "carats" not in form
    again = lin.send(NEW, {**form, "name": "bars", "kind": "gold-bars", "_show": "kind"}, 200)
    shown = lin.read(again.text, NEW)
    assert (shown["name"], shown["kind"], shown["carats"]) == ("bars", "gold-bars", "")
    lin.send(NEW, {**shown, "carats": "24"})
    assert the_box(institution).carats == 24
    assert "24" in lin.get("/vault/box/1")


def test_what_is_not_asked_for_any_more_keeps_its_value_and_is_not_shown(
    person: Any, institution: Kernel
) -> None:
    lin = person("lin.xiaowen")
    shown = {**lin.form(NEW), "name": "bars", "kind": "gold-bars", "carats": "24"}
    lin.send(NEW, shown)
    lin.send(EDIT, {**lin.form(EDIT), "kind": "papers"})
    sheets, timeline, _rest = lin.get("/vault/box/1").partition("时间线")
    assert timeline
    assert "Carats" not in sheets
    assert "carats" not in lin.form(EDIT)
    assert the_box(institution).carats == 24


def test_what_is_wrong_with_a_field_is_shown_whatever_is_chosen(person: Any) -> None:
    lin = person("lin.xiaowen")
    answer = lin.send(NEW, {**lin.form(NEW), "name": "bars", "carats": "many"}, 422)
    assert 'name="carats"' in answer.text
