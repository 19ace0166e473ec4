"""What the enabled plugins declare, by name: for plugins that let staff choose from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from tenor_sdk.events import Event
from tenor_sdk.port import port_of
from tenor_sdk.records import Record, snake
from tenor_sdk.workflow import Transition, Transitioned

if TYPE_CHECKING:
    from tenor_sdk.context import Context


@dataclass(frozen=True)
class PastEvent:
    """An event that was told.

    Args:
        id: its place in the outbox.
        at: when, in UTC.
        event: what it said.
        record_id: the record that it was asked for.
    """

    id: int
    at: datetime
    event: Event
    record_id: int


def kind_name(record: type[Record]) -> str:
    """``origination.application``: by which a kind of record is known."""
    return f"{record.__plugin__}.{record.slug()}"


def kinds(ctx: Context) -> Sequence[type[Record]]:
    """The kinds of record that the person who acts may read, in load order."""
    return port_of(ctx).kinds(ctx)


def kind_named(ctx: Context, name: str) -> type[Record]:
    """A kind of record by its ``kind_name``, whoever asks.

    Raises:
        NotFound: no enabled plugin has one.
    """
    return port_of(ctx).kind_named(ctx, name)


def record_told_of(event: Event, kind: type[Record]) -> int | None:
    """The id of the record of a kind of which an event tells: the one that went along its workflow, or the one whose id
    it carries as ``<kind>_id``."""
    if isinstance(event, Transitioned):
        return event.record_id if event.table == kind.__tablename__ else None
    identity = getattr(event, f"{snake(kind.__name__)}_id", None)
    return identity if isinstance(identity, int) else None


def tells_of(event: type[Event], kind: type[Record], *, has_workflow: bool = True) -> bool:
    """Whether events of a kind tell of records of a kind."""
    if event is Transitioned:
        return has_workflow
    return f"{snake(kind.__name__)}_id" in {each.name for each in fields(cast("Any", event))}


def events_about(ctx: Context, kind: type[Record]) -> Sequence[type[Event]]:
    """The kinds of event that tell of records of a kind."""
    return port_of(ctx).events_about(ctx, kind)


def past_events(
    ctx: Context, event: type[Event], kind: type[Record], *, limit: int = 100
) -> Sequence[PastEvent]:
    """The latest events of a kind about records that the person who acts may read, the newest first.

    Args:
        limit: how many of the latest are looked through, 1,000 at most.
    """
    return port_of(ctx).past_events(ctx, event, kind, limit)


def transitions_of(ctx: Context, kind: type[Record]) -> Sequence[Transition]:
    """The transitions of a kind of record that somebody presses, of all plugins; empty without a workflow."""
    return port_of(ctx).transitions_of(ctx, kind)
