"""Decisions of committees that nobody's vote brings about: their time is over, or a member has left."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select, update

from tenor.access.records import User
from tenor.events.events import FAILURES
from tenor.events.rows import table_of
from tenor.workflow.deciding import Come
from tenor.workflow.definitions import titled
from tenor.workflow.notices import HELD_UP
from tenor.workflow.records import Vote, WorkflowCase
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _
from tenor_sdk.records import Owned, Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

log = logging.getLogger(__name__)

_cases: Final = table_of(WorkflowCase)
_votes: Final = table_of(Vote)
_users: Final = table_of(User)
_REASON: Final = "votes of committees"


@dataclass(frozen=True)
class Found:
    """A case whose votes come to something."""

    kind: type[Record]
    identity: int
    how: Transition
    come: Come


class Closing:
    """Counts what is before committees."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def run(self, ctx: KernelContext) -> int:
        """Decide what is decided; one that can't be counted is left to its page, which says so.

        What something holds up is looked at again each time, and its people are told once.

        Returns:
            How many cases went on.
        """
        moved = 0
        for one in list(self._decided(ctx)):
            try:
                moved += self._goes_on(ctx, one)
            except FAILURES:
                place = one.kind.__tablename__, one.identity
                log.exception("the votes on %s %s couldn't be counted", *place)
        return moved

    def _goes_on(self, ctx: KernelContext, one: Found) -> bool:
        """Whether a case went on."""
        if not one.come.held_up:
            workflow = self.kernel.workflow
            try:
                with workflow.authorities.seeing(ctx, _REASON) as high:
                    record = high.session.get_one(one.kind, one.identity)
                    return workflow.count_votes(high, record, one.how)
            except TenorError as refusal:  # what has come in its way since the look
                log.info("the votes on %s %s are held up: %s", one.kind, one.identity, refusal)
        with self.kernel.db.savepoint(ctx.guarded):
            if self._is_first(ctx, one):
                self._tell(ctx, one)
        return False

    def _tell(self, ctx: KernelContext, one: Found) -> None:
        """Tell whoever leads a case that what its committee decided is held up."""
        with self.kernel.workflow.authorities.seeing(ctx, _REASON) as high:
            record = high.session.get_one(one.kind, one.identity)
            people = self._leads(high, record, one.how)
            title = _("Decided, and held up: “{step}”", step=titled(one.how.title, one.how.plugin))
            body = _("What holds it up stands on its page. It goes on by itself when that is over.")
            self.kernel.notify.notify(ctx, people, title, body, record, kind=HELD_UP)

    def _is_first(self, ctx: KernelContext, one: Found) -> bool:
        """Whether nobody was told yet, since the case came into its state, that it is held up; from now on they are."""
        c = _cases.c
        untold = or_(c.held_up_at.is_(None), c.held_up_at < c.entered_at)
        told = update(_cases).where(c.id == one.come.case_id, untold).returning(c.id)
        values = {"held_up_at": ctx.now, "changed_at": ctx.now}
        return self._run(ctx, told.values(**values)).first() is not None

    def _leads(self, high: KernelContext, record: Record, how: Transition) -> list[int]:
        """Who looks after a record; where nobody does, the members who decided on it."""
        owner = record.owner_id if isinstance(record, Owned) else None
        there = (_users.c.id == owner, _users.c.active, ~_users.c.archived)
        if owner is not None and self._run(high, select(_users.c.id).where(*there)).first():
            return [owner]
        assert how.approval is not None
        assert how.approval.committee is not None  # as in ``_decided``
        members = how.approval.committee.members
        committees = self.kernel.workflow.approvals.committees
        return sorted(committees.members(high, record, how, members))

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
        for identity in self._run(look, waiting).scalars().all():
            come = self._come_to(look, flow, how, identity)
            if come is not None:
                yield Found(flow.record, identity, how, come)

    def _come_to(
        self, look: KernelContext, flow: Flow, how: Transition, identity: int
    ) -> Come | None:
        deciding = self.kernel.workflow.deciding
        try:
            record = look.session.get(flow.record, identity)
            return deciding.come_to(look, record, how) if record is not None else None
        except FAILURES:
            log.exception("the votes on %s %s couldn't be counted", flow.name, identity)
            return None

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)
