"""What a receipt pays: the order of its parts, over instalments old and new, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, total


class Component(StrEnum):
    """The parts of what is owed."""

    FEES = "fees"
    COMPOUND = "compound"
    PENALTY = "penalty"
    INTEREST = "interest"
    PRINCIPAL = "principal"


Order = tuple[Component, ...]

#: Civil Code art. 561, unless agreed otherwise: costs of enforcement, interest (of all kinds), principal.
ART_561: Order = (
    Component.FEES,
    Component.COMPOUND,
    Component.PENALTY,
    Component.INTEREST,
    Component.PRINCIPAL,
)
#: The same with contract interest before penalty and compound interest, as some contracts have it.
INTEREST_FIRST: Order = (
    Component.FEES,
    Component.INTEREST,
    Component.PENALTY,
    Component.COMPOUND,
    Component.PRINCIPAL,
)
#: For a loan in non-accrual where contract or policy saves principal first.
PRINCIPAL_FIRST: Order = (
    Component.FEES,
    Component.PRINCIPAL,
    Component.INTEREST,
    Component.PENALTY,
    Component.COMPOUND,
)


class Direction(StrEnum):
    """Whether the oldest instalment is paid whole first, or one part of all instalments before the next part."""

    VERTICAL = "oldest instalment first"
    HORIZONTAL = "part by part"


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed under one heading.

    Args:
        ref: what it belongs to: the number of an instalment, or the entry of a charge.
        on: since when it is due.
        owed: the open amounts.
    """

    ref: str
    on: date
    owed: Mapping[Component, Amount]

    def open(self, component: Component) -> Amount:
        return self.owed.get(component, Amount(0))

    @property
    def total(self) -> Amount:
        return total(self.owed.values())


@dataclass(frozen=True, slots=True)
class Paid:
    """One line of an allocation: how much of a receipt paid which part of what."""

    ref: str
    component: Component
    amount: Amount


@dataclass(frozen=True, slots=True)
class Allocation:
    """A receipt taken apart: lines in the order in which they were paid, and what found nothing to pay."""

    lines: tuple[Paid, ...]
    unapplied: Amount

    def paid(self, component: Component) -> Amount:
        return total(line.amount for line in self.lines if line.component is component)


def allocate(
    receipt: Amount,
    dues: Sequence[Due],
    order: Order = ART_561,
    direction: Direction = Direction.VERTICAL,
) -> Allocation:
    """Take a receipt apart over what is due.

    Costs that lead the order are paid for all instalments before anything else, in either direction. What is left
    over stays unapplied: a balance never turns negative.

    Args:
        receipt: the amount received.
        dues: what is owed; paid by date, and as given within a date.
        order: every component once.
        direction: oldest instalment first, or part by part.

    Raises:
        Invalid: ``negative-receipt``; ``incomplete-order`` where a component is missing or named twice.
    """
    if receipt.minor < 0:
        raise Invalid("negative-receipt", receipt=receipt.text())
    if sorted(order) != sorted(Component):
        raise Invalid("incomplete-order", order=", ".join(order))
    left, lines = receipt, list[Paid]()
    for due, component in _queue(dues, order, direction):
        if not left:
            break
        part = min(left, due.open(component))
        if part.minor > 0:
            lines.append(Paid(due.ref, component, part))
            left -= part
    return Allocation(tuple(lines), left)


def _queue(
    dues: Sequence[Due], order: Order, direction: Direction
) -> Iterator[tuple[Due, Component]]:
    oldest_first = sorted(dues, key=lambda due: due.on)
    if direction is Direction.HORIZONTAL:
        yield from ((due, component) for component in order for due in oldest_first)
        return
    leads = order[:1] if order[0] is Component.FEES else ()
    yield from ((due, component) for component in leads for due in oldest_first)
    yield from ((due, component) for due in oldest_first for component in order[len(leads) :])
