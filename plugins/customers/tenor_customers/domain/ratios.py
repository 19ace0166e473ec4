"""Ratios of a statement, each exact or *not meaningful* with the reason: never infinity, never a zero instead.

Definitions as lenders in China use them (流动资金贷款 annex, 360 days a year): averages are of opening and closing
balance; flows of less than a year are annualised and say so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from tenor_customers.domain.statements import Statement
from tenor_sdk.values import Amount

DAYS_A_YEAR = 360


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with how it came about.

    Args:
        code: which ratio, a key of `RATIOS`.
        value: exact; None when not meaningful.
        reason: why it is not: ``line-missing`` (see ``missing``), ``denominator-zero``, ``denominator-negative``,
            ``no-prior-period``.
        missing: the codes of lines that the statement doesn't state.
        annualised: flows of less than a year were stretched to twelve months.
        closing_only: an average was asked for, and only the closing balance was there.
    """

    code: str
    value: Fraction | None
    reason: str = ""
    missing: tuple[str, ...] = ()
    annualised: bool = False
    closing_only: bool = False

    @property
    def meaningful(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


class _NotMeaningful(Exception):
    """Carries the reason out of a definition."""

    def __init__(self, reason: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


class _Figures:
    """The figures of a statement as definitions ask for them, noting what had to be done to give them."""

    def __init__(self, statement: Statement, opening: Statement | None) -> None:
        self._statement = statement
        self._opening = opening
        self.annualised = False
        self.closing_only = False

    def stock(self, code: str) -> Fraction:
        """A balance at the period's end."""
        return Fraction(_stated(self._statement, code).minor)

    def flow(self, code: str) -> Fraction:
        """A flow, stretched to a year."""
        stated = Fraction(_stated(self._statement, code).minor)
        if self._statement.months == 12:
            return stated
        self.annualised = True
        return stated * 12 / self._statement.months

    def average(self, code: str) -> Fraction:
        """The mean of opening and closing balance; the closing one where no opening is known."""
        closing = self.stock(code)
        opening = self._opening.lines.get(code) if self._opening else None
        if opening is None:
            self.closing_only = True
            return closing
        return (closing + opening.minor) / 2

    def optional(self, code: str) -> Fraction:
        """A balance that counts as nothing where it isn't stated."""
        return Fraction(self._statement.lines.get(code, Amount(0)).minor)

    def ebit(self) -> Fraction:
        """Earnings before interest and tax: as stated, else profit before tax plus interest expense."""
        if "ebit" in self._statement.lines:
            return self.flow("ebit")
        return self.flow("profit_before_tax") + self.flow("interest_expense")

    def prior_flow(self, code: str) -> Fraction:
        """A flow of the year before; only where it covers as many months."""
        if self._opening is None or self._opening.months != self._statement.months:
            raise _NotMeaningful("no-prior-period")
        return Fraction(_stated(self._opening, code).minor)


def _stated(statement: Statement, code: str) -> Amount:
    if code not in statement.lines:
        raise _NotMeaningful("line-missing", (code,))
    return statement.lines[code]


def _over(numerator: Fraction, denominator: Fraction) -> Fraction:
    if denominator == 0:
        raise _NotMeaningful("denominator-zero")
    if denominator < 0:
        raise _NotMeaningful("denominator-negative")
    return numerator / denominator


def _turnover(flow: str, stock: str) -> Callable[[_Figures], Fraction]:
    return lambda figures: _over(figures.flow(flow), figures.average(stock))


def _days(flow: str, stock: str) -> Callable[[_Figures], Fraction]:
    return lambda figures: _over(figures.average(stock) * DAYS_A_YEAR, figures.flow(flow))


def _quick(figures: _Figures) -> Fraction:
    liquid = figures.stock("current_assets") - figures.stock("inventory")
    return _over(liquid - figures.optional("prepayments"), figures.stock("current_liabilities"))


def _growth(figures: _Figures) -> Fraction:
    now, before = figures.flow("revenue"), figures.prior_flow("revenue")
    return _over(now - before, before)


Definition = Callable[[_Figures], Fraction]

RATIOS: Mapping[str, Definition] = MappingProxyType(
    {
        "current_ratio": lambda f: _over(f.stock("current_assets"), f.stock("current_liabilities")),
        "quick_ratio": _quick,
        "debt_to_assets": lambda f: _over(f.stock("total_liabilities"), f.stock("total_assets")),
        "receivables_turnover": _turnover("revenue", "accounts_receivable"),
        "receivables_days": _days("revenue", "accounts_receivable"),
        "inventory_turnover": _turnover("cost_of_sales", "inventory"),
        "inventory_days": _days("cost_of_sales", "inventory"),
        "payables_turnover": _turnover("cost_of_sales", "accounts_payable"),
        "payables_days": _days("cost_of_sales", "accounts_payable"),
        "prepayment_days": _days("cost_of_sales", "prepayments"),
        "advances_days": _days("revenue", "advances_received"),
        "interest_cover": lambda f: _over(f.ebit(), f.flow("interest_expense")),
        "gross_margin": lambda f: _over(
            f.flow("revenue") - f.flow("cost_of_sales"), f.flow("revenue")
        ),
        "sales_margin": lambda f: _over(f.flow("profit_before_tax"), f.flow("revenue")),
        "net_margin": lambda f: _over(f.flow("net_profit"), f.flow("revenue")),
        "return_on_equity": lambda f: _over(f.flow("net_profit"), f.stock("total_equity")),
        "cash_flow_to_liabilities": lambda f: _over(
            f.flow("operating_cash_flow"), f.stock("total_liabilities")
        ),
        "revenue_growth": _growth,
    }
)
"""Each ratio by its code: a function of the figures. ``sales_margin`` is 销售利润率, of profit before tax."""


def ratio(code: str, statement: Statement, opening: Statement | None = None) -> Ratio:
    """The ratio `code` of `statement`; `opening` is the statement of the year's beginning, one year before an
    annual one, for averages and growth. Raises KeyError for an unknown code."""
    figures = _Figures(statement, _comparable(statement, opening))
    try:
        value = RATIOS[code](figures)
    except _NotMeaningful as why:
        return Ratio(code, None, why.reason, why.missing)
    flags = (figures.annualised, figures.closing_only)
    return Ratio(code, value, annualised=flags[0], closing_only=flags[1])


def ratios(statement: Statement, opening: Statement | None = None) -> dict[str, Ratio]:
    """All of `RATIOS` for `statement` (see `ratio`)."""
    return {code: ratio(code, statement, opening) for code in RATIOS}


def _comparable(statement: Statement, opening: Statement | None) -> Statement | None:
    """`opening` where it can be one: same currency, and the year-end before the statement's own year."""
    if opening is None or opening.currency != statement.currency:
        return None
    is_year_before = opening.period_end.year == statement.period_end.year - 1
    return opening if is_year_before else None


# --- ratios that need more than a statement --------------------------------------------------------


def quotient(code: str, numerator: Fraction | int, denominator: Fraction | int) -> Ratio:
    """A ratio of two figures under the same rule as all: a denominator of zero or less is not meaningful."""
    try:
        return Ratio(code, _over(Fraction(numerator), Fraction(denominator)))
    except _NotMeaningful as why:
        return Ratio(code, None, why.reason)


def debt_service_cover(cash_flow: Amount, principal: Amount, interest: Amount) -> Ratio:
    """DSCR: the period's cash flow available for debt service over principal plus interest due in it."""
    return quotient("dscr", cash_flow.minor, (principal + interest).minor)


def life_cover(cash_flows: Sequence[Amount], rate: Fraction, debt: Amount) -> Ratio:
    """Present value of `cash_flows` (one a period, the first due in one period) at `rate` a period, over `debt`.

    Up to the loan's end it is the LLCR, up to the project's end the PLCR.
    """
    worth = sum(
        (flow.minor / (1 + rate) ** period for period, flow in enumerate(cash_flows, start=1)),
        Fraction(0),
    )
    return quotient("life_cover", worth, debt.minor)


def capacity_utilisation(output: Fraction | int, capacity: Fraction | int) -> Ratio:
    """Actual output over design capacity, in the same unit of quantity."""
    return quotient("capacity_utilisation", output, capacity)
