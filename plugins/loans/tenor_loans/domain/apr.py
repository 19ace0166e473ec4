"""The annualised rate that amounts and dates come to, fees included (PBOC 公告〔2021〕3号).

Powers of a fraction of a year aren't rational numbers, so these are ``Decimal``, to 30 digits and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount

_DIGITS = 40
_CLOSE = Decimal("1e-32")


def internal_rate(flows: Sequence[tuple[Fraction, Amount]]) -> Decimal:
    """The rate for one unit of time at which the flows, discounted, come to nothing.

    Args:
        flows: when (in units of time from the start) and how much; what the lender pays out is negative.

    Raises:
        Invalid: ``no-internal-rate`` where all flows have one sign, or no rate is found.
    """
    if not (any(a.minor < 0 for _, a in flows) and any(a.minor > 0 for _, a in flows)):
        raise Invalid("no-internal-rate")
    with localcontext(prec=_DIGITS):
        terms = [(Decimal(t.numerator) / t.denominator, Decimal(a.minor)) for t, a in flows]
        return _solve(terms).exp() - 1


def _solve(terms: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Newton's method on the logarithm of one plus the rate; for a loan the sum is convex, so it always arrives."""
    guess = Decimal(0)
    for _ in range(200):
        worths = [(when, amount * (-guess * when).exp()) for when, amount in terms]
        slope = -sum((when * worth for when, worth in worths), Decimal(0))
        if not slope:
            break
        step = sum((worth for _, worth in worths), Decimal(0)) / slope
        guess -= step
        if abs(step) < _CLOSE:
            return guess
        if abs(guess) > 1000:
            break
    raise Invalid("no-internal-rate")


def periodic_rate(flows: Sequence[Amount]) -> Decimal:
    """The internal rate a period of flows one period apart, the first one now."""
    return internal_rate([(Fraction(k), amount) for k, amount in enumerate(flows)])


def xirr(flows: Sequence[tuple[date, Amount]]) -> Decimal:
    """The effective yearly rate of dated flows, by days over 365 (XIRR). Raises as ``internal_rate``."""
    start = flows[0][0]
    return internal_rate([(Fraction((day - start).days, 365), amount) for day, amount in flows])


def nominal(periodic: Decimal, periods: int = 12) -> Decimal:
    """The yearly rate as so many times the rate of a period: the simple method."""
    return periodic * periods


def effective(periodic: Decimal, periods: int = 12) -> Decimal:
    """The yearly rate with compounding of each period's: the compound method."""
    with localcontext(prec=_DIGITS):
        return (1 + periodic) ** periods - 1
