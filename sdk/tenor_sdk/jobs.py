"""Jobs: what the machine does later, on a schedule, or after an event.

A job's arguments are JSON values, dates, amounts and rates. It runs at least once, in a transaction of its own, and has
one effect: the effect and the mark that it is done are committed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Never, TypeVar

from tenor_sdk.declare import plugin_of
from tenor_sdk.events import Event
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tenor_sdk.context import Context

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


#: However often a job fails, it is tried again within this time.
_LONGEST_PAUSE: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Every:
    """A schedule at a distance, counted from the run that was due before.

    Raises:
        ValueError: no distance at all.
    """

    hours: int = 0
    minutes: int = 0
    seconds: int = 0

    def __post_init__(self) -> None:
        if self.distance <= timedelta():
            raise ValueError(f"a schedule needs a distance of at least a second, not {self}")

    @property
    def distance(self) -> timedelta:
        return timedelta(hours=self.hours, minutes=self.minutes, seconds=self.seconds)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """A schedule once a day, in the institution's time zone.

    Args:
        at: the local time.
        working_days_only: not on days off.
        catch_up: after a pause: ``once`` for all that was missed, ``each`` of them (``ctx.today`` is then the day for
            which it runs), or ``skip``.

    Raises:
        ValueError: a time with a zone of its own.
    """

    at: time
    working_days_only: bool = False
    catch_up: Literal["once", "each", "skip"] = "once"

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError(f"a daily time is the institution's, without a zone, not {self.at}")


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often it is tried, and the pause before the next try, doubled each time up to a day.

    Args:
        times: tries in all; after the last the job is parked, where a person sees it.
        pause: before the second try.

    Raises:
        ValueError: no try at all, or a pause below zero.
    """

    times: int = 5
    pause: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if self.times < 1 or self.pause < timedelta():
            raise ValueError(f"a job is tried once at least, after a pause of zero or more: {self}")

    def pause_after(self, failures: int) -> timedelta:
        """The pause before the next try, after so many that failed (1 or more)."""
        # twenty times doubled, a second is twelve days: no need to reckon beyond
        times: int = 2 ** min(failures - 1, 20)
        return min(min(self.pause, _LONGEST_PAUSE) * times, _LONGEST_PAUSE)


@dataclass(frozen=True, kw_only=True)
class JobLabel:
    """The label of a job."""

    name: str
    event: type[Event] | None
    schedule: Every | Daily | None
    retry: Retry
    queue: str
    actor: str


def job(
    *bare: Never,
    on: type[Event] | None = None,
    schedule: Every | Daily | None = None,
    retry: Retry | None = None,
    queue: str = "",
    actor: str = "",
) -> Callable[[F], F]:
    """Label ``(ctx, **arguments)`` as a job; with ``on``, it is handed the event: ``(ctx, event)``.

    Actor: who asked for it; on a schedule, or with ``actor``, the plugin's service actor, whose grants are those of
    the roles that list the position ``service:<plugin>``. Raising tries it again later; raising ``Refused`` parks it
    at once.

    Args:
        on: run after each event of this kind, once it is committed.
        queue: of work that mustn't wait behind other work; by default the plugin's own.
        actor: ``"service"`` to run as the plugin's service actor whoever asked.
    """
    if bare:
        raise TypeError(f"@job is handed {bare[0]!r}: write @job(), or @job(on=ItsEvent)")
    if on is not None and not (isinstance(on, type) and issubclass(on, Event)):
        raise TypeError(f"{on!r} is no Event: write @job(on=ItsEvent)")

    def label(function: F) -> F:
        if function.__name__ != function.__qualname__ or not function.__name__.isidentifier():
            raise TypeError(
                f"{function.__qualname__} can't be a job: the worker finds it by its name at the top of a module"
            )
        plugin = plugin_of(function.__module__)
        function.__tenor_job__ = JobLabel(  # type: ignore[attr-defined]  # a label on a function
            name=f"{plugin}.{function.__name__}", event=on, schedule=schedule, retry=retry or Retry(),
            queue=queue or plugin, actor=actor,
        )  # fmt: skip
        return function

    return label


def outside(
    ctx: Context,
    key: str,
    call: Callable[[str], T],
    *,
    ask: Callable[[str], T | None] | None = None,
) -> T:
    """An effect beyond the database (a CA, a bank, mail), within a job: once, as far as that can be had.

    The intention is committed, ``call(key)`` made with no transaction open, the outcome committed. After a crash
    between the two, ``ask(key)`` is asked for what became of it before the call is made again; without ``ask`` the job
    is parked for a person. What the job loaded before is expired afterwards.

    A job calls outside first and writes afterwards: what it wrote before a call would be committed with the intention,
    and written again when it is tried again.

    Args:
        key: the idempotency key that the provider gets too.
        call: makes the effect; returns a JSON value; raises ``Refused`` where the provider says no, so that nothing is
            under way.
        ask: returns the outcome of an earlier call with this key, None where there was none.

    Raises:
        Refused: ``needs-a-person``; the job is parked.
        RuntimeError: outside a job, within a savepoint, or after the job has written.
    """
    outcome: T = port_of(ctx).outside(ctx, key, call, ask)
    return outcome


def own_transaction(ctx: Context) -> AbstractContextManager[Context]:
    """A short transaction of its own, committed at its end: for a driver that keeps its books in the institution's own
    database, where no transaction is open, as in a call that ``outside`` makes.

    Actor and business date are those of ``ctx``. Nothing is a procedure in it: write through a ``@service``.

    Raises:
        RuntimeError: while a writing transaction is open, which might wait for itself.
    """
    return port_of(ctx).own_transaction(ctx)
