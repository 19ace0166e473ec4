"""The engine: the room's door. What it does is done by its parts: ``starting``, ``moving``, ``looking``, ``doings``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.orm import Session

from tenor.workflow.approvals import Approvals
from tenor.workflow.authorities import Authorities, authorities_of, positions_now, spec_of
from tenor.workflow.branches import Branches
from tenor.workflow.calendar import Calendar
from tenor.workflow.cases import Cases, Step
from tenor.workflow.casting import Casting
from tenor.workflow.closing import Closing
from tenor.workflow.committee_rules import CommitteeRules
from tenor.workflow.deadlines import Deadlines
from tenor.workflow.deciding import Deciding
from tenor.workflow.decisions import Decision
from tenor.workflow.declared import (
    check_asked,
    check_authorities,
    check_committees,
    flows_of,
    guards_of,
)
from tenor.workflow.desk import Desk, OpenTask
from tenor.workflow.doings import Doings
from tenor.workflow.duties import Duties, rules_of
from tenor.workflow.figures import Figures
from tenor.workflow.going import Going
from tenor.workflow.guards import Guards
from tenor.workflow.handing import Handing
from tenor.workflow.leaving import Leaving
from tenor.workflow.looking import Looking
from tenor.workflow.merging import Flow
from tenor.workflow.migrating import Migrating
from tenor.workflow.moving import Moving
from tenor.workflow.offers import Offered
from tenor.workflow.parts import Parts
from tenor.workflow.places import Places
from tenor.workflow.recalling import Recallable, Recalling
from tenor.workflow.records import AuthorityVersion
from tenor.workflow.recounting import Recounting
from tenor.workflow.replaying import Replaying
from tenor.workflow.seating import Seating
from tenor.workflow.simulate import Simulations
from tenor.workflow.stages import Stage
from tenor.workflow.starting import Starting
from tenor.workflow.tallies import CastVote
from tenor.workflow.tasks import Tasks
from tenor.workflow.timing import Timing
from tenor.workflow.turns import Turns
from tenor.workflow.waits import Waits
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.approvals import Ballot
from tenor_sdk.authority import Authority, AuthorityLimit
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.db import GuardedSession
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel


class WorkflowEngine:
    """The room of workflow."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.calendar = Calendar()
        self.cases = Cases()
        self.work = Tasks(kernel)
        self.desk = Desk(kernel, self.work)
        self.handing = Handing(kernel, self.work)
        self.leaving = Leaving(kernel, self.handing)
        self.simulations = Simulations(kernel)
        self.deadlines = Deadlines(kernel, self.work)
        self.closing = Closing(kernel)

    def load(self, declarations: Declarations) -> None:
        """Merge workflows and patches, and check them.

        Raises:
            WorkflowError: naming the plugins at odds, each with file and line.
            TypeError: for an input whose bounds don't fit, with file and line.
        """
        self.flows = flows_of(declarations)
        for flow in self.flows.values():
            check_asked(flow.transitions.values())
        running = frozenset(plugin.name for plugin in declarations.plugins)
        branches, waits = Branches(self.cases), Waits(self.kernel, self.flows)
        self.guards = Guards(
            self.kernel,
            guards_of(self.flows.values()),
            running,
            (branches.blockers, waits.blockers),
        )
        self.duties = Duties(rules_of(declarations.of(SegregationOfDuties), self.flows))
        self.authorities = Authorities(
            self.kernel, self.guards, authorities_of(declarations.of(Authority))
        )
        check_authorities(self.flows.values(), self.authorities.declared)
        check_committees(self.flows.values())
        self.committee_rules = CommitteeRules(self.flows.values())
        self.approvals = Approvals(self.guards, self.authorities, self.duties, self.committee_rules)
        self.places = Places(self.kernel, self.guards, self.approvals)
        parts = Parts(
            kernel=self.kernel,
            flows=self.flows,
            calendar=self.calendar,
            cases=self.cases,
            work=self.work,
            guards=self.guards,
            duties=self.duties,
            authorities=self.authorities,
            approvals=self.approvals,
            casting=Casting(self.approvals),
            places=self.places,
            branches=branches,
            waits=waits,
        )
        self.starting, self.doings = Starting(parts), Doings(parts)
        going = Going(parts, self.starting)
        self.deciding = Deciding(parts, self.starting, self.doings, going)
        self.moving = Moving(parts, self.starting, self.doings, going, self.deciding)
        self.recalling = Recalling(parts, self.starting, going)
        self.timing = Timing(parts, self.starting, going)
        self.figures = Figures(parts)
        self.migrating = Migrating(parts, self.starting, going)
        self.replaying = Replaying(parts)
        self.recounting = Recounting(parts)
        self.seating = Seating(parts, self.starting)
        self.turns = Turns(parts, self.starting)
        self.looking = Looking(parts, self.starting, self.moving)

    def flow(self, record: type[Record]) -> Flow | None:
        """The workflow of a kind of record, as new cases begin with it."""
        return self.flows.get(record)

    def named(self, record: type[Record], name: str) -> Transition | None:
        """A transition by its name."""
        flow = self.flows.get(record)
        return flow.transitions.get(name) if flow else None

    # -- beginning --------------------------------------------------------------------------------------------------

    def on_created(self, ctx: KernelContext, session: Session, records: Iterable[Record]) -> None:
        """Begin the cases of records that were written first; called after the flush that wrote them."""
        self.starting.on_created(ctx, session, records)

    def start(self, ctx: KernelContext, record: Record) -> None:
        """Begin the case of a record that has none yet: one that was loaded by the thousand."""
        self.starting.start(ctx, record)

    # -- moving -----------------------------------------------------------------------------------------------------

    def transition(
        self,
        ctx: KernelContext,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        *,
        seen: str = "",
        ballot: Ballot = Ballot.FOR,
    ) -> bool:
        """Carry out a transition as the person who acts; see ``Moving.transition``."""
        return self.moving.transition(ctx, record, how, inputs, reason, seen=seen, ballot=ballot)

    def count_votes(self, ctx: KernelContext, record: Record, how: Transition) -> bool:
        """Count a committee's votes without a further one; see ``Deciding.count_votes``."""
        return self.deciding.count_votes(ctx, record, how)

    def recall(self, ctx: KernelContext, record: Record, how: Transition, reason: str) -> None:
        """Take back a transition; see ``tenor_sdk.workflow.recall``."""
        self.recalling.recall(ctx, record, how, reason)

    def recallable(self, ctx: KernelContext, record: Record) -> list[Recallable]:
        """What this person may take back on a record. Empty for one without a workflow."""
        return self.recalling.offered(ctx, record) if type(record) in self.flows else []

    def advance(self, ctx: KernelContext, record: Record) -> bool:
        """Go automatic transitions while nothing blocks them; see ``tenor_sdk.workflow.advance``."""
        return self.moving.advance(ctx, record)

    def go_on(self, ctx: KernelContext, table: str, record_id: int) -> bool:
        """Go on, as the kernel, with a record that waited for another's case."""
        kind = self.kernel.records.by_table.get(table)
        if kind is None or kind not in self.flows:
            return False
        with self.kernel.access.elevated(ctx, "what it waited for has arrived") as session:
            record = session.get(kind, record_id)
            return record is not None and self.advance(
                ctx.seeing(cast("GuardedSession", session)), record
            )

    def blockers(self, ctx: KernelContext, record: Record, how: Transition) -> Sequence[Blocker]:
        """What stands in the way of a transition now, whichever state the case is in."""
        return self.moving.blockers(ctx, record, how)

    def above_authority(
        self, ctx: KernelContext, record: Record, authority: Authority
    ) -> Sequence[Blocker]:
        """Why the person may not decide a case, by an authority; see ``tenor_sdk.authority.above_authority``."""
        ruling = self.authorities.ruling(ctx, record, authority)
        return self.authorities.above(ruling, positions_now(ctx))

    # -- authorities ------------------------------------------------------------------------------------------------

    def propose_authority(
        self,
        ctx: KernelContext,
        authority: Authority,
        lines: Sequence[AuthorityLimit],
        effective_from: date,
        purpose: str,
    ) -> int:
        """Draft and propose a version; see ``tenor_sdk.authority.propose_authority``."""
        specs = [spec_of(authority, one) for one in lines]
        version = self.authorities.draft(ctx, authority, specs, effective_from, purpose)
        self.move_authority(ctx, version.id, "propose")
        return version.id

    def move_authority(self, ctx: KernelContext, version: int, how: str) -> None:
        """Carry out a transition of a version by its name."""
        found = self.kernel.records.get(ctx, AuthorityVersion, version)
        step = self.named(AuthorityVersion, how)
        assert step is not None  # of the kernel's own workflow
        self.transition(ctx, found, step, None, "")

    def authority_words(self, ctx: KernelContext, record: Record) -> list[Text]:
        """For each step that takes an authority whether the person has it for this record, and who has."""
        return self.looking.authority_words(ctx, record)

    # -- duties -----------------------------------------------------------------------------------------------------

    def record_duty(self, ctx: KernelContext, record: Record, step: str) -> None:
        """Put a step of the person's on record; see ``tenor_sdk.workflow.record_duty``."""
        self.doings.record_duty(ctx, record, step)

    def who_did(self, ctx: KernelContext, record: Record, step: str) -> Sequence[int]:
        """Whose step a thing done on a record is; see ``Doings.who_did``."""
        return self.doings.who_did(ctx, record, step)

    def forbidden(self, ctx: KernelContext, record: Record) -> list[tuple[str, Text, str]]:
        """The steps on a record that the person may not do any more; see ``Doings.forbidden``."""
        return self.doings.forbidden(ctx, record)

    def pressed(self, table: str, stage: str) -> list[Transition]:
        """The steps that somebody may take from a state of today's workflow."""
        return self.doings.pressed(table, stage)

    def excluding(
        self, ctx: KernelContext, tasks: Sequence[Mapping[str, Any]]
    ) -> dict[int, frozenset[str]]:
        """For each task, by its id, the steps after which nobody can do what it asks for; see ``Doings.excluding``."""
        return self.doings.excluding(ctx, tasks)

    def barred(self, ctx: KernelContext, task: Mapping[str, Any]) -> set[int]:
        """Who, for what they did on its record, can't do what a task asks for."""
        return self.doings.barred(ctx, task)

    # -- what a person sees -----------------------------------------------------------------------------------------

    def available(self, ctx: KernelContext, record: Record) -> list[Offered]:
        """The transitions that lead on from here for this person; see ``Looking.available``."""
        return self.looking.available(ctx, record)

    def stage_bar(
        self, ctx: KernelContext, record: Record, offered: Sequence[Offered] = ()
    ) -> list[Stage]:
        """The stages of a record's way; see ``Looking.stage_bar``."""
        return self.looking.stage_bar(ctx, record, offered)

    def returned(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps by which a case or its branches were returned into their states; see ``Looking.returned``."""
        return self.looking.returned(ctx, record)

    def history(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps that a record took, oldest first."""
        return self.looking.history(ctx, record)

    def voted(self, ctx: KernelContext, record: Record) -> list[CastVote]:
        """Every vote on a record, oldest first; those that fell say why."""
        return self.looking.voted(ctx, record)

    def decisions(self, ctx: KernelContext, record: Record) -> list[Decision]:
        """How the decisions of several people stand that lead on from here; see ``Deciding.told``."""
        return self.deciding.told(ctx, record)

    def frozen(self, ctx: KernelContext, record: Record) -> bool:
        """Whether forms, API and imports can't change the record in its state."""
        return self.looking.frozen(ctx, record)

    def state_title(self, record: type[Record], name: str) -> Text:
        """The words of a state, for lists: no statement for a state of today's workflow."""
        return self.looking.state_title(record, name)

    # -- tasks ------------------------------------------------------------------------------------------------------

    def tasks(self, ctx: KernelContext) -> list[OpenTask]:
        """Open tasks of the person and of their groups, by deadline."""
        return self.desk.mine(ctx)

    def tasks_on(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """Open tasks on a record."""
        return self.desk.of(ctx, record)

    def task_of(self, ctx: KernelContext, record: Record) -> OpenTask | None:
        """The open task on a record, if there is one."""
        return next(iter(self.desk.of(ctx, record)), None)

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task of one's group; see ``Desk.claim``."""
        self.desk.claim(ctx, identity)

    def hand_over(
        self, ctx: KernelContext, identity: int, user_id: int, *, reason: str = ""
    ) -> None:
        """Give a task to another; see ``Handing.hand_over``."""
        self.handing.hand_over(ctx, identity, user_id, reason=reason)

    def hand_over_all(self, ctx: KernelContext, giver: int, taker: int, *, reason: str) -> int:
        """Give everything of one person to another; see ``Handing.hand_over_all``. How many were given."""
        moves = self.handing.hand_over_all(ctx, giver, taker, reason=reason)
        return sum(move.taker_id is not None for move in moves)
