"""Sheds with a field of every kind that may be watched, and somebody who writes down what is told of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import true
from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Context,
    Extension,
    Line,
    Owned,
    Plugin,
    Rate,
    Record,
    Role,
    State,
    Transition,
    Workflow,
    can,
    field,
    job,
    lines,
    on,
    service,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.bulk import load, update_where
from tenor_sdk.causes import causes_of
from tenor_sdk.changes import FieldChanged, unwatch, watch
from tenor_sdk.records import Customizable, Json, state_field, stored

plugin = Plugin(title="Lookout")


class Shed(Record, Owned, Customizable):
    """Where tools lie."""

    name: Mapped[str] = field(unique=True)
    colour: Mapped[str] = field(max_length=40, default="")
    currency: Mapped[str] = field(max_length=3, default="CNY")
    price: Mapped[Amount | None] = field()
    share: Mapped[Rate | None] = field()
    built_on: Mapped[date | None] = field()
    seen_at: Mapped[datetime | None] = field()
    locked: Mapped[bool | None] = field()
    keeper: Mapped[str] = field(max_length=40, default="")
    code: Mapped[str] = field(max_length=20, default="", secret=True)
    state: Mapped[str] = state_field("open")
    tools: Mapped[list[Tool]] = lines()

    @stored("tools.pieces")
    def pieces(self) -> int:
        """What lies there, all together."""
        return sum(tool.pieces for tool in self.tools)


class Tool(Line[Shed]):
    """What lies there."""

    pieces: Mapped[int] = field(default=1)


class Roof(Extension[Shed]):
    """What keeps it dry."""

    age: Mapped[int | None] = field()


class Heard(Record):
    """A change that was told."""

    name: Mapped[str] = field()
    record_id: Mapped[int] = field()
    entry: Mapped[int] = field()
    causes: Mapped[Json | None] = field()


open_ = State(name="open", title="Open")
shut = State(name="shut", title="Shut", final="good")
close = Transition(name="close", title="Close", source=open_, target=shut)
flow = Workflow(Shed.state, states=(open_, shut), transitions=(close,))

keeper = Role(
    "Shed keeper", can.everything(Shed), can.everything(Heard), can.use(close),
    positions=(RELATIONSHIP_MANAGER, "service:lookout"),
)  # fmt: skip
looker = Role("Looker", can.read(Shed, Heard))
hidden = FieldRule(fields=(Shed.keeper,), effect="hide", unless=(keeper,))


@service()
def begin(ctx: Context, name: str, key: str = "here") -> None:
    """Watch a field."""
    watch(ctx, Shed, name, key)


@service()
def end(ctx: Context, key: str = "here") -> None:
    """Watch it no more."""
    unwatch(ctx, key)


@service()
def paint_all(ctx: Context, colour: str) -> None:
    """Set-based."""
    update_where(ctx, Shed, true(), {"colour": colour})


@service()
def build(ctx: Context, names: list[str]) -> None:
    """Set-based."""
    unit = ctx.actor.unit_id
    load(
        ctx,
        Shed,
        [
            {"name": each, "colour": "raw", "unit_id": unit, "owner_id": ctx.actor.id}
            for each in names
        ],
    )


@job(actor="service")
def paint_later(ctx: Context, shed_id: int, colour: str) -> None:
    """By the plugin's own service."""
    ctx.session.get_one(Shed, shed_id).colour = colour


@on(FieldChanged)
def hear(ctx: Context, event: FieldChanged) -> None:
    """Write it down."""
    if event.kind == "lookout.shed":
        for record_id, entry in zip(event.records, event.entries, strict=True):
            ctx.session.add(
                Heard(
                    name=event.field, record_id=record_id, entry=entry, causes=list(causes_of(ctx))
                )
            )
