"""A callback that keeps failing is left out for a while, loudly, where it may be; see decision 55.

Each process counts its own calls. That one is left out stands in the database and holds for all of them; each knows by
the number that is read with every person who acts (decision 26), so that nobody asks for it at each call. After a rest
one call is let through: if it goes well, the callback is called again; if not, the next rest is twice as long.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from tenor.db import gate
from tenor.events.notices import LEFT_OUT
from tenor.events.records import Breaker
from tenor.events.rows import inserting, stamps, table_of
from tenor.events.said import words_of
from tenor.events.timings import Key, is_failure
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_row: Final = table_of(Breaker)
#: the kernel's own callbacks are of this plugin, and never left out: who would tell?
_KERNELS: Final = "base"


class LeftOut(Exception):
    """A callback isn't called for now."""


@dataclass(frozen=True)
class Open:
    """A callback that is left out.

    Args:
        until: when one call is let through.
        tries: how often that was done already.
        error: out of the last call before.
    """

    kind: str
    plugin: str
    name: str
    since: datetime
    until: datetime
    tries: int
    error: str

    @property
    def key(self) -> Key:
        return self.kind, self.plugin, self.name


def read_open(connection: Connection, versions: Mapping[str, str]) -> dict[Key, Open]:
    """The callbacks that are left out.

    Args:
        versions: of the plugins that are installed: what failed in another one is called again.
    """
    found = connection.execute(select(_row).where(_row.c.open), execution_options=gate.MARKED)
    rows = [row for row in found if versions.get(row.plugin) == row.plugin_version]
    opened = [
        Open(row.kind, row.plugin, row.name, row.since, row.until, row.tries, row.error)
        for row in rows
    ]
    return {each.key: each for each in opened}


