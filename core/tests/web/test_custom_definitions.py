"""The definitions of custom fields: an administrator's, in force at once everywhere, and true to what values stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.tests.web.own_fields import ADMIN, MARKETS, acting, add, field_of
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.records.records import CustomField, CustomKind
from tenor.testing.institution import start, stop
from tenor_sdk.custom_fields import add_custom_field, set_custom_fields
from tenor_sdk.errors import Conflict, Forbidden, Invalid, Refused

pytestmark = pytest.mark.both_databases

BOX = "/api/v1/vault/box"
Box = Callable[..., int]


def fill(institution: Kernel, box: int, **values: Any) -> None:
    from tenor_vault.records import Box as Record

    with acting(institution, "lin.xiaowen") as ctx:
        set_custom_fields(ctx, ctx.session.get_one(Record, box), values)


def shown(kernel: Kernel, language: str = "zh-CN") -> list[str]:
    from tenor_vault.records import Box as Record

    with acting(kernel, "lin.xiaowen", write=False) as ctx:
        specs = kernel.records.custom.shown(ctx, Record)
        return [kernel.translator.text(spec.label, language, spec.plugin) for spec in specs]


# -- whose ----------------------------------------------------------------


def test_only_an_administrator_defines_fields(institution: Kernel) -> None:
    from tenor_vault.records import Box as Record

    with pytest.raises(Forbidden), acting(institution, "lin.xiaowen") as ctx:
        add_custom_field(ctx, Record, "note", "text", "备注")


def test_nobody_else_changes_or_sees_them(institution: Kernel) -> None:
    add(institution, "note", "text")
    with acting(institution, "lin.xiaowen") as ctx:
        assert ctx.session.get(CustomField, 1) is None


def test_a_definition_is_ledgered_with_who_made_it(institution: Kernel) -> None:
    add(institution, "note", "text")
    with acting(institution, "song.qing", write=False) as ctx:
        entry = institution.audit.search(ctx, table="base_custom_field")[0]
    assert (entry.kind, entry.actor_name, entry.changes["key"]) == (
        "create",
        "丁宁",
        [None, "note"],
    )


def test_labels_are_in_the_language_of_whoever_reads(institution: Kernel) -> None:
    add(institution, "note", "text")
    assert (shown(institution), shown(institution, "en")) == (["字段 note"], ["Field note"])


def test_without_an_english_label_the_chinese_one_stands(institution: Kernel) -> None:
    from tenor_vault.records import Box as Record

    with acting(institution, ADMIN) as ctx:
        add_custom_field(ctx, Record, "note", "text", "备注")
    assert shown(institution, "en") == ["备注"]


def test_fields_stand_in_their_places(institution: Kernel) -> None:
    add(institution, "second", "text", place=20)
    add(institution, "first", "text", place=10)
    assert shown(institution) == ["字段 first", "字段 second"]


# -- at once, everywhere ----------------------------------------------------------------


CHANGES = {
    "a field's label by hand": "UPDATE base_custom_field SET label = '改过'",
    "a field that goes": "DELETE FROM base_custom_field",
    "a field that is archived": "UPDATE base_custom_field SET archived = true",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_request_knows_of_it_whichever_way_it_came(
    institution: Kernel, change: str
) -> None:
    add(institution, "note", "text")
    before = shown(institution)
    with institution.db.raw() as connection:
        connection.execute(text(CHANGES[change]))
    assert shown(institution) != before


def test_another_process_knows_at_once(
    institution: Kernel,
    database: str,
    tmp_path_factory: pytest.TempPathFactory,
    plugins: tuple[str, ...],
) -> None:
    other = start(database, plugins, tmp_path_factory.mktemp("other"))
    try:
        assert shown(other) == []
        add(institution, "note", "text")
        assert shown(other) == ["字段 note"]
        with acting(institution, ADMIN) as ctx:
            institution.records.archive(ctx, field_of(ctx, "note"))
        assert shown(other) == []
    finally:
        stop(other)


def test_a_definition_that_was_undone_is_kept_by_nobody(institution: Kernel) -> None:
    from tenor_vault.records import Box as Record

    class Undo(Exception):
        """What undoes the transaction."""

    assert shown(institution) == []
    with pytest.raises(Undo), acting(institution, ADMIN) as ctx:
        add_custom_field(ctx, Record, "note", "text", "备注")
        assert [spec.name for spec in institution.records.custom.shown(ctx, Record)] == ["note"]
        raise Undo
    assert shown(institution) == []
    add(institution, "other", "text")
    assert shown(institution) == ["字段 other"]


def test_choices_count_as_changes_too(institution: Kernel) -> None:
    from tenor_vault.records import Box as Record

    add(institution, "market", "choice", choices=MARKETS)
    with acting(institution, ADMIN) as ctx:
        field_of(ctx, "market").choices[0].label = "上海"
    with acting(institution, "lin.xiaowen", write=False) as ctx:
        spec = institution.records.custom.shown(ctx, Record)[0]
    assert institution.translator.text(spec.choices[0][1], "zh-CN") == "上海"


# -- what values stand by ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("kind", CustomKind.DATE), ("key", "other"), ("record", "vault.shelf")]
)
def test_what_values_stand_by_cannot_be_changed_under_them(
    institution: Kernel, box: Box, name: str, value: Any
) -> None:
    add(institution, "note", "text")
    fill(institution, box(), note="stands")
    with pytest.raises(Refused, match="custom-field-in-use"), acting(institution, ADMIN) as ctx:
        setattr(field_of(ctx, "note"), name, value)


def test_a_kind_may_change_as_long_as_no_value_stands(institution: Kernel, box: Box) -> None:
    add(institution, "note", "text")
    made = box()
    fill(institution, made, note="stands")
    fill(institution, made, note=None)
    with acting(institution, ADMIN) as ctx:
        field_of(ctx, "note").kind = CustomKind.DATE
    fill(institution, made, note="2026-01-01")


def test_a_definition_in_use_is_archived_never_deleted(institution: Kernel, box: Box) -> None:
    add(institution, "note", "text")
    fill(institution, box(), note="stands")
    with pytest.raises(Refused, match="custom-field-in-use"), acting(institution, ADMIN) as ctx:
        ctx.session.delete(field_of(ctx, "note"))


def test_one_that_nobody_used_is_deleted_with_its_choices(institution: Kernel) -> None:
    add(institution, "market", "choice", choices=MARKETS)
    with acting(institution, ADMIN) as ctx:
        ctx.session.delete(field_of(ctx, "market"))
    assert shown(institution) == []
    with institution.db.raw(write=False) as connection:
        assert connection.scalar(text("SELECT count(*) FROM base_custom_choice")) == 0


def test_a_choice_that_stands_is_withdrawn_never_deleted_or_renamed(
    institution: Kernel, box: Box
) -> None:
    add(institution, "market", "choice", choices=MARKETS)
    fill(institution, box(), market="sse")

    def first(ctx: Any) -> Any:
        return next(one for one in field_of(ctx, "market").choices if one.value == "sse")

    with pytest.raises(Refused, match="custom-choice-in-use"), acting(institution, ADMIN) as ctx:
        ctx.session.delete(first(ctx))
    with pytest.raises(Refused, match="custom-choice-in-use"), acting(institution, ADMIN) as ctx:
        first(ctx).value = "shanghai"
    with acting(institution, ADMIN) as ctx:
        first(ctx).withdrawn = True
        field = field_of(ctx, "market")
        field.choices.remove(next(one for one in field.choices if one.value == "bse"))


@pytest.mark.parametrize(
    "key", ["__class__", "Key", "k" * 41, "a__b", "a.b", "a-b", "1a", "", "a b", "键"]
)
def test_a_key_is_a_short_plain_name(institution: Kernel, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(institution, key, "text")
    assert list(refused.value.fields) == ["key"]


def test_two_fields_of_a_record_have_no_key_in_common(institution: Kernel) -> None:
    add(institution, "note", "text")
    with pytest.raises(Conflict):
        add(institution, "note", "date")


@pytest.mark.parametrize(
    "kind", ["vault.shelf", "vault.item", "vault.box.", "nobody.nothing", "base.user"]
)
def test_a_record_that_takes_none_gets_none(institution: Kernel, kind: str) -> None:
    values = {"record": kind, "key": "note", "kind": "text", "label": "备注"}
    with pytest.raises(Invalid) as refused, acting(institution, ADMIN) as ctx:
        institution.records.create(ctx, CustomField, values)
    assert list(refused.value.fields) == ["record"]


def test_a_choice_has_choices(institution: Kernel) -> None:
    with pytest.raises(Invalid) as refused:
        add(institution, "market", "choice")
    assert list(refused.value.fields) == ["choices"]


def test_a_kind_that_there_is_not_is_refused(institution: Kernel) -> None:
    with pytest.raises(Invalid) as refused:
        add(institution, "note", "float")
    assert list(refused.value.fields) == ["kind"]


# -- while its plugin is off ----------------------------------------------------------------


def test_fields_of_a_plugin_that_is_off_wait_for_it(
    institution: Kernel, database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add(institution, "note", "text")
    without = start(database, ("notes",), tmp_path_factory.mktemp("without"))
    try:
        with pytest.raises(Refused, match="custom-field-waits"), acting(without, ADMIN) as ctx:
            field_of(ctx, "note").kind = CustomKind.DATE
    finally:
        stop(without)
    assert shown(institution) == ["字段 note"]


# -- statements ----------------------------------------------------------------


@pytest.fixture
def asker(app: Flask, institution: Kernel, statements: list[str]) -> Callable[[str], list[str]]:
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def ask(path: str) -> list[str]:
        client.get(path, headers=headers)  # what is kept is read once
        statements.clear()
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return list(statements)

    return ask


def test_to_read_records_with_custom_fields_takes_one_statement_more_whatever_their_number(
    institution: Kernel, box: Box, asker: Callable[[str], list[str]]
) -> None:
    for number in range(8):
        add(institution, f"note_{number}", "text", searched=True)
    made = box()
    for _ in range(10):
        box()
    assert len(asker(f"{BOX}/{made}")) <= 3 + 1  # Lin's items of the box are among them
    assert len(asker(f"{BOX}?count=false")) <= 2 + 1
    keys = 3  # of search: whether all boxes have them, how common they are guessed to be, and which fit
    assert len(asker(f"{BOX}?count=false&custom.note_1=x&q=y")) <= 2 + 1 + keys
