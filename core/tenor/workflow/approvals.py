"""Who decides on a transition that takes several people, and how far a decision is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.offered import position_text
from tenor.events.rows import table_of
from tenor.events.wire import to_json
from tenor.workflow.authorities import Authorities, Ruling, positions_now
from tenor.workflow.committee_rules import CommitteeRule, CommitteeRules
from tenor.workflow.committees import Committees, Sitting, short
from tenor.workflow.definitions import digest, titled
from tenor.workflow.duties import Duties
from tenor.workflow.guards import Guards
from tenor.workflow.limit_text import joined
from tenor.workflow.limits import reached
from tenor.workflow.records import Vote
from tenor.workflow.sequences import Progress, progress
from tenor.workflow.tallies import Tally
from tenor.workflow.tasks import Deciders
from tenor_sdk.approvals import Approval, Ballot
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.cases import Case
    from tenor.workflow.merging import Flow

_votes: Final = table_of(Vote)


class Approvals:
    """What is to be decided on a context's transaction.

    Args:
        authorities: says who may vote where an approval names one.
        duties: say whom the segregation of duties keeps from deciding.
        rules: say by which quorum and share a committee decides.
    """

    def __init__(
        self, guards: Guards, authorities: Authorities, duties: Duties, rules: CommitteeRules
    ) -> None:
        self._guards = guards
        self._authorities = authorities
        self._duties = duties
        self._rules = rules
        self.committees = Committees(guards, authorities, duties)

    def tally(self, ctx: KernelContext, case: Case, record: Record, how: Transition) -> Tally:
        """How far an approval is; votes on what was shown otherwise don't count.

        Whatever ``shown`` or ``needed`` raises goes on to the caller: without them nobody decides.
        """
        approval, in_force = self._pinned(ctx, case, record, how)
        ruling = self.ruling(ctx, case, record, how)
        committee, lines = self.committees.in_charge(approval, ruling)
        with self._guards.reading(ctx, "approval", how.plugin, how.name):
            content = to_json(approval.shown(ctx, record))
            needed = max(1, approval.needed(ctx, record)) if approval.needed is not None else 0
        if ruling is not None:
            content = {"shown": content, "authority": ruling.basis()}
        rule = self.committees.rule(committee, ruling) if committee is not None else None
        if rule is not None or approval.steps:
            content = {"shown": content, "by": rule.content() if rule else _by(approval)}
        shown = digest(content)
        if committee is not None and rule is not None and in_force is not None:
            sitting = self.committees.sitting(
                ctx, case, record, how, committee, rule, in_force, shown
            )
            return Tally({}, sitting.count.needed, shown, sitting=sitting, basis=ruling)
        rows = self.live(ctx, case, how, shown)
        also = frozenset(row.behalf_of_id for row in rows) - {None}
        held = {row.user_id: frozenset((row.authority or {}).get("positions", ())) for row in rows}
        if approval.steps:
            far = self.far(approval, rows)
            return Tally(held, far.needed, shown, also=also, progress=far)
        way = reached(lines.cover, held) if lines is not None else None
        return Tally(held, way.line.people if way is not None else needed, shown, lines, also)

    def _pinned(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition
    ) -> tuple[Approval, CommitteeRule | None]:
        """An approval with the rule of its committee that was in force when the case came before it."""
        approval = approval_of(how)
        if approval.committee is None:
            return approval, None
        rule = self._rules.pinned(ctx, type(record), how, case.entered_at)
        return replace(approval, committee=rule.over(approval.committee)), rule

    def live(self, ctx: KernelContext, case: Case, how: Transition, shown: str) -> Sequence[Any]:
        live = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.transition == how.name,
            _votes.c.void_at.is_(None), _votes.c.shown_hash == shown, _votes.c.ballot == Ballot.FOR,
        )  # fmt: skip
        columns = (_votes.c.user_id, _votes.c.behalf_of_id, _votes.c.authority)
        rows: Sequence[Any] = self._run(
            ctx, select(*columns).where(*live).order_by(_votes.c.id)
        ).all()
        return rows

    def far(self, approval: Approval, rows: Sequence[Any]) -> Progress:
        votes = [frozenset((row.authority or {}).get("steps", ())) for row in rows]
        return progress(_people(approval), votes, in_order=not approval.parallel)

    def ruling(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition
    ) -> Ruling | None:
        """What the authority of an approval says of a case, by the version of the day on which it came before those who
        decide it; of one that is elsewhere by today's. None where the approval names none."""
        authority = approval_of(how).authority
        if authority is None:
            return None
        here = any(case.state == each.name for each in how.sources)
        return self._authorities.ruling(ctx, record, authority, case.entered_at if here else None)

    def deciders(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, place: int = 0
    ) -> Deciders:
        """Who decides a case; nobody where the approval names none.

        Args:
            case: the record's, or its branch, that the transition leads on.
            place: of steps one after the other: whose turn it is.
        """
        approval = approval_of(how)
        committee, lines = self.committees.in_charge(approval, self.ruling(ctx, case, record, how))
        if lines is not None:
            return Deciders(tuple(lines.cover.positions))
        now = slice(None) if approval.parallel else slice(place, place + 1)
        groups = [step.members for step in approval.steps[now]]
        if committee is not None:
            groups.append(committee.members)
        positions: dict[str, None] = {}
        people = set[int]()
        for group in groups:
            if callable(group):
                people |= self.committees.members(ctx, record, how, group)
            else:
                positions |= dict.fromkeys(group)
        outside = frozenset[int]()
        if committee is not None:
            outside = self.committees.outside(ctx, case, record, how, committee)
        return Deciders(tuple(positions), tuple(sorted(people)), outside)

    def above(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, flow: Flow
    ) -> list[Blocker]:
        """Why the place that the person takes may not decide a case: their authority, their seat, their step, or a
        committee whose refusal this is; empty where they may.

        Args:
            case: the record's, or its branch, that the transition leads on.
        """
        reserved = self.reserved(ctx, case, record, how, flow)
        if reserved or how.approval is None:
            return reserved
        committee, lines = self.committees.in_charge(
            how.approval, self.ruling(ctx, case, record, how)
        )
        if committee is not None:
            return self.committees.not_seated(ctx, record, how, committee)
        if how.approval.steps:
            return self.barred(ctx, record, how, self.tally(ctx, case, record, how))
        return self._above(ctx, lines)

    def closed(self, ctx: KernelContext, case: Case, record: Record, how: Transition) -> bool:
        """Whether the place that the person takes has no part in a case, or none any more: by the segregation of
        duties, a recusal, or a vote that it has put in. What they voted from a seat themselves they can vote again."""
        acting = ctx.kernel.access.standing.counts_for(ctx)
        done = self._duties.on(ctx, record)
        if self._duties.refusal(type(record), how.name, acting, done) is not None:
            return True
        if how.approval is None:
            return False
        tally = self.tally(ctx, case, record, how)
        sitting = tally.sitting
        if sitting is None:
            return not acting.isdisjoint(tally.spent)
        if not acting.isdisjoint(sitting.recused):
            return True
        seat = self.committees.seat(ctx)
        if any(acting & people for each, people in sitting.voted_by.items() if each != seat):
            return True
        return seat in sitting.voted_by and ctx.actor.id not in sitting.voted_by[seat]

    def reserved(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition, flow: Flow
    ) -> list[Blocker]:
        """A refusal that is a committee's to decide is nobody's button."""
        for other in flow.transitions.values():
            named = other.approval.committee if other.approval is not None else None
            here = any(case.state == each.name for each in other.sources)
            if named is None or named.refusal is not how or not here:
                continue
            assert other.approval is not None  # it names a committee
            ruling = self.ruling(ctx, case, record, other)
            if self.committees.in_charge(other.approval, ruling)[0] is not None:
                why = _("Its members vote on “{what}”", what=titled(other.title, other.plugin))
                return [Blocker(_("The committee decides this"), why=why)]
        return []

    def _not_theirs(
        self, ctx: KernelContext, record: Record, how: Transition, far: Progress | None
    ) -> list[Blocker]:
        """Why the person has no part in the steps that are open; empty where they have."""
        mine = self.steps(ctx, record, how)
        if not mine:
            return [Blocker(_("None of your positions decides this case"))]
        if far is None or far.takes(mine):
            return []
        if far.in_order and far.open and max(mine) > far.open[0]:
            return [Blocker(_("Before you it takes: {step}", step=part_title(how, far.open[0])))]
        return [Blocker(_("Your step is complete"))]

    def steps(self, ctx: KernelContext, record: Record, how: Transition) -> frozenset[int]:
        """The steps in which the place that the person takes may have a part."""
        return frozenset(
            place
            for place, step in enumerate(approval_of(how).steps)
            if self.committees.belongs(ctx, record, how, step.members)
        )

    def barred(
        self, ctx: KernelContext, record: Record, how: Transition, tally: Tally
    ) -> list[Blocker]:
        """The same of a tally; nothing stands in the way of who has voted."""
        committee = approval_of(how).committee
        if tally.sitting is not None and committee is not None:
            unseated = self.committees.not_seated(ctx, record, how, committee)
            return [*unseated, *short(tally.sitting)]
        voted = ctx.kernel.access.standing.counts_for(ctx) & tally.spent
        if voted:
            return []
        if approval_of(how).steps:
            return self._not_theirs(ctx, record, how, tally.progress)
        return self._above(ctx, tally.ruling)

    def _above(self, ctx: KernelContext, ruling: Ruling | None) -> list[Blocker]:
        return self._authorities.above(ruling, positions_now(ctx)) if ruling is not None else []

    def has_veto(self, ctx: KernelContext, sitting: Sitting) -> bool:
        holds = sitting.in_force.veto in positions_now(ctx)
        return holds and self.committees.seat(ctx) in sitting.vetoers

    def ballots(
        self,
        ctx: KernelContext,
        record: Record,
        how: Transition,
        tally: Tally,
        *,
        held_up: bool = False,
    ) -> tuple[Ballot, ...]:
        """What the person may say now in the committee that is in charge; a recusal whatever else stands in the way.

        Args:
            held_up: whether a guard blocks the transition, so that nobody can be for it.
        """
        sitting, committee = tally.sitting, approval_of(how).committee
        if sitting is None or committee is None:
            return ()
        acting = ctx.kernel.access.standing.counts_for(ctx)
        unseated = self.committees.not_seated(ctx, record, how, committee)
        if unseated or acting & sitting.recused.keys():
            return ()
        if short(sitting):
            return (Ballot.RECUSE,)
        veto = (Ballot.VETO,) if self.has_veto(ctx, sitting) else ()
        in_favour = () if held_up else (Ballot.FOR,)
        return (*in_favour, Ballot.AGAINST, Ballot.ABSTAIN, *veto, Ballot.RECUSE)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return ctx.kernel.db.execute(ctx.guarded, statement)


def approval_of(how: Transition) -> Approval:
    assert how.approval is not None  # asked by the engine
    return how.approval


def part_title(how: Transition, place: int) -> Text:
    """By which pages call one of an approval's steps."""
    step = approval_of(how).steps[place]
    if step.title:
        return titled(step.title, how.plugin)
    if callable(step.members):
        return _("Step {n}", n=place + 1)
    return joined([position_text(each) for each in step.members], _("none"))


def _by(approval: Approval) -> dict[str, Any]:
    """The steps in which it is decided, as part of what binds a vote."""
    return {"people": _people(approval), "parallel": approval.parallel}


def _people(approval: Approval) -> list[int]:
    return [step.people for step in approval.steps]
