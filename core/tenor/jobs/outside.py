"""An effect beyond the database, once as far as that can be had: the intention is committed, the call made with no
transaction open, its outcome committed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, exists, func, or_, select, update

from tenor.audit.records import LedgerEntry
from tenor.events.rows import inserting, stamps, table_of
from tenor.events.wire import from_json, to_json
from tenor.jobs.leases import job, moment
from tenor.jobs.records import DONE, INTENDED, LEASED, OutsideCall
from tenor.jobs.stops import Alone, Fenced, NeedsAPerson
from tenor_sdk.errors import Conflict, Refused

if TYPE_CHECKING:
    from sqlalchemy import Row

    from tenor.context import KernelContext
    from tenor.jobs.runs import Run
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_call: Final = table_of(OutsideCall)
_ledger: Final = table_of(LedgerEntry)

Ask = Callable[[str], Any] | None


class Outside:
    """The door to what isn't in the database."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def __call__(
        self, ctx: KernelContext, run: Run, key: str, call: Callable[[str], Any], ask: Ask
    ) -> Any:
        """Make an effect; see ``tenor_sdk.jobs.outside``.

        Raises:
            Refused: ``needs-a-person``: an earlier try may have made it and nobody can tell.
            Conflict: ``outside-under-way``: another job is making it.
            RuntimeError: the job has written before, which a repetition would write again.
        """
        if run.shares:
            raise Alone
        full = f"{run.kind.plugin}:{key}"
        ctx.guarded.flush()
        before = self._before(ctx, full)
        if before is not None and before.state == DONE:
            return from_json(before.outcome)
        self._check_nothing_written(ctx, run)
        if before is not None and before.job_id != run.lease.id:
            self._check_nobody_calls(ctx, before)
        if before is not None and ask is None:
            raise NeedsAPerson(full)
        self._intend(ctx, run, full)
        with self.kernel.db.pause(ctx.guarded):
            outcome = self._made(full, key, call, ask if before is not None else None)
        ctx.renew(ctx.guarded, self.kernel.clock.now())
        return outcome

    # -- before ---------------------------------------------------------------------------------

    def _before(self, ctx: KernelContext, full: str) -> Row[Any] | None:
        statement = select(_call).where(_call.c.key == full)
        return self.kernel.db.execute(ctx.guarded, statement).one_or_none()

    def _check_nothing_written(self, ctx: KernelContext, run: Run) -> None:
        """What was written before would be committed with the intention, and written again by the next try."""
        changed = or_(
            _ledger.c.kind.in_(("create", "update", "delete")), _ledger.c.kind.like("bulk-%")
        )
        statement = select(func.count()).where(_ledger.c.request_id == ctx.request_id, changed)
        if run.wrote or self.kernel.db.execute(ctx.guarded, statement).scalar_one():
            raise RuntimeError(f"{run.kind.name}: a job calls outside first and writes afterwards")

    def _check_nobody_calls(self, ctx: KernelContext, before: Row[Any]) -> None:
        now = moment(self.kernel.db.dialect)
        alive = exists().where(job.c.id == before.job_id, job.c.state == LEASED, job.c.until >= now)
        if self.kernel.db.execute(ctx.guarded, select(alive)).scalar_one():
            raise Conflict("outside-under-way", call=before.key)

    def _intend(self, ctx: KernelContext, run: Run, full: str) -> None:
        """Write the intention, and hold the lease for the length of the call."""
        insert = inserting(self.kernel.db.dialect)
        values = {"key": full, "job_id": run.lease.id, "state": INTENDED, **stamps(ctx)}
        write = insert(_call).values(values).on_conflict_do_update(
            index_elements=["key"], set_={"job_id": run.lease.id, "state": INTENDED}
        )  # fmt: skip
        self.kernel.db.execute(ctx.guarded, write)
        hold = update(job).where(run.lease.mine)
        until = moment(self.kernel.db.dialect, self.kernel.jobs.lease_seconds)
        if self.kernel.db.execute(ctx.guarded, hold.values(until=until)).rowcount != 1:
            raise Fenced

    # -- the call itself ------------------------------------------------------------------------

    def _made(self, full: str, key: str, call: Callable[[str], Any], ask: Ask) -> Any:
        """The outcome of an earlier call with this key, or of one made now; committed before anything else."""
        outcome = ask(key) if ask is not None else None
        if outcome is None:
            try:
                outcome = call(key)
            except Refused:
                self._withdraw(full)
                raise
        self._keep(full, outcome)
        return outcome

    def _keep(self, full: str, outcome: Any) -> None:
        values = {"state": DONE, "outcome": to_json(outcome)}
        with self.kernel.db.raw() as connection:
            connection.execute(update(_call).where(_call.c.key == full).values(values))

    def _withdraw(self, full: str) -> None:
        """The provider said no: nothing was done, and a later try may call again."""
        with self.kernel.db.raw() as connection:
            connection.execute(delete(_call).where(_call.c.key == full))
