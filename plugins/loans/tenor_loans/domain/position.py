"""What is owed on a day: a projection of a loan's facts over its schedule, computed anew each time.

Because nothing is kept but facts, an entry made late with an early value date gives the same answer as one that was
known from the start; and because the past is never edited, both answers can be had (``known_on``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tenor_loans.domain import facts as loan_facts
from tenor_loans.domain.allocation import Allocation, Component, Due, allocate
from tenor_loans.domain.arrears import days_past_due
from tenor_loans.domain.facts import Fact, FactKind
from tenor_loans.domain.interest import accrued, booked
from tenor_loans.domain.open_due import OpenDue
from tenor_loans.domain.schedule import Instalment
from tenor_loans.domain.terms import Terms
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, total


@dataclass(frozen=True, slots=True)
class Applied:
    """How money was applied: of which receipts' entry, on which day.

    Args:
        fact: the repayment, or ``None`` where money that had waited unapplied met a new due date.
        on: the day.
        allocation: its lines, and what stayed unapplied.
    """

    fact: int | None
    on: date
    allocation: Allocation


@dataclass(frozen=True, slots=True)
class Position:
    """A loan on a day.

    Args:
        as_of: the day, at its start: a payment of this day is in, interest for this day isn't.
        drawn: all drawdowns.
        outstanding: principal not repaid, due or not.
        interest_running: interest since the last due date on principal that isn't due, booked if struck today.
        unapplied: money received that found nothing due.
        dues: what is due and unpaid, by instalment or charge.
        applied: every application of money, in order.
        days_past_due: 0 if nothing is late.
    """

    as_of: date
    drawn: Amount
    outstanding: Amount
    interest_running: Amount
    unapplied: Amount
    dues: tuple[Due, ...]
    applied: tuple[Applied, ...]
    days_past_due: int

    def due(self, component: Component) -> Amount:
        """What is due and unpaid of one part."""
        return total(due.open(component) for due in self.dues)

    @property
    def total_due(self) -> Amount:
        return total(due.total for due in self.dues)

    @property
    def claim(self) -> Amount:
        """All that the debtor owes on this day: due or not, with the interest running; less unapplied money."""
        not_due = self.outstanding - self.due(Component.PRINCIPAL)
        return self.total_due + not_due + self.interest_running - self.unapplied


def position(
    terms: Terms,
    instalments: Sequence[Instalment],
    facts: Iterable[Fact],
    as_of: date,
    *,
    known_on: date | None = None,
) -> Position:
    """The loan on a day.

    On one day drawdowns come first, then due dates, charges, repayments; entries of one kind in the order of ``id``.
    Money that waits unapplied is applied as soon as something falls due.

    Args:
        terms: the contract's terms.
        instalments: its schedule; due dates rolled to business days where that is agreed.
        facts: the entries of the loan, in any order.
        as_of: the day asked for.
        known_on: leave out what was booked after this day.

    Raises:
        Invalid: ``due-without-drawdown`` where more principal falls due than was drawn, ``drawn-not-scheduled``
            where some is left after the last instalment, and as ``standing``.
    """
    entries = loan_facts.known(facts, known_on) if known_on else facts
    run = _Run(terms, instalments, as_of)
    for event in _events(instalments, loan_facts.standing(entries), as_of):
        run.take(event)
    return run.position()


_Event = Instalment | Fact
_TURN = {FactKind.DRAWDOWN: 0, FactKind.CHARGE: 2, FactKind.REPAYMENT: 3}


def _events(instalments: Sequence[Instalment], facts: Sequence[Fact], as_of: date) -> list[_Event]:
    """Due dates and facts up to ``as_of``, in the order in which they take effect."""
    keyed: list[tuple[date, int, int, _Event]] = [
        (row.due, 1, row.number, row) for row in instalments
    ]
    keyed += [(fact.value_date, _TURN[fact.kind], fact.id, fact) for fact in facts]
    return [event for day, *_, event in sorted(keyed, key=lambda key: key[:3]) if day <= as_of]


class _Run:
    """One pass over the events of a loan; lives as long as one call of ``position``."""

    def __init__(self, terms: Terms, instalments: Sequence[Instalment], as_of: date) -> None:
        self.terms, self.instalments, self.as_of = terms, instalments, as_of
        self.drawn = self.repaid = self.not_due = self.unapplied = Amount(0)
        self.open: dict[str, OpenDue] = {}
        self.applied: list[Applied] = []
        self.balances: list[tuple[date, Amount]] = []

    def take(self, event: _Event) -> None:
        if isinstance(event, Instalment):
            self.fall_due(event)
        elif event.kind is FactKind.DRAWDOWN:
            self.draw(event)
        elif event.kind is FactKind.CHARGE:
            self.charge(event)
        else:
            self.apply(event.amount, event.value_date, event.id)

    def draw(self, fact: Fact) -> None:
        self.drawn += fact.amount
        self.set_not_due(fact.value_date, self.not_due + fact.amount)

    def fall_due(self, row: Instalment) -> None:
        if not self.drawn:
            return
        self.set_not_due(row.due, self.still_not_due(row))
        ref = str(row.number)
        self.open[ref] = OpenDue(ref, row.due, row.principal.minor, row.interest.minor)
        self.apply_waiting(row.due)

    def still_not_due(self, row: Instalment) -> Amount:
        """The principal that isn't due after ``row``; refuses a schedule of another sum than was drawn."""
        left = self.not_due - row.principal
        if left.minor < 0:
            raise Invalid("due-without-drawdown", instalment=row.number, drawn=self.drawn.text())
        if left and row is self.instalments[-1]:
            raise Invalid("drawn-not-scheduled", left=left.text(), drawn=self.drawn.text())
        return left

    def charge(self, fact: Fact) -> None:
        ref = f"charge-{fact.id}"
        self.open[ref] = OpenDue(ref, fact.value_date, fees=fact.amount.minor)
        self.apply_waiting(fact.value_date)

    def set_not_due(self, day: date, balance: Amount) -> None:
        self.not_due = balance
        self.balances.append((day, balance))

    def apply_waiting(self, day: date) -> None:
        if self.unapplied:
            waiting, self.unapplied = self.unapplied, Amount(0)
            self.apply(waiting, day, None)

    def apply(self, amount: Amount, day: date, fact: int | None) -> None:
        """Take an amount apart over what is open on a day, and close what is paid."""
        allocation = allocate(amount, self.dues(day), self.terms.order, self.terms.direction)
        for line in allocation.lines:
            self.open[line.ref].pay(line.component, line.amount.minor)
        self.repaid += allocation.paid(Component.PRINCIPAL)
        self.unapplied += allocation.unapplied
        self.applied.append(Applied(fact, day, allocation))
        self.open = {ref: due for ref, due in self.open.items() if not due.closed(self.terms)}

    def dues(self, day: date) -> tuple[Due, ...]:
        for due in self.open.values():
            due.run_to(day, self.terms)
        return tuple(due.due(self.terms) for due in self.open.values())

    def position(self) -> Position:
        dues = self.dues(self.as_of)
        return Position(
            as_of=self.as_of,
            drawn=self.drawn,
            outstanding=self.drawn - self.repaid,
            interest_running=self.interest_running(),
            unapplied=self.unapplied,
            dues=dues,
            applied=tuple(self.applied),
            days_past_due=days_past_due(dues, self.as_of),
        )

    def interest_running(self) -> Amount:
        running = [row for row in self.instalments if row.start <= self.as_of < row.due]
        if not running:
            return Amount(0)
        start = running[0].start
        rates = [(start, self.terms.rate)]
        return booked(accrued(self.balances, rates, self.terms.basis, start, self.as_of))
