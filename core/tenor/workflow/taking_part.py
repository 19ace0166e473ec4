"""Whose part in a task somebody takes, and whether it is done: in a task of several people each has one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from tenor.events.rows import table_of
from tenor.workflow.assigned import has_task
from tenor.workflow.records import Task, Vote
from tenor.workflow.tasks import RECUSED
from tenor_sdk.approvals import Ballot

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext

_votes: Final = table_of(Vote)
_tasks: Final = table_of(Task)
Row = Mapping[str, Any]


def giver_of(actor: ActorData, row: Row, closed: Collection[int] = frozenset()) -> ActorData | None:
    """In whose place somebody has a task before them; None where it is their own, or neither's.

    Args:
        closed: who can't do it any more: of several in whose place they may, it is the first that isn't among them.
    """
    if has_task(actor, row):
        return None
    ways = [each for each in actor.stands_in if has_task(each, row)]
    return next((each for each in ways if each.id not in closed), next(iter(ways), None))


def has_it(actor: ActorData, row: Row) -> bool:
    """Whether somebody has a task, or the one in whose place they have it before them: it waits for no group."""
    whose = giver_of(actor, row) or actor
    return row["assignee_id"] is not None and row["assignee_id"] == whose.id


def people_of(actor: ActorData, row: Row, closed: Collection[int] = frozenset()) -> set[int]:
    """For whom the doing of a task would count."""
    giver = giver_of(actor, row, closed)
    return {actor.id} if giver is None else {actor.id, giver.id}


def done_already(ctx: KernelContext, rows: Sequence[Row]) -> dict[int, set[int]]:
    """Of tasks of several people who of this person, and those in whose place they would, has done their part. One
    statement."""
    several = [row for row in rows if row["several"]]
    if not several:
        return {}
    cases = {row["case_id"] for row in several}
    people = {ctx.actor.id, *(each.id for each in ctx.actor.stands_in)}
    theirs = or_(_votes.c.user_id.in_(people), _votes.c.behalf_of_id.in_(people))
    columns = (_votes.c.case_id, _votes.c.round, _votes.c.transition, _votes.c.ballot)
    who = (_votes.c.user_id, _votes.c.behalf_of_id)
    counting = (theirs, _votes.c.void_at.is_(None), _votes.c.case_id.in_(cases))
    votes: dict[int, list[Any]] = {}
    for vote in ctx.kernel.db.execute(ctx.guarded, select(*columns, *who).where(*counting)):
        votes.setdefault(vote.case_id, []).append(vote)
    return {
        row["id"]: {
            each for vote in votes.get(row["case_id"], ()) for each in _whose_part(ctx, row, vote)
        }
        for row in several
    }


def recused(ctx: KernelContext, rows: Sequence[Row]) -> dict[int, set[int]]:
    """Of tasks of several people who has no part in them. One statement."""
    several = [row["id"] for row in rows if row["several"]]
    if not several:
        return {}
    kept = select(_tasks.c.id, _tasks.c.basis).where(
        _tasks.c.id.in_(several), _tasks.c.basis.is_not(None)
    )
    found = ctx.kernel.db.execute(ctx.guarded, kept)
    return {row.id: set(row.basis.get(RECUSED, ())) for row in found}


def _whose_part(ctx: KernelContext, row: Row, vote: Any) -> set[int]:
    """Whose part in a task a vote is: one of its round is of whoever put it in, and in whose place; a recusal from what
    it asks for, which is for good, of whoever acted alone: who stood in is party to it, not the one for whom."""
    if vote.ballot != Ballot.RECUSE:
        return {vote.user_id, vote.behalf_of_id} if vote.round == row["round"] else set()
    pressed = ctx.kernel.workflow.pressed(row["table_name"], row["stage"])
    return {vote.user_id} if any(vote.transition == each.name for each in pressed) else set()
