from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_collections.domain.promise import Promise, PromisePolicy, PromiseState, judged
from tenor_loans.public import CalendarTable
from tenor_sdk.errors import Refused
from tenor_sdk.values import Amount, Rate

FRIDAY, MONDAY, TUESDAY = date(2025, 9, 5), date(2025, 9, 8), date(2025, 9, 9)
PROMISE = Promise(Amount.of(50_000), FRIDAY, date(2025, 9, 1))
PAID = [(date(2025, 9, 4), Amount.of(30_000)), (MONDAY, Amount.of(20_000))]
ONE_DAY, NONE = PromisePolicy(grace=1), PromisePolicy(grace=0)


def test_a_promise_is_kept_with_a_business_day_of_grace(china: CalendarTable) -> None:
    judgement = judged(PROMISE, PAID, TUESDAY, ONE_DAY, china)
    assert (judgement.state, judgement.deadline) == (PromiseState.KEPT, MONDAY)


def test_the_same_promise_is_broken_without_grace(china: CalendarTable) -> None:
    judgement = judged(PROMISE, PAID, TUESDAY, NONE, china)
    assert judgement.state is PromiseState.BROKEN
    assert (judgement.received.text(), judgement.missing.text()) == ("30000.00", "20000.00")


def test_a_promise_stays_open_until_its_grace_is_over(china: CalendarTable) -> None:
    states = [judged(PROMISE, PAID[:1], day, ONE_DAY, china).state for day in (MONDAY, TUESDAY)]
    assert states == [PromiseState.OPEN, PromiseState.BROKEN]


def test_a_promise_is_kept_as_soon_as_all_of_it_came(china: CalendarTable) -> None:
    early = [(date(2025, 9, 2), Amount.of(50_000))]
    assert judged(PROMISE, early, date(2025, 9, 2), ONE_DAY, china).state is PromiseState.KEPT


def test_money_from_before_the_promise_does_not_keep_it(china: CalendarTable) -> None:
    before = [(date(2025, 8, 31), Amount.of(50_000))]
    assert judged(PROMISE, before, TUESDAY, ONE_DAY, china).state is PromiseState.BROKEN


def test_money_that_comes_after_the_day_of_judgement_is_not_seen_yet(china: CalendarTable) -> None:
    assert judged(PROMISE, PAID, FRIDAY, ONE_DAY, china).received == Amount.of(30_000)


def test_grace_ends_on_the_working_day_after_qingming(china: CalendarTable) -> None:
    promise = Promise(Amount.of(2_000_000), date(2026, 4, 3), date(2026, 3, 23))
    last_day = judged(promise, [], date(2026, 4, 7), ONE_DAY, china)
    day_after = judged(promise, [], date(2026, 4, 8), ONE_DAY, china)
    assert last_day.deadline == date(2026, 4, 7)
    assert (last_day.state, day_after.state) == (PromiseState.OPEN, PromiseState.BROKEN)


def test_a_small_shortfall_within_the_tolerance_keeps_the_promise(china: CalendarTable) -> None:
    paid = [(FRIDAY, Amount.of(49_500))]
    lenient = PromisePolicy(grace=0, tolerance=Rate.of("0.01"))
    assert judged(PROMISE, paid, TUESDAY, lenient, china).state is PromiseState.KEPT
    assert judged(PROMISE, paid, TUESDAY, NONE, china).state is PromiseState.BROKEN


def test_an_institution_may_call_a_promise_partly_kept(china: CalendarTable) -> None:
    policy = PromisePolicy(grace=0, partly_from=Rate.of("0.6"))
    assert judged(PROMISE, PAID, TUESDAY, policy, china).state is PromiseState.PARTLY_KEPT
    less = [(FRIDAY, Amount.of("29999.99"))]
    assert judged(PROMISE, less, TUESDAY, policy, china).state is PromiseState.BROKEN


def test_grace_into_a_year_without_calendar_is_an_error(china: CalendarTable) -> None:
    with pytest.raises(Refused, match="no-calendar"):
        judged(Promise(Amount(1), date(2026, 12, 31), FRIDAY), [], TUESDAY, ONE_DAY, china)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 14).map(lambda n: date(2025, 9, 1) + timedelta(days=n)),
            st.integers(1, 6_000_000).map(Amount),
        ),
        max_size=6,
    ),
    st.integers(0, 3),
)
def test_more_grace_never_breaks_a_promise_that_less_would_keep(
    receipts: list[tuple[date, Amount]], grace: int
) -> None:
    weekdays = CalendarTable("weekdays", frozenset({2025}), frozenset(), frozenset())
    late = date(2025, 10, 1)
    strict = judged(PROMISE, receipts, late, PromisePolicy(grace=grace), weekdays)
    lenient = judged(PROMISE, receipts, late, PromisePolicy(grace=grace + 1), weekdays)
    assert lenient.received >= strict.received
    assert strict.state is PromiseState.BROKEN or lenient.state is PromiseState.KEPT
