"""What an institution may set for loans."""

from __future__ import annotations

from tenor_loans.domain.calendar import Rolling
from tenor_loans.domain.day_count import DayCount
from tenor_sdk import Rate, Settings, setting


class LoansSettings(Settings):
    """Terms of new loans, and reminders."""

    day_count: DayCount = setting(
        DayCount.MONTHS_12,
        label="Day count of new loans",
        help="Whole months at a twelfth of the yearly rate, odd days at a 360th; or by days",
    )
    rolling: Rolling = setting(
        Rolling.FOLLOWING,
        label="Payment on a day off",
        help="To which working day a payment moves; interest keeps the agreed date",
    )
    overdue_mark_up: Rate = setting(
        Rate.of("0.5"),
        label="Mark-up for arrears",
        help="A share of the contract rate; the rule in force bounds it",
        minimum=Rate(0),
        maximum=Rate.of("1"),
    )
    compound_interest: bool = setting(
        True, label="Compound interest in new loans", help="Whether unpaid interest bears interest"
    )
    remind_at: int = setting(
        1,
        label="Hour of reminders (UTC)",
        help="From this hour on, in coordinated universal time",
        minimum=0,
        maximum=23,
    )
