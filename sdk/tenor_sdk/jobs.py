"""Jobs: what the machine does later, on a schedule, or after an event.

A job's arguments are JSON values, dates, amounts and rates. It runs at least once, in a transaction of its own, and has
one effect: the effect and the mark that it is done are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """A schedule at a distance, counted from the run that was due before, whatever the clocks on the wall do.

    After a pause it runs once for all that was missed.

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
class Spans(Every):
    """A schedule at a distance whose runs divide the time among them: each is called with the instants ``since`` and
    ``until`` between which it looks, ``(ctx, since, until)``.

    The next run's ``since`` is this one's ``until``, which is still this one's own: no instant is left out, and none
    comes twice, however late a run is and whatever was missed before it.
    """


@dataclass(frozen=True, kw_only=True)
class Daily:
    """A schedule once a day, in the institution's time zone.

    Where the clocks are changed it runs once on that day as on any other: a time that is left out comes by as much
    later as the clocks are put forward (half past two is half past three), one that comes twice counts the first time.

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
        # "the second time" has no meaning on a day when the clocks leave it out: it would fall on the day before
        object.__setattr__(self, "at", self.at.replace(fold=0))


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
class Chunks:
    """Work that many workers share: split, then each part by itself, then a final step.

    ``split(ctx, **arguments)`` returns the parts, JSON values each; the labelled function is called with one of them,
    ``(ctx, part, **arguments)``; ``final(ctx, results, **arguments)`` is called once all parts are done, with what they
    returned, in the order of the parts. Each is a transaction of its own with one effect; a part that fails is tried
    again by itself, and parked by itself: the others stand, and the final step waits for it.

    Args:
        split: makes the parts; none at all goes on to the final step.
        final: what is done at the end; its result is the job's. None: nothing.
    """

    split: Callable[..., Sequence[Any]]
    final: Callable[..., Any] | None = None


#: Which of the jobs of a queue that are due is run first.
Priority = Literal["high", "normal", "low"]


@dataclass(frozen=True, kw_only=True)
class JobLabel:
    """The label of a job."""

    name: str
    event: type[Event] | None
    schedule: Every | Daily | None
    retry: Retry
    queue: str
    actor: str
    priority: Priority = "normal"
    one_at_a_time: str = ""
    time_limit: timedelta | None = None
    chunks: Chunks | None = None


def job(
    *bare: Never,
    on: type[Event] | None = None,
    schedule: Every | Daily | None = None,
    retry: Retry | None = None,
    queue: str = "",
    actor: str = "",
    priority: Priority = "normal",
    one_at_a_time: str = "",
    time_limit: timedelta | None = None,
    chunks: Chunks | None = None,
) -> Callable[[F], F]:
    """Label ``(ctx, **arguments)`` as a job; with ``on``, it is handed the event: ``(ctx, event)``.

    Actor: who asked for it; on a schedule, or with ``actor``, the plugin's service actor, whose grants are those of
    the roles that list the position ``service:<plugin>``. Raising tries it again later; raising ``Refused`` parks it
    at once.

    Args:
        on: run after each event of this kind, once it is committed.
        queue: of work that mustn't wait behind other work; by default the plugin's own.
        actor: ``"service"`` to run as the plugin's service actor whoever asked.
        priority: among the jobs of its queue that are due.
        one_at_a_time: of jobs with these words no two run at once: ``"loan {loan_id}"``, filled in with arguments (or
            with fields of the event). Jobs of one plugin with the same words wait for each other, too. With ``chunks``
            it is the whole that has its turn, from its split to its final step; its parts run at once.
        time_limit: a try that takes longer has failed and leaves nothing. It is stopped where it says ``progress``;
            a process that runs one job alone (``tenor worker --processes``) is ended with it.
        chunks: it is done in parts; the function does one of them, ``(ctx, part, **arguments)``.

    Raises:
        ValueError: no time at all.
    """
    if bare:
        raise TypeError(f"@job is handed {bare[0]!r}: write @job(), or @job(on=ItsEvent)")
    if on is not None and not (isinstance(on, type) and issubclass(on, Event)):
        raise TypeError(f"{on!r} is no Event: write @job(on=ItsEvent)")
    if time_limit is not None and time_limit <= timedelta():
        raise ValueError(f"a job needs some time, not {time_limit}")

    def label(function: F) -> F:
        if function.__name__ != function.__qualname__ or not function.__name__.isidentifier():
            raise TypeError(
                f"{function.__qualname__} can't be a job: the worker finds it by its name at the top of a module"
            )
        plugin = plugin_of(function.__module__)
        function.__tenor_job__ = JobLabel(  # type: ignore[attr-defined]  # a label on a function
            name=f"{plugin}.{function.__name__}", event=on, schedule=schedule, retry=retry or Retry(),
            queue=queue or plugin, actor=actor, priority=priority, one_at_a_time=one_at_a_time,
            time_limit=time_limit, chunks=chunks,
        )  # fmt: skip
        return function

    return label


def progress(ctx: Context, done: int, of: int | None = None) -> None:
    """Say how far a job is, within it; and stop here, where somebody cancelled it or its time is over.

    Cheap: call it in a loop. People see it within seconds; it isn't part of the job's effect.

    Args:
        done: steps so far.
        of: how many there will be; None where nobody knows.

    Raises:
        RuntimeError: outside a job.
    """
    port_of(ctx).progress(ctx, done, of)


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
