from datetime import date

import pytest

from tenor_loans.domain.calendar import CalendarTable, Rolling
from tenor_loans.domain.payment_dates import payment_date, with_payment_dates
from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.schedule import bullet
from tenor_sdk.errors import Refused
from tenor_sdk.values import Amount, Rate


def test_only_the_day_of_payment_moves_and_interest_stays_as_agreed(china: CalendarTable) -> None:
    rows = bullet(
        Amount.of(1_000_000),
        Rate.of("0.0435"),
        regular_periods(date(2025, 9, 4), date(2025, 10, 4), 3),
    ).instalments
    moved = with_payment_dates(rows, Rolling.FOLLOWING, china)
    assert [row.due for row in moved] == [date(2025, 10, 9), date(2025, 11, 4), date(2025, 12, 4)]
    assert [(row.start, row.interest) for row in moved] == [(r.start, r.interest) for r in rows]


def test_a_payment_date_beyond_the_published_calendars_is_shown_as_not_confirmed(
    china: CalendarTable,
) -> None:
    far = payment_date(date(2028, 10, 1), Rolling.FOLLOWING, china)
    assert (far.on, far.confirmed) == (date(2028, 10, 1), False)


def test_without_rolling_every_payment_date_is_confirmed(china: CalendarTable) -> None:
    assert payment_date(date(2028, 10, 1), Rolling.UNADJUSTED, china).confirmed


def test_another_refusal_of_the_calendar_is_not_taken_for_a_missing_year() -> None:
    def broken(day: date) -> bool:
        raise Refused("calendar-locked", day=day)

    with pytest.raises(Refused, match="calendar-locked"):
        payment_date(date(2025, 10, 1), Rolling.FOLLOWING, broken)
