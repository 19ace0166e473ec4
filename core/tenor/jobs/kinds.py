"""The jobs that the enabled plugins declare, by name, by function and by the event that they follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from hashlib import sha256
from inspect import signature
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, cast

from tenor.declarations import check_called
from tenor_sdk.events import Event
from tenor_sdk.jobs import Chunks, Daily, Every, JobLabel, Priority, Retry, Spans

if TYPE_CHECKING:
    from tenor.declarations import Labelled
    from tenor.events import Handler


#: The order of priorities; numbers between them stay free.
RANKS: Final[Mapping[Priority, int]] = {"high": 10, "normal": 20, "low": 30}

#: Longer words of a turn are kept by their hash.
_LONGEST_TURN: Final = 300


class JobError(Exception):
    """A job that is declared or enqueued wrongly; the message names it.

    Args:
        plugin: whose declaration is at fault; empty where it is the caller's.
    """

    def __init__(self, message: str, plugin: str = "") -> None:
        super().__init__(message)
        self.plugin = plugin


@dataclass(frozen=True)
class JobKind:
    """A job as declared; a handler that failed is tried again as one, too.

    Args:
        plugin: whose procedure it is, and whose service actor does it where nobody asked.
        event: with which it is called, instead of arguments.
        service: whether the service actor does it whoever asked.
        rank: among what is due in its queue; the lowest goes first.
        turn: of jobs with these words, filled in with arguments, one runs at a time; empty: as many as there are.
    """

    name: str
    plugin: str
    function: Callable[..., Any]
    queue: str
    retry: Retry
    event: type[Event] | None = None
    schedule: Every | Daily | None = None
    service: bool = False
    rank: int = RANKS["normal"]
    turn: str = ""
    time_limit: timedelta | None = None
    chunks: Chunks | None = None

    def turn_of(self, arguments: Mapping[str, object]) -> str | None:
        """For which its jobs wait for each other; None where they don't.

        Args:
            arguments: with which it is enqueued, or the fields of its event.
        """
        if not self.turn:
            return None
        words = f"{self.plugin}: {self.turn.format_map({**self._defaults(), **arguments})}"
        return words if len(words) <= _LONGEST_TURN else sha256(words.encode()).hexdigest()

    def _defaults(self) -> dict[str, object]:
        return {name: each.default for name, each in signature(self.function).parameters.items()}

    @property
    def leading(self) -> tuple[str, ...]:
        """What it is called with before its arguments."""
        return ("ctx",) if self.chunks is None else ("ctx", "part")

    def check_arguments(self, arguments: Mapping[str, object]) -> None:
        """See to it that it can be called so, now rather than when nobody looks.

        Raises:
            JobError: an argument too many or too few, or a job that only its event calls.
        """
        if self.event is not None:
            raise JobError(f"{self.name} follows {self.event.event_name}: emit that instead")
        try:
            signature(self.function).bind(*self.leading, **arguments)
        except TypeError as error:
            raise JobError(f"{self.name} can't be called so: {error}") from None


class JobKinds:
    """All of them.

    Args:
        declared: functions labelled ``@job``, in load order.
        handlers: of events.
        plugins: the names of the enabled plugins.

    Raises:
        JobError: two jobs of one name; a schedule for a job that takes arguments.
    """

    def __init__(
        self, declared: Iterable[Labelled], handlers: Iterable[Handler], plugins: Iterable[str]
    ) -> None:
        self.plugins = tuple(plugins)
        self._by_name: dict[str, JobKind] = {}
        self._by_function: dict[Callable[..., Any], JobKind] = {}
        self._following: dict[type[Event], list[JobKind]] = {}
        for found in declared:
            self._add(_declared(found))
        for handler in handlers:
            self._add(_retried(handler))
        self.queues: Sequence[str] = sorted({kind.queue for kind in self._by_name.values()})
        #: the queues of which some jobs run one at a time
        self.in_turns = frozenset(kind.queue for kind in self._by_name.values() if kind.turn)
        self.scheduled: Sequence[JobKind] = tuple(
            kind for kind in self._by_name.values() if kind.schedule is not None
        )

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._by_name)

    def named(self, name: str) -> JobKind | None:
        return self._by_name.get(name)

    def of(self, function: Callable[..., Any]) -> JobKind:
        """The job that a function is.

        Raises:
            JobError: it isn't labelled, or its plugin isn't enabled.
        """
        if function not in self._by_function:
            name = f"{function.__module__}.{function.__qualname__}"
            raise JobError(f"{name} isn't a job of an enabled plugin: label it @job")
        return self._by_function[function]

    def following(self, event: type[Event]) -> Sequence[JobKind]:
        """The jobs that run after an event, in load order."""
        return self._following.get(event, ())

    def _add(self, kind: JobKind) -> None:
        if kind.name in self._by_name:
            raise JobError(f"two jobs are called {kind.name}: give one another name", kind.plugin)
        self._by_name[kind.name] = kind
        self._by_function[kind.function] = kind
        if kind.event is not None and not kind.name.startswith(_HANDLER):
            self._following.setdefault(kind.event, []).append(kind)


_HANDLER: Final = "on:"
_OWN_WORDS: Final = frozenset(("at", "key"))


def handler_job(handler: Handler) -> str:
    """The name of the job that tries a handler again."""
    return f"{_HANDLER}{handler.name}"


def _declared(found: Labelled) -> JobKind:
    label: JobLabel = found.label
    kind = JobKind(
        name=label.name,
        plugin=found.plugin,
        function=found.function,
        queue=label.queue,
        retry=label.retry,
        event=label.event,
        schedule=label.schedule,
        service=label.actor == "service" or label.schedule is not None,
        rank=RANKS[label.priority],
        turn=label.one_at_a_time,
        time_limit=label.time_limit,
        chunks=label.chunks,
    )
    taken = sorted(_OWN_WORDS.intersection(signature(found.function).parameters))
    if taken:
        reason = f"{', '.join(taken)} is a word of ctx.enqueue: call the argument something else"
        raise JobError(f"{kind.name}: {reason}", kind.plugin)
    if label.schedule is not None:
        _check_scheduled(kind)
    elif label.event is not None:
        check_called(found.function, *kind.leading, "event")
    elif len(signature(found.function).parameters) < len(kind.leading):
        check_called(found.function, *kind.leading)
    _check_turn(kind)
    if kind.chunks is not None:
        _check_chunks(kind, kind.chunks)
    return kind


def _check_turn(kind: JobKind) -> None:
    """Every word to fill in is an argument, or a field of the event."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(kind.turn) if name is not None}
    except ValueError as error:
        raise JobError(f"{kind.name}: one_at_a_time: {error}", kind.plugin) from None
    event = cast("Any", kind.event)
    known = [each.name for each in fields(event)] if event else signature(kind.function).parameters
    unknown = sorted(names - set(known) | names & {"ctx"})
    if unknown:
        reason = f"one_at_a_time names {unknown[0]!r}, which is none of its arguments"
        raise JobError(f"{kind.name}: {reason}", kind.plugin)


