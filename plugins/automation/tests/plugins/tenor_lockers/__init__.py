"""Lockers: a record with a workflow, dates, money, an event, and a job that answers one event with another."""

from __future__ import annotations

from datetime import date

from sqlalchemy import true
from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Context,
    Event,
    Owned,
    Plugin,
    Record,
    Role,
    State,
    Transition,
    Workflow,
    can,
    field,
    job,
    service,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.bulk import update_where
from tenor_sdk.records import state_field

plugin = Plugin(title="Lockers")


class Locker(Record, Owned):
    """Where somebody keeps things."""

    name: Mapped[str] = field()
    colour: Mapped[str] = field(max_length=40, default="")
    pieces: Mapped[int | None] = field()
    rent: Mapped[Amount | None] = field()
    rented_until: Mapped[date | None] = field()
    holder: Mapped[str] = field(max_length=40, default="")
    state: Mapped[str] = state_field("empty")


class LockerChanged(Event):
    """Something happened to a locker."""

    locker_id: int
    why: str = ""
    echoes: int = 0


empty = State(name="empty", title="Empty")
taken = State(name="taken", title="Taken", frozen=True)
take = Transition(name="take", title="Take", source=empty, target=taken)
leave = Transition(name="leave", title="Leave", source=taken, target=empty)
clear = Transition(name="clear", title="Clear", source=taken, target=empty, reason=True)
lapse = Transition(name="lapse", title="Lapse", source=taken, target=empty, after=90)


def _force(_ctx: Context, locker: Locker, _inputs: None) -> None:
    """At fault where the locker is jammed, as a program can be."""
    locker.holder = "nobody"
    if locker.colour == "jammed":
        raise ZeroDivisionError("the jam is Petersen's")


force = Transition(name="force", title="Force", source=empty, target=taken, do=_force)
flow = Workflow(Locker.state, states=(empty, taken), transitions=(take, leave, clear, lapse, force))

keeper = Role("Keeper", can.everything(Locker), can.use(take, leave, clear, force))
#: who holds a locker is for its keepers alone
held = FieldRule(fields=(Locker.holder,), effect="hide", unless=(keeper,))
reader = Role("Reader", can.read(Locker), positions=(RELATIONSHIP_MANAGER, "service:lockers"))


@service()
def tell(ctx: Context, locker_id: int, why: str = "", echoes: int = 0) -> None:
    """Tell that something happened."""
    ctx.emit(LockerChanged(locker_id=locker_id, why=why, echoes=echoes))


@service()
def paint_all(ctx: Context, colour: str) -> None:
    """Paint every locker."""
    update_where(ctx, Locker, true(), {"colour": colour})


@job(actor="service")
def paint_later(ctx: Context, locker_id: int, colour: str) -> None:
    """By the plugin's own service."""
    ctx.session.get_one(Locker, locker_id).colour = colour


@job(on=LockerChanged)
def echo(ctx: Context, event: LockerChanged) -> None:
    """Tell it again, so often: through a job of this plugin's own."""
    if event.echoes:
        ctx.emit(LockerChanged(locker_id=event.locker_id, why=event.why, echoes=event.echoes - 1))
