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
from tenor.workflow.authorities import Authorities, Ruling, positions_now
from tenor.workflow.definitions import digest, titled
from tenor.workflow.guards import Guards
from tenor.workflow.limits import Reached, reached
from tenor.workflow.notices import VOTE
from tenor.workflow.records import Vote
from tenor_sdk.errors import Blocked, Conflict
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Approval, Blocker, Transition

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
        authority: by which the person voted, see ``Authorities.replay``; None where the approval names none.
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
    authority: Mapping[str, Any] | None = None

    @property
    def counts(self) -> bool:
        return not self.void_reason


@dataclass(frozen=True)
class Tally:
    """How far an approval is.

    Args:
        held: whose votes count, each with the positions with which they voted.
        needed: how many distinct people it takes; by authority under the line that is nearest.
        shown: the hash of what is decided on now.
        ruling: what the authority says of the case; None where the approval names none.
        also: in whose place some of them voted: their vote is spent.
    """

    held: Mapping[int, frozenset[str]]
    needed: int
    shown: str
    ruling: Ruling | None = None
    also: frozenset[int] = frozenset()

    @property
    def users(self) -> frozenset[int]:
        return frozenset(self.held)

    @property
    def spent(self) -> frozenset[int]:
        """Who can't vote any more."""
        return self.users | self.also

    @property
    def way(self) -> Reached | None:
        """The line of the authority that the votes have reached, or are nearest to."""
        return reached(self.ruling.cover, self.held) if self.ruling is not None else None

    @property
    def votes(self) -> int:
        """How many of those needed agree."""
        way = self.way
        return way.votes if way is not None else len(self.held)

    @property
    def enough(self) -> bool:
        way = self.way
        if self.ruling is not None:
            return way is not None and way.left == 0
        return len(self.held) >= self.needed

    def and_of(self, user_id: int, positions: frozenset[str]) -> Tally:
        """With one vote more."""
        more = replace(self, held={**self.held, user_id: positions})
        way = more.way
        return more if way is None else replace(more, needed=way.line.people)


#: of an approval of which nothing is known
NO_TALLY: Final = Tally({}, 0, "")


class Approvals:
    """Votes on a context's transaction.

    Args:
        authorities: says who may vote where an approval names one.
    """

    def __init__(self, guards: Guards, authorities: Authorities) -> None:
        self._guards = guards
        self._authorities = authorities

    def tally(self, ctx: KernelContext, case: Case, record: Record, how: Transition) -> Tally:
        """How far an approval is; votes on what was shown otherwise don't count.

        Whatever ``shown`` or ``needed`` raises goes on to the caller: without them nobody decides.
        """
        approval = _approval(how)
        ruling = self.ruling(ctx, record, how)
        with self._guards.reading(ctx, "approval", how.plugin, how.name):
            content = to_json(approval.shown(ctx, record))
            needed = max(1, approval.needed(ctx, record)) if approval.needed is not None else 0
        if ruling is not None:
            content = {"shown": content, "authority": ruling.basis()}
        shown = digest(content)
        live = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.transition == how.name,
            _votes.c.void_at.is_(None), _votes.c.shown_hash == shown,
        )  # fmt: skip
        columns = (_votes.c.user_id, _votes.c.behalf_of_id, _votes.c.authority)
        rows = self._run(ctx, select(*columns).where(*live)).all()
        also = frozenset(row.behalf_of_id for row in rows) - {None}
        held = {row.user_id: frozenset((row.authority or {}).get("positions", ())) for row in rows}
        way = reached(ruling.cover, held) if ruling is not None else None
        return Tally(held, way.line.people if way is not None else needed, shown, ruling, also)

    def ruling(self, ctx: KernelContext, record: Record, how: Transition) -> Ruling | None:
        """What the authority of an approval says of a case; None where it names none."""
        authority = _approval(how).authority
        return self._authorities.ruling(ctx, record, authority) if authority is not None else None

    def above(self, ctx: KernelContext, record: Record, how: Transition) -> list[Blocker]:
        """Why the person may not vote on a case, by authority; empty where they may."""
        ruling = self.ruling(ctx, record, how) if how.approval is not None else None
        return self._above(ctx, ruling)

    def barred(self, ctx: KernelContext, tally: Tally) -> list[Blocker]:
        """The same of a tally; nothing stands in the way of who has voted."""
        voted = ctx.kernel.access.standing.counts_for(ctx) & tally.spent
        return [] if voted else self._above(ctx, tally.ruling)

    def _above(self, ctx: KernelContext, ruling: Ruling | None) -> list[Blocker]:
        return self._authorities.above(ruling, positions_now(ctx)) if ruling is not None else []

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
            Blocked: what the person adds puts the case above their authority.
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
            self._check_still(ctx, how, tally)
        self._void_changed(ctx, case, record, how, tally.shown)
        behalf = state_of(ctx.session).behalf
        given = plain_inputs(inputs)
        positions = _voting(ctx, tally.ruling)
        counted = tally.and_of(ctx.actor.id, positions)
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
            "authority": _kept(counted, positions),
        }
        self._run(ctx, insert(_votes).values(**row, **stamps(ctx)))
        told = {"shown": tally.shown, "number": counted.votes, "needed": counted.needed}
        if counted.ruling is not None and counted.ruling.in_force is not None:
            told |= {
                "authority": counted.ruling.authority.key,
                "authority_version": counted.ruling.in_force.number,
            }
        ctx.kernel.audit.note(ctx, "vote", record, reason=reason, transition=how.name, **told)
        return counted

    def _check_still(self, ctx: KernelContext, how: Transition, tally: Tally) -> None:
        found = self._above(ctx, tally.ruling)
        if found:
            raise Blocked("blocked", found, what=titled(how.title, how.plugin), n=len(found))

    def _void_changed(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, shown: str
    ) -> None:
        fallen = self._void(
            ctx, case, "changed", _votes.c.transition == how.name, _votes.c.shown_hash != shown
        )
        if fallen:
            title = _("What you decided on has changed: your vote no longer counts")
            ctx.kernel.notify.notify(ctx, fallen, title, None, record, kind=VOTE)

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


def _voting(ctx: KernelContext, ruling: Ruling | None) -> frozenset[str]:
    """The positions of the person that count for the lines that cover the case."""
    named = ruling.cover.positions if ruling is not None else ()
    return positions_now(ctx) & frozenset(named)


def _kept(tally: Tally, positions: frozenset[str]) -> dict[str, Any] | None:
    """What a vote keeps of the authority by which it was put in."""
    ruling, way = tally.ruling, tally.way
    if ruling is None or ruling.in_force is None or way is None:
        return None
    since = ruling.in_force.since
    return {
        **ruling.basis(),
        "version_id": ruling.in_force.version_id,
        "since": since.isoformat() if since else None,
        "line": way.line.content(),
        "decides": way.left == 0,
        "positions": sorted(positions),
    }
