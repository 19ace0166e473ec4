"""A plugin for the kernel's tests: chores, with a job, an event, a hook and a schedule of each kind."""

from __future__ import annotations

import json
import os
import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Context,
    Event,
    Money,
    Plugin,
    Rate,
    Record,
    Refused,
    Role,
    Scope,
    _,
    call_hook,
    can,
    hookspec,
    job,
    on,
    service,
)
from tenor_sdk.access import ADMINISTRATOR, RELATIONSHIP_MANAGER
from tenor_sdk.causes import caused_by, causes_of
from tenor_sdk.fields import field
from tenor_sdk.jobs import Chunks, Daily, Every, Retry, Spans, outside, own_transaction, progress
from tenor_sdk.mandates import change_record, give_mandate
from tenor_sdk.notify import mail

plugin = Plugin(title="Chores", category="Tests", asks=("email",))


class Chore(Record):
    """Something to be fetched."""

    name: Mapped[str] = field(search=True)
    runs: Mapped[int] = field(default=0)


class Effect(Record):
    """One effect of one job, with the process that made it."""

    name: Mapped[str] = field(index=True)
    process: Mapped[int] = field()
    day: Mapped[date] = field()


clerk = Role(
    "Clerk",
    can.everything(Chore, Effect, scope=Scope.ALL),
    positions=(RELATIONSHIP_MANAGER, ADMINISTRATOR, "service:chores", "service:base"),
)


class Mood(StrEnum):
    """How the handlers of an event behave."""

    FINE = "fine"
    CLUMSY = "clumsy"
    REFUSING = "refusing"
    STRICT = "strict"
    LEAVING = "leaving"


class ChoreAsked(Event):
    """Somebody asked for a chore."""

    chore_id: int
    due: date
    price: Amount = Amount(0)
    fee: Money | None = None
    rate: Rate | None = None
    mood: Mood = Mood.FINE


@service()
def ask(ctx: Context, name: str, mood: str = "fine") -> int:
    """Note a chore and tell the others; its id."""
    chore = Chore(name=name)
    ctx.session.add(chore)
    ctx.session.flush()
    ctx.emit(ChoreAsked(chore_id=chore.id, due=ctx.today, mood=Mood(mood)))
    return chore.id


@service()
def effect(ctx: Context, name: str) -> None:
    """Leave an effect."""
    ctx.session.add(Effect(name=name, process=os.getpid(), day=ctx.today))


# -- handlers and what follows ------------------------------------------------------------------


@on(ChoreAsked)
def count_run(ctx: Context, event: ChoreAsked) -> None:
    """In the emitter's transaction, as the person; a clumsy one is tried again as a job."""
    chore = ctx.session.get(Chore, event.chore_id)
    assert chore is not None
    chore.runs += 1
    ctx.session.flush()
    if event.mood is Mood.CLUMSY and chore.name != "mended":
        raise ValueError("dropped it")
    if event.mood is Mood.LEAVING:
        raise SystemExit(3)
    if event.mood is Mood.REFUSING:
        raise Refused("no-chores-today", name=chore.name)


@on(ChoreAsked, required=True)
def keep_order(ctx: Context, event: ChoreAsked) -> None:
    """In the emitter's transaction; an error undoes the whole act."""
    if event.mood is Mood.STRICT:
        raise ValueError("out of order")


@job(on=ChoreAsked)
def run_chore(ctx: Context, event: ChoreAsked) -> str:
    """After the event is committed."""
    effect(ctx, f"chore {event.chore_id}")
    return f"{event.due} {event.mood} {type(event.mood).__name__}"


# -- jobs ---------------------------------------------------------------------------------------


@job(retry=Retry(times=3, pause=timedelta(minutes=1)))
def leave_effect(ctx: Context, name: str, fails: bool = False, refuses: bool = False) -> None:
    """Leave an effect; then fail or refuse, where that is wanted, which undoes it."""
    effect(ctx, name)
    if refuses:
        raise Refused("not-this-one", name=name)
    if fails:
        raise ValueError(f"{name} went wrong")


@job()
def write_directly(ctx: Context) -> None:
    """Write a record of its own plugin, whoever asked."""
    ctx.session.add(Effect(name="directly", process=os.getpid(), day=ctx.today))


@job(actor="service")
def as_service(ctx: Context) -> str:
    """Say who does it."""
    return ctx.actor.login


@job()
def as_whoever(ctx: Context) -> str:
    """Say who does it."""
    return ctx.actor.login


