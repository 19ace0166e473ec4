"""Tags by rule and by hand, with the customer of the demonstration."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_customer_tags.domain.by_hand import TagByHand, by_hand_problems, holds_on
from tenor_customer_tags.domain.rule_file import bundled_rules, read_rules
from tenor_customer_tags.domain.rules import (
    Condition,
    Fact,
    FactValue,
    Rule,
    RuleInvalid,
    evaluate,
    preview,
    queue_priority,
    tags_of,
)

TODAY = date(2026, 6, 30)
SCALE = ("A++", "A+", "A", "B++", "B+", "B", "C", "D")
PRIME, RISKY = bundled_rules()


def facts(**changed: FactValue | None) -> dict[str, Fact]:
    values: dict[str, FactValue | None] = {
        "rating": "A+",
        "months_without_arrears": 30,
        "debt_to_assets": Fraction(51_852, 86_420),
    }
    return {
        name: Fact(value, date(2025, 12, 31), "statement")
        for name, value in (values | changed).items()
    }


def rule(op: str, threshold: FactValue, scale: tuple[str, ...] = ()) -> Rule:
    return Rule("t", 1, (Condition("x", op, threshold, scale),), TODAY)


def test_the_manufacturer_is_prime_for_three_reasons_with_their_days() -> None:
    outcome = evaluate(PRIME, facts())
    assert outcome.held
    assert [(r.condition.fact, r.met, r.fact.as_of) for r in outcome.reasons] == [
        ("rating", True, date(2025, 12, 31)),
        ("months_without_arrears", True, date(2025, 12, 31)),
        ("debt_to_assets", True, date(2025, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("changed", "failing"),
    [
        ({"rating": "A"}, "rating"),
        ({"months_without_arrears": 23}, "months_without_arrears"),
        ({"debt_to_assets": Fraction("0.6500001")}, "debt_to_assets"),
    ],
)
def test_one_condition_that_fails_takes_the_tag_and_is_named(
    changed: dict[str, FactValue], failing: str
) -> None:
    outcome = evaluate(PRIME, facts(**changed))
    assert not outcome.held
    assert [(r.condition.fact, r.why) for r in outcome.reasons if not r.met] == [
        (failing, "not-met")
    ]


@pytest.mark.parametrize(
    "changed",
    [{"debt_to_assets": Fraction("0.65")}, {"months_without_arrears": 24}, {"rating": "A++"}],
)
def test_a_threshold_itself_suffices(changed: dict[str, FactValue]) -> None:
    assert evaluate(PRIME, facts(**changed)).held


def test_what_is_not_known_meets_no_condition() -> None:
    outcome = evaluate(PRIME, facts(rating=None))
    assert not outcome.held
    assert outcome.reasons[0].why == "not-known"
    assert evaluate(PRIME, {}).reasons[2].why == "not-known"


@pytest.mark.parametrize("value", ["30", True])
def test_a_fact_of_another_kind_meets_no_condition(value: FactValue) -> None:
    outcome = evaluate(PRIME, facts(months_without_arrears=value))
    assert outcome.reasons[1].why == "wrong-kind"


def test_a_grade_off_the_scale_meets_no_condition() -> None:
    assert evaluate(PRIME, facts(rating="AAA")).reasons[0].why == "wrong-kind"


@pytest.mark.parametrize(
    ("op", "threshold", "value", "held"),
    [
        ("<", 5, 4, True),
        ("<", 5, 5, False),
        ("<=", 5, 5, True),
        (">", 5, 5, False),
        (">", 5, 6, True),
        ("==", 5, 5, True),
        ("==", 5, 6, False),
        ("is", False, False, True),
        ("is", False, True, False),
        ("is", "C34", "C34", True),
        ("is", False, 0, False),
    ],
)
def test_each_operator_says_what_it_says(
    op: str, threshold: FactValue, value: FactValue, held: bool
) -> None:
    assert evaluate(rule(op, threshold), {"x": Fact(value)}).held is held


def test_a_red_alert_takes_prime_on_the_same_day() -> None:
    prime, risky = tags_of(bundled_rules(), facts(open_red_alerts=1), TODAY)
    assert risky.held
    assert not prime.held
    assert prime.outranked_by == "elevated-risk"


def test_of_two_equally_severe_tags_of_a_group_the_first_stands() -> None:
    rules = [replace(PRIME, severity=9), replace(RISKY, severity=9)]
    assert [outcome.held for outcome in tags_of(rules, facts(open_red_alerts=1), TODAY)] == [
        True,
        False,
    ]


def test_tags_without_a_group_stand_side_by_side() -> None:
    rules = [replace(PRIME, group=""), replace(RISKY, group="")]
    assert all(outcome.held for outcome in tags_of(rules, facts(open_red_alerts=1), TODAY))


@pytest.mark.parametrize(
    ("day", "applies"),
    [
        (date(2026, 6, 30), False),
        (date(2026, 7, 1), True),
        (date(2026, 7, 31), True),
        (date(2026, 8, 1), False),
    ],
)
def test_a_rule_applies_from_its_first_to_its_last_day(day: date, applies: bool) -> None:
    tomorrow = replace(PRIME, valid_from=date(2026, 7, 1), valid_until=date(2026, 7, 31))
    assert bool(tags_of([tomorrow], facts(), day)) is applies


def test_a_preview_names_who_gains_and_who_loses() -> None:
    customers = {
        "泽远": facts(),
        "盛川": facts(rating="B"),
        "云岭": facts(months_without_arrears=60),
    }
    found = preview(PRIME, ["盛川", "云岭", "金澜"], customers)
    assert (found.gain, found.lose, found.keep) == (("泽远",), ("盛川", "金澜"), ("云岭",))


def test_a_prime_customer_comes_first_in_a_queue() -> None:
    assert queue_priority(tags_of(bundled_rules(), facts(), TODAY)) == 10
    assert queue_priority(tags_of(bundled_rules(), facts(rating="D"), TODAY)) == 0


grades = st.sampled_from(SCALE)
numbers = st.fractions(-5, 100, max_denominator=100)


@given(rating=grades, better=grades, months=numbers, leverage=numbers)
def test_a_better_rating_never_loses_the_prime_tag(
    rating: str, better: str, months: Fraction, leverage: Fraction
) -> None:
    best, worst = sorted((rating, better), key=SCALE.index)
    others = {"months_without_arrears": months, "debt_to_assets": leverage}
    held = [evaluate(PRIME, facts(rating=grade, **others)).held for grade in (worst, best)]
    assert held[0] <= held[1]


@given(
    severities=st.lists(st.integers(0, 5), min_size=1, max_size=6),
    alerts=st.integers(0, 2),
)
def test_of_a_group_at_most_one_tag_is_held_and_it_is_the_severest(
    severities: list[int], alerts: int
) -> None:
    rules = [replace(RISKY, tag=f"t{i}", severity=s) for i, s in enumerate(severities)]
    outcomes = tags_of(rules, {"open_red_alerts": Fact(alerts)}, TODAY)
    held = [outcome.rule.severity for outcome in outcomes if outcome.held]
    assert held == ([max(severities)] if alerts else [])


# --- rules that can't be published ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "threshold", "scale", "key"),
    [
        ("~", 1, (), "operator-unknown"),
        ("at_least", "A", (), "scale-missing"),
        ("at_least", "A", ("A", "A"), "scale-missing"),
        ("at_least", "AAA", SCALE, "threshold-not-on-scale"),
        (">=", "24", (), "threshold-not-a-number"),
        (">=", True, (), "threshold-not-a-number"),
    ],
)
def test_a_condition_without_sense_is_refused(
    op: str, threshold: FactValue, scale: tuple[str, ...], key: str
) -> None:
    with pytest.raises(RuleInvalid) as refused:
        rule(op, threshold, scale)
    assert refused.value.key == key


def test_a_rule_needs_a_condition_and_an_end_after_its_start() -> None:
    with pytest.raises(RuleInvalid, match="conditions-missing"):
        Rule("t", 1, (), TODAY)
    with pytest.raises(RuleInvalid, match="ends-before-start"):
        replace(PRIME, valid_until=date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rules = [", "rules-unreadable"),
        ("", "rules-unreadable"),
        ('[[rules]]\ntag = "t"', "rules-unreadable"),
        ('[[rules]]\nconditions = [{fact = "x", op = "<", threshold = 0.65}]', "number-is-float"),
    ],
)
def test_rules_that_are_not_readable_say_so(text: str, key: str) -> None:
    with pytest.raises(RuleInvalid) as refused:
        read_rules(text)
    assert refused.value.key == key


# --- by hand ------------------------------------------------------------------------------------------------

WANTED = TagByHand("elevated-risk", "高管变动", TODAY, date(2026, 12, 31))


def test_a_tag_by_hand_with_reason_and_end_date_is_set() -> None:
    assert by_hand_problems(WANTED, TODAY) == ()


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        (replace(WANTED, until=None), ("end-date-missing",)),
        (replace(WANTED, reason=" ", until=None), ("reason-missing", "end-date-missing")),
        (replace(WANTED, reason=""), ("reason-missing",)),
        (replace(WANTED, until=date(2026, 6, 29)), ("ends-before-start", "already-ended")),
        (replace(WANTED, until=date(2036, 1, 1)), ("lasts-too-long",)),
    ],
)
def test_a_tag_by_hand_without_reason_or_end_date_is_refused(
    wanted: TagByHand, problems: tuple[str, ...]
) -> None:
    assert by_hand_problems(wanted, TODAY) == problems


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 6, 29), False),
        (TODAY, True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_tag_by_hand_ends_after_its_last_day(day: date, held: bool) -> None:
    assert holds_on(WANTED, day) is held
