"""Who sits in a committee on one case, who of them is recused and why, and how they voted."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.delegations import in_force
from tenor.access.records import User, UserPosition
from tenor.db.state import state_of
from tenor.events.events import FAILURES
from tenor.events.rows import table_of
from tenor.events.wire import to_json
from tenor.workflow.authorities import Authorities, Ruling, positions_now
from tenor.workflow.committee_rules import CommitteeRule
from tenor.workflow.counting import Count, Outcome, Rule, count
from tenor.workflow.duties import Duties
from tenor.workflow.guards import Guards
from tenor.workflow.limits import Cover
from tenor.workflow.records import Vote
from tenor_sdk.approvals import Approval, Ballot, Committee, Members
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.cases import Case

log = logging.getLogger(__name__)

_votes: Final = table_of(Vote)
_users: Final = table_of(User)
_held: Final = table_of(UserPosition)


@dataclass(frozen=True)
class Recusal:
    """Why a member is outside the count.

    Args:
        why: in words; what a rule says may be about more than whoever looks at the case may see.
        by_rule: whether a rule says so, not the person.
    """

    why: Text
    by_rule: bool


@dataclass(frozen=True)
class Sitting:
    """A committee on one case.

    Args:
        seats: ids of its members, and of whoever voted while they were one.
        recused: those outside the count, and whoever acts for one and may not.
        ballots: by member; of a deputy by the one in whose place.
        voted_by: of each member who has voted the people for whom that vote counts.
        opinions: what was said with each.
        vetoers: who has a veto.
        in_force: what staff or the plugin say of the committee, from which its rule is.
        closed: whether its time is over.
    """

    rule: Rule
    seats: frozenset[int]
    recused: Mapping[int, Recusal]
    ballots: Mapping[int, Ballot]
    voted_by: Mapping[int, frozenset[int]]
    opinions: Mapping[int, str]
    vetoers: frozenset[int]
    in_force: CommitteeRule
    closed: bool = False

    @cached_property
    def count(self) -> Count:
        return count(
            self.rule, self.seats, self.recused, self.ballots, veto=self.vetoers, closed=self.closed
        )

    def without(self, user_id: int, why: str) -> Sitting:
        """With somebody recused: a member, or who stands in for one; the votes that count for them are none."""
        ballots = {
            seat: ballot
            for seat, ballot in self.ballots.items()
            if user_id not in self.voted_by[seat]
        }
        recusal = Recusal(_("{reason}", reason=why), False)
        return replace(self, ballots=ballots, recused={**self.recused, user_id: recusal})

    def with_vote(self, seat: int, people: frozenset[int], ballot: Ballot, opinion: str) -> Sitting:
        """With one vote more, in the place of the member's one before."""
        return replace(
            self,
            ballots={**self.ballots, seat: ballot},
            voted_by={**self.voted_by, seat: people},
            opinions={**self.opinions, seat: opinion},
        )

    def content(self) -> dict[str, Any]:
        """As JSON: from this, with the votes, the outcome can be worked out again."""
        return {
            **self.rule.content(),
            "seats": sorted(self.seats),
            "recused": {
                str(user): to_json(one.why)
                for user, one in self.recused.items()
                if user in self.seats
            },
            "veto": sorted(self.vetoers),
            "version": self.in_force.number,
            "rule": self.in_force.values(),
        }


