"""What a person is offered on a record: the transitions that lead on, with what stands in the way of each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
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
        automatic: whether nobody presses it: it is gone as soon as nothing blocks it.
        votes, needed: of an approval: how many votes count, of how many.
        shown: of an approval: the hash of what is decided on now, to be handed back with the vote.
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
    votes: int = 0
    needed: int = 0
    shown: str = ""
    ballots: tuple[Ballot, ...] = ()
    tally: Tally | None = None


class Offers:
    """Makes offers.

    Args:
        guards, duties, approvals, places: whom it asks.
    """

    def __init__(
        self,
        kernel: Kernel,
        guards: Guards,
        duties: Duties,
        approvals: Approvals,
        places: Places,
    ) -> None:
        self.kernel = kernel
        self._guards = guards
        self._duties = duties
        self._approvals = approvals
        self._places = places

    def of(
        self, ctx: KernelContext, record: Record, flow: Flow, case: Case, definition: Definition
    ) -> list[Offered]:
        """What leads on from a case's state: what this person may use, and what goes by itself."""
        done = self._duties.on(ctx, record)
        offers = []
        for spec in definition.leading_from(case.state):
            how = flow.transitions.get(spec.name)
            if how is not None and how.plugin != spec.plugin:
                how = None
            if how is None or how.automatic or self.kernel.access.may(ctx, how, "use", record):
                # asked as it would be carried out
                with self._places.taken(ctx, record, definition, spec, flow):
                    blockers = self._guards.blockers(ctx, record, definition, spec, flow)
                    if how is not None:
                        blockers += self._approvals.reserved(ctx, record, how, flow)
                    offers.append(self._offer(ctx, record, case, spec, how, blockers, done))
        return offers

    def _offer(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        spec: TransitionSpec,
        how: Transition | None,
        blockers: Sequence[Blocker],
        done: Sequence[tuple[str, int]],
    ) -> Offered:
        refusal: TenorError | None = None
        acting = self.kernel.access.standing.counts_for(ctx)
        tally = NO_TALLY
        ballots: tuple[Ballot, ...] = ()
        if how is not None and not how.automatic:
            refusal = self._duties.refusal(type(record), how.name, acting, done)
        if how is not None and how.approval is not None:
            tally, refusal = self._tally(ctx, case, record, how, refusal)
            blockers = [*blockers, *self._approvals.barred(ctx, record, how, tally)]
            ballots = self._approvals.ballots(ctx, record, how, tally)
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
            target=spec.target,
            how=how,
            allowed=how is not None and not spec.automatic and why is None and not blockers,
            blockers=blockers,
            why=why,
            reason=spec.reason,
            automatic=spec.automatic,
            votes=tally.votes,
            needed=tally.needed,
            shown=tally.shown,
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
