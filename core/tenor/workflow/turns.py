"""Decisions in steps one after the other of which what was shown has changed: those who come first are told, and have
it before them again. By a vote it wouldn't come out: those whose turn it was can't put one in before them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.events.events import FAILURES
from tenor.events.rows import table_of
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition
from tenor.workflow.parts import Parts
from tenor.workflow.records import Vote
from tenor.workflow.several import found_on_each
from tenor.workflow.starting import Starting
from tenor.workflow.tallies import Tally
from tenor.workflow.tasks import task
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext

log = logging.getLogger(__name__)

_votes: Final = table_of(Vote)
_REASON: Final = "whose turn it is"


class Turns:
    """Looks again at whose turn it is."""

    def __init__(self, parts: Parts, starting: Starting) -> None:
        self._parts = parts
        self._starting = starting

    def run(self, ctx: KernelContext) -> int:
        """Let votes fall that were put in on what was shown otherwise, and begin with the first step again. A record of
        which it can't be told who comes first stays as it is, and holds up no other.

        Returns:
            On how many records.
        """
        voted = select(_votes.c.id).where(*_standing(), _votes.c.case_id == task.c.case_id).exists()
        found = list(found_on_each(self._parts, ctx, _REASON, self._has_fallen, voted))
        begun = 0
        for kind, identity in found:
            try:
                with self._parts.authorities.seeing(ctx, _REASON) as high:
                    self._begin_again(high, high.session.get_one(kind, identity))
                begun += 1
            except FAILURES:
                table = kind.__tablename__
                log.exception("the steps of %s %s couldn't begin again", table, identity)
        return begun

    def _begin_again(self, high: KernelContext, record: Record) -> None:
        main = self._starting.case(high, record, self._parts.flow(record), lock=True)
        definition = self._parts.cases.definition(high, main, self._parts.flow(record))
        for case, how, tally in self._fallen(high, record, main, definition):
            self._parts.casting.void_changed(high, case, record, how, tally.shown)
            assert tally.progress is not None  # it has steps
            self._starting.next_step(high, record, case, definition, how, tally.progress)

    def _has_fallen(
        self, look: KernelContext, record: Record
    ) -> Iterator[tuple[type[Record], int]]:
        _flow, main, definition = self._parts.looked_at(look, record)
        if any(self._fallen(look, record, main, definition)):
            yield type(record), record.id

    def _fallen(
        self, ctx: KernelContext, record: Record, main: Case, definition: Definition
    ) -> Iterator[tuple[Case, Transition, Tally]]:
        """The decisions in steps of which a vote stands that was put in on what was shown otherwise."""
        flow = self._parts.flow(record)
        for case in self._parts.going_on(ctx, record, main, definition):
            for spec in definition.leading_from(case.state):
                how = flow.transitions.get(spec.name)
                if how is None or how.approval is None or not how.approval.steps:
                    continue
                tally = self._parts.approvals.tally(ctx, case, record, how)
                its = (_votes.c.case_id == case.id, _votes.c.round == case.round)
                other = (_votes.c.transition == how.name, _votes.c.shown_hash != tally.shown)
                asked = select(_votes.c.id).where(*its, *other, *_standing()).limit(1)
                if not how.approval.parallel and self._run(ctx, asked).first() is not None:
                    yield case, how, tally

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def _standing() -> tuple[Any, ...]:
    """Which votes haven't fallen."""
    return (_votes.c.void_at.is_(None),)
