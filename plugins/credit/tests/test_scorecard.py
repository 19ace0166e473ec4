"""The scorecard of the demonstration, and what holds of any scorecard."""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_credit.domain.errors import CreditError, ModelInvalid
from tenor_credit.domain.models import bundled_scorecards, read_scorecard, scorecard
from tenor_credit.domain.recompute import as_data, recompute
from tenor_credit.domain.scorecard import (
    Band,
    Better,
    Class,
    Factor,
    Input,
    NextBand,
    Row,
    WorkingSheet,
    rate,
)

MODEL = scorecard("制造业-2026.1")
FIGURES = [factor for factor in MODEL.factors if factor.bands]

# 泽远精密, fiscal year 2025, of the demonstration: amounts in 万元, averages of 2024 and 2025.
ZEYUAN: Mapping[str, Fraction | str] = {
    "capacity_utilisation": Fraction("0.82"),
    "receivables_turnover": Fraction(92_300, 21_976),
    "debt_to_assets": Fraction(51_852, 86_420),
    "current_ratio": Fraction(50_400, 28_000),
    "interest_cover": Fraction(8_804, 1_420),
    "net_margin": Fraction(5_538, 92_300),
    "revenue_growth": Fraction(7_300, 85_000),
    "cash_flow_to_liabilities": Fraction(8_900, 51_852),
    "inventory_turnover": Fraction(72_000, 13_000),
    "repayment_record": "clean-24-months",
    "industry_outlook": "stable",
    "governance": "sound",
}
POINTS = {
    "capacity_utilisation": (8, 10),
    "receivables_turnover": (7, 10),
    "debt_to_assets": (7, 9),
    "current_ratio": (6, 8),
    "interest_cover": (8, 10),
    "net_margin": (6, 8),
    "revenue_growth": (5, 7),
    "cash_flow_to_liabilities": (7, 9),
    "inventory_turnover": (5, 6),
    "repayment_record": (9, 10),
    "industry_outlook": (5, 6),
    "governance": (5, 7),
}


def inputs(**changed: Fraction | str | None) -> dict[str, Input]:
    values = {**ZEYUAN, **changed}
    return {code: Input(value, "statement", date(2025, 12, 31)) for code, value in values.items()}


def row(sheet: WorkingSheet, code: str) -> Row:
    return next(row for row in sheet.rows if row.factor == code)


def test_the_manufacturer_earns_78_of_100_and_is_a_plus() -> None:
    sheet = rate(MODEL, inputs())
    assert {r.factor: (r.points, r.maximum) for r in sheet.rows} == POINTS
    assert (sheet.total, sheet.grade) == (78, "A+")


def test_the_sheet_says_that_the_next_grade_is_two_points_away() -> None:
    assert rate(MODEL, inputs()).to_next == 2


def test_a_row_says_where_its_value_came_from_and_in_which_band_it_fell() -> None:
    found = row(rate(MODEL, inputs()), "capacity_utilisation")
    assert found.band == Band(Fraction("0.75"), Fraction("0.85"), 8)
    assert (found.input.source, found.input.as_of) == ("statement", date(2025, 12, 31))


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("capacity_utilisation", NextBand(2, at_least=Fraction("0.85"))),
        ("debt_to_assets", NextBand(1, below=Fraction("0.55"))),
        ("governance", NextBand(2, named="strong")),
    ],
)
def test_a_row_says_what_the_next_band_needs(code: str, needed: NextBand) -> None:
    assert row(rate(MODEL, inputs()), code).next == needed


def test_a_row_at_its_maximum_needs_nothing_more() -> None:
    assert row(rate(MODEL, inputs(governance="strong")), "governance").next is None
    found = row(rate(MODEL, inputs(capacity_utilisation=Fraction(1))), "capacity_utilisation")
    assert found.next is None


@pytest.mark.parametrize(
    ("value", "points"), [("0.7499999999", 6), ("0.75", 8), ("0.8499999999", 8), ("0.85", 10)]
)
def test_a_band_takes_its_low_and_leaves_its_high(value: str, points: int) -> None:
    sheet = rate(MODEL, inputs(capacity_utilisation=Fraction(value)))
    assert row(sheet, "capacity_utilisation").points == points


