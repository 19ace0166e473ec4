"""Fields that an institution adds without code: their values over REST, exact, and nothing else let in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.tests.web.own_fields import ADMIN, MARKETS, acting, add, add_every_kind, field_of
from tenor.exports import export_of
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk import Amount
from tenor_sdk.access import FieldRule
from tenor_sdk.columns import CustomValues
from tenor_sdk.errors import Invalid, Refused

pytestmark = pytest.mark.both_databases

BOXES = "/api/v1/vault/box"
FULL = {
    "text": "甲 'quoted' \"twice\"", "long_text": "one\ntwo", "integer": 9_007_199_254_740_993,
    "amount": "1000000000000000.01", "rate": "0.043500001", "date": "2026-02-28", "boolean": True, "choice": "sse",
}  # fmt: skip
Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    """A program of Lin's."""
    client = app.test_client()
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")

    def send(method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {token}"
        answer = client.open(path, method=method, json=body, headers=named)
        assert answer.status_code == status, answer.text[:3000]
        return answer.json

    return send


def make(ask: Ask, **custom: Any) -> Any:
    return ask("POST", BOXES, {"name": "a box", "custom": custom}, 201)


def errors(ask: Ask, custom: Any) -> Any:
    return ask("POST", BOXES, {"name": "a box", "custom": custom}, 422)["errors"]


# -- exact ----------------------------------------------------------------


def test_every_kind_of_value_comes_back_as_it_was_given(institution: Kernel, ask: Ask) -> None:
    add_every_kind(institution)
    made = make(ask, **FULL)
    assert made["custom"] == FULL
    assert ask("GET", f"{BOXES}/{made['id']}")["custom"] == FULL


def test_values_lie_in_the_column_as_the_ledger_keeps_them(institution: Kernel, ask: Ask) -> None:
    from tenor_vault.records import Box

    add_every_kind(institution)
    make(ask, **FULL)
    with acting(institution, "lin.xiaowen", write=False) as ctx:
        kept = ctx.session.scalars(select(Box)).one().custom
    assert (kept["amount"], kept["rate"], kept["date"]) == (
        100_000_000_000_000_001, 43_500_001, "2026-02-28",
    )  # fmt: skip


def test_a_field_without_a_value_is_there_as_none(institution: Kernel, ask: Ask) -> None:
    add(institution, "market", "text")
    assert make(ask)["custom"] == {"market": None}


def test_a_change_names_what_it_changes_and_null_takes_away(institution: Kernel, ask: Ask) -> None:
    add_every_kind(institution)
    made = make(ask, text="old", integer=7)
    changed = ask(
        "PATCH",
        f"{BOXES}/{made['id']}",
        {"custom": {"text": "new", "integer": None}},
        If_Match='"1"',
    )
    assert (changed["custom"]["text"], changed["custom"]["integer"]) == ("new", None)
    kept = ask("PATCH", f"{BOXES}/{made['id']}", {"name": "other"}, If_Match='"2"')
    assert kept["custom"]["text"] == "new"


# -- bad input ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("text", 5, "not-a-text"), ("text", "x" * 501, "too-long"), ("text", ["a"], "not-a-text"),
        ("text", "a\u0000b", "control-characters"), ("long_text", "x" * 100_001, "too-long"),
        ("integer", "1.5", "not-a-whole-number"), ("integer", True, "not-a-whole-number"),
        ("integer", 2**63, "not-a-whole-number"), ("integer", 1.0, "not-a-whole-number"),
        ("amount", "NaN", "not-an-amount"), ("amount", 1.5, "amount-as-text"),
        ("amount", "1.001", "too-many-decimals"), ("amount", "10000000000000000", "not-an-amount"),
        ("amount", {"minor": 5}, "amount-as-text"), ("rate", "4%", "not-a-rate"),
        ("rate", "Infinity", "not-a-rate"), ("rate", "9999999999999", "too-large"),
        ("date", "2026-02-29", "not-a-date"), ("date", 20260228, "not-a-date"),
        ("boolean", "maybe", "not-a-yes-or-no"), ("boolean", {}, "not-a-yes-or-no"),
        ("choice", "nyse", "not-a-choice"), ("choice", {}, "not-a-choice"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_at_its_field(
    institution: Kernel, ask: Ask, key: str, value: Any, why: str
) -> None:
    add_every_kind(institution)
    found = errors(ask, {key: value})
    assert {name: error["key"] for name, error in found.items()} == {f"custom.{key}": why}


@pytest.mark.parametrize("key", ["__class__", "k" * 10_000, "", "name", "custom", "text.x", "$"])
def test_a_key_that_nobody_defined_is_refused(institution: Kernel, ask: Ask, key: str) -> None:
    add_every_kind(institution)
    assert list(errors(ask, {key: "x"})) == [f"custom.{key}"]


@pytest.mark.parametrize("custom", [[], "x", 5, [{"text": "x"}]])
def test_custom_fields_are_one_object(institution: Kernel, ask: Ask, custom: Any) -> None:
    add_every_kind(institution)
    assert list(errors(ask, custom)) == ["custom"]


def test_a_body_with_nan_is_no_json(app: Flask, institution: Kernel) -> None:
    add_every_kind(institution)
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = '{"name": "a box", "custom": {"amount": NaN}}'
    answer = app.test_client().post(BOXES, data=body, headers=headers)
    assert (answer.status_code, (answer.json or {})["key"]) == (422, "not-json")


def test_declared_and_custom_errors_are_told_together(institution: Kernel, ask: Ask) -> None:
    add_every_kind(institution)
    body = {"name": "", "custom": {"date": "soon"}}
    assert set(ask("POST", BOXES, body, 422)["errors"]) == {"name", "custom.date"}


def test_a_record_that_takes_none_knows_no_custom_fields(institution: Kernel, ask: Ask) -> None:
    body = {"subject": "Fetch", "custom": {}}
    assert list(ask("POST", "/api/v1/errands/errand", body, 422)["errors"]) == ["custom"]


# -- required ----------------------------------------------------------------


def test_what_is_required_is_missed_of_a_new_record_though_nothing_was_said_of_it(
    institution: Kernel, ask: Ask
) -> None:
    add(institution, "reason", "text", required=True)
    assert list(ask("POST", BOXES, {"name": "a box"}, 422)["errors"]) == ["custom.reason"]


def test_records_that_stand_without_a_required_field_are_valid_until_their_custom_fields_are_edited(
    institution: Kernel, ask: Ask
) -> None:
    add(institution, "note", "text")
    made = make(ask, note="old")
    add(institution, "reason", "text", required=True)
    where = f"{BOXES}/{made['id']}"
    assert ask("PATCH", where, {"name": "renamed"}, If_Match='"1"')["custom"]["reason"] is None
    refused = ask("PATCH", where, {"custom": {"note": "new"}}, 422, If_Match='"2"')
    assert list(refused["errors"]) == ["custom.reason"]
    ask("PATCH", where, {"custom": {"note": "new", "reason": "r"}}, If_Match='"2"')
    refused = ask("PATCH", where, {"custom": {"reason": None}}, 422, If_Match='"3"')
    assert list(refused["errors"]) == ["custom.reason"]


# -- withdrawn and archived ----------------------------------------------------------------


def test_a_withdrawn_choice_stays_where_it_stands_and_is_given_nowhere_else(
    institution: Kernel, ask: Ask
) -> None:
    add(institution, "market", "choice", choices=MARKETS)
    add(institution, "note", "text")
    kept, other = make(ask, market="sse"), make(ask, market="szse")
    with acting(institution, ADMIN) as ctx:
        next(one for one in field_of(ctx, "market").choices if one.value == "sse").withdrawn = True
    where = f"{BOXES}/{kept['id']}"
    body = {"custom": {"market": "sse", "note": "checked"}}
    assert ask("PATCH", where, body, If_Match='"1"')["custom"] == {
        "market": "sse",
        "note": "checked",
    }
    refused = ask(
        "PATCH", f"{BOXES}/{other['id']}", {"custom": {"market": "sse"}}, 422, If_Match='"1"'
    )
    assert list(refused["errors"]) == ["custom.market"]


def test_an_archived_field_is_neither_shown_nor_taken_and_the_ledger_keeps_what_it_was(
    institution: Kernel, ask: Ask
) -> None:
    add(institution, "fee_due", "amount")
    add(institution, "note", "text")
    made = make(ask, fee_due="12.50")
    with acting(institution, ADMIN) as ctx:
        institution.records.archive(ctx, field_of(ctx, "fee_due"))
    where = f"{BOXES}/{made['id']}"
    assert ask("GET", where)["custom"] == {"note": None}
    refused = ask("PATCH", where, {"custom": {"fee_due": "1"}}, 422, If_Match='"1"')
    assert list(refused["errors"]) == ["custom.fee_due"]
    ask("PATCH", where, {"custom": {"note": "n"}}, If_Match='"1"')
    with acting(institution, ADMIN) as ctx:
        institution.records.archive(ctx, field_of(ctx, "fee_due"), away=False)
    assert ask("GET", where)["custom"] == {"fee_due": "12.50", "note": "n"}
    created = ask("GET", f"{where}/history")["items"][-1]
    assert created["changes"]["custom.fee_due"] == [None, "12.50"]


# -- the ledger ----------------------------------------------------------------


def test_each_value_has_its_own_before_and_after_in_the_ledger(
    institution: Kernel, ask: Ask
) -> None:
    add_every_kind(institution)
    made = make(ask, text="old", amount="1.00", date="2026-01-01")
    where = f"{BOXES}/{made['id']}"
    ask("PATCH", where, {"custom": {"amount": "2.50", "date": None}}, If_Match='"1"')
    update, create = ask("GET", f"{where}/history")["items"]
    assert update["changes"] == {
        "custom.amount": ["1.00", "2.50"], "custom.date": ["2026-01-01", None],
    }  # fmt: skip
    own = {name: pair for name, pair in create["changes"].items() if name.startswith("custom")}
    assert own == {
        "custom.text": [None, "old"], "custom.amount": [None, "1.00"], "custom.date": [None, "2026-01-01"],
    }  # fmt: skip


def test_what_a_removed_record_had_is_in_the_ledger(institution: Kernel, ask: Ask) -> None:
    add(institution, "note", "text")
    made = make(ask, note="kept")
    ask("DELETE", f"{BOXES}/{made['id']}", If_Match='"1"')
    with acting(institution, "song.qing", write=False) as ctx:
        gone = institution.audit.search(ctx, table="vault_box", kind="delete")
    assert gone[0].changes["custom.note"] == ["kept", None]


# -- whose ----------------------------------------------------------------


@pytest.mark.parametrize(("effect", "shown"), [("hide", False), ("mask", False), ("freeze", True)])
def test_a_rule_about_the_column_holds_for_all_custom_fields(
    institution: Kernel, ask: Ask, effect: Any, shown: bool
) -> None:
    from tenor_vault.records import Box

    add(institution, "note", "text", searched=True)
    made = make(ask, note="secret")
    institution.access.field_rules.append(FieldRule(fields=(Box.custom,), effect=effect))
    institution.access._field_effects.clear()
    where = f"{BOXES}/{made['id']}"
    assert ask("GET", where).get("custom") == ({"note": "secret"} if shown else None)
    refused = ask("PATCH", where, {"custom": {"note": "x"}}, 422, If_Match='"1"')
    assert list(refused["errors"]) == ["custom.note"]
    changes = ask("GET", f"{where}/history")["items"][-1]["changes"]
    told = {"hide": None, "mask": [None, "••••"], "freeze": [None, "secret"]}
    assert changes.get("custom.note") == told[effect]
    ask("GET", f"{BOXES}?custom.note=secret", status=200 if shown else 422)


def test_what_a_rule_hides_in_one_state_is_not_taken_out_with_rows_of_all_states(
    institution: Kernel, person: Any, ask: Ask
) -> None:
    from tenor_vault.records import Box

    add(institution, "note", "text")
    make(ask, note="secret")
    lin = person("lin.xiaowen")
    assert "secret" in lin.client.get("/vault/box/export?format=csv").get_data(as_text=True)
    rule = FieldRule(fields=(Box.custom,), effect="hide", in_states=("sealed",))
    institution.access.field_rules.append(rule)
    institution.access._field_effects.clear()
    assert "secret" not in lin.client.get("/vault/box/export?format=csv").get_data(as_text=True)


def test_a_plugin_cannot_put_values_past_their_definitions(institution: Kernel) -> None:
    from tenor_vault.records import Box

    with (
        pytest.raises(TypeError, match="set_custom_fields"),
        acting(institution, "lin.xiaowen") as ctx,
    ):
        box = Box(name="a box", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        box.custom = {"anything": 1.5}  # type: ignore[assignment]  # what is refused
        ctx.session.add(box)
    with pytest.raises(TypeError, match="set_custom_fields"):
        CustomValues(a=1)["a"] = 2


def test_a_demo_or_import_fills_them_in_as_the_api_does(institution: Kernel) -> None:
    from tenor_vault.records import Box

    from tenor_sdk.custom_fields import set_custom_fields

    add(institution, "fee_due", "amount")
    with acting(institution, "lin.xiaowen") as ctx:
        box = Box(name="a box", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        ctx.session.add(box)
        set_custom_fields(ctx, box, {"fee_due": "3.00"})
        assert box.custom == {"fee_due": Amount.of("3.00").minor}
        with pytest.raises(Invalid) as refused:
            set_custom_fields(ctx, box, {"other": "x"})
        assert list(refused.value.fields) == ["custom.other"]


def test_a_record_that_takes_none_says_so(institution: Kernel) -> None:
    from tenor_vault.records import Shelf

    from tenor_sdk.custom_fields import set_custom_fields
    from tenor_sdk.testing import make_user

    make_user(institution, "shelver", roles=["vault.shelver"])
    with acting(institution, "shelver") as ctx:
        shelf = Shelf(name="top")
        ctx.session.add(shelf)
        with pytest.raises(Refused, match="takes-no-custom-fields"):
            set_custom_fields(ctx, shelf, {"a": 1})


# -- described and taken out ---------------------------------------------------------------------


def test_the_api_s_description_knows_them(institution: Kernel, ask: Ask) -> None:
    add(institution, "note", "text", required=True)
    add(institution, "market", "choice", choices=MARKETS)
    schemas = ask("GET", "/api/v1/openapi.json")["components"]["schemas"]
    given = schemas["vault.Box.Given"]
    assert given["properties"]["custom"] == {
        "type": "object", "additionalProperties": False, "required": ["note"],
        "properties": {"note": {"type": "string"}, "market": {"enum": ["sse", "szse", "bse", None]}},
    }  # fmt: skip
    assert "custom" in given["required"]
    assert "required" not in schemas["vault.Box.Changed"]["properties"]["custom"]
    shown = schemas["vault.Box"]["properties"]["custom"]["properties"]
    assert shown["note"] == {"type": ["string", "null"]}
    assert "custom" not in schemas["errands.Errand.Given"]["properties"]


def test_an_export_has_a_column_for_each(institution: Kernel, ask: Ask) -> None:
    from tenor_vault.records import Box

    add(institution, "fee_due", "amount")
    make(ask, fee_due="12.50")
    ctx: Any
    with acting(institution, "lin.xiaowen") as ctx:
        table, listed = (
            b"".join(export_of(ctx, Box, form).content()).decode() for form in ("csv", "json")
        )
    head, row = table.splitlines()[:2]
    assert (head.split(",")[-1], row.split(",")[-1]) == ("custom.fee_due", "12.50")
    assert json.loads(listed)[0]["custom"] == {"fee_due": "12.50"}
