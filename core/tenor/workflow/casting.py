"""Votes as they are put in, fall and are told: each bound to the hash of what was decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, or_, select, update

from tenor.access.records import User
from tenor.db.state import state_of
from tenor.events.rows import stamps, table_of
from tenor.events.wire import from_json, to_json
from tenor.workflow.approvals import Approvals, approval_of
from tenor.workflow.authorities import Ruling, positions_now
from tenor.workflow.committees import short
from tenor.workflow.counting import Count
from tenor.workflow.definitions import titled
from tenor.workflow.guards import on_record
from tenor.workflow.notices import VOTE
from tenor.workflow.records import Vote
from tenor.workflow.tallies import CastVote, Tally
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Refused
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.cases import Case

_votes: Final = table_of(Vote)
_users: Final = table_of(User)


class Casting:
    """Votes on a context's transaction.

    Args:
        approvals: say who may vote and how far it is.
    """

    def __init__(self, approvals: Approvals) -> None:
        self._approvals = approvals
        self._committees = approvals.committees

    def vote(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        seen: str,
        ballot: Ballot = Ballot.FOR,
    ) -> Tally:
        """Put in the vote of the person who acts; those on what was shown otherwise fall, and their people are told.

        What the person adds (``Approval.each``) is part of what the vote is bound to.

        Args:
            seen: the hash of what the person had before them; empty where it isn't known.

        Raises:
            Conflict: ``already-voted``; ``changed-since``: it isn't any more what the person saw.
            Blocked: what the person adds puts the case above their authority, or it isn't their turn.
            Forbidden: ``recused``, ``no-veto``.
            Refused: ``no-committee``: there is nothing but a vote for it.
        """
        tally = self._approvals.tally(ctx, case, record, how)
        if seen and seen != tally.shown and ballot is not Ballot.RECUSE:
            raise Conflict("changed-since")
        self._check(ctx, record, how, tally, ballot)
        each = approval_of(how).each
        if each is not None and ballot is Ballot.FOR:
            with ctx.kernel.access.procedure(ctx, how.plugin, how.name):
                each(ctx, record, inputs)
            tally = self._approvals.tally(ctx, case, record, how)
            self._check_still(ctx, record, how, tally)
        self.void_changed(ctx, case, record, how, tally.shown)
        opinion = reason or str(plain_inputs(inputs).get(approval_of(how).opinion) or "")
        if tally.sitting is None:
            return self._put_in(ctx, case, record, how, inputs, reason, opinion, tally)
        return self._put_in_seat(ctx, case, record, how, inputs, opinion, ballot, tally)

    def _check(
        self, ctx: KernelContext, record: Record, how: Transition, tally: Tally, ballot: Ballot
    ) -> None:
        """See to it that the person may put in this vote."""
        acting = ctx.kernel.access.standing.counts_for(ctx)
        sitting = tally.sitting
        if sitting is None:
            if ballot is not Ballot.FOR:
                raise Refused("no-committee", what=titled(how.title, how.plugin))
            if acting & tally.spent:
                raise Conflict("already-voted")
            self._clear(how, self._approvals.barred(ctx, record, how, tally))
            return
        for user in acting & sitting.recused.keys():
            on_record(ctx, "denied", record, transition=how.name, why="recused")
            raise Forbidden("recused", why=sitting.recused[user].why)
        seat = self._committees.seat(ctx)
        if any(acting & people for other, people in sitting.voted_by.items() if other != seat):
            raise Conflict("already-voted")
        committee = approval_of(how).committee
        assert committee is not None  # one is in charge
        if ballot is Ballot.VETO and not self._approvals.has_veto(ctx, sitting):
            raise Forbidden("no-veto")
        unseated = self._committees.not_seated(ctx, record, how, committee)
        self._clear(how, unseated or ([] if ballot is Ballot.RECUSE else short(sitting)))

    @staticmethod
    def _clear(how: Transition, found: Sequence[Blocker]) -> None:
        if found:
            raise Blocked("blocked", found, what=titled(how.title, how.plugin), n=len(found))

    def _put_in(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        opinion: str,
        tally: Tally,
    ) -> Tally:
        """One vote more of distinct people."""
        positions = _voting(ctx, tally.ruling)
        counted = tally.and_of(ctx.actor.id, positions)
        kept = _kept(counted, positions)
        if tally.progress is not None:
            kept = {"steps": sorted(self._approvals.steps(ctx, record, how))}
        self._insert(ctx, case, how, tally, opinion, inputs, kept, Ballot.FOR)
        if tally.progress is not None:
            rows = self._approvals.live(ctx, case, how, tally.shown)
            counted = replace(counted, progress=self._approvals.far(approval_of(how), rows))
        told = {"shown": tally.shown, "number": counted.votes, "needed": counted.needed}
        if counted.ruling is not None and counted.ruling.in_force is not None:
            told |= {
                "authority": counted.ruling.authority.key,
                "authority_version": counted.ruling.in_force.number,
            }
        ctx.kernel.audit.note(ctx, "vote", record, reason=reason, transition=how.name, **told)
        return counted

    def _put_in_seat(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        inputs: object,
        opinion: str,
        ballot: Ballot,
        tally: Tally,
    ) -> Tally:
        """The vote of a member, in the place of their one before; a recusal is of whoever acts, in whosever place."""
        assert tally.sitting is not None  # asked before
        seat, sitting = self._committees.seat(ctx), tally.sitting
        before = sitting.ballots.get(seat)
        if before is ballot and sitting.opinions.get(seat, "") == opinion:
            raise Conflict("already-voted")
        of_it = _votes.c.transition == how.name
        if ballot is Ballot.RECUSE:
            me = ctx.actor.id
            mine = or_(_votes.c.user_id == me, _votes.c.behalf_of_id == me)
            self._void(ctx, case, "recused", of_it, mine)
            sitting = sitting.without(me, opinion)
        else:
            whose = func.coalesce(_votes.c.behalf_of_id, _votes.c.user_id) == seat
            self._void(ctx, case, "replaced", of_it, whose)
            people = ctx.kernel.access.standing.counts_for(ctx)
            sitting = sitting.with_vote(seat, people, ballot, opinion)
        counted = replace(tally, sitting=sitting, needed=sitting.count.needed)
        basis = tally.basis.basis() if tally.basis is not None else {}
        kept = {**basis, "committee": sitting.content()}
        self._insert(ctx, case, how, tally, opinion, inputs, kept, ballot)
        told = {"shown": tally.shown, "ballot": ballot.value, **said_of(sitting.count)}
        ctx.kernel.audit.note(ctx, "vote", record, reason=opinion, transition=how.name, **told)
        return counted

    def _insert(
        self,
        ctx: KernelContext,
        case: Case,
        how: Transition,
        tally: Tally,
        opinion: str,
        inputs: object,
        kept: Mapping[str, Any] | None,
        ballot: Ballot,
    ) -> None:
        behalf = state_of(ctx.session).behalf
        row = {
            "case_id": case.id,
            "round": case.round,
            "transition": how.name,
            "user_id": ctx.actor.id,
            "behalf_of_id": behalf.id if behalf else None,
            "shown_hash": tally.shown,
            "at": ctx.now,
            "opinion": opinion,
            "inputs": plain_inputs(inputs) or None,
            "authority": kept,
            "ballot": ballot.value,
        }
        self._run(ctx, insert(_votes).values(**row, **stamps(ctx)))

    def _check_still(
        self, ctx: KernelContext, record: Record, how: Transition, tally: Tally
    ) -> None:
        """What the person added may have put the case into other hands."""
        self._clear(how, self._approvals.barred(ctx, record, how, tally))

    def void_changed(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, shown: str
    ) -> None:
        """Votes on what was shown otherwise fall, and their people are told."""
        fallen = self._void(
            ctx, case, "changed", _votes.c.transition == how.name, _votes.c.shown_hash != shown
        )
        if fallen:
            title = _("What you decided on has changed: your vote no longer counts")
            ctx.kernel.notify.notify(ctx, fallen, title, None, record, kind=VOTE)

    def lapse(self, ctx: KernelContext, case: Case, transition: str) -> None:
        """The case leaves its state by what was decided on ``transition``: votes on another way fall."""
        self._void(ctx, case, "left", _votes.c.transition != transition)

    def _void(self, ctx: KernelContext, case: Case, reason: str, *which: Any) -> list[int]:
        where = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.void_at.is_(None),
            _votes.c.ballot != Ballot.RECUSE, *which,
        )  # fmt: skip
        statement = update(_votes).where(*where).returning(_votes.c.user_id)
        values = {"void_at": ctx.now, "void_reason": reason, "changed_at": ctx.now}
        return list(self._run(ctx, statement.values(**values)).scalars())

    def cast(self, ctx: KernelContext, case: Case) -> list[CastVote]:
        """Every vote that was ever put in on a case, oldest first; one statement."""
        names = [
            name for name in CastVote.__dataclass_fields__ if name not in ("user_name", "behalf_of")
        ]
        giver = _users.alias()
        statement = (
            select(
                *(_votes.c[name] for name in names),
                _users.c.name.label("user_name"),
                func.coalesce(giver.c.name, "").label("behalf_of"),
            )
            .join(_users, _users.c.id == _votes.c.user_id)
            .outerjoin(giver, giver.c.id == _votes.c.behalf_of_id)
            .where(_votes.c.case_id == case.id)
            .order_by(_votes.c.id)
        )
        return [
            CastVote(
                **{**row, "inputs": from_json(row["inputs"] or {}), "ballot": Ballot(row["ballot"])}
            )
            for row in self._run(ctx, statement).mappings()
        ]

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


def said_of(count: Count) -> dict[str, Any]:
    """What the ledger keeps of a count."""
    return {
        "number": count.votes_for,
        "needed": count.needed,
        "against": count.against,
        "abstained": count.abstained,
        "entitled": len(count.entitled),
        "outcome": count.outcome.value,
    }


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
