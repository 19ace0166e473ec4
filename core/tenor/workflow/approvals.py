"""Votes on a transition that takes several people, each bound to the hash of what was decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from tenor.access.records import User
from tenor.db.state import state_of
from tenor.events.rows import stamps, table_of
from tenor.events.wire import from_json, to_json
from tenor.workflow.definitions import digest
from tenor.workflow.guards import Guards
from tenor.workflow.records import Vote
from tenor_sdk.errors import Conflict
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Approval, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.cases import Case

_votes: Final = table_of(Vote)
_users: Final = table_of(User)


@dataclass(frozen=True)
class CastVote:
    """A vote as it is shown.

    Args:
        void_reason: why it doesn't count any more: ``changed`` (what was decided on), ``left`` (the case went another
            way); empty where it counts.
        inputs: what the person filled in, by name.
    """

    user_id: int
    user_name: str
    transition: str
    at: datetime
    opinion: str
    inputs: Mapping[str, Any]
    shown_hash: str
    void_reason: str
    round: int

    @property
    def counts(self) -> bool:
        return not self.void_reason


@dataclass(frozen=True)
class Tally:
    """How far an approval is.

    Args:
        users: whose votes count.
        needed: of how many distinct people.
        shown: the hash of what is decided on now.
        also: in whose place some of them voted: their vote is spent.
    """

    users: frozenset[int]
    needed: int
    shown: str
    also: frozenset[int] = frozenset()

    @property
    def spent(self) -> frozenset[int]:
        """Who can't vote any more."""
        return self.users | self.also

    @property
    def enough(self) -> bool:
        return len(self.users) >= self.needed


class Approvals:
    """Votes on a context's transaction."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards

    def tally(self, ctx: KernelContext, case: Case, record: Record, how: Transition) -> Tally:
        """How far an approval is; votes on what was shown otherwise don't count.

        Whatever ``shown`` or ``needed`` raises goes on to the caller: without them nobody decides.
        """
        approval = _approval(how)
        with self._guards.reading(ctx, "approval", how.plugin, how.name):
            shown = digest(to_json(approval.shown(ctx, record)))
            needed = max(1, approval.needed(ctx, record))
        live = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.transition == how.name,
            _votes.c.void_at.is_(None), _votes.c.shown_hash == shown,
        )  # fmt: skip
        rows = self._run(ctx, select(_votes.c.user_id, _votes.c.behalf_of_id).where(*live)).all()
        also = frozenset(row.behalf_of_id for row in rows) - {None}
        return Tally(frozenset(row.user_id for row in rows), needed, shown, also)

    def vote(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        seen: str,
    ) -> Tally:
        """Put in the vote of the person who acts; those on what was shown otherwise fall, and their people are told.

        What the person adds (``Approval.each``) is part of what the vote is bound to.

        Args:
            seen: the hash of what the person had before them; empty where it isn't known.

        Raises:
            Conflict: ``already-voted``; ``changed-since``: it isn't any more what the person saw.
        """
        tally = self.tally(ctx, case, record, how)
        if seen and seen != tally.shown:
            raise Conflict("changed-since")
        if ctx.kernel.access.standing.counts_for(ctx) & tally.spent:
            raise Conflict("already-voted")
        each = _approval(how).each
        if each is not None:
            with ctx.kernel.access.procedure(ctx, how.plugin, how.name):
                each(ctx, record, inputs)
            tally = self.tally(ctx, case, record, how)
        self._void_changed(ctx, case, record, how, tally.shown)
        behalf = state_of(ctx.session).behalf
        given = plain_inputs(inputs)
        row = {
            "case_id": case.id,
            "round": case.round,
            "transition": how.name,
            "user_id": ctx.actor.id,
            "behalf_of_id": behalf.id if behalf else None,
            "shown_hash": tally.shown,
            "at": ctx.now,
            "opinion": reason or str(given.get("opinion") or ""),
            "inputs": given or None,
        }
        self._run(ctx, insert(_votes).values(**row, **stamps(ctx)))
        counted = replace(tally, users=tally.users | {ctx.actor.id})
        told = {"shown": tally.shown, "number": len(counted.users), "needed": tally.needed}
        ctx.kernel.audit.note(ctx, "vote", record, reason=reason, transition=how.name, **told)
        return counted

    def _void_changed(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, shown: str
    ) -> None:
        fallen = self._void(
            ctx, case, "changed", _votes.c.transition == how.name, _votes.c.shown_hash != shown
        )
        if fallen:
            title = _("What you decided on has changed: your vote no longer counts")
            ctx.kernel.notify.notify(ctx, fallen, title, None, record)

    def lapse(self, ctx: KernelContext, case: Case, transition: str) -> None:
        """The case leaves its state by ``transition``: votes for another way fall."""
        self._void(ctx, case, "left", _votes.c.transition != transition)

    def _void(self, ctx: KernelContext, case: Case, reason: str, *which: Any) -> list[int]:
        where = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.void_at.is_(None), *which,
        )  # fmt: skip
        statement = update(_votes).where(*where).returning(_votes.c.user_id)
        values = {"void_at": ctx.now, "void_reason": reason, "changed_at": ctx.now}
        return list(self._run(ctx, statement.values(**values)).scalars())

    def cast(self, ctx: KernelContext, case: Case) -> list[CastVote]:
        """Every vote that was ever put in on a case, oldest first; one statement."""
        names = [name for name in CastVote.__dataclass_fields__ if name != "user_name"]
        statement = (
            select(*(_votes.c[name] for name in names), _users.c.name.label("user_name"))
            .join(_users, _users.c.id == _votes.c.user_id)
            .where(_votes.c.case_id == case.id)
            .order_by(_votes.c.id)
        )
        rows = self._run(ctx, statement).mappings()
        return [CastVote(**{**row, "inputs": from_json(row["inputs"] or {})}) for row in rows]

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return ctx.kernel.db.execute(ctx.guarded, statement)


def plain_inputs(inputs: object) -> dict[str, Any]:
    """What a person filled in, as JSON; of a file its name."""
    if not is_dataclass(inputs) or isinstance(inputs, type):
        return {}
    given = {each.name: getattr(inputs, each.name) for each in fields(inputs)}
    return {
        name: to_json(value.name if isinstance(value, Upload) else value)
        for name, value in given.items()
    }


def _approval(how: Transition) -> Approval:
    assert how.approval is not None  # asked by the engine
    return how.approval
