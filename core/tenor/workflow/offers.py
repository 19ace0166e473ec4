"""What a person is offered on a record: the transitions that lead on, with what stands in the way of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tenor.events.events import FAILURES
from tenor.workflow.approvals import Approvals
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition, TransitionSpec, titled
from tenor.workflow.duties import Duties
from tenor.workflow.guards import Guards
from tenor.workflow.places import Places
from tenor.workflow.tallies import NO_TALLY, Tally
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Forbidden, TenorError
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A transition as a person sees it.

    Args:
        title: the button's words.
        target: the state to which it leads.
        how: the declaration, with its inputs; None where its plugin is off.
        allowed: whether this person may press it now.
        blockers: what stands in the way.
        why: why this person may not press it, blockers apart; None where they may.
        reason: whether a reason must be given.
        automatic: whether nobody presses it: it is gone as soon as nothing blocks it, or at its time.
        at: of a time-out: when the time of the state is over.
        votes, needed: of an approval: how many votes count, of how many.
        shown: of an approval: the hash of what is decided on now, to be handed back with the vote.
        branch: the branch that it leads on; empty for the record's own way.
        ballots: of a committee's decision: what this person may say now.
        tally: of an approval: how far it is; None of what is none.
    """

    name: str
    title: Text
    style: str
    target: str
    how: Transition | None
    allowed: bool
    blockers: Sequence[Blocker] = ()
    why: Text | None = None
    reason: bool = False
    automatic: bool = False
    at: datetime | None = None
    votes: int = 0
    needed: int = 0
    shown: str = ""
    branch: str = ""
    ballots: tuple[Ballot, ...] = ()
    tally: Tally | None = None


class Offers:
    """Makes offers.

    Args:
        guards, duties, approvals, places: whom it asks.
        due: when the time of a case's state is over.
    """

    def __init__(
        self,
        kernel: Kernel,
        guards: Guards,
        duties: Duties,
        approvals: Approvals,
        places: Places,
        due: Callable[[KernelContext, Case, Definition], datetime | None],
    ) -> None:
        self.kernel = kernel
        self._guards = guards
        self._duties = duties
        self._approvals = approvals
        self._places = places
        self._due = due

    def of(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        going_on: Sequence[Case],
        definition: Definition,
    ) -> list[Offered]:
        """What leads on from the states of a case and its branches: what this person may use, and what goes by
        itself."""
        done = self._duties.on(ctx, record)
        offers = []
        leading = (
            (case, spec) for case in going_on for spec in definition.leading_from(case.state)
        )
        for case, spec in leading:
            how = flow.transitions.get(spec.name)
            if how is not None and how.plugin != spec.plugin:
                how = None
            if how is None or how.by_itself or self.kernel.access.may(ctx, how, "use", record):
                # asked as it would be carried out
                with self._places.taken(ctx, record, case, definition, spec, flow):
                    blockers = self._guards.blockers(ctx, record, definition, spec, flow)
                    if how is not None:
                        blockers += self._approvals.reserved(ctx, case, record, how, flow)
                    offers.append(
                        self._offer(ctx, record, case, definition, spec, how, blockers, done)
                    )
        return offers

    def _offer(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        how: Transition | None,
        blockers: Sequence[Blocker],
        done: Sequence[tuple[str, int]],
    ) -> Offered:
        refusal: TenorError | None = None
        acting = self.kernel.access.standing.counts_for(ctx)
        tally = NO_TALLY
        ballots: tuple[Ballot, ...] = ()
        if how is not None and not how.by_itself:
            refusal = self._duties.refusal(type(record), how.name, acting, done)
        if how is not None and how.approval is not None:
            tally, refusal = self._tally(ctx, case, record, how, refusal)
            held_up = bool(blockers)
            blockers = [*blockers, *self._approvals.barred(ctx, record, how, tally)]
            ballots = self._approvals.ballots(ctx, record, how, tally, held_up=held_up)
        sitting = tally.sitting
        if sitting is not None and refusal is None:
            recused = [one for user, one in sitting.recused.items() if user in acting]
            refusal = Forbidden("recused", why=recused[0].why) if recused else None
        why = _("{error}", error=refusal) if refusal is not None else None
        if why is None and acting & tally.spent:
            why = _("You have decided already")
        return Offered(
            name=spec.name,
            title=titled(spec.title, spec.plugin),
            style=spec.style,
            target=definition.target(spec, case.straight_to),
            how=how,
            allowed=how is not None and not spec.by_itself and why is None and not blockers,
            blockers=blockers,
            why=why,
            reason=spec.reason,
            automatic=spec.by_itself,
            at=self._due(ctx, case, definition) if spec.after is not None else None,
            votes=tally.votes,
            needed=tally.needed,
            shown=tally.shown,
            branch=case.branch,
            ballots=ballots if refusal is None else (),
            tally=tally if tally is not NO_TALLY else None,
        )

    def _tally(
        self,
        ctx: KernelContext,
        case: Case,
        record: Record,
        how: Transition,
        refusal: TenorError | None,
    ) -> tuple[Tally, TenorError | None]:
        """How far an approval is; where its code fails, nobody is offered it."""
        try:
            return self._approvals.tally(ctx, case, record, how), refusal
        except TenorError as error:
            return NO_TALLY, refusal or error
        except FAILURES:
            log.exception("the approval %s failed; it is out of service", how.name)
            return NO_TALLY, refusal or TenorError("approval-out-of-service")
