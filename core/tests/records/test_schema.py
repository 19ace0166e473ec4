"""What comes in through forms and the API: read exactly, or refused with the rule that failed, field by field."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.records.schema import read
from tenor.records.specs import FieldSpec
from tenor_sdk import Amount, Invalid, Rate
from tenor_sdk.fields import FieldInfo


class Colour(StrEnum):
    """A choice."""

    RED = "red"


def spec(kind: Any, **more: Any) -> FieldSpec:
    """A field of one kind."""
    return FieldSpec("it", "base", "It", kind, **more)


def one(kind: Any, value: object, *, style: Any = "api", **more: Any) -> Any:
    """What a value is read as."""
    return read([spec(kind, **more)], {"it": value}, style=style, partial=False)["it"]


def error(kind: Any, value: object, *, style: Any = "api", **more: Any) -> str:
    """The key with which a value is refused."""
    with pytest.raises(Invalid) as refused:
        one(kind, value, style=style, **more)
    return refused.value.fields["it"].key


@dataclass(frozen=True)
class Row:
    """A value and what it is read as."""

    kind: str
    given: object
    wanted: object


GOOD = [
    Row("text", " a name ", "a name"),
    Row("long-text", "two\r\nlines", "two\nlines"),
    Row("integer", "1,200", 1200),
    Row("amount", "1,000.50", Amount(100050)),
    Row("rate", "0.0435", Rate.of("0.0435")),
    Row("date", "2024-02-29", date(2024, 2, 29)),
    Row("boolean", "on", True),
    Row("link", "7", 7),
]
BAD = [
    ("text", 5, "not-a-text"),
    ("text", "a\x00b", "control-characters"),
    ("text", "a\nb", "control-characters"),
    ("integer", "1.5", "not-a-whole-number"),
    ("integer", True, "not-a-whole-number"),
    ("integer", str(2**63), "not-a-whole-number"),
    ("amount", 1.5, "amount-as-text"),
    ("amount", "1.005", "too-many-decimals"),
    ("amount", "a lot", "not-an-amount"),
    ("amount", "1e9", "not-an-amount"),
    ("amount", "1,00.5", "not-an-amount"),
    ("rate", "4.35%", "not-a-rate"),
    ("date", "2025-02-29", "not-a-date"),
    ("date", "29.2.2024", "not-a-date"),
    ("time", "2024-01-01T10:00:00", "time-without-zone"),
    ("boolean", "perhaps", "not-a-yes-or-no"),
    ("link", "seven", "not-a-link"),
    ("json", "{}", "not-an-object"),
]


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row.kind)
def test_a_right_value_is_read_exactly(row: Row) -> None:
    assert one(row.kind, row.given) == row.wanted


@pytest.mark.parametrize(("kind", "value", "key"), BAD)
def test_a_wrong_value_is_refused_with_its_rule(kind: str, value: object, key: str) -> None:
    assert error(kind, value) == key


def test_a_form_gives_rates_in_percent_and_the_api_as_fractions() -> None:
    assert one("rate", "4.35", style="form") == one("rate", "0.0435") == Rate.percent("4.35")


def test_an_amount_has_as_many_decimals_as_its_currency() -> None:
    assert read([spec("amount")], {"it": "5"}, style="api", partial=False, currency="JPY") == {
        "it": Amount(5)
    }
    with pytest.raises(Invalid):
        read([spec("amount")], {"it": "5.5"}, style="api", partial=False, currency="JPY")


def test_what_is_required_and_missing_empty_or_null_is_said() -> None:
    for data in ({}, {"it": None}, {"it": "  "}):
        with pytest.raises(Invalid) as refused:
            read([spec("text", required=True)], data, style="api", partial=False)
        assert refused.value.fields["it"].key == "required"


def test_what_is_not_given_is_not_touched() -> None:
    assert read([spec("text", required=True)], {}, style="api", partial=True) == {}


def test_an_unknown_name_is_an_error_over_the_api_and_left_out_of_a_form() -> None:
    with pytest.raises(Invalid) as refused:
        read([spec("text")], {"other": "x"}, style="api", partial=False)
    assert refused.value.fields["other"].key == "unknown-field"
    assert read([spec("text")], {"other": "x"}, style="form", partial=False) == {}


def test_bounds_and_checks_are_said_by_their_keys() -> None:
    def even(value: int) -> None:
        if value % 2:
            raise Invalid("odd")

    assert error("rate", "-0.01", info=FieldInfo(minimum=Rate(0))) == "too-small"
    assert error("integer", 9, info=FieldInfo(maximum=8)) == "too-large"
    assert error("integer", 3, info=FieldInfo(check=even)) == "odd"
    assert error("text", "ab", info=FieldInfo(pattern="[A-Z]{2}")) == "wrong-pattern"
    assert error("text", "abc", max_length=2) == "too-long"


def test_a_choice_is_one_of_its_values() -> None:
    choices = (("red", "Red"),)
    assert one("choice", "red", choices=choices, enum=Colour) is Colour.RED
    assert error("choice", "blue", choices=choices, enum=Colour) == "not-a-choice"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_an_amount_given_out_is_read_back_to_the_fen(minor: int) -> None:
    assert one("amount", Amount(minor).text()) == Amount(minor)


@given(st.text())
def test_no_text_makes_the_door_fall(text: str) -> None:
    for kind in ("text", "integer", "amount", "rate", "date", "time", "boolean", "link"):
        with suppress(Invalid):
            one(kind, text)
