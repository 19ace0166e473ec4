from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.allocation import PRINCIPAL_FIRST, Component, Direction
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.facts import Fact, FactKind, known, standing
from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.position import Position, position
from tenor_loans.domain.schedule import Instalment, level_payment
from tenor_loans.domain.terms import Terms
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up, total

# Jinlan Textile: 5 million due on 20 March 2026, 45 million later; 4.80 %, penalty 7.20 %, no compound interest.
DRAWN = date(2025, 3, 20)
DUE = date(2026, 3, 20)
LATER = date(2027, 3, 20)
JINLAN_TERMS = Terms(
    rate=Rate.of("0.048"), penalty_rate=Rate.of("0.072"), maturity=LATER, compound=False
)
JINLAN = (
    Instalment(1, DRAWN, DUE, Amount.of(50_000_000), Amount.of(5_000_000), Amount(0)),
    Instalment(2, DUE, LATER, Amount.of(45_000_000), Amount.of(45_000_000), Amount.of(2_190_000)),
)
DRAWDOWN = Fact(
    id=1, kind=FactKind.DRAWDOWN, amount=Amount.of(50_000_000), value_date=DRAWN, booked_on=DRAWN
)


def received(id: int, yuan: str, on: date, booked_on: date | None = None) -> Fact:
    return Fact(
        id=id,
        kind=FactKind.REPAYMENT,
        amount=Amount.of(yuan),
        value_date=on,
        booked_on=booked_on or on,
    )


def reversal(id: int, of: Fact, booked_on: date) -> Fact:
    return replace(of, id=id, kind=FactKind.REVERSAL, booked_on=booked_on, reverses=of.id)


def jinlan(*facts: Fact, as_of: date, known_on: date | None = None) -> Position:
    return position(JINLAN_TERMS, JINLAN, [DRAWDOWN, *facts], as_of, known_on=known_on)


def test_an_instalment_is_not_overdue_on_its_due_date_and_one_day_late_the_day_after() -> None:
    assert jinlan(as_of=DUE).days_past_due == 0
    assert jinlan(as_of=DUE + timedelta(days=1)).days_past_due == 1


def test_thirty_days_of_arrears_bear_penalty_interest() -> None:
    late = jinlan(as_of=date(2026, 4, 19))
    assert (late.days_past_due, late.due(Component.PENALTY).text()) == (30, "30000.00")


def test_a_payment_pays_the_penalty_of_its_day_before_principal() -> None:
    after = jinlan(received(2, "2030000", date(2026, 4, 20)), as_of=date(2026, 4, 20))
    (applied,) = after.applied
    assert applied.allocation.paid(Component.PENALTY).text() == "31000.00"
    assert applied.allocation.paid(Component.PRINCIPAL).text() == "1999000.00"
    assert after.due(Component.PRINCIPAL).text() == "3001000.00"


def test_a_payment_entered_again_with_an_earlier_value_date_costs_less_and_both_versions_stay() -> (
    None
):
    first = received(2, "2030000", date(2026, 4, 20))
    entered = date(2026, 4, 22)
    facts = [first, reversal(3, first, entered), received(4, "2030000", date(2026, 4, 18), entered)]
    corrected = jinlan(*facts, as_of=date(2026, 4, 20), known_on=entered)
    as_it_was = jinlan(*facts, as_of=date(2026, 4, 20), known_on=date(2026, 4, 21))
    assert corrected.applied[0].allocation.paid(Component.PENALTY).text() == "29000.00"
    assert corrected.applied[0].allocation.paid(Component.PRINCIPAL).text() == "2001000.00"
    assert corrected.due(Component.PRINCIPAL).text() == "2999000.00"
    assert as_it_was.due(Component.PRINCIPAL).text() == "3001000.00"


def test_the_claim_on_a_base_date_adds_up_to_the_fen() -> None:
    claim = jinlan(received(2, "2030000", date(2026, 4, 18)), as_of=date(2026, 6, 23))
    assert claim.outstanding.text() == "47999000.00"
    assert claim.interest_running.text() == "570000.00"
    assert claim.due(Component.PENALTY).text() == "39586.80"
    assert claim.claim.text() == "48608586.80"


def test_money_that_came_early_waits_and_pays_the_instalment_on_its_due_date() -> None:
    early = received(2, "5000000", DUE - timedelta(days=2))
    assert jinlan(early, as_of=DUE - timedelta(days=1)).unapplied.text() == "5000000.00"
    on_time = jinlan(early, as_of=DUE + timedelta(days=10))
    assert (on_time.unapplied.minor, on_time.days_past_due, on_time.total_due.minor) == (0, 0, 0)
    assert [applied.fact for applied in on_time.applied] == [2, None]


def test_an_overpayment_is_kept_unapplied_and_lowers_the_claim() -> None:
    much = jinlan(received(2, "5000100", DUE), as_of=DUE)
    assert (much.unapplied.text(), much.total_due.minor) == ("100.00", 0)
    assert much.claim.text() == "44999900.00"


