"""Who is party to what is before a committee by now, and whom its code has named since: their inboxes follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from tenor.workflow.cases import Case
from tenor.workflow.parts import Parts
from tenor.workflow.records import OPEN
from tenor.workflow.several import found_on_each
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import RECUSED, Deciders, outside, task
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

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
        found = list(found_on_each(self._parts, ctx, _REASON, self._of))
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

    def _of(self, look: KernelContext, record: Record) -> Iterator[Seats]:
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
                yield Seats(type(record), record.id, case, changed, new)

    def _open(self, look: KernelContext, case: Case) -> list[Any]:
        here = (task.c.case_id == case.id, task.c.round == case.round, task.c.state == OPEN)
        columns = (task.c.assignee_id, task.c.basis)
        found: list[Any] = self._run(look, select(*columns).where(*here, task.c.several)).all()
        return found

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)
