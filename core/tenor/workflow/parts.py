"""What the engine is put together of, and how its parts find the case of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenor.workflow.approvals import Approvals
from tenor.workflow.authorities import Authorities
from tenor.workflow.branches import Branches
from tenor.workflow.calendar import Calendar
from tenor.workflow.cases import Case, Cases
from tenor.workflow.casting import Casting
from tenor.workflow.definitions import Definition
from tenor.workflow.duties import Duties
from tenor.workflow.guards import Guards
from tenor.workflow.merging import Flow
from tenor.workflow.places import Places
from tenor.workflow.tasks import Tasks
from tenor.workflow.waits import Waits
from tenor.workflow.words import kind_title
from tenor_sdk.errors import Refused
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts that those who begin, move and show cases have in common.

    Args:
        flows: the workflow of each kind of record, as new cases begin with it.
    """

    kernel: Kernel
    flows: Mapping[type[Record], Flow]
    calendar: Calendar
    cases: Cases
    work: Tasks
    guards: Guards
    duties: Duties
    authorities: Authorities
    approvals: Approvals
    casting: Casting
    places: Places
    branches: Branches
    waits: Waits

    def flow(self, record: Record) -> Flow:
        """The workflow of a record.

        Raises:
            Refused: ``no-workflow``.
        """
        flow = self.flows.get(type(record))
        if flow is None:
            raise Refused("no-workflow", what=kind_title(record))
        return flow

    def going_on(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> list[Case]:
        """A case and the branches that go on in its state."""
        return [case, *self.branches.of(ctx, record, case.state, definition)]

    def case_of(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition, step: str
    ) -> Case:
        """The one of a case and its branches that a transition leads on; the case itself where its branch is over."""
        branch = definition.branch_of(step)
        going_on = self.going_on(ctx, record, case, definition)
        return next((each for each in going_on if each.branch == branch), case)

    def looked_at(self, ctx: KernelContext, record: Record) -> tuple[Flow, Case, Definition]:
        """The case for looking at; a record without one is shown as if it began now, and nothing is written."""
        flow = self.flow(record)
        case = self.cases.find(ctx, record)
        if case is None:
            case = Case(0, 0, str(getattr(record, flow.column)), ctx.now, 0)
        return flow, case, self.cases.definition(ctx, case, flow)
