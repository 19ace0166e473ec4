"""From the odds of a statistical model to points, and back to a probability of default.

Score = Offset + Factor · ln(odds good:bad); WOE = ln(%good / %bad); the model predicts P(bad), so its
coefficients of WOE are negative and a better attribute earns more points. Logarithms are computed in Decimal, 28
digits, so that a score is the same on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from tenor_credit.domain.errors import CreditError

DIGITS = 28
SMOOTHING = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Scaling:
    """How odds become points: ``base`` points at ``odds`` good to one bad, ``pdo`` points more double them.

    Raises CreditError ``scaling-not-positive``.
    """

    pdo: Decimal = Decimal(20)
    base: Decimal = Decimal(600)
    odds: Decimal = Decimal(50)

    def __post_init__(self) -> None:
        if self.pdo <= 0 or self.odds <= 0:
            raise CreditError("scaling-not-positive")

    @property
    def factor(self) -> Decimal:
        """PDO / ln 2."""
        with localcontext(prec=DIGITS):
            return self.pdo / Decimal(2).ln()

    @property
    def offset(self) -> Decimal:
        """Base − Factor · ln(odds)."""
        with localcontext(prec=DIGITS):
            return self.base - self.factor * self.odds.ln()

    def score(self, odds: Decimal) -> Decimal:
        """The points of odds good to one bad. Raises CreditError ``odds-not-positive``."""
        if odds <= 0:
            raise CreditError("odds-not-positive")
        with localcontext(prec=DIGITS):
            return self.offset + self.factor * odds.ln()

    def probability_of_default(self, score: Decimal) -> Decimal:
        """The probability behind a score: 1 / (1 + odds)."""
        with localcontext(prec=DIGITS):
            return 1 / (1 + ((score - self.offset) / self.factor).exp())

    def attribute_points(self, woe: Decimal, beta: Decimal, alpha: Decimal, factors: int) -> int:
        """The points of one attribute, rounded half up: −(β · WOE + α/n) · Factor + Offset/n.

        Args:
            woe: the attribute's weight of evidence.
            beta: the coefficient of its factor in a model of P(bad), negative.
            alpha: the intercept of that model.
            factors: how many factors share intercept and offset.

        Raises CreditError ``coefficient-not-negative``: the sign convention is the other one.
        """
        if beta >= 0:
            raise CreditError("coefficient-not-negative", beta=beta)
        with localcontext(prec=DIGITS):
            exact = -(beta * woe + alpha / factors) * self.factor + self.offset / factors
            return int(exact.to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Bin:
    """How many good and bad cases fell into one attribute."""

    good: int
    bad: int


def weights_of_evidence(bins: Sequence[Bin]) -> list[Decimal]:
    """The WOE of each bin; a bin without goods or without bads counts half a case more of each.

    Raises CreditError ``no-cases`` when there is no good or no bad case at all.
    """
    goods, bads = _totals(bins)
    with localcontext(prec=DIGITS):
        return [(_share(b.good, b, goods) / _share(b.bad, b, bads)).ln() for b in bins]


def information_value(bins: Sequence[Bin]) -> Decimal:
    """IV = Σ (%good − %bad) · WOE: how well a factor tells good from bad. Raises as `weights_of_evidence`."""
    goods, bads = _totals(bins)
    with localcontext(prec=DIGITS):
        gaps = [_share(b.good, b, goods) - _share(b.bad, b, bads) for b in bins]
        return sum(
            (gap * woe for gap, woe in zip(gaps, weights_of_evidence(bins), strict=True)),
            Decimal(0),
        )


def _totals(bins: Sequence[Bin]) -> tuple[int, int]:
    goods, bads = sum(b.good for b in bins), sum(b.bad for b in bins)
    if not goods or not bads:
        raise CreditError("no-cases")
    return goods, bads


def _share(count: int, within: Bin, total: int) -> Decimal:
    is_empty = within.good == 0 or within.bad == 0
    return (count + (SMOOTHING if is_empty else Decimal(0))) / total