def test_costs_of_enforcement_are_owed_from_their_day() -> None:
    costs = Fact(
        id=2,
        kind=FactKind.CHARGE,
        amount=Amount.of(3000),
        value_date=date(2026, 4, 1),
        booked_on=date(2026, 4, 1),
    )
    paid = jinlan(costs, received(3, "4000", date(2026, 4, 1)), as_of=date(2026, 4, 1))
    assert [(line.ref, line.component) for line in paid.applied[0].allocation.lines] == [
        ("charge-2", Component.FEES),
        ("1", Component.PENALTY),
    ]
    assert not paid.due(Component.FEES)


def test_fees_alone_do_not_make_a_loan_overdue() -> None:
    costs = Fact(
        id=2,
        kind=FactKind.CHARGE,
        amount=Amount.of(3000),
        value_date=date(2025, 6, 1),
        booked_on=date(2025, 6, 1),
    )
    assert jinlan(costs, as_of=date(2025, 9, 1)).days_past_due == 0


def test_unpaid_interest_compounds_at_the_contract_rate_until_maturity_then_at_the_penalty_rate() -> (
    None
):
    maturity = date(2025, 4, 20)
    row = Instalment(
        1, date(2024, 4, 20), date(2025, 3, 21), Amount.of(1), Amount(0), Amount.of(12_000)
    )
    last = Instalment(2, date(2025, 3, 21), maturity, Amount.of(1), Amount.of(1), Amount(0))
    terms = Terms(rate=Rate.of("0.0435"), penalty_rate=Rate.of("0.06525"), maturity=maturity)
    drawn = replace(DRAWDOWN, amount=Amount.of(1), value_date=date(2024, 4, 20))
    in_term = position(terms, (row, last), [drawn], maturity)
    after = position(terms, (row, last), [drawn], date(2025, 6, 19))
    assert in_term.due(Component.COMPOUND).text() == "43.50"
    assert after.due(Component.COMPOUND).text() == "174.00"


def test_compound_interest_that_was_paid_is_not_owed_again() -> None:
    row = Instalment(1, DRAWN, DUE, Amount.of(1), Amount.of(1), Amount.of(12_000))
    terms = Terms(rate=Rate.of("0.0435"), penalty_rate=Rate.of("0.06525"), maturity=DUE)
    drawn = replace(DRAWDOWN, amount=Amount.of(1))
    paid = received(2, "130.50", DUE + timedelta(days=60))
    on_the_day = position(terms, (row,), [drawn, paid], paid.value_date)
    ten_days_on = position(terms, (row,), [drawn, paid], paid.value_date + timedelta(days=10))
    assert on_the_day.due(Component.COMPOUND) == Amount(0)
    assert ten_days_on.due(Component.COMPOUND).text() == "21.75"


def test_many_small_payments_pay_no_more_penalty_than_one_sum_rounded_once() -> None:
    drops = [received(n, "0.01", DUE + timedelta(days=n)) for n in range(2, 90)]
    row = replace(JINLAN[1], number=1, due=DUE, principal=Amount.of(7), opening=Amount.of(7))
    drawn = replace(DRAWDOWN, amount=Amount.of(7))
    terms = replace(JINLAN_TERMS, order=PRINCIPAL_FIRST)
    late = position(terms, (replace(row, interest=Amount(0)),), [drawn, *drops], date(2027, 1, 1))
    days = [(f.value_date - DUE).days for f in drops]
    owed = 612 * (date(2027, 1, 1) - DUE).days + sum(days)
    assert late.due(Component.PENALTY).minor == half_up(owed * Fraction("0.072") / 360)


def test_more_principal_due_than_was_drawn_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        position(JINLAN_TERMS, JINLAN, [replace(DRAWDOWN, amount=Amount(1))], DUE)
    assert refused.value.key == "due-without-drawdown"


def test_more_drawn_than_the_schedule_repays_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        position(JINLAN_TERMS, JINLAN, [replace(DRAWDOWN, amount=Amount.of(50_000_001))], LATER)
    assert refused.value.key == "drawn-not-scheduled"


def test_a_drawdown_reversed_leaves_nothing_owed() -> None:
    gone = jinlan(reversal(2, DRAWDOWN, DUE), as_of=date(2026, 6, 1))
    assert (gone.outstanding.minor, gone.total_due.minor, gone.days_past_due) == (0, 0, 0)