def _check_chunks(kind: JobKind, chunks: Chunks) -> None:
    """The three functions take the same arguments, after their own first ones."""
    taken = list(signature(kind.function).parameters)[2:]
    for function, leading in ((chunks.split, ("ctx",)), (chunks.final, ("ctx", "results"))):
        if function is None:
            continue
        try:
            signature(function).bind(*leading, **dict.fromkeys(taken))
        except TypeError as error:
            reason = f"{function.__name__} can't be called for it: {error}"
            raise JobError(f"{kind.name}: {reason}", kind.plugin) from None


def _check_scheduled(kind: JobKind) -> None:
    leading = (*kind.leading, *(("since", "until") if isinstance(kind.schedule, Spans) else ()))
    try:
        signature(kind.function).bind(*kind.leading, **dict.fromkeys(leading[len(kind.leading) :]))
    except TypeError:
        taken = " and ".join(leading)
        reason = f"a job on a schedule takes {taken} alone; what else it takes needs a default"
        raise JobError(f"{kind.name}: {reason}", kind.plugin) from None
    if kind.event is not None:
        raise JobError(f"{kind.name}: either a schedule or an event", kind.plugin)


def _retried(handler: Handler) -> JobKind:
    return JobKind(
        name=handler_job(handler),
        plugin=handler.plugin,
        function=handler.function,
        queue=handler.plugin,
        retry=Retry(),
        event=handler.event,
    )
