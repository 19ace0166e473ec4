"""How much working capital a company needs, and the limit that follows.

The formula is that of the annex to 流动资金贷款管理暂行办法: need = last revenue × (1 − sales margin) × (1 + growth) ÷
turns, turns = 360 ÷ (inventory + receivable − payable + prepayment − advance days), on average balances. The 2024
measures keep it as a reference; a lender may use another method and must record which.
"""

from dataclasses import dataclass
from fractions import Fraction

from tenor_credit.domain.errors import CreditError
from tenor_sdk.values import Amount, half_up

DAYS_A_YEAR = 360
MILLION = Amount(100_000_000)
"""A million of a currency with two decimals: the step to which a proposed limit is rounded down."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A year's flows and the average balances that they kept busy, all in minor units of one currency.

    Averages of two balances may be halves, so all are exact fractions.
    """

    revenue: Fraction
    cost_of_sales: Fraction
    inventory: Fraction
    receivables: Fraction
    payables: Fraction
    prepayments: Fraction = Fraction(0)
    advances: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Cycle:
    """The days for which each balance holds or lends money, and what they come to."""

    inventory_days: Fraction
    receivable_days: Fraction
    payable_days: Fraction
    prepayment_days: Fraction
    advance_days: Fraction

    @property
    def days(self) -> Fraction:
        """The days from paying for material to being paid; zero or less when suppliers and customers finance it."""
        held = self.inventory_days + self.receivable_days + self.prepayment_days
        return held - self.payable_days - self.advance_days


def cycle(activity: Activity) -> Cycle:
    """The cycle of a company: inventory, payables, prepayments on cost; receivables and advances on revenue.

    Raises CreditError ``flow-not-positive`` (flow) when revenue or cost is zero or less.
    """
    return Cycle(
        inventory_days=_days("cost_of_sales", activity.inventory, activity.cost_of_sales),
        receivable_days=_days("revenue", activity.receivables, activity.revenue),
        payable_days=_days("cost_of_sales", activity.payables, activity.cost_of_sales),
        prepayment_days=_days("cost_of_sales", activity.prepayments, activity.cost_of_sales),
        advance_days=_days("revenue", activity.advances, activity.revenue),
    )


def _days(name: str, balance: Fraction, flow: Fraction) -> Fraction:
    if flow <= 0:
        raise CreditError("flow-not-positive", flow=name)
    return balance * DAYS_A_YEAR / flow


@dataclass(frozen=True, slots=True)
class Need:
    """The working capital that a company needs, with every step.

    Args:
        cycle: the days.
        turns: times a year that the money comes round, rounded as the method says; None when the cycle is not
            positive, and nothing is needed.
        exact: the need in minor units, unrounded.
    """

    cycle: Cycle
    margin: Fraction
    growth: Fraction
    turns: Fraction | None
    exact: Fraction

    @property
    def amount(self) -> Amount:
        """The need, rounded to the minor unit."""
        return Amount(half_up(self.exact))


def working_capital_need(
    activity: Activity, margin: Fraction, growth: Fraction, turns_places: int = 2
) -> Need:
    """What a company needs in the coming year.

    Args:
        activity: last year's flows and average balances.
        margin: profit before tax over revenue, last year (销售利润率); negative after a loss.
        growth: expected growth of revenue.
        turns_places: decimals to which turns are rounded, half up, before they divide.

    A cycle of zero days or less needs nothing, as does a margin of one or more. Raises CreditError:
    ``flow-not-positive``, ``growth-below-minus-one``, ``turns-round-to-nothing`` (days).
    """
    if growth < -1:
        raise CreditError("growth-below-minus-one", growth=growth)
    found = cycle(activity)
    if found.days <= 0:
        return Need(found, margin, growth, None, Fraction(0))
    turns = _rounded(DAYS_A_YEAR / found.days, turns_places)
    if turns == 0:
        raise CreditError("turns-round-to-nothing", days=found.days)
    need = activity.revenue * (1 - margin) * (1 + growth) / turns
    return Need(found, margin, growth, turns, max(need, Fraction(0)))


def _rounded(value: Fraction, places: int) -> Fraction:
    scale = Fraction(10) ** places
    return Fraction(half_up(value * scale)) / scale


# --- the limit ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LimitSheet:
    """From the need to the limit that is proposed, line by line.

    Args:
        need: working capital needed.
        own_funds: what the company brings itself.
        existing_loans: working-capital loans that it has.
        other_channels: what it raises elsewhere.
        step: the proposed limit is a multiple of it.
        asked: what the customer asked for; None when nothing was.
    """

    need: Need
    own_funds: Amount
    existing_loans: Amount
    other_channels: Amount
    step: Amount = MILLION
    asked: Amount | None = None

    @property
    def room(self) -> Fraction:
        """Need less all that covers it, in minor units, unrounded; negative when more is there than needed."""
        covered = self.own_funds + self.existing_loans + self.other_channels
        return self.need.exact - covered.minor

    @property
    def supported(self) -> Amount:
        """The room rounded down to whole steps, zero at least: what the formula supports."""
        steps = max(self.room, Fraction(0)) // self.step.minor
        return self.step * int(steps)

    @property
    def proposed(self) -> Amount:
        """What is supported, and no more than was asked."""
        return self.supported if self.asked is None else min(self.supported, self.asked)


def limit_sheet(
    need: Need,
    own_funds: Amount,
    existing_loans: Amount,
    other_channels: Amount,
    asked: Amount | None = None,
    step: Amount = MILLION,
) -> LimitSheet:
    """The limit sheet for a need. Raises CreditError ``amount-negative`` (what) or ``step-not-positive``."""
    amounts = {
        "own_funds": own_funds,
        "existing_loans": existing_loans,
        "other_channels": other_channels,
        "asked": asked or Amount(0),
    }
    for what, amount in amounts.items():
        if amount < Amount(0):
            raise CreditError("amount-negative", what=what)
    if step <= Amount(0):
        raise CreditError("step-not-positive")
    return LimitSheet(need, own_funds, existing_loans, other_channels, step, asked)


@dataclass(frozen=True, slots=True)
class Headroom:
    """A limit and what is used of it, reserved and pending included."""

    limit: Amount
    used: Amount

    @property
    def free(self) -> Amount:
        """What may still be drawn, zero at least."""
        return max(self.limit - self.used, Amount(0))

    def shortfall(self, asked: Amount) -> Amount:
        """By how much `asked` goes beyond what is free; zero when it fits."""
        return max(asked - self.free, Amount(0))