def test_a_day_count_that_depends_on_cuts_is_refused_for_arrears() -> None:
    with pytest.raises(Invalid) as refused:
        replace(JINLAN_TERMS, basis=DayCount.THIRTY_360_US)
    assert refused.value.key == "basis-not-additive"


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ([replace(DRAWDOWN, amount=Amount(0))], "fact-without-amount"),
        ([replace(DRAWDOWN, kind=FactKind.REVERSAL)], "nothing-to-reverse"),
        ([replace(DRAWDOWN, kind=FactKind.REVERSAL, reverses=9)], "nothing-to-reverse"),
        (
            [DRAWDOWN, replace(reversal(2, DRAWDOWN, DUE), amount=Amount(7))],
            "nothing-to-reverse",
        ),
        ([DRAWDOWN, reversal(2, DRAWDOWN, DUE), reversal(3, DRAWDOWN, DUE)], "reversed-twice"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(facts: Sequence[Fact], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        standing(facts)
    assert refused.value.key == key


# ------------------------------------------------------------------------ properties of a loan in arrears

YEAR = level_payment(
    Amount.of(1_200_000),
    Rate.of("0.06"),
    regular_periods(date(2025, 1, 15), date(2025, 2, 15), 12),
)
START = date(2025, 1, 15)
terms = st.builds(
    Terms,
    rate=st.just(Rate.of("0.06")),
    penalty_rate=st.sampled_from([Rate.of("0.09"), Rate(0)]),
    maturity=st.just(YEAR.maturity),
    compound=st.booleans(),
    order=st.permutations(list(Component)).map(tuple),
    direction=st.sampled_from(Direction),
)
days = st.integers(0, 700).map(lambda n: START + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """A drawdown, then receipts and charges on any days, booked on the day or late, some of them reversed."""
    facts = [replace(DRAWDOWN, amount=Amount.of(1_200_000), value_date=START, booked_on=START)]
    for number in range(2, draw(st.integers(2, 8))):
        on = draw(days)
        facts.append(
            Fact(
                id=number,
                kind=draw(st.sampled_from([FactKind.REPAYMENT, FactKind.CHARGE])),
                amount=Amount(draw(st.integers(1, 30_000_000))),
                value_date=on,
                booked_on=on + timedelta(days=draw(st.integers(0, 60))),
            )
        )
    wrong = [fact for fact in facts[1:] if draw(st.booleans())]
    return facts + [reversal(100 + f.id, f, f.booked_on + timedelta(days=5)) for f in wrong]


@given(terms, histories(), days, st.randoms())
def test_the_order_in_which_entries_were_made_changes_nothing(
    terms: Terms, facts: list[Fact], as_of: date, random: Random
) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    before = position(terms, YEAR.instalments, facts, as_of)
    assert position(terms, YEAR.instalments, shuffled, as_of) == before


@given(terms, histories(), days)
def test_an_entry_made_late_equals_having_known_it_first(
    terms: Terms, facts: list[Fact], as_of: date
) -> None:
    first = [replace(fact, booked_on=fact.value_date) for fact in facts]
    late = position(terms, YEAR.instalments, facts, as_of)
    assert late == position(terms, YEAR.instalments, first, as_of)


@given(terms, histories(), days)
def test_an_entry_reversed_equals_never_having_been_made(
    terms: Terms, facts: list[Fact], as_of: date
) -> None:
    assert position(terms, YEAR.instalments, facts, as_of) == position(
        terms, YEAR.instalments, standing(facts), as_of
    )


@given(terms, histories(), days)
def test_money_received_is_either_applied_or_waiting(
    terms: Terms, facts: list[Fact], as_of: date
) -> None:
    now = position(terms, YEAR.instalments, facts, as_of)
    receipts = total(
        fact.amount
        for fact in standing(facts)
        if fact.kind is FactKind.REPAYMENT and fact.value_date <= as_of
    )
    applied = total(line.amount for a in now.applied for line in a.allocation.lines)
    assert applied + now.unapplied == receipts
    assert all(due.open(part).minor >= 0 for due in now.dues for part in Component)
    assert now.outstanding.minor >= 0
    assert not (now.unapplied and now.total_due)


@given(terms, histories(), days, days)
def test_what_was_known_on_a_day_does_not_change_with_what_is_booked_later(
    terms: Terms, facts: list[Fact], as_of: date, day: date
) -> None:
    then = position(terms, YEAR.instalments, known(facts, day), as_of)
    assert position(terms, YEAR.instalments, facts, as_of, known_on=day) == then


@given(terms, days, st.integers(1, 100))
def test_without_receipts_days_past_due_grow_by_one_a_day(
    terms: Terms, as_of: date, more: int
) -> None:
    drawn = replace(DRAWDOWN, amount=Amount.of(1_200_000), value_date=START, booked_on=START)
    now = position(terms, YEAR.instalments, [drawn], as_of)
    later = position(terms, YEAR.instalments, [drawn], as_of + timedelta(days=more))
    assert now.days_past_due == max((as_of - date(2025, 2, 15)).days, 0)
    assert later.days_past_due <= now.days_past_due + more
    assert later.due(Component.PENALTY) >= now.due(Component.PENALTY)
