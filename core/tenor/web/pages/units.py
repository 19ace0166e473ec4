"""The units of the institution as the tree that they form, each with the people who belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response
from sqlalchemy import func, select

from tenor.access.records import Unit, User
from tenor.views import address
from tenor.web.addresses import filtered
from tenor.web.listed import may_make, readable
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.web import Web

Values = dict[str, Any]
#: units that are drawn; an institution with more looks for them in the list
MOST: Final = 2_000
Below = Mapping[int | None, Sequence[Unit]]


def routes(at: Blueprint, web: Web) -> None:
    """The tree."""

    @at.get("/units")
    def units() -> Response:
        with web.reading() as ctx:
            readable(ctx, Unit)
            return web.page(ctx, "page.html", _page(web, ctx))


def _page(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    title = show.plural(Unit)
    order = (Unit.path, Unit.id) if _may_tell(ctx, Unit.path) else (Unit.id,)
    found = ctx.session.scalars(
        select(Unit).where(~Unit.archived).order_by(*order).limit(MOST + 1)
    ).all()
    actions: list[Values] = [{"label": show.say(_("As a list")), "href": address(Unit)}]
    if may_make(web, ctx, Unit):
        label = show.new_one(Unit)
        new = {"label": label, "icon": "plus", "href": f"{address(Unit)}/new", "style": "primary"}
        actions.append(new | {"letter": "n"})
    head = {"title": title, "actions": actions}
    tree: Values = {"kind": "tree", "label": title, "nodes": _nodes(web, ctx, found[:MOST])}
    if len(found) > MOST:
        tree["lines"] = [show.say(_("The first {n} are drawn; the list has all.", n=f"{MOST:,}"))]
    return {"title": title, "head": head, "tabs": [], "main": [tree]}


def _nodes(web: Web, ctx: KernelContext, units: Sequence[Unit]) -> list[Values]:
    """The units from the top down, each with how many levels end after it."""
    show = web.show(ctx)
    # where a rule keeps from somebody what lies below what, each begins a tree of its own
    placed = _may_tell(ctx, Unit.parent_id) and _may_tell(ctx, Unit.path)
    known = {unit.id for unit in units} if placed else set()
    coded = _may_tell(ctx, Unit.code)
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        # what lies below a unit that isn't before one's eyes begins a tree of its own
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    people = _people(ctx)
    names = dict(zip((one.id for one in units), show.names_of(units), strict=True))
    return [
        {
            "text": names[unit.id],
            "href": address(Unit, unit.id),
            "code": unit.code if coded else "",
            "people": _said(web, people.get(unit.id, 0)),
            "people_href": filtered(User, unit_id=str(unit.id)),
            "has": bool(below.get(unit.id)),
            "ends": ends,
        }
        for unit, ends in _walked(below)
    ]


def _walked(below: Below) -> Iterator[tuple[Unit, int]]:
    """Each unit from the top down, and how many levels end after it: where nothing lies below it, those of which it is
    the last."""
    waiting = [(unit, 0) for unit in reversed(below.get(None, ()))]
    while waiting:
        unit, ends = waiting.pop()
        lower = list(reversed(below.get(unit.id, ())))
        waiting += [(each, 0 if place else ends + 1) for place, each in enumerate(lower)]
        yield unit, 0 if lower else ends


def _may_tell(ctx: KernelContext, attribute: Any) -> bool:
    """Whether no rule hides or masks a field from whoever looks."""
    return ctx.kernel.access.may_sort(ctx, attribute)


def _people(ctx: KernelContext) -> dict[int, int]:
    """How many people belong to each unit, as the list of people has them."""
    if not _may_tell(ctx, User.unit_id):
        return {}
    counted = select(User.unit_id, func.count(User.id)).where(User.active, ~User.archived)
    rows = ctx.session.execute(counted.group_by(User.unit_id))
    return {unit: number for unit, number in rows if unit is not None}


def _said(web: Web, number: int) -> str:
    return web.say(ngettext("{n} person", "{n} people", number)) if number else ""
