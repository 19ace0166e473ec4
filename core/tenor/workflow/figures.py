"""Where the cases of a workflow stand, and how long they stood there: in working days, the customer's time apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from tenor.events.rows import table_of
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.records import WorkflowCase, WorkflowStep

if TYPE_CHECKING:
    from tenor.context import KernelContext

_cases: Final = table_of(WorkflowCase)
_steps: Final = table_of(WorkflowStep)
#: the stays that are reckoned: those that ended in the last year, the latest of them
_SINCE: Final = timedelta(days=365)
_MOST: Final = 5_000


@dataclass(frozen=True)
class Stay:
    """How long cases stood in a state.

    Args:
        open: how many stand in it now.
        stays: how many left it in the last year.
        middle, longest: of those, in working days; None where there was none.
        total: of all of them.
    """

    open: int
    stays: int
    middle: Decimal | None
    longest: Decimal | None
    total: Decimal


class Figures:
    """Counts over all cases, whoever looks: no record is named."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, ctx: KernelContext, flow: Flow) -> dict[str, Stay]:
        """By state, with those of branches."""
        counts = self._counts(ctx, flow)
        spent = self._spent(ctx, flow)
        names = [
            *flow.definition.every_state,
            *(name for name in counts if name not in flow.states),
        ]
        return {
            name: _stay(counts.get(name, 0), spent.get(name, ())) for name in dict.fromkeys(names)
        }

    def _counts(self, ctx: KernelContext, flow: Flow) -> Mapping[str, int]:
        """How many cases stand in each state, and of how many the branches that go on."""
        table = flow.record.__tablename__
        about = (_cases.c.table_name == table, _cases.c.branch == "")
        statement = select(_cases.c.state, func.count()).where(*about).group_by(_cases.c.state)
        found = Counter({row[0]: row[1] for row in self._run(ctx, statement)})
        whole = _cases.alias()
        own = (whole.c.table_name == table, whole.c.branch == "")
        of = (_cases.c.table_name == table, _cases.c.record_id == whole.c.record_id)
        by = (whole.c.definition_id, whole.c.state, _cases.c.branch, _cases.c.state.label("stands"))
        inner = select(*by, func.count().label("n")).where(*own, *of, _cases.c.branch != "")
        for row in self._run(ctx, inner.group_by(*by)).all():
            definition = self._parts.cases.numbered(ctx, row.definition_id)
            state = definition.state(row.state)
            if state is not None and any(one.name == row.branch for one in state.branches):
                found[row.stands] += row.n
        return found

    def _spent(self, ctx: KernelContext, flow: Flow) -> Mapping[str, Sequence[Decimal]]:
        statement = (
            select(_steps.c.source, _steps.c.entered_at, _steps.c.left_at)
            .join(_cases, _cases.c.id == _steps.c.case_id)
            .where(_cases.c.table_name == flow.record.__tablename__)
            .where(_steps.c.left_at >= ctx.now - _SINCE)
            .order_by(_steps.c.id.desc())
            .limit(_MOST)
        )
        found: dict[str, list[Decimal]] = defaultdict(list)
        for source, entered, left in self._run(ctx, statement):
            found[source].append(self._parts.calendar.days_worked(ctx, entered, left))
        return found

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def _stay(count: int, spent: Sequence[Decimal]) -> Stay:
    if not spent:
        return Stay(count, 0, None, None, Decimal(0))
    return Stay(count, len(spent), median(spent), max(spent), sum(spent, Decimal(0)))
