"""Amounts that are off by thousands of what stands there: 元 given as 万元, or the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.imports.plan import currency_default
from tenor.records.specs import specs_of
from tenor_sdk.i18n import Text, _
from tenor_sdk.values import Amount

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.imports.heads import Row
    from tenor.imports.plan import Plan

_FAR: Final = 1000
#: fewer say nothing
_ENOUGH: Final = 5
_LATEST: Final = 1000


def against_history(ctx: KernelContext, plan: Plan, rows: Sequence[Row]) -> list[Text]:
    """For each column of amounts that is a thousandfold, or a thousandth, of what the field usually is: a warning.

    Args:
        rows: the first ones of the file.
    """
    warnings = []
    for column in plan.values:
        spec = column.goal.spec
        if spec is None or spec.kind != "amount" or spec.is_custom:
            continue
        if not ctx.kernel.access.may_sort(ctx, spec.attribute):
            continue
        rule = plan.rule(column, currency_default(plan.record))
        cells = [cells[column.place] if column.place < len(cells) else None for _n, cells in rows]
        given = _middle(rule.column(cells).values)
        usual = _middle(_latest(ctx, plan, spec.attribute))
        if given and usual and (given >= _FAR * usual or usual >= _FAR * given):
            warnings.append(_told(column.name, given, usual))
    return warnings


def by_record(plan: Plan, scales: Mapping[str, Sequence[int]]) -> list[Text]:
    """The same of records that are there already, each against itself: where most are far off."""
    specs = specs_of(plan.record)
    return [
        _(
            "{column}: in {far} of {n} records the amount would change a thousandfold or more. Is its unit right?",
            column=specs[key].key if key in specs else key, far=far, n=n,
        )
        for key, (far, n) in scales.items()
        if far and far * 2 >= n
    ]  # fmt: skip


def _told(column: str, given: int, usual: int) -> Text:
    times = round(max(given, usual) / max(min(given, usual), 1))
    if given > usual:
        return _(
            "{column}: its amounts are about {times} times what usually stands there. Is its unit right?",
            column=column, times=f"{times:,}",
        )  # fmt: skip
    return _(
        "{column}: its amounts are about a {times}th of what usually stands there. Is its unit right?",
        column=column, times=f"{times:,}",
    )  # fmt: skip


def _latest(ctx: KernelContext, plan: Plan, attribute: Any) -> list[Any]:
    record: Any = plan.record
    statement = select(attribute).where(attribute.is_not(None)).order_by(record.id.desc())
    return list(ctx.session.scalars(statement.limit(_LATEST)))


def _middle(values: Sequence[Any]) -> int:
    """The median of what isn't nothing; 0 where there is too little."""
    sizes = [abs(value.minor) for value in values if isinstance(value, Amount) and value]
    return int(median(sizes)) if len(sizes) >= _ENOUGH else 0
