"""Break-even: the price or the time at which one option is worth as much as another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from tenor_npl_disposal.domain.options import (
    DIGITS,
    CashFlow,
    Option,
    decimal,
    growth_rate,
    present_value,
)
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up


def break_even_amount(option: Option, flow: int, target: Decimal, rate: Rate) -> Amount | None:
    """The amount of one of its flows at which an option is worth ``target``: the price to hold out for.

    Args:
        option: the option.
        flow: which of its flows, from 0.
        target: a net present value in minor units, such as that of the best other option.
        rate: the discount rate a year.

    Returns:
        The amount, half up; ``None`` where no amount above zero does it: the option is worth more even without
        this flow, or the flow is certain not to come.

    Raises:
        Invalid: ``no-such-flow``.
    """
    chosen = _flow(option, flow)
    if not chosen.probability:
        return None
    with localcontext(prec=DIGITS):
        unit = present_value([replace(chosen, amount=Amount(1))], rate)
        amount = _wanted(option, flow, target, rate) / unit
    return Amount(half_up(Fraction(amount))) if amount > 0 else None


def break_even_month(option: Option, flow: int, target: Decimal, rate: Rate) -> Decimal | None:
    """In how many months one of its flows must come for an option to be worth ``target``: the latest time.

    Args: as ``break_even_amount``.

    Returns:
        Months from the base date, not rounded; ``None`` where time doesn't decide: the flow would come too late
        even today, or never does at this rate.

    Raises:
        Invalid: ``no-such-flow``.
    """
    chosen = _flow(option, flow)
    with localcontext(prec=DIGITS):
        wanted, growth = _wanted(option, flow, target, rate), growth_rate(rate)
        if wanted <= 0 or wanted > decimal(chosen.expected) or not growth:
            return None
        return (decimal(chosen.expected) / wanted).ln() / growth


def _flow(option: Option, flow: int) -> CashFlow:
    if not 0 <= flow < len(option.flows):
        raise Invalid("no-such-flow", option=option.key, flow=flow)
    return option.flows[flow]


def _wanted(option: Option, flow: int, target: Decimal, rate: Rate) -> Decimal:
    """What the flow must be worth now, given the others and the cost."""
    others = option.flows[:flow] + option.flows[flow + 1 :]
    return target + option.cost.minor - present_value(others, rate)
