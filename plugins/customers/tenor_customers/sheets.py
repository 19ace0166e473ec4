"""Statements and ratios as tables on a customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tenor_customers.domain.changes import change
from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.ratios import Ratio, ratios
from tenor_customers.domain.statements import Assurance
from tenor_customers.figures import Filed, filed_statements
from tenor_customers.records import Customer
from tenor_customers.services import StatementUpload, reading_of, said
from tenor_sdk import Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.views import Cell, Column, Table

YEARS = 3
LINES = (
    "total_assets",
    "total_liabilities",
    "total_equity",
    "revenue",
    "cost_of_sales",
    "profit_before_tax",
    "net_profit",
    "operating_cash_flow",
)
#: shown as percentages; the others are multiples
PERCENT = frozenset(
    ("debt_to_assets", "gross_margin", "sales_margin", "net_margin", "return_on_equity",
     "cash_flow_to_liabilities", "revenue_growth")
)  # fmt: skip
RATIO_NAMES = {
    "debt_to_assets": _("Debt to assets"),
    "current_ratio": _("Current ratio"),
    "quick_ratio": _("Quick ratio"),
    "interest_cover": _("Interest cover"),
    "receivables_turnover": _("Receivables turnover"),
    "inventory_turnover": _("Inventory turnover"),
    "net_margin": _("Net margin"),
    "revenue_growth": _("Revenue growth"),
    "cash_flow_to_liabilities": _("Operating cash flow to liabilities"),
}
#: a rise of these is worse for the lender
_WORSE_UP = frozenset(("total_liabilities", "debt_to_assets"))
_REASONS = {
    "line-missing": _("a line is missing"),
    "denominator-zero": _("divided by zero"),
    "denominator-negative": _("divided by a negative figure"),
    "no-prior-period": _("no period before"),
}


def statements_side_by_side(ctx: Context, customer: Customer) -> Sequence[Table]:
    """The last three years beside each other: main lines with their change, then the ratios."""
    filed = list(filed_statements(ctx, customer.id))[-YEARS:]
    return _amounts(customer, filed), _ratios(filed)


def _heads(filed: Sequence[Filed], kind: str) -> list[Column]:
    heads = []
    for one in filed:
        audited = one.statement.assurance is Assurance.AUDITED
        words = _("{year} audited") if audited else _("{year} management")
        title = Text(words.message, {"year": one.statement.period_end.year}, module=__name__)
        heads.append(Column(title, kind))  # type: ignore[arg-type]  # one of the two kinds used below
    return heads


def _amounts(customer: Customer, filed: Sequence[Filed]) -> Table:
    rows = [
        [_line_name(code), *(_amount(one, code) for one in filed), _change(filed, code)]
        for code in LINES
    ]
    columns = [
        Column(_("Line")),
        *(Column(head.title, "money", customer.currency) for head in _heads(filed, "money")),
        Column(_("Change")),
    ]
    empty = _("No statements yet: import the last three years from a file")
    return Table(columns, rows if filed else [], empty=empty, caption=_("Financial statements"))


def _line_name(code: str) -> Text:
    line = known_lines()[code]
    return Text(line.en, module=__name__)


def _amount(filed: Filed, code: str) -> object:
    return filed.statement.lines.get(code)


def _change(filed: Sequence[Filed], code: str) -> object:
    if len(filed) < 2:
        return ""
    found = change(filed[-1].statement.lines.get(code), filed[-2].statement.lines.get(code))
    if found.share is None:
        return Cell("", note=_("not meaningful"), tone="quiet")
    worse = (found.share > 0) if code in _WORSE_UP else (found.share < 0)
    return Cell(_arrow(found.share), tone="adverse" if worse else "")


def _arrow(share: Fraction) -> str:
    sign = "▲" if share > 0 else "▼" if share < 0 else ""
    return f"{sign} {_percent(abs(share))}".strip()


def _percent(share: Fraction) -> str:
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}%"


def _ratios(filed: Sequence[Filed]) -> Table:
    computed = [ratios(one.statement, one.opening) for one in filed]
    rows = [
        [name, *(_ratio(each[code], code) for each in computed)]
        for code, name in RATIO_NAMES.items()
    ]
    columns = [
        Column(_("Ratio")),
        *(Column(head.title, "number") for head in _heads(filed, "number")),
    ]
    return Table(columns, rows if filed else [], caption=_("Ratios"))


def _ratio(ratio: Ratio, code: str) -> Cell:
    if ratio.value is None:
        return Cell("—", note=_REASONS.get(ratio.reason), tone="quiet")
    if code in PERCENT:
        return Cell(_signed_percent(ratio.value))
    return Cell(f"{_hundredths(ratio.value)}")


def _signed_percent(value: Fraction) -> str:
    return f"−{_percent(-value)}" if value < 0 else _percent(value)


def _hundredths(value: Fraction) -> str:
    whole = round(value * 100)
    sign = "−" if whole < 0 else ""
    return f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def preview_of_import(ctx: Context, customer: Customer, upload: StatementUpload) -> Sequence[Table]:
    """What importing a file would do: each period, taken or with its reasons; nothing is changed."""
    found = reading_of(ctx, customer, upload)
    rows = [
        [
            period.period_end,
            period.statement.lines.get("total_assets"),
            period.statement.lines.get("revenue"),
            Cell(_("taken") if period.ok and found.readable else _("left out"),
                 tone="" if period.ok else "adverse"),
            _reasons([said(problem) for problem in period.problems]),
        ]
        for period in found.periods
    ]  # fmt: skip
    columns = (
        Column(_("Period")), Column(_("Total assets"), "money", customer.currency),
        Column(_("Revenue"), "money", customer.currency), Column(_("Result")), Column(_("Reasons")),
    )  # fmt: skip
    periods = Table(columns, rows, caption=_("Periods of the file"))
    of_file = [[said(problem)] for problem in (*found.problems, *found.rejected)]
    if not of_file:
        return [periods]
    return [Table((Column(_("About the file")),), of_file), periods]


def _reasons(found: Sequence[Text]) -> object:
    if not found:
        return ""
    if len(found) == 1:
        return found[0]
    return _("{first} (and {n} more)", first=found[0], n=len(found) - 1)