class Committees:
    """Committees on a context's transaction.

    Args:
        guards, authorities, duties: whom it asks.
    """

    def __init__(self, guards: Guards, authorities: Authorities, duties: Duties) -> None:
        self._guards = guards
        self._authorities = authorities
        self._duties = duties

    def in_charge(
        self, approval: Approval, ruling: Ruling | None
    ) -> tuple[Committee | None, Ruling | None]:
        """The committee that decides a case, or the ruling by whose lines others do.

        With an authority a committee decides what no line but those of its positions covers.
        """
        committee = approval.committee
        if committee is None or ruling is None:
            return committee, ruling
        theirs = _named(committee)
        others = tuple(one for one in ruling.cover.lines if one.position not in theirs)
        if others or not ruling.cover.lines:
            return None, replace(ruling, cover=replace(ruling.cover, lines=others))
        return committee, None

    def rule(self, committee: Committee, ruling: Ruling | None) -> Rule:
        """By what a committee that is in charge decides: as many must vote as its line of the authority takes, if that
        is more than its quorum."""
        least, quorum = least_of(committee, ruling.cover) if ruling else 0, committee.quorum
        if isinstance(quorum, int):
            quorum, least = max(quorum, least), 0
        return Rule(quorum=quorum, share=committee.share, complete=committee.complete, least=least)

    def sitting(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        committee: Committee,
        rule: Rule,
        in_force: CommitteeRule,
        shown: str,
    ) -> Sitting:
        """The committee on a case. It doesn't depend on who asks; what its code raises goes on.

        Args:
            rule: what is in force, as it counts for this case.
            shown: the hash to which votes are bound that count.
        """
        rows = self._rows(ctx, case, how, shown)
        # a deputy who is party to it isn't the member, whose seat stays
        own = {row.user_id: row for row in rows if row.ballot == Ballot.RECUSE}
        stepped_down = {row.user_id for row in own.values() if row.behalf_of_id is None}
        votes = {
            row.behalf_of_id or row.user_id: row for row in rows if row.ballot != Ballot.RECUSE
        }
        members = self.members(ctx, record, how, committee.members)
        seats = members | stepped_down | votes.keys()
        # a deputy who is party to it has no vote either
        acting = ctx.kernel.access.standing.counts_for(ctx) if ctx.actor.is_person else frozenset()
        recused = self._by_rule(ctx, record, how, committee, sorted(seats | acting))
        for who, row in own.items():
            recused[who] = Recusal(_("{reason}", reason=row.opinion), False)
        return Sitting(
            rule=rule,
            seats=seats,
            recused=recused,
            ballots={seat: Ballot(row.ballot) for seat, row in votes.items()},
            voted_by={seat: frozenset((row.user_id, seat)) for seat, row in votes.items()},
            opinions={seat: row.opinion for seat, row in votes.items()},
            vetoers=seats & self.holders(ctx, (committee.veto,)) if committee.veto else frozenset(),
            in_force=in_force,
            closed=self._closed(ctx, case, committee),
        )

    def _rows(self, ctx: KernelContext, case: Case, how: Transition, shown: str) -> Sequence[Any]:
        """The votes that count, and the recusals of all rounds; the last of a member comes last."""
        recusal = _votes.c.ballot == Ballot.RECUSE
        bound = (_votes.c.round == case.round) & (_votes.c.shown_hash == shown)
        where = (
            _votes.c.case_id == case.id, _votes.c.transition == how.name, _votes.c.void_at.is_(None),
            recusal | bound,
        )  # fmt: skip
        columns = (_votes.c.user_id, _votes.c.behalf_of_id, _votes.c.ballot, _votes.c.opinion)
        statement = select(*columns).where(*where).order_by(recusal, _votes.c.id)
        rows: Sequence[Any] = ctx.kernel.db.execute(ctx.guarded, statement).all()
        return rows

    def members(
        self, ctx: KernelContext, record: Record, how: Transition, members: Members
    ) -> frozenset[int]:
        """The people whom an approval names."""
        if not callable(members):
            return self.holders(ctx, members)
        with (
            self._authorities.seeing(ctx, f"committee {how.plugin}.{how.name}") as high,
            self._guards.reading(high, "approval", how.plugin, how.name),
        ):
            return frozenset(members(high, high.session.get_one(type(record), record.id)))

    def holders(self, ctx: KernelContext, positions: Iterable[str]) -> frozenset[int]:
        """Who holds one of these positions, on leave or not: a seat stays a seat."""
        statement = (
            select(_held.c.user_id)
            .join(_users, _users.c.id == _held.c.user_id)
            .where(_held.c.position.in_(list(positions)), _users.c.active, ~_users.c.archived)
        )
        return frozenset(ctx.kernel.db.execute(ctx.guarded, statement).scalars())

    def outside(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        committee: Committee,
    ) -> frozenset[int]:
        """Who has no part in a decision, of the members and of those who stand in for them: by a rule, or by a recusal
        of their own. Nobody where the rule fails, as then nobody decides either."""
        own = {row.user_id for row in self._rows(ctx, case, how, "") if row.ballot == Ballot.RECUSE}
        try:
            members = self.members(ctx, record, how, committee.members)
            connection = ctx.kernel.db.connection_of(ctx.guarded)
            givers = in_force(connection, ctx.today)
            deputies = {one.taker_id for one in givers if one.giver_id in members}
            ruled = self._by_rule(ctx, record, how, committee, sorted(members | deputies))
        except FAILURES:
            log.exception("who is party to %s of %s can't be told", how.name, record.id)
            ruled = {}
        return frozenset(own | ruled.keys())

    def _by_rule(
        self,
        ctx: KernelContext,
        record: Record,
        how: Transition,
        committee: Committee,
        people: Sequence[int],
    ) -> dict[int, Recusal]:
        """Whom the segregation of duties or the plugin's rule takes out."""
        done, found = self._duties.on(ctx, record), {}
        for each in people:
            refusal = self._duties.refusal(type(record), how.name, {each}, done)
            if refusal is not None:
                found[each] = Recusal(_("{error}", error=refusal), True)
        if committee.conflicts is None:
            return found
        with (
            self._authorities.seeing(ctx, f"conflicts {how.plugin}.{how.name}") as high,
            self._guards.reading(high, "approval", how.plugin, how.name),
        ):
            same = high.session.get_one(type(record), record.id)
            named = committee.conflicts(high, same, list(people))
        return found | {user: Recusal(why, True) for user, why in named.items()}

    def _closed(self, ctx: KernelContext, case: Case, committee: Committee) -> bool:
        if committee.closes_after is None:
            return False
        calendar = ctx.kernel.workflow.calendar
        due = calendar.working_days_after(ctx, case.entered_at, committee.closes_after)
        return bool(due <= ctx.now)

    # -- the person who acts ----------------------------------------------------------------------------------------

    def seat(self, ctx: KernelContext) -> int:
        """Whose seat the person votes for: the one's in whose place they act, or their own."""
        behalf = state_of(ctx.session).behalf
        return behalf.id if behalf is not None else ctx.actor.id

    def belongs(
        self, ctx: KernelContext, record: Record, how: Transition, members: Members
    ) -> bool:
        """Whether the place that the person takes is one of these members'."""
        if not callable(members):
            return bool(positions_now(ctx) & frozenset(members))
        return self.seat(ctx) in self.members(ctx, record, how, members)

    def not_seated(
        self, ctx: KernelContext, record: Record, how: Transition, committee: Committee
    ) -> list[Blocker]:
        """Why the person has no vote in the committee; empty where they have."""
        if self.belongs(ctx, record, how, committee.members):
            return []
        return [Blocker(_("You have no seat in the committee"), why=_("Only its members vote"))]


def _named(committee: Committee) -> frozenset[str]:
    """The positions of a committee's members; none where a plugin names them by person."""
    return frozenset() if callable(committee.members) else frozenset(committee.members)


def least_of(committee: Committee, covering: Cover) -> int:
    """How many must vote by the line of an authority that a committee has among those that cover a case."""
    theirs = _named(committee)
    return min((one.people for one in covering.lines if one.position in theirs), default=0)


def short(sitting: Sitting | None) -> list[Blocker]:
    """Says it where fewer may vote than have to."""
    if sitting is None or sitting.count.outcome is not Outcome.SHORT:
        return []
    counted = sitting.count
    what = _(
        "Only {n} may vote, and {quorum} have to", n=len(counted.entitled), quorum=counted.quorum
    )
    return [Blocker(what, why=_("Without a quorum the committee decides nothing"))]