@job()
def slow_effect(ctx: Context, name: str, seconds: float) -> None:
    """Leave an effect slowly: longer than a lease, where the test wants a worker that is taken over."""
    effect(ctx, name)
    ctx.session.flush()
    time.sleep(seconds)


@job()
def take_the_worker_down(ctx: Context) -> None:
    """End the process, as a fault in a library's C code would."""
    os._exit(9)


class Away(BaseException):
    """What some libraries raise to leave at once; no ``Exception``."""


@job(retry=Retry(times=1))
def walk_away(ctx: Context) -> None:
    """Leave in the middle."""
    effect(ctx, "half done")
    raise Away


@job(schedule=Every(minutes=5))
def look_round(ctx: Context) -> None:
    """Every five minutes."""
    effect(ctx, "looked round")


@job(schedule=Spans(minutes=10))
def watch(ctx: Context, since: datetime, until: datetime) -> bool:
    """What each run looks at is told to it; whether there is anything to look at."""
    return since < until


@job(schedule=Daily(at=time_of_day(20, 0), working_days_only=True, catch_up="each"))
def close_of_day(ctx: Context) -> None:
    """At the close of each working day, none left out."""
    effect(ctx, "closed")


# -- under a mandate ----------------------------------------------------------------------------


@service()
def let(ctx: Context) -> int:
    """Let the plugin do chores in one's name."""
    return give_mandate(ctx, "chores")


@job()
def rename(ctx: Context, chore_id: int, name: str) -> None:
    """Call a chore something else, as at its form."""
    change_record(ctx, ctx.session.get_one(Chore, chore_id), {"name": name})


@job()
def ask_for_another(ctx: Context, name: str) -> list[str]:
    """Tell of a chore, for a reason of one's own."""
    with caused_by(ctx, "another"):
        ask(ctx, name)
    return list(causes_of(ctx))


@job(retry=Retry(times=1))
def read_what_isnt_its_own(ctx: Context) -> None:
    """Go past the guard, or try to."""
    ctx.session.connection().exec_driver_sql("select 1")


# -- order, turns, limits -----------------------------------------------------------------------


@job(priority="high")
def urgent(ctx: Context, name: str) -> None:
    """Before others."""
    effect(ctx, name)


@job(priority="low")
def unhurried(ctx: Context, name: str) -> None:
    """After others."""
    effect(ctx, name)


@job(one_at_a_time="room {room}")
def sweep(ctx: Context, room: int, name: str, seconds: float = 0) -> None:
    """One broom for each room."""
    effect(ctx, name)
    ctx.session.flush()
    time.sleep(seconds)


@job(on=ChoreAsked, one_at_a_time="room {chore_id}")
def air(ctx: Context, event: ChoreAsked) -> None:
    """Shares its turns with the broom's."""


@job(retry=Retry(times=2, pause=timedelta(minutes=1)), time_limit=timedelta(milliseconds=300))
def dawdle(ctx: Context, name: str, steps: int, seconds: float, told: bool = True) -> None:
    """Take some time, and say how far it is, if ``told``."""
    effect(ctx, name)
    for done in range(steps):
        if told:
            progress(ctx, done, steps)
        time.sleep(seconds)


@job()
def climb(ctx: Context, name: str, steps: int, folder: str) -> int:
    """Step by step, each when the file of its number is there; stops where it was cancelled."""
    effect(ctx, name)
    for done in range(steps):
        progress(ctx, done, steps)
        while not (Path(folder) / str(done)).exists():
            progress(ctx, done, steps)
            time.sleep(0.01)
    return steps


# -- work in parts ------------------------------------------------------------------------------


def rooms(ctx: Context, count: int, seconds: float = 0, breaks: str = "") -> list[int]:
    """The parts of a big clean-up."""
    effect(ctx, "rooms counted")
    return list(range(count))


def all_clean(
    ctx: Context, results: list[int], count: int, seconds: float = 0, breaks: str = ""
) -> int:
    """The final step."""
    effect(ctx, "all clean")
    return sum(results)


@job(
    chunks=Chunks(split=rooms, final=all_clean),
    retry=Retry(times=2, pause=timedelta(minutes=1)),
)
def clean_up(ctx: Context, part: int, count: int, seconds: float = 0, breaks: str = "") -> int:
    """One room of many. ``breaks``: a file; while it is there, the third one fails."""
    effect(ctx, f"room {part}")
    time.sleep(seconds)
    if part == 2 and breaks and Path(breaks).exists():
        raise ValueError("a vase broke")
    return part * 10


