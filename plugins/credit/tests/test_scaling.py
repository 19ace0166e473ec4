"""Points from odds. Vectors: the design's ``loan_math.json``, "scorecard" and "altman"."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_credit.domain.distress import (
    EMERGING_MARKETS,
    Z_DOUBLE_PRIME,
    DistressModel,
    distress_score,
)
from tenor_credit.domain.errors import CreditError
from tenor_credit.domain.scaling import Bin, Scaling, information_value, weights_of_evidence

SCALING = Scaling()
DEBT_TO_ASSETS = [Bin(400, 10), Bin(350, 20), Bin(180, 30), Bin(70, 40)]
SHEET = {
    "working_capital": 120,
    "retained_earnings": 90,
    "ebit": 80,
    "equity": 400,
    "total_assets": 1000,
    "total_liabilities": 600,
}


def rounded(value: Decimal, places: int) -> str:
    return str(round(value, places))


def test_factor_and_offset_follow_from_twenty_points_to_double_the_odds() -> None:
    assert rounded(SCALING.factor, 10) == "28.8539008178"
    assert rounded(SCALING.offset, 10) == "487.1228762045"


@pytest.mark.parametrize(("odds", "score"), [(50, "600.00"), (100, "620.00"), (20, "573.56")])
def test_odds_have_their_score(odds: int, score: str) -> None:
    assert rounded(SCALING.score(Decimal(odds)), 2) == score


@pytest.mark.parametrize(("score", "pd"), [(600, "0.019608"), (560, "0.074074")])
def test_a_score_has_its_probability_of_default(score: int, pd: str) -> None:
    assert rounded(SCALING.probability_of_default(Decimal(score)), 6) == pd


def test_bins_have_their_weights_of_evidence_and_information_value() -> None:
    woe = [rounded(value, 6) for value in weights_of_evidence(DEBT_TO_ASSETS)]
    assert woe == ["1.386294", "0.559616", "-0.510826", "-1.742969"]
    assert rounded(information_value(DEBT_TO_ASSETS), 6) == "1.136310"


def test_attributes_have_their_points() -> None:
    woe = weights_of_evidence(DEBT_TO_ASSETS)
    alpha, beta = Decimal("-2.302585"), Decimal("-0.80")
    points = [SCALING.attribute_points(value, beta, alpha, 5) for value in woe]
    assert points == [143, 124, 99, 70]


def test_a_coefficient_of_the_other_sign_convention_is_refused() -> None:
    with pytest.raises(CreditError) as refused:
        SCALING.attribute_points(Decimal(1), Decimal("0.8"), Decimal(0), 5)
    assert refused.value.key == "coefficient-not-negative"


def test_an_empty_bin_counts_half_a_case_and_stays_finite() -> None:
    assert all(
        value.is_finite() for value in weights_of_evidence([Bin(10, 0), Bin(0, 5), Bin(20, 3)])
    )


@pytest.mark.parametrize("bins", [[], [Bin(5, 0)], [Bin(0, 5)]])
def test_without_good_or_bad_cases_nothing_is_weighed(bins: list[Bin]) -> None:
    with pytest.raises(CreditError) as refused:
        weights_of_evidence(bins)
    assert refused.value.key == "no-cases"


def test_odds_and_scale_must_be_positive() -> None:
    with pytest.raises(CreditError, match="odds-not-positive"):
        SCALING.score(Decimal(0))
    with pytest.raises(CreditError, match="scaling-not-positive"):
        Scaling(odds=Decimal(0))


@given(score=st.integers(0, 1000), more=st.integers(1, 500))
def test_a_higher_score_is_a_lower_probability(score: int, more: int) -> None:
    low, high = Decimal(score), Decimal(score + more)
    assert SCALING.probability_of_default(high) < SCALING.probability_of_default(low)


# --- distress --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "value", "zone"),
    [(Z_DOUBLE_PRIME, "2.3182", "grey"), (EMERGING_MARKETS, "5.5682", "grey")],
)
def test_the_score_of_distress_of_a_balance_sheet(
    model: DistressModel, value: str, zone: str
) -> None:
    found = distress_score(model, **SHEET)
    assert (f"{float(found.value):.4f}", found.zone) == (value, zone)
    assert sum(found.terms.values(), model.constant) == found.value


@pytest.mark.parametrize(("ebit", "zone"), [(200, "safe"), (-300, "distress")])
def test_the_zones_of_distress_lie_on_both_sides_of_the_grey(ebit: int, zone: str) -> None:
    assert distress_score(Z_DOUBLE_PRIME, **SHEET | {"ebit": ebit}).zone == zone


@pytest.mark.parametrize("what", ["total_assets", "total_liabilities"])
def test_a_sheet_without_assets_or_liabilities_has_no_score(what: str) -> None:
    with pytest.raises(CreditError) as refused:
        distress_score(Z_DOUBLE_PRIME, **SHEET | {what: 0})
    assert refused.value.values["what"] == what
