from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_credit.domain.errors import CreditError
from tenor_credit.domain.grades import Authority, last_valid_day, override
from tenor_credit.domain.models import scorecard

MODEL = scorecard("制造业-2026.1")
SCALE, RULE = MODEL.scale, MODEL.overrides
codes = st.sampled_from([grade.code for grade in SCALE.grades])


def test_one_notch_up_is_decided_by_an_officer_of_risk() -> None:
    found = override(SCALE, RULE, "A+", "A++", "新厂已投产")
    assert (found.notches, found.authority) == (1, Authority.RISK)


def test_two_notches_up_go_to_the_committee() -> None:
    assert override(SCALE, RULE, "A", "A++", "集团担保").authority is Authority.COMMITTEE


def test_three_notches_up_are_refused() -> None:
    with pytest.raises(CreditError) as refused:
        override(SCALE, RULE, "B++", "A++", "集团担保")
    assert (refused.value.key, refused.value.values) == (
        "override-too-high",
        {"notches": 3, "most": 2},
    )


def test_any_number_of_notches_down_is_decided_by_an_officer_of_risk() -> None:
    found = override(SCALE, RULE, "A++", "D", "重大诉讼")
    assert (found.notches, found.authority) == (-7, Authority.RISK)


@pytest.mark.parametrize(
    ("wanted", "reason", "key"),
    [
        ("A++", "  ", "override-needs-reason"),
        ("D", "", "override-needs-reason"),
        ("A+", "同级", "override-moves-nothing"),
        ("AAA", "不存在", "grade-unknown"),
    ],
)
def test_an_override_without_reason_or_sense_is_refused(wanted: str, reason: str, key: str) -> None:
    with pytest.raises(CreditError) as refused:
        override(SCALE, RULE, "A+", wanted, reason)
    assert refused.value.key == key


@given(one=codes, other=codes)
def test_notches_up_one_way_are_notches_down_the_other(one: str, other: str) -> None:
    assert SCALE.notches(one, other) == -SCALE.notches(other, one)


@given(one=st.integers(0, 100), other=st.integers(0, 100))
def test_more_points_never_give_a_worse_grade(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert SCALE.at_least(SCALE.of(high).code, SCALE.of(low).code)


def test_the_best_grade_has_none_above_it() -> None:
    assert SCALE.better_than(SCALE.of(100)) is None


def test_a_rating_holds_for_a_year_unless_said_otherwise() -> None:
    assert last_valid_day(date(2026, 6, 30)) == date(2027, 6, 29)


@pytest.mark.parametrize(
    ("rated", "months", "last"),
    [
        (date(2026, 6, 30), 12, date(2027, 6, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
    ],
)
def test_a_rating_holds_to_the_day_before_its_anniversary(
    rated: date, months: int, last: date
) -> None:
    assert last_valid_day(rated, months) == last
