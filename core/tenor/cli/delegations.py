"""``tenor delegation``: who stands in for whom; for one who is away and can't say so themselves."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from tenor.access.records import Delegation, User
from tenor.base.delegating import delegate, delegate_for, end_delegation
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.db.numbers import BEYOND
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext


def add(commands: Commands) -> None:
    words = group(commands, "delegation", "who stands in for whom, for a time")
    giving = command(words, "give", _give, "give somebody's positions to another for a time")
    giving.add_argument("giver", help="the login of whose they are")
    giving.add_argument("taker", help="the login of who is to act")
    giving.add_argument("--until", type=date.fromisoformat, required=True, help="the last day")
    giving.add_argument("--from", dest="from_day", type=date.fromisoformat, help="by default today")
    giving.add_argument(
        "--position",
        action="append",
        default=[],
        help="only this one, by its key; may be repeated (by default all that are held)",
    )
    giving.add_argument("--reason", required=True)
    as_person(giving)
    as_person(command(words, "list", _list, "those that hold today or will"))
    ending = command(words, "end", _end, "end one now")
    ending.add_argument("id", type=int)
    ending.add_argument("--reason", default="")
    as_person(ending)


def _give(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        giver, taker = _user(ctx, options.giver), _user(ctx, options.taker)
        given = {
            "until": options.until,
            "reason": options.reason,
            "from_day": options.from_day,
            "positions": options.position,
        }
        try:
            own = giver == ctx.actor.id
            made = (
                delegate(ctx, taker, **given) if own else delegate_for(ctx, giver, taker, **given)
            )
        except Invalid as error:  # a command line has no fields beside which to say it
            raise next(iter(error.fields.values()), error) from None
    place.say(_("Delegation {id} stands.", id=made))
    return 0


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        found = ctx.session.scalars(
            select(Delegation)
            .where(Delegation.ended_at.is_(None), Delegation.until >= ctx.today)
            .order_by(Delegation.until, Delegation.id)
        ).all()
        people = {user for one in found for user in (one.giver_id, one.taker_id)}
        names = ctx.user_names(ctx, sorted(people))
        rows: list[tuple[Text | str, ...]] = [
            (
                str(one.id), names[one.giver_id], names[one.taker_id], one.positions,
                one.from_day.isoformat(), one.until.isoformat(),
            )
            for one in found
        ]  # fmt: skip
    heads = (
        _("Id"),
        _("Of whom"),
        _("To whom"),
        _("Positions"),
        _("From the day"),
        _("Until and including"),
    )
    place.table(heads, rows)
    return 0


def _end(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        there = 0 < options.id < BEYOND
        found = ctx.session.get(Delegation, options.id) if there else None
        if found is None:
            raise NotFound("not-found")
        end_delegation(ctx, found, options.reason)
    place.say(_("The delegation is over."))
    return 0


def _user(ctx: KernelContext, login: str) -> int:
    """The id of a person.

    Raises:
        NotFound: ``no-user``.
    """
    found = ctx.session.scalar(select(User.id).where(User.login == login))
    if found is None:
        raise NotFound("no-user", login=login)
    return found
