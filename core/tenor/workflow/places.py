"""In whose place somebody carries out a transition: by themselves, or for one who delegated what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from itertools import product
from typing import TYPE_CHECKING

from tenor.events.events import FAILURES
from tenor.workflow.approvals import Approvals
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition, TransitionSpec
from tenor.workflow.guards import Guards
from tenor.workflow.merging import Flow
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


class Places:
    """Finds whose place is taken, and what stands in the way there.

    Args:
        guards, approvals: whom it asks.
    """

    def __init__(self, kernel: Kernel, guards: Guards, approvals: Approvals) -> None:
        self.kernel = kernel
        self._guards = guards
        self._approvals = approvals

    def taken(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> AbstractContextManager[None]:
        """Within it a transition counts also for the one in whose place the person may carry it out.

        Args:
            case: the one of the record's case and its branches that the transition leads on.
        """
        giver = self._giver(ctx, record, case, definition, spec, flow)
        return self.kernel.access.standing.taken(ctx, giver)

    def _giver(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> ActorData | None:
        """One's own place goes first, then those of whoever delegated the right: the first where nothing stands in the
        way, so that who decides within their own limit does so by themselves, and above it for another. Where
        something is in everybody's way, the first that may decide the case: it can still be voted down from there.
        Before all others goes a place that isn't closed: whoever stands in for two, of whom one is party to the case or
        has voted, does it for the other."""
        how = flow.transitions.get(spec.name)
        ways = self.kernel.access.givers(ctx, how, record) if how is not None else []
        if how is None or len(ways) < 2:
            return ways[0] if ways else None
        asked: tuple[Callable[[], Sequence[Blocker]], ...] = (
            lambda: self.blockers(ctx, record, case, definition, spec, flow),
            lambda: self._approvals.above(ctx, case, record, how, flow),
        )
        open_ones = [each for each in ways if self._is_open(ctx, record, case, how, each)]
        for among, blockers in product((open_ones, ways), asked):
            for giver in among:
                with self.kernel.access.standing.taken(ctx, giver):
                    if _clear(blockers):
                        return giver
        return ways[0]

    def _is_open(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        how: Transition,
        giver: ActorData | None,
    ) -> bool:
        """Whether a place has a part in the case, and still has to take it; one of which that can't be told has."""
        with self.kernel.access.standing.taken(ctx, giver):
            try:
                return not self._approvals.closed(ctx, case, record, how)
            except FAILURES:  # told where it is carried out
                return True

    def blockers(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> list[Blocker]:
        """What guards say, and whether the place that is taken may decide the case."""
        found = self._guards.blockers(ctx, record, definition, spec, flow)
        how = flow.transitions.get(spec.name)
        if how is None:
            return found
        return [*found, *self._approvals.above(ctx, case, record, how, flow)]


def _clear(blockers: Callable[[], Sequence[Blocker]]) -> bool:
    try:
        return not blockers()
    except FAILURES:  # told where it is carried out
        return False
