from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_collections.domain.strategy import Action, Stage, Strategy, strategy_for
from tenor_collections.reference import delivered_strategies
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount

STANDARD, LARGE = delivered_strategies()


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (1, "early"),
        (7, "early"),
        (8, "second-early"),
        (30, "second-early"),
        (31, "middle"),
        (60, "middle"),
        (61, "before-npl"),
        (90, "before-npl"),
        (91, "npl"),
        (180, "npl"),
        (181, "npl-enforcement"),
        (270, "npl-enforcement"),
        (271, "doubtful"),
        (360, "doubtful"),
        (361, "loss"),
    ],
)
def test_days_past_due_decide_the_stage(days: int, stage: str) -> None:
    reached = STANDARD.stage_on(days)
    assert reached is not None
    assert reached.name == stage


def test_nothing_is_collected_before_the_first_day_past_due() -> None:
    assert STANDARD.stage_on(0) is None
    assert STANDARD.actions_due(0) == ()


def test_what_was_done_is_not_asked_for_again_and_what_waits_longest_comes_first() -> None:
    due = STANDARD.actions_due(31, done={"technical-check", "call", "inform-guarantors"})
    assert [action.name for action in due] == [
        "demand-message",
        "demand-letter",
        "freeze-drawdowns",
    ]


def test_a_large_debt_gets_the_lawyers_letter_on_day_30_and_another_on_day_61() -> None:
    def letter_on(strategy: Strategy, day: int) -> bool:
        return "lawyers-letter" in {action.name for action in strategy.actions_due(day)}

    assert (letter_on(LARGE, 29), letter_on(LARGE, 30)) == (False, True)
    assert (letter_on(STANDARD, 60), letter_on(STANDARD, 61)) == (False, True)


@pytest.mark.parametrize(
    ("overdue", "name"),
    [("0.01", "standard"), ("2999999.99", "standard"), ("3000000", "large")],
)
def test_the_size_of_the_debt_decides_the_strategy(overdue: str, name: str) -> None:
    assert strategy_for(Amount.of(overdue), reversed(delivered_strategies())).name == name


def test_a_debt_below_every_strategy_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        strategy_for(Amount.of(1), [LARGE])
    assert refused.value.key == "no-strategy"


A, B = Stage("a", 1, "officer", ()), Stage("b", 8, "lead", ())
CALL = Action("call", 3)


@pytest.mark.parametrize(
    ("stages", "key"),
    [
        ((), "stages-not-ascending"),
        ((B, A), "stages-not-ascending"),
        ((A, replace(B, from_day=1)), "stages-not-ascending"),
        ((replace(A, from_day=0), B), "stages-not-ascending"),
        ((A, replace(B, actions=(CALL,))), "action-outside-stage"),
        ((replace(A, actions=(CALL, CALL)), B), "action-named-twice"),
    ],
)
def test_a_strategy_that_contradicts_itself_is_refused(stages: tuple[Stage, ...], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        Strategy("own", Amount(0), stages)
    assert refused.value.key == key


@given(st.integers(-10, 800), st.integers(-10, 800), st.sampled_from([STANDARD, LARGE]))
def test_more_days_past_due_never_lead_back_to_an_earlier_stage(
    a: int, b: int, strategy: Strategy
) -> None:
    fewer, more = sorted((a, b))
    order = (None, *strategy.stages)
    assert order.index(strategy.stage_on(fewer)) <= order.index(strategy.stage_on(more))
    assert set(strategy.actions_due(fewer)) <= set(strategy.actions_due(more))
