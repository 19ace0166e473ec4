"""To give somebody one's positions for a time, and to take them back. What may be given is said in
``tenor.access.delegations``; here it is refused in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from tenor.access.delegations import joins_sides, since
from tenor.access.offered import own_positions, positions
from tenor.access.records import Delegation, User, UserPosition
from tenor.base.access import delegate_for_others, delegate_own
from tenor.base.notices import DELEGATION
from tenor.base.settings import BaseSettings
from tenor_sdk.errors import Conflict, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.notify import notify
from tenor_sdk.services import service
from tenor_sdk.workflow import ask

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Context


@dataclass(frozen=True)
class Held:
    """A position that somebody holds: the row, its key, when it was given."""

    id: int
    position: str
    since: str


@dataclass(frozen=True)
class OwnDelegation:
    """What somebody fills in who gives their own."""

    taker: int = ask("To whom", target=User)
    until: date = ask("Until and including")
    reason: str = ask("Reason", max_length=500)
    from_day: date | None = ask(
        "From the day", help="Today, where nothing stands here", default=None
    )
    positions: str = ask(
        "Positions",
        help="All that are held where none is chosen",
        default="",
        max_length=1000,
        widget="several",
        offered=own_positions,
    )


@dataclass(frozen=True)
class DelegationForOther:
    """What an administrator fills in."""

    giver: int = ask("Of whom", target=User)
    taker: int = ask("To whom", target=User)
    until: date = ask("Until and including")
    reason: str = ask("Reason", max_length=500)
    from_day: date | None = ask(
        "From the day", help="Today, where nothing stands here", default=None
    )
    positions: str = ask(
        "Positions",
        help="All that are held where none is chosen",
        default="",
        max_length=1000,
        widget="several",
        offered=positions,
    )


@dataclass(frozen=True)
class Ending:
    """Why a delegation ends early."""

    reason: str = ask("Reason", default="", max_length=500)


@service(needs=delegate_own)
def delegate(
    ctx: Context,
    taker_id: int,
    *,
    until: date,
    reason: str,
    from_day: date | None = None,
    positions: Sequence[str] = (),
) -> int:
    """Give one's own positions to somebody for a time; the id of the delegation.

    Args:
        taker_id: to whom.
        until: the last day.
        from_day: the first; by default today.
        positions: their keys; by default all that one holds.

    Raises:
        Invalid: ``invalid``, with what is wrong with which field.
        Refused: ``held-for-another``, ``joins-sides``, ``delegated-already``.
    """
    return _give(ctx, ctx.actor.id, taker_id, from_day or ctx.today, until, reason, positions)


@service(needs=delegate_for_others)
def delegate_for(
    ctx: Context,
    giver_id: int,
    taker_id: int,
    *,
    until: date,
    reason: str,
    from_day: date | None = None,
    positions: Sequence[str] = (),
) -> int:
    """Give the positions of somebody who can't, for one who fell ill; see ``delegate``. An administrator gives nobody
    what is another's to themselves: they would stand on both sides, which is refused."""
    return _give(ctx, giver_id, taker_id, from_day or ctx.today, until, reason, positions)


@service()
def end_delegation(ctx: Context, delegation: Delegation, reason: str = "") -> None:
    """End a delegation now: by its giver, by whom it was given to, by an administrator.

    Raises:
        NotFound: it isn't this person's.
        Conflict: ``delegation-over``.
    """
    if not may_end(ctx, delegation):
        raise NotFound("not-found")
    if not is_open(ctx, delegation):
        raise Conflict("delegation-over")
    delegation.ended_at, delegation.ended_by_id = ctx.now, ctx.actor.id or None
    told = {delegation.giver_id, delegation.taker_id} - {ctx.actor.id}
    title = _("A delegation was ended by {name}", name=ctx.actor.name)
    notify(
        ctx,
        sorted(told),
        title,
        body=Text(reason) if reason else None,
        about=delegation,
        kind=DELEGATION,
    )


def is_open(ctx: Context, delegation: Delegation) -> bool:
    """Whether a delegation holds today or will."""
    return delegation.ended_at is None and delegation.until >= ctx.today


def may_end(ctx: Context, delegation: Delegation) -> bool:
    """Whether the person may end it."""
    own = ctx.actor.id in (delegation.giver_id, delegation.taker_id)
    return own or ctx.may(delegate_for_others)


