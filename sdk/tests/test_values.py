"""Money and rates are exact: nothing is lost or guessed, and the only rounding is half away from zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Money, Period, Rate, exponent, half_up, total

MINOR = st.integers(-(10**15), 10**15)
CURRENCY = st.sampled_from(["CNY", "JPY", "KWD", "USD"])


@given(MINOR, CURRENCY)
def test_an_amount_is_read_as_it_was_written(minor: int, currency: str) -> None:
    written = Amount(minor).text(currency)
    assert Amount.of(written, currency).minor == minor
    assert Decimal(written) == Decimal(minor).scaleb(-exponent(currency))


@given(MINOR)
def test_thousands_may_be_set_apart(minor: int) -> None:
    grouped = f"{Decimal(minor).scaleb(-2):,f}"
    assert Amount.of(grouped) == Amount(minor)


@given(st.lists(MINOR))
def test_a_total_is_the_sum_and_nothing_for_none(minors: list[int]) -> None:
    amounts = [Amount(minor) for minor in minors]
    assert total(amounts) == Amount(sum(minors)) == sum(amounts, Amount(0))


@given(MINOR, st.fractions(0, 1))
def test_a_share_is_off_by_half_a_minor_unit_at_most(minor: int, part: Fraction) -> None:
    share = Amount(minor).share(part)
    assert abs(share.minor - minor * part) <= Fraction(1, 2)
    assert -share == Amount(-minor).share(part)


@pytest.mark.parametrize(
    ("exact", "booked"),
    [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("5/2", 3), ("49/100", 0), ("-5/2", -3)],
)
def test_halves_go_away_from_zero(exact: str, booked: int) -> None:
    assert half_up(Fraction(exact)) == booked


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1,00",
        "1.",
        ".5",
        "1e3",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "--1",
        "1 000",
        "¥5",
        "十",
        "1.0.0",
    ],
)
def test_what_is_no_amount_is_refused_with_what_was_given(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Amount.of(text)
    assert refused.value.key == "not-an-amount"
    assert refused.value.values["value"] == text.strip()


@pytest.mark.parametrize(
    ("text", "currency", "places"), [("1.005", "CNY", 2), ("0.5", "JPY", 0), ("1.0005", "KWD", 3)]
)
def test_more_decimals_than_the_currency_has_are_refused(
    text: str, currency: str, places: int
) -> None:
    with pytest.raises(Invalid) as refused:
        Amount.of(text, currency)
    assert (refused.value.key, refused.value.values["places"]) == ("too-many-decimals", places)


@pytest.mark.parametrize(
    "slip",
    [
        lambda: Amount(1.5),  # type: ignore[arg-type]  # the slip that is tried
        lambda: Amount(True),
        lambda: Amount.of(1.5),  # type: ignore[arg-type]  # the slip that is tried
        lambda: Amount(1) * 1.5,  # type: ignore[operator]  # the slip that is tried
        lambda: Amount(1) + 1,  # type: ignore[operator]  # the slip that is tried
        lambda: Amount(1) < 2,  # type: ignore[operator]  # the slip that is tried
        lambda: Money(1.5, "CNY"),  # type: ignore[arg-type]  # the slip that is tried
        lambda: Money(1, "CNY") + Amount(1),  # type: ignore[operator]  # the slip that is tried
        lambda: Rate(0.05),  # type: ignore[arg-type]  # the slip that is tried
        lambda: Rate.of(0.05),  # type: ignore[arg-type]  # the slip that is tried
    ],
)
def test_floats_and_bare_numbers_are_no_money(slip: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        slip()


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="CNY and USD"):
        Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(ValueError, match="CNY and USD"):
        assert Money(1, "CNY") < Money(2, "USD")
    assert Money(1, "CNY") != Money(1, "USD")


@pytest.mark.parametrize("currency", ["", "cny", "RMB1", "¥"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(Invalid) as refused:
        Money(1, currency)
    assert refused.value.key == "not-a-currency"


@given(st.integers(-(10**18), 10**18))
def test_a_rate_is_read_as_it_was_written_as_fraction_and_as_percentage(nano: int) -> None:
    rate = Rate(nano)
    assert Rate.of(rate.text()) == rate
    assert Rate.percent(rate.percent_text()) == rate
    assert rate.fraction == Fraction(nano, 10**9)


def test_a_rate_with_more_than_nine_decimals_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        Rate.of("0.0000000001")
    assert refused.value.key == "too-many-decimals"
    with pytest.raises(Invalid) as refused:
        Rate.percent("abc")
    assert refused.value.key == "not-a-rate"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1000))
def test_the_first_day_of_a_period_counts_and_the_last_does_not(start: date, days: int) -> None:
    period = Period(start, start + timedelta(days=days))
    assert period.days == days == len(list(period))
    assert (start in period) is (days > 0)
    assert period.end not in period


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
