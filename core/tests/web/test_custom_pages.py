"""Custom fields on pages: defined by an administrator, filled in, read, kept through a refusal and a conflict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.tests.web.own_fields import ADMIN, MARKETS, acting, add, add_every_kind, field_of
from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases

NEW = "/vault/box/new"
DEFINE = "/base/custom-field/new"
SCRIPT = "<script>alert(1)</script>"
Box = Callable[..., int]


def values(institution: Kernel, box: int = 1) -> dict[str, Any]:
    from tenor_vault.records import Box as Record

    with acting(institution, "lin.xiaowen", write=False) as ctx:
        return dict(ctx.session.get_one(Record, box).custom)


# -- defined ----------------------------------------------------------------


def test_an_administrator_defines_a_field_and_it_is_in_the_next_form(person: Any) -> None:
    ding, lin = person(ADMIN), person("lin.xiaowen")
    assert "custom-market" not in lin.get(NEW)
    typed = {
        "record": "vault.box", "key": "market", "kind": "choice", "label": "上市地", "label_en": "Listed at",
        "help": "股票上市的交易所", "place": "10", "choices-count": "1", "choices-0-value": "sse",
        "choices-0-label": "上交所",
    }  # fmt: skip
    ding.send(DEFINE, {**ding.form(DEFINE), **typed})
    form = lin.get(NEW)
    for shown in ("补充信息", "上市地", "股票上市的交易所", "上交所", 'name="custom-market"'):
        assert shown in form, shown


def test_what_is_wrong_with_a_definition_stands_at_its_field(person: Any) -> None:
    ding = person(ADMIN)
    typed = {"record": "nobody.nothing", "key": "a", "kind": "text", "label": "名", "place": "1"}
    shown = ding.send(DEFINE, {**ding.form(DEFINE), **typed}, 422).text
    assert 'href="#f-record"' in shown
    assert '<option value="vault.box">Box (vault.box)</option>' in shown


def test_definitions_are_no_page_of_others(person: Any) -> None:
    person("lin.xiaowen").get("/base/custom-field", 404)
    person("lin.xiaowen").get(DEFINE, 404)


def test_script_in_labels_help_and_values_is_text(institution: Kernel, person: Any) -> None:
    from tenor_vault.records import Box as Record

    from tenor_sdk.custom_fields import add_custom_field

    with acting(institution, ADMIN) as ctx:
        add_custom_field(
            ctx,
            Record,
            "bad",
            "choice",
            SCRIPT,
            help=SCRIPT,
            searched=True,
            choices=[("a", SCRIPT, "")],
        )
        add_custom_field(ctx, Record, "worse", "text", SCRIPT, searched=True)
    lin = person("lin.xiaowen")
    pages = [lin.get(NEW)]
    lin.send(NEW, {**lin.form(NEW), "name": "box", "custom-bad": "a", "custom-worse": SCRIPT})
    pages += [
        lin.get(page)
        for page in ("/vault/box/1", "/vault/box/1/edit", "/vault/box", "/vault/box?custom.bad=a")
    ]
    pages += [person(ADMIN).get(page) for page in ("/base/custom-field", "/base/custom-field/1")]
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


# -- filled in and read ----------------------------------------------------------------


def test_every_kind_is_typed_as_people_write_it_and_read_as_they_read_it(
    institution: Kernel, person: Any
) -> None:
    add_every_kind(institution)
    lin = person("lin.xiaowen")
    typed = {
        "name": "box", "custom-text": "甲", "custom-long_text": "one\r\ntwo", "custom-integer": "12345",
        "custom-amount": "1,000,000.50", "custom-rate": "4.35", "custom-date": "2026-02-28",
        # a browser sends the empty input before a box that is ticked as well
        "custom-boolean": ["", "1"],
        "custom-choice": "sse",
    }  # fmt: skip
    lin.send(NEW, {**lin.form(NEW), **typed})
    assert values(institution) == {
        "text": "甲", "long_text": "one\ntwo", "integer": 12345, "amount": 100000050, "rate": 43500000,
        "date": "2026-02-28", "boolean": True, "choice": "sse",
    }  # fmt: skip
    page = lin.get("/vault/box/1")
    for shown in ("补充信息", "甲", "12,345", "1,000,000.50", "4.35%", "2026-02-28", "上交所"):
        assert shown in page, shown
    form = lin.form("/vault/box/1/edit")
    typed["custom-long_text"] = "one\ntwo"
    assert {name: form[name] for name in typed} == typed


def test_saving_a_form_untouched_changes_nothing(institution: Kernel, person: Any) -> None:
    add_every_kind(institution)
    lin = person("lin.xiaowen")
    own = {"custom-amount": "1.00", "custom-rate": "0.0435001", "custom-boolean": ["", "1"]}
    lin.send(NEW, {**lin.form(NEW), "name": "box", **own})
    before = values(institution)
    lin.send("/vault/box/1/edit", lin.form("/vault/box/1/edit"))
    assert values(institution) == before
    with acting(institution, "song.qing", write=False) as ctx:
        assert [each.kind for each in institution.audit.search(ctx, table="vault_box")] == [
            "create"
        ]


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    institution: Kernel, person: Any
) -> None:
    add_every_kind(institution)
    add(institution, "reason", "text", required=True)
    lin = person("lin.xiaowen")
    typed = {"name": "box", "custom-amount": "12.345", "custom-date": "soon", "custom-text": "kept"}
    shown = lin.send(NEW, {**lin.form(NEW), **typed}, 422).text
    for name in ("amount", "date", "reason"):
        assert f'href="#f-custom-{name}"' in shown, name
        assert f'id="f-custom-{name}-note"' in shown, name
    for kept in ('value="12.345"', 'value="soon"', 'value="kept"'):
        assert kept in shown, kept


def test_an_old_record_asks_for_a_new_required_field_when_it_is_edited(
    institution: Kernel, person: Any, box: Box
) -> None:
    made = box()
    add(institution, "reason", "text", required=True)
    lin = person("lin.xiaowen")
    lin.get(f"/vault/box/{made}")
    edit = f"/vault/box/{made}/edit"
    assert 'href="#f-custom-reason"' in lin.send(edit, lin.form(edit), 422).text
    lin.send(edit, {**lin.form(edit), "custom-reason": "given"})
    assert values(institution, made) == {"reason": "given"}


def test_what_is_sent_beyond_the_form_stays_away(institution: Kernel, person: Any) -> None:
    add(institution, "note", "text")
    lin = person("lin.xiaowen")
    odd = {"custom-__class__": "x", "custom-" + "k" * 10_000: "x", "custom-": "x", "custom": "x"}
    lin.send(NEW, {**lin.form(NEW), "name": "box", "custom-note": "n", **odd})
    assert values(institution) == {"note": "n"}


def test_an_archived_field_is_on_no_form_and_stays_on_the_timeline(
    institution: Kernel, person: Any
) -> None:
    add(institution, "market", "choice", choices=MARKETS)
    lin = person("lin.xiaowen")
    lin.send(NEW, {**lin.form(NEW), "name": "box", "custom-market": "sse"})
    with acting(institution, ADMIN) as ctx:
        institution.records.archive(ctx, field_of(ctx, "market"))
    assert "字段 market" not in lin.get("/vault/box/1/edit")
    page = lin.get("/vault/box/1")
    assert "补充信息" not in page
    assert "字段 market" in page
    assert "上交所" in page
    lin.send("/vault/box/1/edit", {**lin.form("/vault/box/1/edit"), "name": "other"})
    assert values(institution) == {"market": "sse"}


def test_the_audit_page_tells_values_in_words(institution: Kernel, person: Any) -> None:
    add_every_kind(institution)
    lin = person("lin.xiaowen")
    lin.send(NEW, {**lin.form(NEW), "name": "box", "custom-choice": "sse", "custom-rate": "4.35"})
    page = person("song.qing").get("/audit?what=vault_box")
    for shown in ("字段 choice", "上交所", "4.35%"):
        assert shown in page, shown


# -- two at once ----------------------------------------------------------------


def test_of_two_people_neither_overwrites_the_other(institution: Kernel, person: Any) -> None:
    add_every_kind(institution)
    lin = person("lin.xiaowen")
    lin.send(
        NEW, {**lin.form(NEW), "name": "box", "custom-text": "before", "custom-amount": "1.00"}
    )
    edit = "/vault/box/1/edit"
    mine, theirs = lin.form(edit), lin.form(edit)
    lin.send(edit, {**theirs, "custom-text": "theirs", "custom-choice": "sse"})
    told = lin.send(edit, {**mine, "custom-text": "mine", "custom-amount": "2,000.00"}, 409).text
    for shown in ("字段 text", "before", "theirs", "mine", "2,000.00", "上交所"):
        assert shown in told, shown
    form = lin.read(told, edit)
    chosen = {
        "choose-custom-text": "theirs",
        "choose-custom-amount": "mine",
        "choose-custom-choice": "theirs",
    }
    lin.send(edit, {**form, **chosen})
    kept = values(institution)
    assert (kept["text"], kept["amount"], kept["choice"]) == ("theirs", 200000, "sse")
