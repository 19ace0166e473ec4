"""The stage on which demo data is played, once for an institution, by the same services that staff use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.loader.records import DemoPlayed
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.declarations import Labelled
    from tenor.kernel import Kernel


#: behind a plugin's name, of what it plays after all others
_LAST: Final = " (last)"
#: when the first act of a day is played, and how long it is to the next
_BEGIN: Final = time(9)
_BETWEEN: Final = timedelta(minutes=4)


class KernelStage:
    """Acts of people on days, each in a transaction of its own. ``system`` is the kernel itself.

    What is played on a day happens in its office hours, one act after the other, so that a case has stood as long in a
    stage as the days between its acts say.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._acts: Counter[date] = Counter()

    @contextmanager
    def as_(self, login: str, *, on: date | None = None) -> Iterator[KernelContext]:
        actor, now = actor_of(self.kernel, login, on), self._moment(on)
        with self.kernel.context(actor, write=True, today=on, now=now) as ctx:
            yield ctx

    def _moment(self, day: date | None) -> datetime | None:
        if day is None:
            return None
        self._acts[day] += 1
        clock = self.kernel.clock
        begun = datetime.combine(day, _BEGIN, clock.zone)
        return min(begun + self._acts[day] * _BETWEEN, clock.now()).astimezone(UTC)

    def run_jobs(self) -> None:
        self.kernel.jobs.run_due()


def actor_of(kernel: Kernel, login: str, on: date | None = None) -> ActorData:
    """The active user with this login; ``system`` is the kernel.

    Args:
        on: another business date than the clock's.

    Raises:
        NotFound: ``no-user``.
    """
    if login == "system":
        return kernel.access.system_actor()
    with kernel.db.raw(write=False) as connection:
        actor = kernel.access.actor_by_login(connection, login, on=on)
    if actor is None:
        raise NotFound("no-user", login=login)
    return actor


def play(kernel: Kernel, plugins: Iterable[str] | None = None) -> list[str]:
    """Play the demo data that wasn't played yet.

    Args:
        plugins: only theirs; None: of all that run.

    Returns:
        The plugins whose data was played now.
    """
    loaded = [each.name for each in kernel.declarations.plugins]
    done = []
    for plugin in loaded:
        if plugins is None or plugin in plugins:
            done += [plugin] if _once(kernel, plugin, _acts(kernel, plugin, last=False)) else []
    if plugins is None:
        for plugin in loaded:
            _once(kernel, f"{plugin}{_LAST}", _acts(kernel, plugin, last=True))
    return done


def _once(kernel: Kernel, name: str, acts: Sequence[Labelled]) -> bool:
    """Play acts unless what goes by this name was played before; whether they were played now."""
    if not acts or name in _played(kernel):
        return False
    stage = KernelStage(kernel)
    for act in acts:
        act.function(stage)
    _remember(kernel, name)
    return True


def _acts(kernel: Kernel, plugin: str, *, last: bool) -> list[Labelled]:
    found = [
        act
        for act in kernel.declarations.labelled("__tenor_demo__")
        if act.plugin == plugin and act.label.last == last
    ]
    return sorted(found, key=lambda act: act.label.order)


def _played(kernel: Kernel) -> set[str]:
    with kernel.db.raw(write=False) as connection:
        table = DemoPlayed.__table__
        return set(connection.execute(select(table.c.plugin)).scalars())


def _remember(kernel: Kernel, plugin: str) -> None:
    with (
        kernel.context(kernel.access.system_actor(), write=True) as ctx,
        kernel.db.system(ctx.guarded) as session,
    ):
        session.add(DemoPlayed(plugin=plugin))
