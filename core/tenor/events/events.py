"""Telling an event: recorded, handled by those who listen, and followed by jobs, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast, get_type_hints

from sqlalchemy import insert

from tenor.db import waiting
from tenor.declarations import check_called
from tenor.events import calling
from tenor.events.breakers import Breakers
from tenor.events.hooks import Hooks, Implementation
from tenor.events.records import OutboxEvent
from tenor.events.rows import stamps, table_of
from tenor.events.said import words_of
from tenor.events.timings import Timings
from tenor.events.types import check_event
from tenor.events.watches import Watches
from tenor.events.wire import from_json, to_json
from tenor_sdk.changes import FieldChanged
from tenor_sdk.errors import Refused
from tenor_sdk.events import Event
from tenor_sdk.notify import MailCameBack
from tenor_sdk.workflow import Transitioned

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: What a plugin's callback may raise without taking the house down; ``sys.exit`` is one of them.
FAILURES: Final = calling.FAILURES

_table: Final = table_of(OutboxEvent)
_RECORD: Final = insert(_table).returning(_table.c.id)
_WAITS: Final = insert(_table).inline()


@dataclass(frozen=True)
class Handler:
    """A function that listens to an event.

    Args:
        plugin: whose procedure it is.
        required: whether an error of any kind undoes the whole act.
    """

    plugin: str
    function: Callable[[Any, Any], None]
    event: type[Event]
    required: bool

    @property
    def name(self) -> str:
        """Its place in its plugin, by which a retry finds it: ``tenor_loans.events.on_approved``."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


