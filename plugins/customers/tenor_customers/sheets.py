"""Statements, ratios and the state of a dossier as tables on a customer's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from tenor_customers.domain.changes import change
from tenor_customers.domain.lines import Part, known_lines
from tenor_customers.domain.ratios import Ratio, ratios
from tenor_customers.domain.statements import Assurance
from tenor_customers.figures import Filed, filed_statements
from tenor_customers.imports import StatementUpload, reading_of
from tenor_customers.records import Customer, FinancialStatement
from tenor_customers.statement_file import ImportedPeriod
from tenor_customers.words import line_name, said
from tenor_sdk import Amount, Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.values import half_up
from tenor_sdk.views import Cell, Column, Table

YEARS: Final = 3
_LINES: Final = (
    "total_assets", "current_assets", "total_liabilities", "current_liabilities", "total_equity", "revenue",
    "cost_of_sales", "profit_before_tax", "net_profit", "operating_cash_flow",
)  # fmt: skip
#: a fall of these is worse for the lender; of the others neither way
_WORSE_DOWN: Final = frozenset(
    ("total_equity", "revenue", "profit_before_tax", "net_profit", "operating_cash_flow")
)
_PERCENT: Final = frozenset(
    ("debt_to_assets", "gross_margin", "sales_margin", "net_margin", "return_on_equity",
     "cash_flow_to_liabilities", "revenue_growth")
)  # fmt: skip
RATIO_NAMES: Final = {
    "debt_to_assets": _("Debt to assets"),
    "current_ratio": _("Current ratio"),
    "quick_ratio": _("Quick ratio"),
    "interest_cover": _("Interest cover"),
    "receivables_turnover": _("Receivables turnover"),
    "inventory_turnover": _("Inventory turnover"),
    "gross_margin": _("Gross margin"),
    "net_margin": _("Net margin"),
    "return_on_equity": _("Return on equity"),
    "revenue_growth": _("Revenue growth"),
    "cash_flow_to_liabilities": _("Operating cash flow to liabilities"),
}
_REASONS: Final = {
    "line-missing": _("a line is missing"),
    "denominator-zero": _("divided by zero"),
    "denominator-negative": _("divided by a negative figure"),
    "no-prior-period": _("no period before"),
}
_PARTS: Final[Mapping[Part, Text]] = {
    "balance": _("Balance sheet"),
    "income": _("Income statement"),
    "cash_flow": _("Cash flow statement"),
    "memo": _("Beside the statements"),
}


# -- three years beside each other -------------------------------------------------------------------------------------


def statements_side_by_side(ctx: Context, customer: Customer) -> Sequence[Table]:
    """The last three years beside each other: main lines with their change, then the ratios."""
    filed = list(filed_statements(ctx, customer.id))[-YEARS:]
    return _amounts(customer, filed), _ratios(filed)


def _heads(filed: Sequence[Filed]) -> list[Text]:
    return [_head(one) for one in filed]


def _head(filed: Filed) -> Text:
    year = filed.statement.period_end.year
    if filed.statement.assurance is Assurance.AUDITED:
        return _("{year} audited", year=year)
    return _("{year} management", year=year)


def _amounts(customer: Customer, filed: Sequence[Filed]) -> Table:
    columns = [
        Column(_("Line")),
        *(Column(head, "money", customer.currency) for head in _heads(filed)),
        Column(_("Change")),
    ]
    stated = {code: [one.statement.lines.get(code) for one in filed] for code in _LINES}
    rows = [
        [line_name(code), *amounts, _moved(code, amounts)]
        for code, amounts in stated.items()
        if any(amount is not None for amount in amounts)
    ]
    empty = _("No statements yet: import the last three years from a file")
    return Table(columns, rows, empty=empty, caption=_("Main lines"))


def _moved(code: str, amounts: Sequence[Amount | None]) -> Cell:
    """How a line moved in the last year."""
    if len(amounts) < 2:
        return Cell(None)
    found = change(amounts[-1], amounts[-2])
    if found.share is None:
        return Cell(None, note=_("not meaningful"), tone="quiet")
    return _arrow(found.share, _percent, worse_up=False if code in _WORSE_DOWN else None)


def _ratios(filed: Sequence[Filed]) -> Table:
    computed = [ratios(one.statement, one.opening) for one in filed]
    columns = [
        Column(_("Ratio")),
        *(Column(head, "number") for head in _heads(filed)),
        Column(_("Change")),
    ]
    rows = [
        [name, *(_ratio(each[code]) for each in computed), _ratio_moved(computed, code)]
        for code, name in RATIO_NAMES.items()
    ]
    empty = _("Ratios appear with the first statement")
    return Table(columns, rows if filed else [], caption=_("Ratios"), empty=empty)


def _ratio(ratio: Ratio) -> Cell:
    if ratio.value is None:
        return Cell(None, note=_REASONS.get(ratio.reason), tone="quiet")
    return Cell(shown(ratio.value, percent=ratio.code in _PERCENT))


def _ratio_moved(computed: Sequence[Mapping[str, Ratio]], code: str) -> Cell:
    """The difference from the year before: percentages in points, the others as they are."""
    if len(computed) < 2:
        return Cell(None)
    now, before = computed[-1][code].value, computed[-2][code].value
    if now is None or before is None:
        return Cell(None)
    figure = _points if code in _PERCENT else shown
    return _arrow(now - before, figure, worse_up=code == "debt_to_assets")


def _arrow(value: Fraction, figure: Callable[[Fraction], str], *, worse_up: bool | None) -> Cell:
    """Direction is an arrow, so the figure behind it has no sign; judgement is a colour.

    Args:
        worse_up: whether a rise is worse for the lender, or a fall; None: neither.
    """
    text = figure(abs(value))
    if text == figure(Fraction(0)):
        return Cell(text)
    worse = worse_up is not None and (value > 0) is worse_up
    return Cell(f"{'▲' if value > 0 else '▼'} {text}", tone="adverse" if worse else "")


def _percent(share: Fraction) -> str:
    return shown(share, percent=True)


def _points(share: Fraction) -> str:
    return f"{_with_decimals(share * 100, 1)} pp"


def shown(value: Fraction, *, percent: bool = False) -> str:
    """A figure with one decimal as a percentage, else with two; halves away from zero."""
    return f"{_with_decimals(value * 100, 1)}%" if percent else _with_decimals(value, 2)


def _with_decimals(value: Fraction, places: int) -> str:
    whole = half_up(value * 10**places)
    digits = str(abs(whole)).rjust(places + 1, "0")
    return f"{'−' if whole < 0 else ''}{digits[:-places]}.{digits[-places:]}"


# -- one statement -----------------------------------------------------------------------------------------------------


def statement_table(_ctx: Context, statement: FinancialStatement) -> Sequence[Table]:
    """All lines of one statement, part by part, in the order in which statements are printed."""
    stated = {line.code: line.amount for line in statement.items}
    return [
        _part(statement, title, rows)
        for part, title in _PARTS.items()
        if (rows := _rows_of(part, stated))
    ]


def _part(statement: FinancialStatement, title: Text, rows: Sequence[Sequence[object]]) -> Table:
    columns = (Column(title), Column(_("Amount"), "money", statement.currency))
    return Table(columns, rows, caption=title)


def _rows_of(part: Part, stated: Mapping[str, Amount]) -> list[list[object]]:
    known = (line for line in known_lines().values() if line.part == part)
    return [[line_name(line.code), stated[line.code]] for line in known if line.code in stated]


# -- the dossier -------------------------------------------------------------------------------------------------------


def dossier_gaps(ctx: Context, customer: Customer) -> Table:
    """What the dossier lacks, out of how many things that belong into it."""
    belongs = {
        _("Industry"): customer.industry,
        _("Region"): customer.region,
        _("Registered capital"): customer.registered_capital,
        _("Established"): customer.established_on,
        _("Address"): customer.address,
        _("Business scope"): customer.business_scope,
        _("Legal representative"): customer.representative,
        _("Identity number of the legal representative"): customer.representative_number,
        _("Phone of the legal representative"): customer.representative_phone,
        _("Statements of three years"): len(filed_statements(ctx, customer.id)) >= YEARS,
    }
    lacking = [[label] for label, there in belongs.items() if not there]
    caption = _("{n} of {total}", n=len(belongs) - len(lacking), total=len(belongs))
    return Table((Column(_("Missing")),), lacking, caption=caption, empty=_("Nothing is missing"))


# -- the dry run of an import ------------------------------------------------------------------------------------------


def preview_of_import(ctx: Context, customer: Customer, upload: StatementUpload) -> Sequence[Table]:
    """What importing a file would do: each period, taken or with its reasons; nothing is changed."""
    found = reading_of(ctx, customer, upload)
    columns = (
        Column(_("Period")), Column(_("Result")), Column(_("Total assets"), "money", customer.currency),
        Column(_("Revenue"), "money", customer.currency), Column(_("Reasons")),
    )  # fmt: skip
    rows = [row for period in found.periods for row in _period_rows(period, taken=found.readable)]
    periods = Table(
        columns, rows, caption=_("Periods of the file"), empty=_("No period could be read")
    )
    of_file = [[said(problem)] for problem in (*found.problems, *found.rejected)]
    if not of_file:
        return [periods]
    return [periods, Table((Column(_("About the file")),), of_file, caption=_("About the file"))]


def _period_rows(period: ImportedPeriod, *, taken: bool) -> list[list[object]]:
    """A row for a period, and one more for each further reason."""
    good = taken and period.ok
    result = Cell(_("taken") if good else _("left out"), tone="" if good else "adverse")
    reasons: list[object] = [said(problem) for problem in period.problems] or [None]
    lines = period.statement.lines
    first = [
        Cell(period.period_end, tone="" if good else "adverse"),
        result,
        lines.get("total_assets"),
        lines.get("revenue"),
        reasons[0],
    ]
    return [first, *([None, None, None, None, reason] for reason in reasons[1:])]
