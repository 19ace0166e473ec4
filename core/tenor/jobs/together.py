"""Quick jobs, several in one transaction: a commit for each would cost more than most of them do.

Each has a context of its own, of its own actor. They are together only as long as all goes well: an error of one undoes
all, and each is run by itself, where its error is its own. So what has one effect alone has one effect together.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, update

from tenor.db import gate
from tenor.jobs.leases import Lease, all_mine, job
from tenor.jobs.records import DONE
from tenor.jobs.runs import TAKEN, Run, sound
from tenor.jobs.stops import Alone, Fenced

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Executable

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_Done = tuple[Lease, dict[str, Any]]


class Together:
    """Runs quick jobs in shared transactions.

    Attributes:
        quick_seconds: how long a job took on average in this process, at most, to count as quick.
        shared_seconds: how long a shared transaction may take: others wait for what it wrote, on SQLite for any writing
            at all.
    """

    quick_seconds: float = 0.005
    shared_seconds: float = 0.05

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._alone: set[str] = set()

    def quick(self, held: Sequence[Lease]) -> list[Lease]:
        """Those at the head of a batch that may share a transaction; what never ran in this process is run alone."""
        found: list[Lease] = []
        for lease in held:
            if not self._is_quick(lease.name):
                break
            found.append(lease)
        return found

    def names(self) -> list[str]:
        """The jobs that may share a transaction."""
        return [name for name in self.kernel.jobs.kinds.names if self._is_quick(name)]

    def _is_quick(self, name: str) -> bool:
        kind = self.kernel.jobs.kinds.named(name)
        if kind is None or kind.chunks is not None or kind.time_limit is not None:
            return False
        seconds = self.kernel.events.timings.average("job", kind.plugin, name)
        return name not in self._alone and seconds is not None and seconds < self.quick_seconds

    def run(self, leases: Sequence[Lease]) -> int:
        """Run jobs in one transaction.

        Returns:
            How many of the first are done; 0 where each is to be run by itself.
        """
        contexts: list[KernelContext] = []
        try:
            done = self._run(leases, contexts)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 -- whatever it is comes again where the job is run by itself
            log.info("jobs are run one by one, as one of them can't be run with others: %r", error)
            return 0
        # where all is undone, each comes again with what is to stay of it
        for act in (act for ctx in contexts for act in ctx.after_end):
            act()
        for ctx in contexts:
            ctx.lasting.keep(self.kernel.db)
            ctx.within.keep()
        for act in dict.fromkeys(act for ctx in contexts for act in ctx.after_commit):
            act()
        return done

    def _run(self, leases: Sequence[Lease], contexts: list[KernelContext]) -> int:
        done: list[_Done] = []
        actors: dict[tuple[int | None, str, int | None], ActorData] = {}
        began = monotonic()
        with self.kernel.db.shared() as connection:
            found = _execute(connection, TAKEN.where(all_mine(leases)))
            rows = {row.id: row for row in found}
            for lease in leases:
                if lease.id not in rows:
                    raise Fenced
                row = rows[lease.id]
                who = (row.actor_id, row.service, row.mandate_id)
                ctx, values = self._one(connection, lease, row, actors.get(who), contexts)
                actors[who] = ctx.actor
                done.append((lease, values))
                if monotonic() - began > self.shared_seconds:
                    break
            self._finish(connection, done)
        return len(done)

    def _one(
        self,
        connection: Connection,
        lease: Lease,
        row: Row[Any],
        actor: ActorData | None,
        contexts: list[KernelContext],
    ) -> tuple[KernelContext, dict[str, Any]]:
        runner = self.kernel.jobs.runner
        kind = sound(row, self.kernel.jobs.kinds.named(row.name))
        run = Run(lease, kind, row.mandate_id, shares=True)
        called = runner.called(row, actor)
        with self.kernel.context_within(connection, called.actor, **called.context) as ctx:
            contexts.append(ctx)
            try:
                return ctx, runner.perform(ctx, run, row, called.call)
            except Alone:
                self._alone.add(row.name)
                raise

    def _finish(self, connection: Connection, done: Sequence[_Done]) -> None:
        """Those that left nothing to note in one statement."""
        plain = [lease for lease, values in done if _is_plain(values)]
        groups = [([lease], values) for lease, values in done if not _is_plain(values)]
        if plain:
            groups.append((plain, next(values for _, values in done if _is_plain(values))))
        for leases, values in groups:
            ended = update(job).where(all_mine(leases)).values(values)
            if _execute(connection, ended).rowcount != len(leases):
                raise Fenced


def _execute(connection: Connection, statement: Executable) -> CursorResult[Any]:
    """A statement of the kernel's own, marked by itself: the guard goes on watching the jobs on that connection."""
    return connection.execute(statement, execution_options=gate.MARKED)


def _is_plain(values: dict[str, Any]) -> bool:
    return values["state"] == DONE and values["result"] is None and "progress" not in values
