"""A case's options as values, compared, as a table and as what is frozen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tenor_npl_disposal.domain.comparison import Assumptions, Comparison, compare
from tenor_npl_disposal.domain.options import CashFlow, Option
from tenor_npl_disposal.records import DisposalOption, NplCase
from tenor_sdk import Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.views import Cell, Column, Table

YEAR = 12


def comparison_of(case: NplCase) -> Comparison | None:
    """The options side by side; None where there are none."""
    options = [_option(one) for one in case.options]
    return compare(options, assumptions_of(case)) if options else None


def assumptions_of(case: NplCase) -> Assumptions:
    """What is the same for all options."""
    return Assumptions(case.base_date, case.claim, case.provision, case.rate)


def _option(line: DisposalOption) -> Option:
    flows = tuple(
        CashFlow(line.amount, Fraction(line.months + YEAR * n), line.probability)
        for n in range(line.payments)
    )
    return Option(line.way.value, flows, line.cost)


def options_table(_ctx: Context, case: NplCase) -> Table:
    """The options, the best first; the system ranks, people decide."""
    found = comparison_of(case)
    ranked = found.ranked if found else ()
    rows = [
        [
            Cell(Text(one.option.key.replace("-", " ").capitalize(), module=__name__),
                 tone="strong" if place == 0 else ""),
            one.npv,
            one.recovery,
            one.profit_effect,
            _months(one.option.time_to_cash),
        ]
        for place, one in enumerate(ranked)
    ]  # fmt: skip
    columns = (
        Column(_("Way out")),
        Column(_("Net present value"), "money", case.currency),
        Column(_("Of the claim"), "percent"),
        Column(_("Effect on profit"), "money", case.currency),
        Column(_("Time to cash")),
    )
    empty = _("Enter the options with what each is expected to bring")
    return Table(columns, rows, empty=empty)


def _months(exact: Fraction | None) -> object:
    if exact is None:
        return "—"
    tenths = round(exact * 10)
    return _("{n} months", n=f"{tenths // 10}.{tenths % 10}")


def frozen_of(case: NplCase) -> dict[str, Any]:
    """What a decision is bound to: assumptions, options and their figures, as JSON."""
    found = comparison_of(case)
    return {
        "base_date": case.base_date.isoformat(),
        "claim": case.claim.text(case.currency),
        "provision": case.provision.text(case.currency),
        "rate": case.rate.text(),
        "options": [
            {
                "way": line.way.value,
                "amount": line.amount.text(case.currency),
                "payments": line.payments,
                "months": line.months,
                "probability": line.probability.text(),
                "cost": line.cost.text(case.currency),
            }
            for line in case.options
        ],
        "npv": {
            one.option.key: one.npv.text(case.currency) for one in (found.ranked if found else ())
        },
    }
