"""An option of disposal: its expected cash flows, and what they are worth now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

DIGITS = 40


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Money expected from an option.

    Args:
        amount: how much.
        month: in how many months from the base date; parts of a month are allowed.
        probability: how likely, from 0 to 1.

    Raises:
        Invalid: ``not-a-probability``; ``cash-flow-in-the-past``.
    """

    amount: Amount
    month: Fraction
    probability: Rate

    def __post_init__(self) -> None:
        if not 0 <= self.probability.fraction <= 1:
            raise Invalid("not-a-probability", probability=self.probability.text())
        if self.month < 0:
            raise Invalid("cash-flow-in-the-past", month=self.month)

    @property
    def expected(self) -> Fraction:
        """Amount times probability, in minor units."""
        return self.amount.minor * self.probability.fraction


@dataclass(frozen=True, slots=True)
class Option:
    """A way out, such as restructuring, transfer or litigation.

    Args:
        key: its name.
        flows: what it is expected to bring.
        cost: what it costs now.
    """

    key: str
    flows: tuple[CashFlow, ...]
    cost: Amount

    @property
    def time_to_cash(self) -> Fraction | None:
        """After how many months the money comes, weighted by what is expected; ``None`` if nothing is."""
        expected = sum((flow.expected for flow in self.flows), Fraction(0))
        weighted = sum((flow.expected * flow.month for flow in self.flows), Fraction(0))
        return weighted / expected if expected else None


def present_value(flows: Iterable[CashFlow], rate: Rate) -> Decimal:
    """Σ probability · amount / (1 + rate)^(month/12), in minor units, not rounded.

    Args:
        flows: the expected cash flows.
        rate: a year: cost of funds and risk.
    """
    with localcontext(prec=DIGITS):
        growth = growth_rate(rate)
        worths = (decimal(flow.expected) * (-growth * decimal(flow.month)).exp() for flow in flows)
        return sum(worths, Decimal(0))


def net_present_value(option: Option, rate: Rate) -> Decimal:
    """The present value of an option's flows less its cost, in minor units, not rounded."""
    with localcontext(prec=DIGITS):
        return present_value(option.flows, rate) - option.cost.minor


def growth_rate(rate: Rate) -> Decimal:
    """The continuous rate a month that a yearly rate comes to.

    Raises:
        Invalid: ``negative-rate``.
    """
    if rate.nano < 0:
        raise Invalid("negative-rate", rate=rate.text())
    with localcontext(prec=DIGITS):
        return decimal(1 + rate.fraction).ln() / 12


def decimal(exact: Fraction) -> Decimal:
    """The fraction as a ``Decimal``, to the digits of the context."""
    return Decimal(exact.numerator) / exact.denominator
