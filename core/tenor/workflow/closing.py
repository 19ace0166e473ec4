"""Decisions of committees that nobody's vote brings about: their time is over, or a member has left."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.events.events import FAILURES
from tenor.events.rows import table_of
from tenor.workflow.records import Vote, WorkflowCase
from tenor_sdk.approvals import Ballot
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

log = logging.getLogger(__name__)

_cases: Final = table_of(WorkflowCase)
_votes: Final = table_of(Vote)
_REASON: Final = "votes of committees"
Found = tuple[type[Record], int, Transition]


class Closing:
    """Counts what is before committees."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def run(self, ctx: KernelContext) -> int:
        """Decide what is decided; one that can't be counted is left to its page, which says so.

        Returns:
            How many cases went on.
        """
        moved = 0
        for kind, identity, how in list(self._decided(ctx)):
            try:
                with self.kernel.workflow.authorities.seeing(ctx, _REASON) as high:
                    record = high.session.get_one(kind, identity)
                    moved += self.kernel.workflow.count_votes(high, record, how)
            except FAILURES:
                log.exception(
                    "the votes on %s %s couldn't be counted", kind.__tablename__, identity
                )
        return moved

    def _decided(self, ctx: KernelContext) -> Iterator[Found]:
        """Those whose votes come to something, by a look that changes nothing."""
        engine = self.kernel.workflow
        with (
            self.kernel.context(ctx.actor, write=False) as plain,
            engine.authorities.seeing(plain, _REASON) as look,
        ):
            for flow in engine.flows.values():
                for how in flow.transitions.values():
                    if how.approval is not None and how.approval.committee is not None:
                        yield from self._of(look, flow, how)

    def _of(self, look: KernelContext, flow: Flow, how: Transition) -> Iterator[Found]:
        voted = (
            select(_votes.c.id)
            .where(
                _votes.c.case_id == _cases.c.id,
                _votes.c.round == _cases.c.round,
                _votes.c.transition == how.name,
                _votes.c.void_at.is_(None),
                _votes.c.ballot != Ballot.RECUSE,
            )
            .exists()
        )
        waiting = select(_cases.c.record_id).where(
            _cases.c.table_name == flow.record.__tablename__,
            _cases.c.state.in_([each.name for each in how.sources]),
            voted,
        )
        for identity in self.kernel.db.execute(look.guarded, waiting).scalars().all():
            if self._comes_to_something(look, flow, how, identity):
                yield flow.record, identity, how

    def _comes_to_something(
        self, look: KernelContext, flow: Flow, how: Transition, identity: int
    ) -> bool:
        engine = self.kernel.workflow
        try:
            record = look.session.get(flow.record, identity)
            return record is not None and engine.deciding.is_decided(look, record, how)
        except FAILURES:
            log.exception("the votes on %s %s couldn't be counted", flow.name, identity)
            return False
