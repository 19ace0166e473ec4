"""What the administrator sets for a plugin: typed, checked, ledgered, read once a transaction."""

from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.settings.values import checked, from_json, to_json
from tenor.testing import as_actor
from tenor_sdk.errors import Forbidden, Invalid, NotFound
from tenor_sdk.settings import Settings, change_setting, secret, setting
from tenor_sdk.values import Amount, Rate
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases


class Tone(StrEnum):
    CALM = "calm"
    LOUD = "loud"


class Lending(Settings):
    __module__ = "tenor.settings"  # a class of the test's own, as if the kernel declared it

    most_open: int = setting(3, minimum=1, maximum=9)
    limit: Amount = setting(Amount.of("10000000"))
    rate: Rate = setting(Rate.percent("4.35"))
    tone: Tone = setting(Tone.CALM)
    from_day: date | None = setting(None, minimum=date(2026, 1, 1))
    key: str = secret()


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


def put(institution: Any, name: str, value: object, who: str = "ding.ning") -> None:
    with as_actor(institution, who) as ctx:
        institution.plugin_settings.set(ctx, Lending, name, value)


def read(institution: Any) -> Lending:
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        return ctx.settings(Lending)


def test_what_nobody_set_has_its_default(institution: Any) -> None:
    assert read(institution).most_open == 3
    assert read(institution).limit == Amount.of("10000000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most_open", 5),
        ("limit", Amount.of("20000000.55")),
        ("rate", Rate.percent("3.6")),
        ("tone", Tone.LOUD),
        ("from_day", date(2026, 7, 1)),
        ("key", "opens the bank"),
    ],
)
def test_what_was_set_is_read_in_its_type(institution: Any, name: str, value: object) -> None:
    put(institution, name, value)
    assert getattr(read(institution), name) == value


def test_a_setting_with_bounds_can_be_emptied_where_it_may_be_none(institution: Any) -> None:
    put(institution, "from_day", date(2026, 7, 1))
    with pytest.raises(Invalid, match="setting-bounds"):
        put(institution, "from_day", date(2025, 12, 31))
    put(institution, "from_day", None)
    assert read(institution).from_day is None


def test_a_change_is_seen_in_the_transaction_that_made_it(institution: Any) -> None:
    with as_actor(institution, "ding.ning") as ctx:
        assert ctx.settings(Lending).most_open == 3
        institution.plugin_settings.set(ctx, Lending, "most_open", 7)
        assert ctx.settings(Lending).most_open == 7


def test_settings_are_read_by_one_statement_a_transaction(institution: Any) -> None:
    with (
        as_actor(institution, "lin.xiaowen", write=False) as ctx,
        asking(institution.db.reader) as asked,
    ):
        for _time in range(5):
            ctx.settings(Lending)
    assert len(asked) == 1, asked


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("most_open", 0, "setting-bounds"),
        ("most_open", 10, "setting-bounds"),
        ("most_open", "5", "setting-type"),
        ("most_open", True, "setting-type"),
        ("limit", 5.0, "setting-type"),
    ],
)
def test_a_value_of_another_type_or_out_of_bounds_is_refused(
    institution: Any, name: str, value: object, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(institution, name, value)
    assert refused.value.key == key


def test_a_setting_that_is_not_declared_is_not_found(institution: Any) -> None:
    with pytest.raises(NotFound):
        put(institution, "colour", "red")


def test_whoever_may_not_change_settings_is_refused(institution: Any) -> None:
    with pytest.raises(Forbidden):
        put(institution, "most_open", 5, who="lin.xiaowen")
    assert read(institution).most_open == 3


def test_a_change_is_ledgered_and_a_secret_is_not_told(institution: Any) -> None:
    put(institution, "most_open", 5)
    put(institution, "key", "opens the bank")
    with as_actor(institution, "song.qing", write=False) as ctx:
        entries = institution.audit.search(ctx, table="base_plugin_setting")
    told = [entry.changes for entry in entries]
    assert any(changes.get("value") == [None, 5] for changes in told)
    assert "opens the bank" not in str(told)


def test_a_plugin_changes_a_setting_as_the_person_who_acts(institution: Any) -> None:
    with as_actor(institution, "ding.ning") as ctx:
        change_setting(ctx, Lending, "most_open", 7)
    with as_actor(institution, "lin.xiaowen") as ctx, pytest.raises(Forbidden):
        change_setting(ctx, Lending, "most_open", 8)
    assert read(institution).most_open == 7


def test_a_derived_secret_stays_the_same_and_differs_by_plugin_and_purpose(
    institution: Any,
) -> None:
    derived = institution.plugin_settings.derived_secret
    assert derived("signing", "keys") == derived("signing", "keys")
    assert (
        len({derived("signing", "keys"), derived("signing", "seal"), derived("mail", "keys")}) == 3
    )
    assert len(derived("signing", "keys")) == 32


@given(
    st.one_of(
        st.integers().map(lambda minor: (Amount, Amount(minor))),
        st.integers(-(10**12), 10**12).map(lambda nano: (Rate, Rate(nano))),
        st.dates().map(lambda day: (date, day)),
        st.sampled_from(Tone).map(lambda tone: (Tone, tone)),
        st.text().map(lambda text: (str, text)),
        st.booleans().map(lambda flag: (bool, flag)),
    )
)
def test_a_value_comes_back_from_json_as_it_was(case: tuple[type, object]) -> None:
    import json

    kind, value = case
    assert checked(kind, value) == value
    assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value
