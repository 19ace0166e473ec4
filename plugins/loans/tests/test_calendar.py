from datetime import date
from typing import Any

import pytest

from tenor_loans.domain.calendar import (
    CalendarTable,
    Rolling,
    add_business_days,
    calendar_from_table,
    rolled,
)
from tenor_sdk.errors import Invalid, Refused

CONVENTIONS = {
    "following": Rolling.FOLLOWING,
    "modified_following": Rolling.MODIFIED_FOLLOWING,
    "preceding": Rolling.PRECEDING,
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_due_date_rolls_over_holidays_and_make_up_working_days(
    vectors: dict[str, Any], china: CalendarTable, name: str
) -> None:
    rows = vectors["business_day"]
    assert {
        row["date"]: rolled(date.fromisoformat(row["date"]), CONVENTIONS[name], china).isoformat()
        for row in rows
    } == {row["date"]: row[name] for row in rows}


def test_an_unadjusted_date_stays_where_it_is(china: CalendarTable) -> None:
    assert rolled(date(2025, 10, 4), Rolling.UNADJUSTED, china) == date(2025, 10, 4)


def test_business_days_are_counted_over_national_day_into_a_working_saturday(
    vectors: dict[str, Any], china: CalendarTable
) -> None:
    expected = vectors["sla_business_days_from_2025-09-30"]
    counted = {n: add_business_days(date(2025, 9, 30), int(n), china) for n in expected}
    assert {n: day.isoformat() for n, day in counted.items()} == expected


@pytest.mark.parametrize(
    "day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)]
)
def test_a_make_up_working_day_is_worked(china: CalendarTable, day: date) -> None:
    assert china(day)


def test_a_year_without_a_published_table_is_an_error_not_monday_to_friday(
    china: CalendarTable,
) -> None:
    with pytest.raises(Refused) as refused:
        rolled(date(2027, 1, 1), Rolling.FOLLOWING, china)
    assert (refused.value.key, refused.value.values["year"]) == ("no-calendar", 2027)


def test_a_table_with_a_day_of_another_year_is_refused() -> None:
    table = {"name": "XX", "year": {"2025": {"off": [date(2026, 1, 1)], "working": []}}}
    with pytest.raises(Invalid) as refused:
        calendar_from_table(table)
    assert refused.value.key == "bad-calendar-table"
