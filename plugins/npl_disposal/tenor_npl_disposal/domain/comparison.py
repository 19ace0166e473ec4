"""Options side by side: the same exposure, provision, rate and date for all; the system ranks, people decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tenor_npl_disposal.domain.options import Option, net_present_value
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is frozen for all options of a comparison.

    Args:
        base_date: the day to which everything is discounted.
        exposure: the claim on that day (EAD).
        provision: what is provided for it already.
        rate: the discount rate a year.
    """

    base_date: date
    exposure: Amount
    provision: Amount
    rate: Rate


@dataclass(frozen=True, slots=True)
class Valued:
    """An option with its figures.

    Args:
        option: the option.
        exact: its net present value in minor units, not rounded; what the ranking goes by.
        npv: the same, rounded half up.
        recovery: net present value over exposure, to a billionth.
        profit_effect: net present value less what stands in the books (exposure less provision).
    """

    option: Option
    exact: Decimal
    npv: Amount
    recovery: Rate
    profit_effect: Amount


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options under the same assumptions, the best first; equal ones by name."""

    assumptions: Assumptions
    ranked: tuple[Valued, ...]

    @property
    def leader(self) -> Valued:
        return self.ranked[0]

    def of(self, key: str) -> Valued:
        """The option of that name.

        Raises:
            Invalid: ``no-such-option``.
        """
        for valued in self.ranked:
            if valued.option.key == key:
                return valued
        raise Invalid("no-such-option", option=key)

    def best_other(self, key: str) -> Valued:
        """The best option but the one of that name.

        Raises:
            Invalid: ``no-such-option``, also where there is no other.
        """
        self.of(key)
        others = [valued for valued in self.ranked if valued.option.key != key]
        if not others:
            raise Invalid("no-such-option", option="")
        return others[0]


def compare(options: Sequence[Option], assumptions: Assumptions) -> Comparison:
    """Rank options by net present value.

    Raises:
        Invalid: ``no-options``; ``option-named-twice``; ``no-exposure``.
    """
    if not options:
        raise Invalid("no-options")
    if len({option.key for option in options}) < len(options):
        raise Invalid("option-named-twice")
    if assumptions.exposure.minor <= 0:
        raise Invalid("no-exposure", exposure=assumptions.exposure.text())
    valued = [_valued(option, assumptions) for option in options]
    return Comparison(assumptions, tuple(sorted(valued, key=_rank)))


def _rank(valued: Valued) -> tuple[Decimal, str]:
    """By worth; what differs by less than a billionth of a minor unit differs by the arithmetic alone."""
    return -valued.exact.quantize(Decimal("1e-9")), valued.option.key


def _valued(option: Option, assumptions: Assumptions) -> Valued:
    exact = net_present_value(option, assumptions.rate)
    npv = Amount(half_up(Fraction(exact)))
    recovery = half_up(Fraction(exact) * 10**9 / assumptions.exposure.minor)
    book = assumptions.exposure - assumptions.provision
    return Valued(option, exact, npv, Rate(recovery), npv - book)
