"""Values of events and jobs, written as JSON and read again."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.events.wire import from_json, to_json
from tenor_sdk.i18n import Text
from tenor_sdk.values import Amount, Money, Period, Rate

_whole = st.integers(min_value=-(2**63), max_value=2**63 - 1)
_days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
_values = st.one_of(
    st.none(),
    st.booleans(),
    _whole,
    st.text(),
    _days,
    st.times(),
    st.datetimes(timezones=st.just(UTC)),
    _whole.map(Amount),
    _whole.map(Rate),
    st.builds(Money, _whole, st.sampled_from(["CNY", "JPY", "KWD"])),
    st.tuples(_days, _days).map(lambda pair: Period(min(pair), max(pair))),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
_names = st.text().filter(lambda name: not name.startswith("$"))
_nested = st.recursive(
    _values,
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(_names, inner), st.lists(inner).map(tuple)
    ),
    max_leaves=12,
)


@given(_nested)
def test_what_is_written_is_read_again_with_its_types(value: Any) -> None:
    read = from_json(json.loads(json.dumps(to_json(value))))
    assert read == value
    assert type(read) is type(value)


def test_a_text_keeps_its_values_and_its_plugin() -> None:
    text = Text(
        "{n} days late by {amount}", {"n": 3, "amount": Amount(5)}, None, "tenor_loans.jobs"
    )
    read = from_json(json.loads(json.dumps(to_json(text))))
    assert (read.message, read.values, read.module) == (text.message, text.values, text.module)


def test_an_instant_is_read_in_utc_whatever_its_zone() -> None:
    there = datetime(2026, 6, 30, 18, 0, tzinfo=timezone(timedelta(hours=8)))
    read = from_json(to_json(there))
    assert read == there
    assert read.tzinfo is UTC or read.utcoffset() == timedelta(0)


def test_a_choice_is_written_as_its_value() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert to_json(Colour.RED) == "red"
    assert type(to_json(Colour.RED)) is str


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1: "a key that isn't text"},
        {"$amount": 5},
        float("nan"),
        float("inf"),
        {"a", "b"},
        b"bytes",
        datetime(2026, 6, 30, 10, 0),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_has_no_place_in_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)


def test_a_kind_of_value_from_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\$galaxy"):
        from_json({"$galaxy": 1})


def test_decimals_and_times_stay_exact() -> None:
    assert from_json(to_json(Decimal("1.10"))) == Decimal("1.10")
    assert from_json(to_json(time(23, 59, 59, 999999))) == time(23, 59, 59, 999999)
