"""For whom what somebody does counts beside themselves: the one in whose place they act, where their own rights
wouldn't have been enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from tenor.access.actors import ActorData
from tenor.access.rights import Rights
from tenor.db.state import SessionState, state_of
from tenor_sdk.records import Record, info_of

if TYPE_CHECKING:
    from tenor.context import KernelContext

Covers = Callable[[SessionState, Rights, Record, str], bool]


class Standing:
    """Finds the giver of the rights by which something is done; one's own rights always go first.

    Args:
        covers: whether one set of rights, by itself, allows a verb on a record.
    """

    def __init__(self, covers: Covers) -> None:
        self._covers = covers

    @contextmanager
    def taken(self, ctx: KernelContext, giver: ActorData | None) -> Iterator[None]:
        """Within it everything that is done counts for ``giver`` too. What stands already stays: whoever acts in
        somebody's place does so in all that follows from it."""
        state = state_of(ctx.session)
        before = state.behalf
        if giver is not None and before is None:
            ctx.session.flush()  # what is pending was done by one's own rights
            state.behalf = giver
        try:
            yield
        finally:
            state.behalf = before

    def counts_for(self, ctx: KernelContext) -> frozenset[int]:
        """The people for whom what is done now counts."""
        behalf = state_of(ctx.session).behalf
        return frozenset({ctx.actor.id} if behalf is None else {ctx.actor.id, behalf.id})

    def giver(self, state: SessionState, record: Record, verb: str = "read") -> ActorData | None:
        """In whose place something is done with a record; None where one's own rights are enough.

        Of a new record, in a procedure, what it links to tells.
        """
        if state.behalf is not None or state.ctx is None or not state.ctx.actor.stands_in:
            return state.behalf
        own, *others = state.ctx.kernel.access.rights(state.ctx.actor).worn
        if verb == "create":
            return self._linked(state, own, others, record)
        if self._covers(state, own, record, verb):
            return None
        reaching = (each for each in others if self._covers(state, each, record, verb))
        return next((each.actor for each in reaching), None)

    def _linked(
        self, state: SessionState, own: Rights, others: list[Rights], record: Record
    ) -> ActorData | None:
        """Whose rights let one see what a new record leads to."""
        for target, identity in _led_to(record):
            if (target.__tablename__, identity) in state.created:
                continue
            about = target(id=identity)
            if self._covers(state, own, about, "read"):
                continue
            for each in others:
                if self._covers(state, each, about, "read"):
                    return each.actor
        return None


def _led_to(record: Record) -> Iterator[tuple[Any, int]]:
    """The records that a record links to, among them the one whose line, extension or fact it is."""
    known = inspect(record)
    for attribute in known.mapper.column_attrs:
        target = info_of(attribute.columns[0]).target
        identity = known.dict.get(attribute.key)
        if target is not None and isinstance(identity, int):
            yield target, identity
