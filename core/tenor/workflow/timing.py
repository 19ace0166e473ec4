"""Time-outs: what the kernel goes once a case has stood in a state for its time."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from tenor.events.rows import table_of
from tenor.workflow.going import Going
from tenor.workflow.parts import Parts
from tenor.workflow.records import WorkflowCase
from tenor.workflow.starting import Starting
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.db import GuardedSession

log = logging.getLogger(__name__)

_cases: Final = table_of(WorkflowCase)
#: when what couldn't be gone is looked at again
_AGAIN: Final = timedelta(days=1)


class Timing:
    """Goes time-outs, as the kernel: each once, whoever acts at the same moment."""

    def __init__(self, parts: Parts, starting: Starting, going: Going) -> None:
        self._parts = parts
        self._starting = starting
        self._going = going

    def run(self, ctx: KernelContext, case_id: int, stay: int) -> bool:
        """Go the time-out of a case's state.

        Args:
            stay: the case's ``round`` at which it was asked for: if it has moved since, there is nothing to do.

        Returns:
            Whether it was gone. Where a guard blocks it, or the calendar gives it more time, it is looked at again.
        """
        columns = (_cases.c.table_name, _cases.c.record_id)
        asked = select(*columns).where(_cases.c.id == case_id, _cases.c.round == stay)
        row: Any = self._parts.kernel.db.execute(ctx.guarded, asked).first()
        if row is None:
            return False
        kind = self._parts.kernel.records.by_table.get(row.table_name)
        if kind is None or kind not in self._parts.flows:
            # its plugin is off
            self._starting.look_again(ctx, case_id, stay, ctx.now + _AGAIN)
            return False
        with self._parts.kernel.access.elevated(ctx, "the time of a state is over") as session:
            record = session.get(kind, row.record_id)
            high = ctx.seeing(cast("GuardedSession", session))
            return record is not None and self._run(high, record, case_id, stay)

    def _run(self, ctx: KernelContext, record: Record, case_id: int, stay: int) -> bool:
        flow = self._parts.flow(record)
        whole = self._starting.case(ctx, record, flow, lock=True)
        definition = self._parts.cases.definition(ctx, whole, flow)
        going_on = self._parts.going_on(ctx, record, whole, definition)
        case = next((each for each in going_on if each.id == case_id), None)
        if case is None or case.round != stay:
            return False  # somebody was faster
        spec, due = definition.time_out(case.state), self._starting.due(ctx, case, definition)
        if spec is None or due is None:
            return False
        if due > ctx.now:
            self._starting.look_again(ctx, case_id, stay, due)
            return False
        if self._parts.guards.blockers(ctx, record, definition, spec, flow):
            log.info("the time-out %s of %s %s is blocked", spec.name, flow.name, record.id)
            self._starting.look_again(ctx, case_id, stay, ctx.now + _AGAIN)
            return False
        self._going.go(ctx, record, case, definition, spec)
        self._going.run_on(ctx, record, flow, case)
        self._starting.settle(ctx, record, flow)
        return True