@job(chunks=Chunks(split=lambda ctx: []))
def clean_alone(ctx: Context, part: int) -> None:
    """Without a final step."""


def rooms_of(ctx: Context, floor: int) -> list[int]:
    """Two rooms of a floor."""
    effect(ctx, f"floor {floor} counted")
    return [1, 2]


def floor_clean(ctx: Context, results: list[None], floor: int) -> None:
    """The final step."""
    effect(ctx, f"floor {floor} clean")


@job(one_at_a_time="floor {floor}", chunks=Chunks(split=rooms_of, final=floor_clean))
def clean_floor(ctx: Context, part: int, floor: int) -> None:
    """A room of a floor, which nobody else cleans meanwhile."""
    effect(ctx, f"floor {floor}: room")


# -- an outside provider: a folder that keeps what it was asked to do ---------------------------


def provider(folder: str, key: str) -> dict[str, int]:
    """Do it, without looking whether it was done before: whoever calls twice gets it twice."""
    with (Path(folder) / f"{key}.calls").open("a") as calls:
        calls.write(f"{os.getpid()}\n")
    return {"length": len(key)}


def made(folder: str, key: str) -> dict[str, int] | None:
    """What became of an earlier call."""
    return {"length": len(key)} if (Path(folder) / f"{key}.calls").exists() else None


@job(retry=Retry(times=4, pause=timedelta(minutes=1)))
def pay(
    ctx: Context, folder: str, reference: str, asks: bool = True, dies: str = ""
) -> dict[str, int]:
    """Pay once. ``dies``: a file; while it is there, the process ends after the call was made."""

    def call(key: str) -> dict[str, int]:
        answer = provider(folder, key)
        if dies and Path(dies).exists():
            Path(dies).unlink()
            raise KeyboardInterrupt
        return answer

    answer = outside(ctx, reference, call, ask=(lambda key: made(folder, key)) if asks else None)
    effect(ctx, f"paid {reference} {json.dumps(answer)}")
    return answer


@job()
def write_then_pay(ctx: Context, folder: str) -> None:
    """In the wrong order."""
    effect(ctx, "too early")
    outside(ctx, "wrong", lambda key: provider(folder, key))


@job()
def pay_what_is_refused(ctx: Context, folder: str) -> None:
    """The provider says no the first time."""

    def call(key: str) -> bool:
        if not (Path(folder) / "no").exists():
            (Path(folder) / "no").touch()
            raise Refused("no-cover")
        return True

    outside(ctx, "refusable", call)
    effect(ctx, "paid after all")


@job()
def keep_a_record_over_a_call(ctx: Context, chore_id: int, folder: str) -> int:
    """What was loaded before the call is still of use after it."""
    chore = ctx.session.get(Chore, chore_id)
    assert chore is not None
    outside(ctx, "kept", lambda key: provider(folder, key))
    chore.runs += 10
    return chore.runs


@job(retry=Retry(times=4, pause=timedelta(minutes=1)))
def keep_own_books(ctx: Context, name: str, dies: str = "") -> str:
    """A provider that keeps its books in this very database. ``dies``: as for ``pay``."""

    def call(key: str) -> str:
        with own_transaction(ctx) as books:
            effect(books, f"{name} in its books")
        if dies and Path(dies).exists():
            Path(dies).unlink()
            raise KeyboardInterrupt
        return name

    def made_before(key: str) -> str | None:
        with own_transaction(ctx) as books:
            return name if f"{name} in its books" in names(books) else None

    return outside(ctx, name, call, ask=made_before)


@job()
def keep_books_too_early(ctx: Context) -> None:
    """Where a transaction is open already."""
    with own_transaction(ctx) as books:
        effect(books, "too early")


@job(actor="service", retry=Retry(times=4, pause=timedelta(minutes=1)))
def mail_a_stranger(ctx: Context, address: str) -> None:
    """A mail to somebody who is no user."""
    mail(ctx, "code-1", address, _("A code"), _("It is {code}.", code="314159"))


# -- a hook -------------------------------------------------------------------------------------


@hookspec
def price_parts(ctx: Context, chore_id: int) -> int:  # type: ignore[empty-body]  # a specification
    """In the asker's transaction, as the person; returns a part of the price."""


@service()
def price(ctx: Context, chore_id: int) -> list[int]:
    """The parts of a chore's price."""
    return call_hook(ctx, price_parts, chore_id=chore_id)


def names(ctx: Context) -> list[str]:
    """The effects that the person sees, in their order."""
    return list(ctx.session.scalars(select(Effect.name).order_by(Effect.id)))
