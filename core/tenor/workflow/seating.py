"""Who is party to what is before a committee by now, and whom its code has named since: their inboxes follow."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from tenor.events.events import FAILURES
from tenor.workflow.cases import Case
from tenor.workflow.parts import Parts
from tenor.workflow.records import OPEN
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import RECUSED, Deciders, outside, task
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

log = logging.getLogger(__name__)
_REASON: Final = "who sits in committees"


@dataclass(frozen=True)
class Seats:
    """What has changed of those who have a case before them.

    Args:
        recused: who has no part in it by now; None where that is as it was.
        named: by name, who hasn't its task yet.
    """

    kind: type[Record]
    identity: int
    case: Case
    recused: frozenset[int] | None
    named: tuple[int, ...]


class Seating:
    """Looks again at who has the tasks of committees."""

    def __init__(self, parts: Parts, starting: Starting) -> None:
        self._parts = parts
        self._starting = starting

    def run(self, ctx: KernelContext) -> int:
        """Take the task from the inbox of who is recused by now, give it back to who isn't any more, and bring it to
        those whom a committee's code names by now.

        Returns:
            Of how many cases something has changed.
        """
        found = list(self._changed(ctx))
        for each in found:
            if each.recused is not None:
                here = (task.c.case_id == each.case.id, task.c.round == each.case.round)
                open_ones = update(task).where(*here, task.c.state == OPEN, task.c.several)
                values = {"basis": outside(each.recused), "changed_at": ctx.now}
                self._run(ctx, open_ones.values(**values))
            if each.named:
                self._bring(ctx, each)
        return len(found)

    def _bring(self, ctx: KernelContext, seats: Seats) -> None:
        with self._parts.authorities.seeing(ctx, _REASON) as high:
            record = high.session.get_one(seats.kind, seats.identity)
            main = self._starting.case(high, record, self._parts.flow(record), lock=True)
            definition = self._parts.cases.definition(high, main, self._parts.flow(record))
            cases = self._parts.going_on(high, record, main, definition)
            case = next((one for one in cases if one.id == seats.case.id), None)
            if case is not None and case.round == seats.case.round:
                deciders = Deciders((), seats.named, seats.recused or frozenset())
                self._starting.arise(high, record, case, definition, deciders=deciders)

    def _changed(self, ctx: KernelContext) -> Iterator[Seats]:
        """By a look that changes nothing."""
        kernel = self._parts.kernel
        with (
            kernel.context(ctx.actor, write=False) as plain,
            self._parts.authorities.seeing(plain, _REASON) as look,
        ):
            for table, identity in self._waiting(look):
                kind = kernel.records.by_table.get(table)
                if kind is None or kind not in self._parts.flows:
                    continue
                try:
                    yield from self._of(look, kind, identity)
                except FAILURES:
                    log.exception("who sits over %s %s can't be told", table, identity)

    def _waiting(self, look: KernelContext) -> list[tuple[str, int]]:
        """The records with an open task of several people."""
        columns = (task.c.table_name, task.c.record_id)
        statement = select(*columns).where(task.c.state == OPEN, task.c.several).distinct()
        return [(row.table_name, row.record_id) for row in self._run(look, statement)]

    def _of(self, look: KernelContext, kind: type[Record], identity: int) -> Iterator[Seats]:
        record = look.session.get(kind, identity)
        if record is None:
            return
        _flow, main, definition = self._parts.looked_at(look, record)
        for case in self._parts.going_on(look, record, main, definition):
            named = self._starting.committee(look, record, case, definition)
            rows = self._open(look, case) if named is not None else []
            if named is None or not rows:
                continue
            kept = frozenset((rows[0].basis or {}).get(RECUSED, ()))
            have = {row.assignee_id for row in rows}
            new = tuple(sorted(set(named.people) - have - named.recused))
            changed = named.recused if kept != named.recused else None
            if changed is not None or new:
                yield Seats(kind, identity, case, changed, new)

    def _open(self, look: KernelContext, case: Case) -> list[Any]:
        here = (task.c.case_id == case.id, task.c.round == case.round, task.c.state == OPEN)
        columns = (task.c.assignee_id, task.c.basis)
        found: list[Any] = self._run(look, select(*columns).where(*here, task.c.several)).all()
        return found

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)