def test_a_missing_value_is_its_own_band_and_not_the_lowest() -> None:
    missing = row(rate(MODEL, inputs(interest_cover=None)), "interest_cover")
    assert (missing.points, missing.band, missing.next) == (5, None, None)
    assert row(rate(MODEL, inputs(interest_cover=Fraction(0))), "interest_cover").points == 0


def test_a_value_that_was_not_given_says_so() -> None:
    found = row(rate(MODEL, {}), "net_margin")
    assert found.input.reason == "not-given"


def test_the_costliest_factors_are_the_reasons() -> None:
    assert [r.factor for r in rate(MODEL, inputs()).reasons(2)] == [
        "receivables_turnover",
        "capacity_utilisation",
    ]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"netmargin": Fraction(1)}, "input-unknown"),
        ({"governance": "splendid"}, "class-unknown"),
        ({"governance": Fraction(1)}, "value-of-wrong-kind"),
        ({"net_margin": "high"}, "value-of-wrong-kind"),
    ],
)
def test_an_input_that_the_model_does_not_know_is_refused(
    changed: dict[str, Any], key: str
) -> None:
    with pytest.raises(CreditError) as refused:
        rate(MODEL, inputs(**changed))
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (100, "A++"),
        (80, "A++"),
        (79, "A+"),
        (75, "A+"),
        (74, "A"),
        (70, "A"),
        (69, "B++"),
        (45, "C"),
        (44, "D"),
        (0, "D"),
    ],
)
def test_grades_begin_at_their_lowest_total(total: int, grade: str) -> None:
    assert MODEL.scale.of(total).code == grade


# --- what holds of any customer ------------------------------------------------------------------------------

figure = st.fractions(-20, 20, max_denominator=1_000)
factor_of_figures = st.sampled_from(FIGURES)
any_inputs = st.fixed_dictionaries(
    {},
    optional={
        factor.code: st.one_of(
            st.just(Input(None, reason="line-missing")),
            st.builds(
                Input, figure if factor.bands else st.sampled_from([c.code for c in factor.classes])
            ),
        )
        for factor in MODEL.factors
    },
)


@given(given_inputs=any_inputs)
def test_any_customer_gets_a_total_between_nothing_and_full_marks(
    given_inputs: dict[str, Input],
) -> None:
    sheet = rate(MODEL, given_inputs)
    assert sheet.total == sum(r.points for r in sheet.rows)
    assert 0 <= sheet.total <= 100
    assert sheet.grade == MODEL.scale.of(sheet.total).code


