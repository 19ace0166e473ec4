"""Making jobs: rows in the transaction of whoever asks, so that they exist when it commits and never otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from tenor.events.rows import inserting, stamps
from tenor.events.wire import to_json
from tenor.jobs.kinds import JobKind, handler_job
from tenor.jobs.leases import job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.events import Handler
    from tenor.kernel import Kernel
    from tenor_sdk.events import Event


class Outbox:
    """Where jobs are made."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def enqueue(
        self,
        ctx: KernelContext,
        function: Callable[..., Any],
        arguments: Mapping[str, object],
        *,
        at: datetime | None = None,
        key: str | None = None,
    ) -> int:
        """Make a job inside the caller's transaction; see ``Context.enqueue``.

        Returns:
            The job's id; of the earlier one, where one of this function and key exists.

        Raises:
            JobError: no job of an enabled plugin, or arguments that it doesn't take.
            TypeError: an argument that can't be written as JSON.
        """
        kind, values = self._asked(function, arguments)
        return self._insert(ctx, kind, due_at=at or ctx.now, key=key, **values)

    def enqueue_under(
        self,
        ctx: KernelContext,
        mandate: int,
        function: Callable[..., Any],
        arguments: Mapping[str, object],
        *,
        at: datetime | None = None,
        key: str | None = None,
    ) -> int:
        """Make a job in the name of who gave a mandate; see ``tenor_sdk.mandates.enqueue_under``."""
        kind, values = self._asked(function, arguments)
        user = self.kernel.jobs.mandates.giver(ctx, mandate, kind.plugin)
        whose = {"actor_id": user, "service": "", "mandate_id": mandate}
        return self._insert(ctx, kind, due_at=at or ctx.now, key=key, **values, **whose)

    def _asked(
        self, function: Callable[..., Any], arguments: Mapping[str, object]
    ) -> tuple[JobKind, dict[str, Any]]:
        kind = self.kernel.jobs.kinds.of(function)
        kind.check_arguments(arguments)
        written = {name: to_json(value) for name, value in arguments.items()}
        return kind, {"arguments": written, "turn": kind.turn_of(arguments)}

    def follow(self, ctx: KernelContext, event: Event, event_id: int) -> None:
        """Enqueue the jobs that run after an event."""
        self.kernel.jobs.wrote(ctx)
        for kind in self.kernel.jobs.kinds.following(type(event)):
            turn = kind.turn_of(_fields_of(event)) if kind.turn else None
            self._insert(ctx, kind, event_id=event_id, turn=turn)

    def retry_handler(self, ctx: KernelContext, handler: Handler, event_id: int) -> None:
        """Enqueue a handler that failed, to be tried again."""
        kind = self.kernel.jobs.kinds.named(handler_job(handler))
        assert kind is not None  # load made one of each handler
        self._insert(ctx, kind, event_id=event_id)

    def enqueue_scheduled(
        self,
        ctx: KernelContext,
        kind: JobKind,
        due: datetime,
        day: date | None,
        **arguments: object,
    ) -> None:
        """Enqueue a run of a schedule, once for each time at which it was due."""
        self._insert(
            ctx, kind, key=f"due {due.isoformat()}", business_day=day, turn=kind.turn_of(arguments),
            arguments=to_json(arguments),
        )  # fmt: skip

    def _insert(self, ctx: KernelContext, kind: JobKind, **values: Any) -> int:
        self.kernel.jobs.wrote(ctx)
        row = {
            "name": kind.name,
            "plugin": kind.plugin,
            "queue": kind.queue,
            "arguments": {},
            "due_at": ctx.now,
            "key": None,
            "rank": kind.rank,
            "request_id": ctx.request_id,
            "causes": list(ctx.led_here) or None,
            "mandate_id": None,
            **_actor_of(ctx, kind),
            **stamps(ctx),
            **values,
        }
        insert = inserting(self.kernel.db.dialect)(job).values(row)
        statement = insert.on_conflict_do_nothing(index_elements=["name", "key"]).returning(
            job.c.id
        )
        made = self.kernel.db.execute(ctx.guarded, statement).scalar_one_or_none()
        if made is None:
            return self._known(ctx, kind, row["key"])
        nudge = self.kernel.jobs.nudge
        if nudge not in ctx.after_commit:
            ctx.after_commit.append(nudge)
        return int(made)

    def _known(self, ctx: KernelContext, kind: JobKind, key: str) -> int:
        statement = select(job.c.id).where(job.c.name == kind.name, job.c.key == key)
        return int(self.kernel.db.execute(ctx.guarded, statement).scalar_one())


def _fields_of(event: Event) -> dict[str, object]:
    return {each.name: getattr(event, each.name) for each in fields(cast("Any", event))}


def _actor_of(ctx: KernelContext, kind: JobKind) -> dict[str, Any]:
    """Who does it: who asked for it, or a service."""
    if kind.service:
        return {"actor_id": None, "service": kind.plugin}
    if not ctx.actor.is_person:
        return {"actor_id": None, "service": ctx.actor.login.removeprefix("service:")}
    return {"actor_id": ctx.actor.id, "service": ""}
