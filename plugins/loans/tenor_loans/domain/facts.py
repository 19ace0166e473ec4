"""The entries of a loan: dated, append-only facts. Nothing else is kept; the rest is computed from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount


class FactKind(StrEnum):
    """What happened."""

    DRAWDOWN = "drawdown"
    CHARGE = "charge"
    REPAYMENT = "repayment"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry.

    Args:
        id: its number, unique within the loan.
        kind: what happened.
        amount: how much, above zero; a reversal repeats the amount of what it cancels.
        value_date: the day from which it counts. A reversal counts from the value date of what it cancels.
        booked_on: the day on which it became known here.
        reverses: the entry that a reversal cancels.
    """

    id: int
    kind: FactKind
    amount: Amount
    value_date: date
    booked_on: date
    reverses: int | None = None


def known(facts: Iterable[Fact], on: date) -> tuple[Fact, ...]:
    """The facts as they were known at the end of a day: both versions of a corrected past can be asked for."""
    return tuple(fact for fact in facts if fact.booked_on <= on)


def standing(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that no reversal has cancelled, by value date; reversals themselves have done their work.

    The order doesn't depend on when an entry was made, so that a back-dated one equals having known it first.

    Raises:
        Invalid: ``fact-without-amount``; ``nothing-to-reverse`` where a reversal names no drawdown, charge or
            repayment of the same amount; ``reversed-twice``.
    """
    by_id = {fact.id: fact for fact in facts}
    cancelled: set[int] = set()
    for fact in by_id.values():
        _check_amount(fact)
        if fact.kind is FactKind.REVERSAL:
            cancelled.add(_reversed(fact, by_id, cancelled).id)
    left = (f for f in by_id.values() if f.id not in cancelled and f.kind is not FactKind.REVERSAL)
    return tuple(sorted(left, key=lambda fact: (fact.value_date, fact.id)))


def _check_amount(fact: Fact) -> None:
    if fact.amount.minor <= 0:
        raise Invalid("fact-without-amount", fact=fact.id)


def _reversed(reversal: Fact, by_id: dict[int, Fact], cancelled: set[int]) -> Fact:
    target = by_id.get(reversal.reverses) if reversal.reverses is not None else None
    if target is None or target.kind is FactKind.REVERSAL or target.amount != reversal.amount:
        raise Invalid("nothing-to-reverse", fact=reversal.id, reverses=reversal.reverses)
    if target.id in cancelled:
        raise Invalid("reversed-twice", fact=reversal.id, reverses=target.id)
    return target
