"""A financial statement of one period as a value, and whether it balances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction

from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.problems import Problem, error, warning
from tenor_sdk.values import Amount, exponent

SCALE_JUMP = 1000
"""A balance-sheet total this many times that of a neighbouring period is probably in another unit."""


class PeriodKind(StrEnum):
    """How long the flows of a statement run: the whole year, or from its beginning to a quarter's end.

    Statements in China are cumulative: the one at 30 September holds nine months (see `single_quarter`).
    """

    ANNUAL = "annual"
    QUARTER = "quarter"


class Assurance(StrEnum):
    """Who stands behind the figures."""

    AUDITED = "audited"
    MANAGEMENT = "management"


class Unit(Enum):
    """The unit in which a file states its amounts, as a multiple of the currency's main unit."""

    ONE = 1
    THOUSAND = 1_000
    TEN_THOUSAND = 10_000
    MILLION = 1_000_000
    HUNDRED_MILLION = 100_000_000

    def amount(self, stated: Fraction | int, currency: str) -> Amount | None:
        """The amount behind a stated figure, or None when it is finer than the currency's minor unit.

        >>> Unit.TEN_THOUSAND.amount(86420, "CNY") == Amount(86_420_000_000)
        True
        """
        minor = Fraction(stated) * self.value * 10 ** exponent(currency)
        return Amount(minor.numerator) if minor.denominator == 1 else None


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of one company for one period.

    Args:
        period_end: the last day of the period, the end of a month.
        kind: annual, or quarterly (cumulative since 1 January).
        currency: ISO 4217.
        lines: amounts by the code of their line; a line that was not stated is absent, not zero.
        assurance: audited or management's own.
        issued_on: when it was signed or published; None when unknown.
        unit: the unit in which the source states its figures; ``lines`` are minor units all the same.
    """

    period_end: date
    kind: PeriodKind
    currency: str
    lines: Mapping[str, Amount] = field(default_factory=dict)
    assurance: Assurance = Assurance.MANAGEMENT
    issued_on: date | None = None
    unit: Unit = Unit.ONE

    def __post_init__(self) -> None:
        if strange := sorted(set(self.lines) - set(known_lines())):
            raise ValueError(f"not a line of a statement: {', '.join(strange)}")

    @property
    def months(self) -> int:
        """How many months its flows cover."""
        return 12 if self.kind is PeriodKind.ANNUAL else self.period_end.month


# --- balance ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Balance:
    """Whether assets equal liabilities and equity: ``difference`` = assets − (liabilities + equity), exactly.

    When a total is missing nothing can be said: ``difference`` is None and ``missing`` names the lines.
    """

    assets: Amount | None
    liabilities_and_equity: Amount | None
    difference: Amount | None
    missing: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """True only when it could be checked and nothing differs."""
        return self.difference == Amount(0)


def balance(statement: Statement) -> Balance:
    """Assets against liabilities plus equity; a stated total of the right side stands in where both are absent."""
    lines = statement.lines
    assets, claims = lines.get("total_assets"), _claims(lines)
    if assets is None or claims is None:
        wanted = ("total_assets", "total_liabilities", "total_equity")
        missing = tuple(code for code in wanted if code not in lines)
        return Balance(assets, claims, None, missing)
    return Balance(assets, claims, assets - claims)


def _claims(lines: Mapping[str, Amount]) -> Amount | None:
    liabilities, equity = lines.get("total_liabilities"), lines.get("total_equity")
    if liabilities is not None and equity is not None:
        return liabilities + equity
    return lines.get("liabilities_and_equity") if liabilities is None and equity is None else None


SUBTOTALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("total_assets", ("current_assets", "non_current_assets")),
    ("total_liabilities", ("current_liabilities", "non_current_liabilities")),
    ("liabilities_and_equity", ("total_liabilities", "total_equity")),
)
"""Totals and the parts that must make them up, where all are stated."""


def balance_problems(statement: Statement) -> tuple[Problem, ...]:
    """``statement-unbalanced`` (assets, liabilities_and_equity, difference, in minor units) blocks; warnings are
    ``balance-not-checkable`` (missing) and ``subtotal-differs`` (line, stated, parts, difference)."""
    found = balance(statement)
    if found.missing and found.difference is None:
        return (warning("balance-not-checkable", missing=found.missing), *_subtotals(statement))
    if found.holds:
        return _subtotals(statement)
    unbalanced = error(
        "statement-unbalanced",
        assets=found.assets,
        liabilities_and_equity=found.liabilities_and_equity,
        difference=found.difference,
        currency=statement.currency,
        unit=statement.unit.name,
    )
    return (unbalanced, *_subtotals(statement))


def _subtotals(statement: Statement) -> tuple[Problem, ...]:
    lines = statement.lines
    problems = []
    for total, parts in SUBTOTALS:
        if total in lines and all(part in lines for part in parts):
            summed = sum((lines[part] for part in parts), Amount(0))
            if summed != lines[total]:
                problems.append(_subtotal_differs(total, lines[total], summed))
    return tuple(problems)


def _subtotal_differs(line: str, stated: Amount, parts: Amount) -> Problem:
    return warning(
        "subtotal-differs", line=line, stated=stated, parts=parts, difference=stated - parts
    )


# --- several periods -------------------------------------------------------------------------------


def scale_problems(earlier: Statement, later: Statement) -> tuple[Problem, ...]:
    """A warning ``scale-suspicious`` when total assets jump by a thousand or more: 元 given as 万元, say."""
    before, now = earlier.lines.get("total_assets"), later.lines.get("total_assets")
    if not before or not now or earlier.currency != later.currency:
        return ()
    low, high = sorted((abs(before), abs(now)))
    if high.minor < low.minor * SCALE_JUMP:
        return ()
    return (warning("scale-suspicious", before=before, now=now, earlier=earlier.period_end),)


def single_quarter(cumulative: Statement, before: Statement | None = None) -> Mapping[str, Amount]:
    """The flows of the last quarter alone: those to date less those to the quarter `before`.

    H1 900 − Q1 500 = Q2 400. Lines that one of the two doesn't state are absent. Without `before` the statement must
    end in March. Raises ValueError when the two are not consecutive quarters of one year and currency.
    """
    flows = {code: value for code, value in cumulative.lines.items() if known_lines()[code].flows}
    if before is None:
        if cumulative.months != 3:
            raise ValueError("only a first quarter stands without the quarter before it")
        return flows
    if not _follows(before, cumulative):
        raise ValueError("the two statements are not consecutive quarters of one year and currency")
    return {code: flows[code] - before.lines[code] for code in flows if code in before.lines}


def _follows(before: Statement, after: Statement) -> bool:
    return (
        before.period_end.year == after.period_end.year
        and before.months + 3 == after.months
        and before.currency == after.currency
    )


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Statements from the earliest period end to the latest."""
    return sorted(statements, key=lambda statement: statement.period_end)
