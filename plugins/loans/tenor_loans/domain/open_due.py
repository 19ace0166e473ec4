"""One due instalment or charge on its way to being paid, with the penalty and compound interest that it gathers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tenor_loans.domain.allocation import Component, Due
from tenor_loans.domain.day_count import days, year_days
from tenor_loans.domain.terms import Terms
from tenor_sdk.values import Amount


@dataclass(slots=True)
class OpenDue:
    """What is open under one heading, in minor units.

    Interest on arrears is kept as unpaid amount times days and booked as one rounded sum less what was paid of it,
    so that no rounding adds up, however many receipts come in.

    Args:
        ref: the number of the instalment, or the entry of a charge.
        on: since when it is due.
        principal: open principal.
        interest: open contract interest.
        fees: open costs.
    """

    ref: str
    on: date
    principal: int = 0
    interest: int = 0
    fees: int = 0
    run_until: date = field(init=False)
    principal_days: int = 0
    interest_days: int = 0
    interest_days_after_maturity: int = 0
    penalty_paid: int = 0
    compound_paid: int = 0

    def __post_init__(self) -> None:
        self.run_until = self.on

    def run_to(self, day: date, terms: Terms) -> None:
        """Let arrears gather from the day reached so far up to and without ``day``."""
        if day <= self.run_until:
            return
        turn = min(max(terms.maturity, self.run_until), day)
        before = days(terms.basis, self.run_until, turn)
        after = days(terms.basis, turn, day)
        self.principal_days += self.principal * (before + after)
        self.interest_days += self.interest * before
        self.interest_days_after_maturity += self.interest * after
        self.run_until = day

    def penalty(self, terms: Terms) -> int:
        return _booked(self.principal_days * terms.penalty_rate.nano, terms) - self.penalty_paid

    def compound(self, terms: Terms) -> int:
        if not terms.compound:
            return 0
        within = self.interest_days * terms.rate.nano
        after = self.interest_days_after_maturity * terms.penalty_rate.nano
        return _booked(within + after, terms) - self.compound_paid

    def due(self, terms: Terms) -> Due:
        """What is open, for the allocation of a receipt."""
        owed = {
            Component.FEES: self.fees,
            Component.COMPOUND: self.compound(terms),
            Component.PENALTY: self.penalty(terms),
            Component.INTEREST: self.interest,
            Component.PRINCIPAL: self.principal,
        }
        return Due(self.ref, self.on, {part: Amount(minor) for part, minor in owed.items()})

    def pay(self, component: Component, minor: int) -> None:
        """Take off what a receipt paid."""
        if component is Component.FEES:
            self.fees -= minor
        elif component is Component.COMPOUND:
            self.compound_paid += minor
        elif component is Component.PENALTY:
            self.penalty_paid += minor
        elif component is Component.INTEREST:
            self.interest -= minor
        else:
            self.principal -= minor

    def closed(self, terms: Terms) -> bool:
        """Whether nothing is left to pay."""
        basic = self.principal or self.interest or self.fees
        return not (basic or self.penalty(terms) or self.compound(terms))


def _booked(amount_days_nano: int, terms: Terms) -> int:
    """Amount times days times billionths of a rate, in minor units, half up.

    In whole numbers, not as a ``Fraction``: this runs for each open instalment at each receipt.
    """
    year = year_days(terms.basis) * 10**9
    return (2 * amount_days_nano + year) // (2 * year)