@given(factor=factor_of_figures, one=figure, other=figure)
def test_a_better_figure_never_earns_less(factor: Factor, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    worse, better = (low, high) if factor.better is Better.HIGHER else (high, low)
    assert factor.better is not Better.ANY
    earned = [rate(MODEL, {factor.code: Input(value)}).total for value in (worse, better)]
    assert earned[0] <= earned[1]


@given(factor=factor_of_figures, value=figure)
def test_every_figure_falls_into_exactly_one_band(factor: Factor, value: Fraction) -> None:
    assert sum(value in band for band in factor.bands) == 1


@given(factor=factor_of_figures, value=figure)
def test_reaching_the_next_band_earns_what_was_promised(factor: Factor, value: Fraction) -> None:
    here = row(rate(MODEL, {factor.code: Input(value)}), factor.code)
    if here.next is None:
        assert here.points == here.maximum
        return
    step = Fraction(1, 10**9)
    reached = (
        here.next.at_least if here.next.at_least is not None else (here.next.below or 0) - step
    )
    there = row(rate(MODEL, {factor.code: Input(Fraction(reached))}), factor.code)
    assert there.points == here.points + here.next.gain


@given(given_inputs=any_inputs)
def test_a_kept_sheet_is_recomputed_to_the_last_digit(given_inputs: dict[str, Input]) -> None:
    sheet = rate(MODEL, given_inputs)
    kept = json.loads(json.dumps(as_data(sheet)))
    again = recompute(MODEL, kept)
    assert again.same
    assert again.sheet == sheet


# --- recomputation ------------------------------------------------------------------------------------------


def test_a_tampered_point_is_found_where_it_stands() -> None:
    kept = as_data(rate(MODEL, inputs()))
    kept["rows"][0]["points"] = 10
    kept["total"] = 80
    assert recompute(MODEL, kept).differences == ("rows.0.points", "total")


def test_a_model_that_changed_under_its_name_is_found() -> None:
    kept = as_data(rate(MODEL, inputs()))
    other = read_scorecard(model_text().replace('"0.85"', '"0.90"'))
    assert "digest" in recompute(other, kept).differences


# --- models --------------------------------------------------------------------------------------------------


def model_text() -> str:
    from importlib.resources import files

    path = files("tenor_credit") / "models" / "scorecard_manufacturing_2026_1.toml"
    return path.read_text(encoding="utf-8")


def test_the_bundled_models_are_sound_and_known_by_their_id() -> None:
    assert "制造业-2026.1" in bundled_scorecards()
    assert MODEL.valid_from == date(2026, 1, 1)


def test_a_model_that_nobody_knows_is_refused() -> None:
    with pytest.raises(CreditError) as refused:
        scorecard("制造业-1999.1")
    assert refused.value.key == "model-unknown"


def test_a_comment_does_not_change_what_a_model_is() -> None:
    assert read_scorecard("# another remark\n" + model_text()).digest == MODEL.digest
    assert read_scorecard(model_text().replace('"0.85"', '"0.90"')).digest != MODEL.digest


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"0.85"]', "0.85]", "number-is-float"),
        ("points = [2, 4, 6, 8, 10]", "points = [2, 4, 6, 8, 9]", "maximum-not-reached"),
        ("points = [2, 4, 6, 8, 10]", "points = [2, 4, 6, 8, 11]", "points-out-of-range"),
        ("points = [2, 4, 6, 8, 10]", "points = [4, 2, 6, 8, 10]", "points-not-rising"),
        ("points = [2, 4, 6, 8, 10]", "points = [2, 4, 6, 8]", "model-unreadable"),
        ("points = [2, 4, 6, 8, 10]\n", "", "bands-missing"),
        ('"0.50", "0.65"', '"0.65", "0.50"', "band-empty"),
        ("maximum = 7\nmissing = 0", "maximum = 8\nmissing = 0", "maximum-not-reached"),
        ('{ code = "A", low = 70 }', '{ code = "A", low = 77 }', "grades-not-falling"),
        ('{ code = "D", low = 0 }', '{ code = "D", low = 1 }', "grades-do-not-cover"),
        ('{ code = "D", low = 0 }', '{ code = "C", low = 0 }', "grade-repeated"),
        ('code = "net_margin"', 'code = "current_ratio"', "factor-repeated"),
        ('code = "strong", points = 7', 'code = "strong", points = 7.5', "number-is-float"),
        ('id = "制造业-2026.1"', "", "model-unreadable"),
        ('id = "制造业-2026.1"', "id = ", "model-unreadable"),
        ('better = "lower"', 'better = "sideways"', "model-unreadable"),
    ],
)
def test_a_model_that_contradicts_itself_is_not_published(old: str, new: str, key: str) -> None:
    text = model_text()
    assert old in text
    with pytest.raises(ModelInvalid) as refused:
        read_scorecard(text.replace(old, new, 1))
    assert refused.value.key == key


def test_factors_that_do_not_make_full_marks_are_no_model() -> None:
    text = model_text()
    last = text.rindex("[[factors]]")
    with pytest.raises(ModelInvalid) as refused:
        read_scorecard(text[:last])
    assert (refused.value.key, refused.value.values["total"]) == ("maxima-not-full-marks", 93)


@pytest.mark.parametrize(
    ("bands", "key"),
    [
        ((Band(Fraction(0), None, 5),), "bands-do-not-cover"),
        ((Band(None, Fraction(1), 0), Band(Fraction(2), None, 5)), "bands-not-contiguous"),
        ((Band(None, Fraction(2), 0), Band(Fraction(1), None, 5)), "bands-not-contiguous"),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused(bands: tuple[Band, ...], key: str) -> None:
    with pytest.raises(ModelInvalid) as refused:
        Factor("x", "甲", "X", "statement", 5, 0, Better.HIGHER, bands)
    assert refused.value.key == key


def test_a_factor_has_bands_or_classes_and_not_both() -> None:
    with pytest.raises(ModelInvalid) as refused:
        Factor(
            "x",
            "甲",
            "X",
            "officer",
            5,
            0,
            Better.ANY,
            (Band(None, None, 5),),
            (Class("a", 5, "甲", "A"),),
        )
    assert refused.value.key == "bands-missing"
