"""The kernel as one value: its rooms, and the contexts that it opens and commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tenor.audit.lasting import Lasting
from tenor.context import KernelContext
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from tenor.access import Access, ActorData
    from tenor.audit import Audit
    from tenor.clock import Clock
    from tenor.db import Database
    from tenor.declarations import Declarations
    from tenor.drivers import Drivers
    from tenor.events import Events
    from tenor.expressions import Expressions
    from tenor.files import Files
    from tenor.i18n import Translator
    from tenor.identity import Identity
    from tenor.imports import Imports
    from tenor.jobs import Jobs
    from tenor.loader import Failure, Loader
    from tenor.notify import Notify
    from tenor.records import Records
    from tenor.search import Search
    from tenor.settings import KernelSettings, SettingsStore
    from tenor.views import Views
    from tenor.workflow import WorkflowEngine


class SafeMode(TenorError):
    """A critical plugin doesn't run, or somebody wants it so: nobody but administrators is let in."""

    status = 503


@dataclass(kw_only=True)
class Kernel:
    """A running institution in this process; made by ``tenor.boot.boot``."""

    settings: KernelSettings
    clock: Clock
    db: Database
    declarations: Declarations
    translator: Translator
    plugin_settings: SettingsStore
    access: Access
    identity: Identity
    audit: Audit
    events: Events
    jobs: Jobs
    notify: Notify
    files: Files
    records: Records
    search: Search
    expressions: Expressions
    workflow: WorkflowEngine
    drivers: Drivers
    views: Views
    imports: Imports
    loader: Loader

    @property
    def failures(self) -> list[Failure]:
        """The plugins that are enabled and don't run, each with its cause and what to do."""
        return self.loader.failures

    @property
    def safe_mode(self) -> bool:
        """Whether a critical plugin doesn't run: then no other does, and only administrators are let in."""
        return self.loader.safe_mode

    def let_in(self, actor: ActorData) -> None:
        """Whoever comes to the pages or the API.

        Raises:
            SafeMode: ``safe-mode``, ``safe-mode-by-hand``, with the reason: only administrators may come in.
        """
        if self.safe_mode and "administrator" not in actor.positions:
            reason = self.loader.put_into_safe_mode
            raise SafeMode("safe-mode-by-hand", reason=reason) if reason else SafeMode("safe-mode")

    @property
    def generation(self) -> int:
        """Of the set of enabled plugins with which this process started."""
        return self.loader.state.generation

    def report(self, error: BaseException, request_id: str = "") -> None:
        """Put a fault of ours, or of a plugin, into the log: with the number that the person was told."""
        import structlog  # it brings what colours a traceback, which a start doesn't wait for

        structlog.get_logger("tenor").error("fault", request_id=request_id, exc_info=error)

    @contextmanager
    def context(
        self,
        actor: ActorData | Callable[[Connection], ActorData],
        *,
        write: bool,
        request_id: str = "",
        today: date | None = None,
        now: datetime | None = None,
    ) -> Iterator[KernelContext]:
        """Open a context for one request or job; committed at its end, undone by any exception out of it.

        Args:
            actor: who acts; or a function that finds out within the transaction, on its connection.
            write: False gets a session that can't write.
            request_id: in log and ledger; by default a new one.
            today: another business date than the clock's (the demo's acts).
            now: another instant than the clock's, for the same.
        """
        ended: list[Callable[[], None]] = []
        lasting = Lasting()
        try:
            with self.db.begin(write=write) as session:
                who = actor(self.db.connection_of(session)) if callable(actor) else actor
                ctx = KernelContext(self, session, who, request_id or uuid4().hex[:16], today, now)
                ended, lasting = ctx.after_end, ctx.lasting
                self.access.admit(ctx)
                try:
                    yield ctx
                    ctx.finish()
                finally:
                    ctx.close()
        except BaseException:
            lasting.undone = True
            raise
        finally:
            # what must stay on record though the transaction may be undone
            lasting.keep(self.db)
            for act in ended:
                act()
        ctx.within.keep()
        for act in ctx.after_commit:
            act()

    @contextmanager
    def context_within(
        self, connection: Connection, actor: ActorData, *, request_id: str, today: date | None
    ) -> Iterator[KernelContext]:
        """A context in a transaction that others share (``Database.shared``).

        Whoever opened that transaction does afterwards what the context left in ``after_end`` and, where it was
        committed, in ``after_commit``.
        """
        with self.db.share(connection) as session:
            ctx = KernelContext(self, session, actor, request_id, today)
            self.access.admit(ctx)
            try:
                yield ctx
                ctx.finish()
            finally:
                ctx.close()