class Breakers:
    """Which callbacks are left out.

    Attributes:
        most: so many more calls of a callback that failed than went well are enough.
        rest: after which one call is let through at first; each time that it fails it is doubled, up to ``longest``.
    """

    most: int = 10
    rest: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=1)

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._lock = Lock()
        self._kept: tuple[int | None, Mapping[Key, Open]] | None = None
        self._trying: dict[Key, datetime] = {}
        self._skipped: dict[Key, int] = {}

    # -- where a callback is called -------------------------------------------------------------

    def leaves_out(self, ctx: KernelContext, kind: str, plugin: str, name: str) -> bool:
        """Whether a callback isn't to be called; for those that may be left out."""
        off = self.open(ctx)
        if not off:
            return False
        found = off.get((kind, plugin, name))
        if found is None or self._lets_through(ctx, found):
            return False
        self._skipped[found.key] = self._skipped.get(found.key, 0) + 1
        return True

    def failed(
        self, ctx: KernelContext, kind: str, plugin: str, name: str, error: BaseException
    ) -> None:
        """After a callback that may be left out failed: leave it out, if it hardly does anything else any more."""
        key = (kind, plugin, name)
        meter = self.kernel.events.timings.meter(*key)
        # as it was known when it was called: nothing is read where a statement may just have failed
        off = self._kept[1] if self._kept is not None else {}
        if plugin == _KERNELS or meter.odds < self.most or key in off:
            return
        meter.odds = 0  # once it is called again, what was before counts no more
        said = words_of(error)
        ctx.after_end.append(partial(self._by_itself, partial(self._leave_out, key, said)))

    @contextmanager
    def optional(self, ctx: KernelContext, kind: str, plugin: str, name: str) -> Iterator[None]:
        """A callback that may be left out: timed, and what comes out of it counts.

        Raises:
            LeftOut: it isn't to be called for now.
        """
        if self.leaves_out(ctx, kind, plugin, name):
            raise LeftOut
        try:
            with self.kernel.events.timings.timed(kind, plugin, name):
                yield
        except BaseException as error:
            if is_failure(kind, error):
                self.failed(ctx, kind, plugin, name, error)
            raise

    def open(self, ctx: KernelContext) -> Mapping[Key, Open]:
        """The callbacks that are left out, as this process knows them now."""
        counted, kept = self.kernel.access.counted, self._kept
        if kept is None or kept[0] != counted:
            found = read_open(self.kernel.db.connection_of(ctx.guarded), self._versions())
            for key in kept[1].keys() - found.keys() if kept is not None else ():
                self.kernel.events.timings.meter(*key).odds = 0
            kept = self._kept = (counted, found)
        return kept[1]

    @property
    def skipped(self) -> Mapping[Key, int]:
        """How often this process left out a callback."""
        return dict(self._skipped)

    def _versions(self) -> Mapping[str, str]:
        return {name: each.version for name, each in self.kernel.loader.installed.items()}

    # -- one call is let through ----------------------------------------------------------------

    def _lets_through(self, ctx: KernelContext, found: Open) -> bool:
        now = self.kernel.clock.now()
        if now < found.until:
            return False
        with self._lock:
            # one that is tried in a transaction that is given up is never heard of again
            if found.key in self._trying and now < self._trying[found.key] + self.rest:
                return False
            self._trying[found.key] = now
        meter = self.kernel.events.timings.meter(*found.key)
        tried = partial(self._tried, found, meter.ever().calls, meter.failures)
        ctx.after_end.append(partial(self._by_itself, tried))
        return True

    def _tried(self, found: Open, calls: int, failures: int) -> None:
        """The transaction in which it was called is over."""
        self._trying.pop(found.key, None)
        meter = self.kernel.events.timings.meter(*found.key)
        if meter.failures > failures:
            self._put_off(found)
        elif meter.ever().calls > calls:
            with self.kernel.context(self.kernel.access.system_actor(), write=True) as ctx:
                if self.close(ctx, found.plugin, found.kind, found.name):
                    log.warning("%s %s went well and is called again", found.kind, found.name)
                    self._note(ctx, "callback-again", found.key)

    def _put_off(self, found: Open) -> None:
        until = self.kernel.clock.now() + min(self.rest * 2 ** (found.tries + 1), self.longest)
        later = update(_row).where(_is(found.key), _row.c.open, _row.c.tries == found.tries)
        with self.kernel.db.raw() as connection:
            connection.execute(later.values(tries=found.tries + 1, until=until))
        log.warning("%s %s failed again and stays left out", found.kind, found.name)

    # -- left out, and called again -------------------------------------------------------------

    def _leave_out(self, key: Key, error: str) -> None:
        with self.kernel.context(self.kernel.access.system_actor(), write=True) as ctx:
            if self._opened(ctx, key, error):
                log.error("%s %s keeps failing and is left out: %s", key[0], key[2], error)
                self._note(ctx, "callback-left-out", key, error=error)
                self._tell(ctx, key, error)

    def _opened(self, ctx: KernelContext, key: Key, error: str) -> bool:
        """Whether it wasn't left out before."""
        kind, plugin, name = key
        values = {
            "plugin": plugin,
            "kind": kind,
            "name": name,
            "plugin_version": self._versions().get(plugin, ""),
            "open": True,
            "since": ctx.now,
            "until": ctx.now + self.rest,
            "tries": 0,
            "error": error,
            "closed_at": None,
        }
        write = inserting(self.kernel.db.dialect)(_row).values({**values, **stamps(ctx)})
        anew = or_(~_row.c.open, _row.c.plugin_version != values["plugin_version"])
        write = write.on_conflict_do_update(
            index_elements=["plugin", "kind", "name"], set_=values, where=anew
        ).returning(_row.c.id)
        return self.kernel.db.execute(ctx.guarded, write).first() is not None

    def close(self, ctx: KernelContext, plugin: str, kind: str = "", name: str = "") -> list[Key]:
        """Let callbacks of a plugin be called again.

        Args:
            kind, name: of one; empty: all of it.

        Returns:
            Which of them were left out.
        """
        which = _row.c.plugin == plugin
        if name:
            which = _is((kind, plugin, name))
        again = update(_row).where(which, _row.c.open).values(open=False, closed_at=ctx.now)
        done = self.kernel.db.execute(
            ctx.guarded, again.returning(_row.c.kind, _row.c.plugin, _row.c.name)
        )
        return [(row.kind, row.plugin, row.name) for row in done]

    def _note(self, ctx: KernelContext, kind: str, key: Key, **more: Any) -> None:
        told = {"plugin": key[1], "callback": f"{key[0]} {key[2]}", **more}
        self.kernel.audit.note(ctx, kind, **told)

    def _tell(self, ctx: KernelContext, key: Key, error: str) -> None:
        title = _("A part of {plugin} keeps failing and is left out", plugin=key[1])
        body = _(
            "{callback}, the latest with: {error}. It is tried again by itself; the page of plugins says when, and "
            "lets you have it called again at once.",
            callback=key[2],
            error=error,
        )
        administrators = self.kernel.access.holders(ctx, ADMINISTRATOR, None)
        self.kernel.notify.notify(ctx, administrators, title, body, None, kind=LEFT_OUT)

    @staticmethod
    def _by_itself(act: Callable[[], None]) -> None:
        """Whoever acted is answered, whatever becomes of this."""
        try:
            act()
        except SQLAlchemyError:
            log.exception("which callbacks are left out couldn't be kept")


def _is(key: Key) -> ColumnElement[bool]:
    kind, plugin, name = key
    return and_(_row.c.kind == kind, _row.c.plugin == plugin, _row.c.name == name)
