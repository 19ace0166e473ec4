from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.classification import FloorLadder, RiskClass, floor, floor_ladder
from tenor_loans.domain.rules import rule_on
from tenor_loans.reference import delivered_rules
from tenor_sdk.errors import Invalid

LADDER = floor_ladder(rule_on(delivered_rules(), "days-past-due-floor", date(2023, 7, 1)).value)


def test_days_past_due_set_the_floor_of_the_class(vectors: dict[str, Any]) -> None:
    expected = {int(d): name for d, name in vectors["dpd_floor"].items() if d.isdigit()}
    assert {days: floor(days, LADDER).name.lower() for days in expected} == expected


def test_a_documented_technical_overdue_of_seven_days_may_stay_pass() -> None:
    assert floor(7, LADDER, technical=True) is RiskClass.PASS
    assert floor(8, LADDER, technical=True) is RiskClass.SPECIAL_MENTION


def test_substandard_and_worse_are_non_performing() -> None:
    assert [c for c in RiskClass if c.non_performing] == [
        RiskClass.SUBSTANDARD,
        RiskClass.DOUBTFUL,
        RiskClass.LOSS,
    ]


def test_a_ladder_that_goes_down_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        FloorLadder(((0, RiskClass.LOSS), (90, RiskClass.SUBSTANDARD)), 7)
    assert refused.value.key == "ladder-not-ascending"


@given(st.integers(0, 2000), st.integers(0, 2000), st.booleans())
def test_more_days_past_due_never_mean_a_better_class(a: int, b: int, technical: bool) -> None:
    fewer, more = sorted((a, b))
    assert floor(fewer, LADDER, technical=technical) <= floor(more, LADDER, technical=technical)
