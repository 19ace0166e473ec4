from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_npl_disposal.domain.break_even import break_even_amount, break_even_month
from tenor_npl_disposal.domain.comparison import Assumptions, Comparison, compare
from tenor_npl_disposal.domain.options import CashFlow, Option, net_present_value
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

MILLION = Assumptions(
    base_date=date(2026, 6, 23),
    exposure=Amount.of(1_000_000),
    provision=Amount.of(500_000),
    rate=Rate.of("0.08"),
)
CERTAIN = Rate.of(1)


def option(key: str, cost: str, *flows: tuple[str, str, str]) -> Option:
    parts = (CashFlow(Amount.of(a), Fraction(m), Rate.of(p)) for a, m, p in flows)
    return Option(key, tuple(parts), Amount.of(cost))


def million(vectors: dict[str, Any]) -> Comparison:
    options = vectors["npl_options_ead_1m_disc_8pct"]["options"]
    return compare(
        [
            option(key, given["cost_now"], *map(tuple, given["flows(amount,month,prob)"]))
            for key, given in options.items()
        ],
        MILLION,
    )


def test_five_ways_out_of_a_bad_loan_are_ranked_by_what_they_are_worth_now(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["npl_options_ead_1m_disc_8pct"]
    ranked = million(vectors).ranked
    assert [valued.option.key for valued in ranked] == expected["ranking"]
    assert {valued.option.key: valued.npv.text() for valued in ranked} == {
        key: given["npv"] for key, given in expected["options"].items()
    }
    assert {v.option.key: round(v.recovery.fraction, 4) for v in ranked} == {
        key: Fraction(given["recovery_rate_on_EAD_1m"])
        for key, given in expected["options"].items()
    }


def test_a_transfer_breaks_even_with_the_best_other_option_at_a_price(
    vectors: dict[str, Any],
) -> None:
    comparison = million(vectors)
    transfer = comparison.of("transfer_single").option
    best = comparison.best_other("transfer_single")
    price = break_even_amount(transfer, 0, best.exact, MILLION.rate)
    assert price is not None
    expected = vectors["npl_options_ead_1m_disc_8pct"]["breakeven_transfer_price_vs_best_other"]
    assert price.text() == expected


def test_the_effect_on_profit_counts_the_provision_already_made(vectors: dict[str, Any]) -> None:
    effect = million(vectors).of("transfer_single").profit_effect
    assert effect.text() == vectors["transfer_pnl_provision_500000"]


# Jinlan Textile: the options before the committee.
JINLAN = Assumptions(date(2026, 6, 23), Amount.of("48608586.80"), Amount(0), Rate.of("0.08"))
RESTRUCTURE = option(
    "restructure", "300000", *(("6300000", str(12 * year), "1") for year in range(1, 6))
)
TRANSFER = option("transfer", "400000", ("22500000", "3", "1"))


def litigate(months: str) -> Option:
    return option("litigate", "1900000", ("32300000", months, "1"))


def in_millions(comparison: Comparison) -> list[tuple[str, str]]:
    return [(v.option.key, f"{v.npv.minor / 10**8:.2f}") for v in comparison.ranked]


def test_litigation_leads_if_the_judgment_comes_in_two_years() -> None:
    assert in_millions(compare([TRANSFER, RESTRUCTURE, litigate("24")], JINLAN)) == [
        ("litigate", "25.79"),
        ("restructure", "24.85"),
        ("transfer", "21.67"),
    ]


def test_restructuring_leads_if_the_judgment_takes_three_years() -> None:
    assert in_millions(compare([TRANSFER, RESTRUCTURE, litigate("36")], JINLAN)) == [
        ("restructure", "24.85"),
        ("litigate", "23.74"),
        ("transfer", "21.67"),
    ]


def test_the_ranking_turns_on_the_time_to_judgment_at_29_months() -> None:
    target = net_present_value(RESTRUCTURE, JINLAN.rate)
    month = break_even_month(litigate("24"), 0, target, JINLAN.rate)
    assert month is not None
    assert f"{month:.1f}" == "29.4"
    assert abs(net_present_value(litigate(str(month)), JINLAN.rate) - target) < 1


def test_no_time_makes_up_for_money_that_would_be_too_little_today() -> None:
    target = net_present_value(RESTRUCTURE, JINLAN.rate)
    assert break_even_month(TRANSFER, 0, target, JINLAN.rate) is None
    assert break_even_month(litigate("24"), 0, target, Rate(0)) is None


def test_no_price_matters_where_an_option_leads_without_it() -> None:
    two = option("sale", "0", ("100", "0", "1"), ("50", "1", "1"))
    target = net_present_value(option("other", "0", ("90", "0", "1")), JINLAN.rate)
    assert break_even_amount(two, 1, target, JINLAN.rate) is None
    assert break_even_amount(option("hope", "0", ("50", "1", "0")), 0, target, JINLAN.rate) is None


def test_the_time_to_cash_is_weighted_by_what_is_expected() -> None:
    assert RESTRUCTURE.time_to_cash == 36
    assert option("x", "0", ("100", "6", "0.5"), ("100", "12", "0.25")).time_to_cash == 8
    assert option("x", "0").time_to_cash is None


def test_a_rate_of_zero_adds_up_what_is_expected_less_the_cost() -> None:
    worth = net_present_value(option("x", "10", ("100", "6", "0.5"), ("200", "60", "0.1")), Rate(0))
    assert worth == Amount.of(60).minor


@pytest.mark.parametrize(
    ("options", "assumptions", "key"),
    [
        ([], MILLION, "no-options"),
        ([TRANSFER, replace(TRANSFER, cost=Amount(0))], MILLION, "option-named-twice"),
        ([TRANSFER], replace(MILLION, exposure=Amount(0)), "no-exposure"),
        ([TRANSFER], replace(MILLION, rate=Rate.of("-0.01")), "negative-rate"),
    ],
)
def test_a_comparison_that_says_nothing_is_refused(
    options: list[Option], assumptions: Assumptions, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        compare(options, assumptions)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("month", "probability", "key"),
    [
        ("3", "1.01", "not-a-probability"),
        ("3", "-0.1", "not-a-probability"),
        ("-1", "1", "cash-flow-in-the-past"),
    ],
)
def test_a_cash_flow_that_cannot_be_is_refused(month: str, probability: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        CashFlow(Amount(1), Fraction(month), Rate.of(probability))
    assert refused.value.key == key


def test_an_option_or_flow_that_is_not_there_is_refused() -> None:
    alone = compare([TRANSFER], JINLAN)
    with pytest.raises(Invalid, match="no-such-option"):
        alone.of("sale")
    with pytest.raises(Invalid, match="no-such-option"):
        alone.best_other("transfer")
    with pytest.raises(Invalid, match="no-such-flow"):
        break_even_amount(TRANSFER, 1, alone.leader.exact, JINLAN.rate)


def test_options_of_equal_worth_stand_in_the_order_of_their_names() -> None:
    later_first = [("300", "20", "0.7"), ("100", "7", "0.3"), ("200", "11", "0.9")]
    twin = option("a", "1", *reversed(later_first))
    ranked = compare([option("b", "1", *later_first), twin], MILLION).ranked
    assert [valued.option.key for valued in ranked] == ["a", "b"]


flows = st.builds(
    CashFlow,
    amount=st.integers(0, 10**12).map(Amount),
    month=st.integers(0, 240).map(Fraction),
    probability=st.integers(0, 10**9).map(Rate),
)
options = st.builds(
    Option,
    key=st.sampled_from(["a", "b", "c"]),
    flows=st.lists(flows, max_size=5).map(tuple),
    cost=st.integers(0, 10**10).map(Amount),
)
rates = st.integers(0, 500_000_000).map(Rate)


@given(options, rates, rates)
def test_an_option_is_worth_less_the_higher_the_rate(option: Option, a: Rate, b: Rate) -> None:
    low, high = sorted((a, b))
    assert net_present_value(option, low) >= net_present_value(option, high)


@given(options, rates, st.integers(0, 4), st.integers(1, 120))
def test_money_that_comes_later_is_never_worth_more(
    option: Option, rate: Rate, index: int, months: int
) -> None:
    later = [
        replace(f, month=f.month + (months if k == index else 0))
        for k, f in enumerate(option.flows)
    ]
    delayed = replace(option, flows=tuple(later))
    assert net_present_value(delayed, rate) <= net_present_value(option, rate)


@given(st.lists(options, min_size=1, max_size=3, unique_by=lambda o: o.key), rates, st.randoms())
def test_the_ranking_does_not_depend_on_the_order_of_entry(
    options: list[Option], rate: Rate, random: Any
) -> None:
    assumptions = replace(MILLION, rate=rate)
    shuffled = list(options)
    random.shuffle(shuffled)
    comparison = compare(options, assumptions)
    assert compare(shuffled, assumptions) == comparison
    worths = [round(valued.exact, 9) for valued in comparison.ranked]
    assert worths == sorted(worths, reverse=True)


@given(options, flows, rates)
def test_the_break_even_price_makes_the_options_equal(
    other: Option, sale: CashFlow, rate: Rate
) -> None:
    target = net_present_value(other, rate)
    sold = Option("sale", (sale,), Amount(0))
    price = break_even_amount(sold, 0, target, rate)
    if price is not None:
        at_price = replace(sold, flows=(replace(sale, amount=price),))
        assert abs(net_present_value(at_price, rate) - target) <= 1
