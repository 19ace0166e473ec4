from datetime import date

from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.reminders import next_reminder, reminder_plan
from tenor_loans.domain.schedule import level_payment
from tenor_sdk.values import Amount, Rate

PLAN = level_payment(
    Amount.of(1_000_000),
    Rate.of("0.06"),
    regular_periods(date(2026, 2, 20), date(2026, 3, 20), 12),
)


def test_a_borrower_is_reminded_seven_three_and_one_days_before_and_on_the_day() -> None:
    reminders = reminder_plan(PLAN.instalments[:1], date(2026, 2, 20))
    assert [reminder.on for reminder in reminders] == [
        date(2026, 3, 13),
        date(2026, 3, 17),
        date(2026, 3, 19),
        date(2026, 3, 20),
    ]


def test_a_reminder_says_how_much_is_principal_and_how_much_interest() -> None:
    first = reminder_plan(PLAN.instalments, date(2026, 2, 20))[0]
    assert (first.principal.text(), first.interest.text()) == ("81066.43", "5000.00")
    assert first.total == PLAN.instalments[0].total


def test_reminders_that_would_precede_the_drawdown_are_left_out() -> None:
    reminders = reminder_plan(PLAN.instalments[:1], date(2026, 3, 17))
    assert [reminder.days_before for reminder in reminders] == [1, 0]


def test_the_next_reminder_is_the_first_after_today() -> None:
    reminders = reminder_plan(PLAN.instalments, date(2026, 2, 20))
    following = next_reminder(reminders, date(2026, 3, 20))
    assert following is not None
    assert (following.instalment, following.on) == (2, date(2026, 4, 13))
    assert next_reminder(reminders, date(2027, 2, 20)) is None