def _give(
    ctx: Context,
    giver_id: int,
    taker_id: int,
    from_day: date,
    until: date,
    reason: str,
    positions: Sequence[str],
) -> int:
    giver, taker = _person(ctx, "giver_id", giver_id), _person(ctx, "taker_id", taker_id)
    if giver.id == taker.id:
        raise _wrong("taker_id", Invalid("delegated-to-oneself"))
    _check_days(ctx, from_day, until)
    if not reason.strip():
        raise _wrong("reason", Invalid("required"))
    held = _held(ctx, giver, positions)
    names = sorted({one.position for one in held})
    _check_sides(ctx, taker, names, from_day, until)
    _check_free(ctx, giver, taker, names, from_day, until)
    made = Delegation(
        giver_id=giver.id,
        taker_id=taker.id,
        positions=" ".join(names),
        held={str(one.id): one.since for one in held},
        from_day=from_day,
        until=until,
        reason=reason.strip(),
    )
    ctx.session.add(made)
    ctx.session.flush()
    title = _("You stand in for {name} until {day}", name=giver.name, day=until.isoformat())
    notify(ctx, [taker.id], title, body=Text(made.reason), about=made, kind=DELEGATION)
    if giver.id != ctx.actor.id:
        told = _("{name} stands in for you until {day}", name=taker.name, day=until.isoformat())
        notify(ctx, [giver.id], told, body=Text(made.reason), about=made, kind=DELEGATION)
    return made.id


def _person(ctx: Context, field: str, identity: int) -> User:
    """Somebody who works here.

    Raises:
        Invalid: ``person-not-here``: there is nobody of this number, or they have left.
    """
    statement = select(User).where(User.id == identity, User.active, ~User.archived)
    found = ctx.session.scalars(statement).first() if 0 < identity < 1 << 63 else None
    if found is None:
        raise _wrong(field, Invalid("person-not-here"))
    return found


def _check_days(ctx: Context, from_day: date, until: date) -> None:
    if from_day < ctx.today:
        raise _wrong("from_day", Invalid("day-is-over"))
    if until < from_day:
        raise _wrong("until", Invalid("ends-before-it-begins"))
    longest = ctx.settings(BaseSettings).longest_delegation
    if (until - from_day).days >= longest:
        raise _wrong("until", Invalid("delegated-too-long", days=longest))


def _held(ctx: Context, giver: User, positions: Sequence[str]) -> list[Held]:
    """What the giver holds themselves of what is named; all where nothing is.

    Raises:
        Refused: ``held-for-another``: what was delegated to them isn't theirs to pass on; ``nothing-to-delegate``.
        Invalid: ``position-not-held``.
    """
    wanted = set(positions)
    held = [one for one in _positions(ctx, giver.id) if not wanted or one.position in wanted]
    for missing in sorted(wanted - {one.position for one in held}):
        of = _holds_for(ctx, giver.id, missing)
        if of is not None:
            raise Refused("held-for-another", position=_title(missing), name=of)
        raise _wrong("positions", Invalid("position-not-held", position=missing))
    if not held:
        raise Refused("nothing-to-delegate")
    return held


def _positions(ctx: Context, user_id: int) -> list[Held]:
    statement = select(UserPosition.id, UserPosition.position, UserPosition.created_at)
    with ctx.elevated("which positions somebody holds, to delegate them") as high:
        rows = high.execute(statement.where(UserPosition.user_id == user_id))
        return [Held(row.id, row.position, since(row.created_at)) for row in rows]


def _holds_for(ctx: Context, user_id: int, position: str) -> str | None:
    """Whose position somebody holds by delegation only: their name; None where they don't."""
    statement = select(Delegation.positions, User.name).join(User, User.id == Delegation.giver_id)
    with ctx.elevated("whether a position is held for somebody else") as high:
        rows = high.execute(statement.where(Delegation.taker_id == user_id, *_open(ctx.today)))
        return next((row.name for row in rows if position in row.positions.split()), None)


def _check_sides(
    ctx: Context, taker: User, names: Sequence[str], from_day: date, until: date
) -> None:
    """Nobody comes to stand on two sides, by what they hold or by what others gave them for these days."""
    held = {one.position for one in _positions(ctx, taker.id)}
    held.update(*(given for _giver, given in _given(ctx, taker, from_day, until)))
    for name in names:
        if joins_sides(held, name):
            raise Refused("joins-sides", name=taker.name, position=_title(name))
        held.add(name)


def _check_free(
    ctx: Context, giver: User, taker: User, names: Sequence[str], from_day: date, until: date
) -> None:
    for giver_id, given in _given(ctx, taker, from_day, until):
        twice = given.intersection(names) if giver_id == giver.id else ()
        for name in sorted(twice):
            raise Refused("delegated-already", name=taker.name, position=_title(name))


def _given(ctx: Context, taker: User, from_day: date, until: date) -> list[tuple[int, set[str]]]:
    """What is delegated to somebody on any of these days: by whom, which positions."""
    there = (Delegation.taker_id == taker.id, Delegation.from_day <= until, *_open(from_day))
    statement = select(Delegation.giver_id, Delegation.positions).where(*there)
    with ctx.elevated("what is delegated to somebody, to keep two sides apart") as high:
        return [(row.giver_id, set(row.positions.split())) for row in high.execute(statement)]


def _open(day: date) -> tuple[ColumnElement[bool], ...]:
    return Delegation.ended_at.is_(None), Delegation.until >= day


def _title(position: str) -> Text:
    words = position.replace("-", " ")
    return Text(words[:1].upper() + words[1:], module=__name__)


def _wrong(field: str, error: Invalid) -> Invalid:
    return Invalid("invalid", {field: error})
