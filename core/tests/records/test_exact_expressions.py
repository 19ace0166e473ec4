"""Money and rates in expressions against Decimal and Fraction: the same to the last fen, or refused, never near it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.expressions.language import Language
from tenor.expressions.scanning import scan
from tenor.expressions.values import encoded
from tenor_sdk import Amount, Rate
from tenor_sdk.errors import Refused
from tenor_sdk.expressions import ExpressionType
from tenor_sdk.values import Money

_LEAST, _MOST = -(2**63), 2**63 - 1
_TYPES = {
    "a": ExpressionType.MONEY, "b": ExpressionType.MONEY, "r": ExpressionType.RATE, "s": ExpressionType.RATE,
    "n": ExpressionType.NUMBER, "d": ExpressionType.DATE, "e": ExpressionType.DATE,
}  # fmt: skip
LANGUAGE = Language(_TYPES, lambda moment: moment.date())
minors = st.integers(_LEAST, _MOST) | st.integers(-(10**6), 10**6)
nanos = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**10), 10**10)
SIGNS = {
    "<": "__lt__",
    "<=": "__le__",
    ">": "__gt__",
    ">=": "__ge__",
    "==": "__eq__",
    "!=": "__ne__",
}


def asked(text: str, **values: object) -> object:
    known = {name: encoded(value) for name, value in values.items()}
    return LANGUAGE.compiled(scan(text)).value(known, dict.fromkeys(known, True))


def within(minor: int) -> bool:
    return _LEAST <= minor <= _MOST


@given(minors, minors, st.sampled_from(sorted(SIGNS)))
def test_amounts_are_compared_as_decimals_are(one: int, other: int, sign: str) -> None:
    expected = getattr(Decimal(one).scaleb(-2), SIGNS[sign])(Decimal(other).scaleb(-2))
    assert asked(f"a {sign} b", a=Amount(one), b=Amount(other)) is expected


@given(nanos, nanos, st.sampled_from(sorted(SIGNS)))
def test_rates_are_compared_as_decimals_are(one: int, other: int, sign: str) -> None:
    expected = getattr(Decimal(one).scaleb(-9), SIGNS[sign])(Decimal(other).scaleb(-9))
    assert asked(f"r {sign} s", r=Rate(one), s=Rate(other)) is expected


@given(minors, minors, st.sampled_from("+-"))
def test_sums_of_amounts_are_exact_or_refused(one: int, other: int, sign: str) -> None:
    expected = one + other if sign == "+" else one - other
    if within(expected):
        found = asked(f"a {sign} b", a=Amount(one), b=Amount(other))
        assert found == Money(expected, "CNY")
    else:
        with pytest.raises(Refused, match="expression-out-of-range"):
            asked(f"a {sign} b", a=Amount(one), b=Amount(other))


@given(
    minors,
    st.integers(_LEAST, _MOST) | st.integers(-1000, 1000),
    st.sampled_from(("a * n", "n * a")),
)
def test_amounts_so_many_times_are_exact_or_refused(one: int, number: int, text: str) -> None:
    if within(one * number):
        assert asked(text, a=Amount(one), n=number) == Money(one * number, "CNY")
    else:
        with pytest.raises(Refused, match="expression-out-of-range"):
            asked(text, a=Amount(one), n=number)


@given(st.integers(-(10**17), 10**17), st.integers(-(10**9), 10**9))
def test_a_share_is_rounded_once_halves_away_from_zero(minor: int, nano: int) -> None:
    exact = Decimal(minor) * Decimal(nano).scaleb(-9)
    expected = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert asked("share(a, r)", a=Amount(minor), r=Rate(nano)) == Money(expected, "CNY")


@given(nanos, nanos, st.integers(-(10**6), 10**6))
def test_what_is_reckoned_with_rates_is_exact(one: int, other: int, number: int) -> None:
    expected = Rate(one).fraction * number - Rate(other).fraction
    assert asked("r * n - s", r=Rate(one), s=Rate(other), n=number) == expected


@given(minors, minors.filter(bool))
def test_a_ratio_of_amounts_is_exact(one: int, other: int) -> None:
    assert asked("ratio(a, b)", a=Amount(one), b=Amount(other)) == Fraction(one, other)


@given(st.dates(), st.dates(), st.integers(-(10**5), 10**5))
def test_days_are_those_of_the_calendar(one: date, other: date, days: int) -> None:
    assert asked("d - e", d=one, e=other) == (one - other).days
    assert asked("d < e", d=one, e=other) is (one < other)
    try:
        expected = one + timedelta(days=days)
    except OverflowError:
        with pytest.raises(Refused, match="expression-out-of-range"):
            asked("d + n", d=one, n=days)
    else:
        assert asked("d + n", d=one, n=days) == expected


@given(st.integers(0, 10**15 - 1), st.sampled_from(("CNY", "JPY", "KWD")))
def test_an_amount_that_is_written_is_the_amount_that_is_kept(minor: int, currency: str) -> None:
    written = Amount(minor).text(currency)
    assert asked(f'money("{written}", "{currency}")') == Money(minor, currency)