class Events:
    """The room of events and hooks.

    Attributes:
        watches: of which changes of fields plugins hear.
        timings: of every callback that this process called.
        breakers: which of them are left out, as they kept failing.
        handlers: for each event its handlers, in load order.
    """

    def __init__(self) -> None:
        self.timings = Timings()

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.breakers = Breakers(kernel)

    def load(self, declarations: Declarations) -> None:
        """Take in handlers, in load order, and hooks.

        Raises:
            HookError: a hook that nobody publishes, or with an argument that it doesn't have.
            TypeError: an event with a field that can't be told.
        """
        for event in declarations.events:
            check_event(event)
        told: list[type[Event]] = [
            Transitioned,
            MailCameBack,
            FieldChanged,
            *declarations.events,
        ]  # the kernel's own stand in the SDK
        self.by_name = {event.event_name: event for event in told}
        self.handlers: dict[type[Event], list[Handler]] = {}
        for found in declarations.labelled("__tenor_handling__"):
            label = found.label
            check_called(found.function, "ctx", "event")
            handler = Handler(found.plugin, found.function, label.event, label.required)
            self.handlers.setdefault(label.event, []).append(handler)
        self.watches = Watches(self.kernel, [loaded.name for loaded in declarations.plugins])
        self._parts: dict[str, list[calling.Part]] = {}
        self._hooks = Hooks(
            declarations.labelled("__tenor_hookspec__"), declarations.labelled("__tenor_hookimpl__")
        )

    # -- events ---------------------------------------------------------------------------------

    def emit(self, ctx: KernelContext, event: Event) -> None:
        """Record an event, run its handlers in load order, and enqueue the jobs that follow it.

        Raises:
            Refused: a handler refuses; the whole act is undone.
            Exception: of a required handler, likewise.
        """
        handlers = (*self.handlers.get(type(event), ()), *self.handlers.get(Event, ()))
        if not handlers and not self.kernel.jobs.kinds.following(type(event)):
            self._tell_nobody(ctx, event)
            return
        event_id = self._record(ctx, event)
        for handler in handlers:
            self._handle(ctx, handler, event, event_id)
        self.kernel.jobs.follow(ctx, event, event_id)

    def kind(self, heard: type[Event], name: str) -> type[Event]:
        """The kind of an event that was told to somebody who listens to ``heard``; to every kind, where that is
        ``Event``."""
        return self.by_name.get(name, heard) if heard is Event else heard

    def _record(self, ctx: KernelContext, event: Event) -> int:
        return int(self.kernel.db.execute(ctx.guarded, _RECORD, _row(ctx, event)).scalar_one())

    def _tell_nobody(self, ctx: KernelContext, event: Event) -> None:
        """Record an event to which nobody here listens, so that nobody needs its number."""
        waiting.put(self.kernel.db.connection_of(ctx.guarded), [(_WAITS, _row(ctx, event))])
        self.kernel.jobs.wrote(ctx)

    def _handle(self, ctx: KernelContext, handler: Handler, event: Event, event_id: int) -> None:
        called = ("handler", handler.plugin, handler.name)
        if not handler.required and self.breakers.leaves_out(ctx, *called):
            # nothing is lost: it hears of it as a job, as it would after failing once more
            self.kernel.jobs.retry_handler(ctx, handler, event_id)
            return
        try:
            with self._callback(ctx, *called):
                handler.function(ctx, event)
        except Refused:
            raise
        except FAILURES as error:
            if handler.required:
                raise
            self._put_off(ctx, handler, event_id, error)
            self.breakers.failed(ctx, *called, error)

    def _put_off(
        self, ctx: KernelContext, handler: Handler, event_id: int, error: BaseException
    ) -> None:
        """A handler failed by itself: on record, and tried again once this is committed."""
        log.warning("handler %s failed and is tried again as a job", handler.name, exc_info=error)
        said = words_of(error)
        self.kernel.audit.note(
            ctx, "handler-failed", handler=handler.name, event_id=event_id, error=said
        )
        self.kernel.jobs.retry_handler(ctx, handler, event_id)

    # -- hooks ----------------------------------------------------------------------------------

    def call_hook(
        self, ctx: KernelContext, name: str, arguments: Mapping[str, object]
    ) -> list[Any]:
        """Ask every implementation of a hook, in load order, with the arguments that it names.

        Returns:
            What each returned; nothing for those that failed.

        Raises:
            Refused: an implementation refuses; of a required hook whatever one raises.
            HookError: no enabled plugin publishes the hook.
        """
        offered = {**arguments, "ctx": ctx}
        parts = self._parts_of(name, offered)
        if not self._hooks.required(name) and self.breakers.open(ctx):
            parts = [part for part in parts if not self.breakers.leaves_out(ctx, *part[0].key)]
        if not parts:
            return []
        failed = partial(self._hook_failed, ctx, name)
        return calling.call_each(ctx, parts, offered, failed, self.timings.listener)

    def _parts_of(self, name: str, offered: Mapping[str, object]) -> Sequence[calling.Part]:
        """The implementations of a hook, each with where its calls are counted."""
        impls = self._hooks.of(name, offered)
        parts = self._parts.get(name)
        if parts is None:
            parts = [(impl, self.timings.meter(*impl.key)) for impl in impls]
            self._parts[name] = parts
        return parts

    def _hook_failed(
        self, ctx: KernelContext, name: str, impl: Implementation, error: BaseException
    ) -> None:
        if isinstance(error, Refused) or self._hooks.required(name):
            raise error
        log.warning("%s's part in hook %s failed", impl.plugin, name, exc_info=error)
        said = words_of(error)
        self.kernel.audit.note(ctx, "hook-failed", plugin=impl.plugin, hook=name, error=said)
        self.breakers.failed(ctx, *impl.key, error)

    @contextmanager
    def _callback(self, ctx: KernelContext, kind: str, plugin: str, name: str) -> Iterator[None]:
        """A plugin's callback: timed, in a savepoint, as a procedure of that plugin."""
        with (
            self.timings.timed(kind, plugin, name),
            self.kernel.db.savepoint(ctx.guarded),
            self.kernel.access.procedure(ctx, plugin, name),
        ):
            yield


def _row(ctx: KernelContext, event: Event) -> dict[str, Any]:
    return {
        "name": event.event_name,
        "plugin": event.event_name.partition(".")[0],
        "payload": payload_of(event),
        "actor_id": ctx.actor.id,
        "request_id": ctx.request_id,
        **stamps(ctx),
    }


def payload_of(event: Event) -> dict[str, Any]:
    """What an event says, as JSON.

    Raises:
        TypeError: a value that isn't of those that events carry.
    """
    names = [each.name for each in fields(cast("Any", event))]
    return {name: to_json(getattr(event, name)) for name in names}


def event_from(kind: type[Event], payload: Mapping[str, Any]) -> Event:
    """The event again, from what the outbox kept of it."""
    read = {name: from_json(value) for name, value in payload.items()}
    for name, hint in _hints(kind).items():
        if name in read and isinstance(hint, type) and issubclass(hint, Enum):
            read[name] = hint(read[name])
    return kind(**read)


def _hints(kind: type[Event]) -> dict[str, Any]:
    try:
        return get_type_hints(kind)
    except NameError:  # a name that its module imports for the type checker alone
        return {}
