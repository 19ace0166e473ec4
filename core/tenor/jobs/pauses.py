"""A plugin whose jobs keep failing is paused: its jobs wait, those of others in the same queue don't."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from tenor.events.rows import inserting, stamps, table_of
from tenor.jobs.access import look_after_jobs
from tenor.jobs.leases import job, moment
from tenor.jobs.notices import JOBS_PAUSED
from tenor.jobs.records import LEASED, PausedPlugin
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.errors import Conflict, NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_paused: Final = table_of(PausedPlugin)

#: the kernel's own jobs are of this plugin
_KERNELS: Final = "base"


class Pauses:
    """Which plugins are paused.

    Attributes:
        most: so many jobs of a plugin, of which the last try of each ended in an error and none was done between them,
            are enough. What is refused is an answer and doesn't count.
    """

    most: int = 20

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def look(self, plugin: str, error: str) -> None:
        """After a job of a plugin failed: pause the plugin, if nothing else happens to its jobs any more.

        The kernel's own jobs are never paused: who would tell?
        """
        if plugin == _KERNELS or not self._keeps_failing(plugin):
            return
        system = self.kernel.access.system_actor()
        with self.kernel.context(system, write=True) as ctx:
            if self._pause(ctx, plugin, error):
                log.error("the jobs of %s keep failing: they are paused", plugin)
                self.kernel.audit.note(ctx, "jobs-paused", plugin=plugin, error=error)
                self._tell(ctx, plugin, error)

    def pause(self, ctx: KernelContext, plugin: str) -> None:
        """Let the jobs of a plugin wait until they are resumed.

        Raises:
            Forbidden: ``not-permitted``.
            NotFound: no such plugin is enabled.
            Conflict: ``jobs-paused-already``.
        """
        self.kernel.access.check_use(ctx, look_after_jobs)
        if plugin not in self.kernel.jobs.kinds.plugins:
            raise NotFound("not-found", what=plugin)
        if not self._pause(ctx, plugin, ""):
            raise Conflict("jobs-paused-already", plugin=plugin)
        self.kernel.audit.note(ctx, "jobs-paused", plugin=plugin)

    def resume(self, ctx: KernelContext, plugin: str) -> None:
        """Let the jobs of a plugin run again; what failed before counts no more.

        Raises:
            Forbidden: ``not-permitted``.
            Conflict: ``jobs-not-paused``.
        """
        self.kernel.access.check_use(ctx, look_after_jobs)
        now = moment(self.kernel.db.dialect)
        statement = update(_paused).where(_paused.c.plugin == plugin, _paused.c.paused)
        resumed = statement.values(paused=False, resumed_at=now)
        if self.kernel.db.execute(ctx.guarded, resumed).rowcount != 1:
            raise Conflict("jobs-not-paused", plugin=plugin)
        self.kernel.audit.note(ctx, "jobs-resumed", plugin=plugin)
        ctx.after_commit.append(self.kernel.jobs.nudge)

    def _keeps_failing(self, plugin: str) -> bool:
        resumed = select(_paused.c.resumed_at).where(_paused.c.plugin == plugin).scalar_subquery()
        tried = (
            select(job.c.fault)
            .where(
                job.c.plugin == plugin,
                job.c.state != LEASED,
                # what never began says nothing, and comes first on PostgreSQL
                job.c.started_at.is_not(None),
                or_(resumed.is_(None), job.c.started_at > resumed),
            )
            .order_by(job.c.started_at.desc())
            .limit(self.most)
        )
        with self.kernel.db.raw(write=False) as connection:
            faults = connection.execute(tried).scalars().all()
        return len(faults) == self.most and all(faults)

    def _pause(self, ctx: KernelContext, plugin: str, reason: str) -> bool:
        """Whether it wasn't paused before."""
        now = moment(self.kernel.db.dialect)
        values = {"plugin": plugin, "paused": True, "since": now, "reason": reason}
        write = inserting(self.kernel.db.dialect)(_paused).values({**values, **stamps(ctx)})
        write = write.on_conflict_do_update(
            index_elements=["plugin"], set_=values, where=~_paused.c.paused
        ).returning(_paused.c.id)
        return self.kernel.db.execute(ctx.guarded, write).first() is not None

    def _tell(self, ctx: KernelContext, plugin: str, error: str) -> None:
        title = _("The jobs of {plugin} are paused", plugin=plugin)
        body = _(
            "The last {n} of them failed one after the other, the latest with: {error}. They wait until somebody "
            "resumes them on the page of jobs; those of other plugins go on.",
            n=self.most,
            error=error,
        )
        administrators = self.kernel.access.holders(ctx, ADMINISTRATOR, None)
        self.kernel.notify.notify(ctx, administrators, title, body, None, kind=JOBS_PAUSED)
