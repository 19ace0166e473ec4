"""Where a card of a board can be moved: a page of its own, which a board with script shows as a dialog. A state is left
by its transitions; a choice is changed as by the record's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from tenor.db.numbers import number
from tenor.views import address
from tenor.web import addresses
from tenor.web.acting import next_or
from tenor.web.axes import raw
from tenor.web.buttons import Offers
from tenor.web.record_page import found
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_AT = "/<plugin>/<slug>/<int:identity>/moves"


def routes(at: Blueprint, web: Web) -> None:
    """What a card's menu leads to."""

    @at.get(_AT)
    def moves(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            record = found(web, ctx, kind, identity)
            values = _page(web, ctx, record)
            if request.args.get("part") == "dialog":
                return web.fragment("parts/moves.html", "dialog", values)
            return web.page(ctx, "moves.html", values)

    @at.post(_AT)
    def move(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)

        def act(ctx: KernelContext) -> Done:
            record = found(web, ctx, kind, identity)
            spec = _choice(_by(web, ctx, record))
            version = number(request.form.get("_version", ""))
            data = {spec.key: request.form.get("value", "") or None}
            web.kernel.records.update(ctx, record, data, version=version)
            name = web.show(ctx).name(record)
            label = web.show(ctx).choice(spec, getattr(record, spec.key))
            told = _("{name}: now {value}", name=name, value=label)
            return Done(next_or(address(kind)), web.say(told))

        return web.once(act)


def _by(web: Web, ctx: KernelContext, record: Record) -> FieldSpec:
    """The field that a board goes by.

    Raises:
        NotFound: ``not-found``: none, or what it says is hidden from or masked for the person.
    """
    spec = web.kernel.records.specs(type(record)).get(request.args.get("by", ""))
    if spec is None or web.kernel.records.effects(ctx, record).get(spec.key) in ("hide", "mask"):
        raise NotFound("not-found")
    return spec


def _choice(spec: FieldSpec) -> FieldSpec:
    """The field, where it is a choice.

    Raises:
        NotFound: ``not-found``.
    """
    if not spec.choices or spec.attribute is None:
        raise NotFound("not-found")
    return spec


def _page(web: Web, ctx: KernelContext, record: Record) -> Values:
    show, back, to = web.show(ctx), next_or(address(type(record))), request.args.get("to", "")
    spec = _by(web, ctx, record)
    if spec.kind == "state":
        ways = Offers(web, ctx, show, record).moves(to, back)
        now = show.state(type(record), web.kernel.records.state_of(record))
    else:
        ways = _changes(web, ctx, show, record, _choice(spec), back, to)
        now = {"text": show.choice(spec, getattr(record, spec.key))}
    name = show.name(record)
    title = show.say(_("Move {name}", name=name))
    return {
        "title": title,
        "head": {"title": title, "crumb": [{"label": name, "href": addresses.of(record)}]},
        "now": now,
        "ways": ways,
        "none": show.say(_("Nothing leads there from here.")) if to else show.say(_("Nothing leads on from here.")),
        "back": back,
    }  # fmt: skip


def _changes(
    web: Web, ctx: KernelContext, show: Show, record: Record, spec: FieldSpec, back: str, to: str
) -> list[Values]:
    """The other values of a choice, where the person may change it."""
    may = (
        ctx.may(type(record), "update", record)
        and not web.kernel.workflow.frozen(ctx, record)
        and spec in web.kernel.records.writable(ctx, type(record), record)
    )
    now = getattr(record, spec.key)
    others = [value for value, _label in spec.choices if now is None or value != raw(now)]
    href = addresses.with_query(f"{addresses.of(record)}/moves", {"by": spec.key})
    fields = {"_next": back, "_version": str(record.version)}
    return [
        {
            "label": show.choice(spec, value),
            "action": {
                "label": show.choice(spec, value),
                "post": href,
                "once": nonce(),
                "name": "value",
                "value": value,
                "fields": [{"name": name, "value": each} for name, each in fields.items()],
            },
            "rows": [],
        }
        for value in others
        if may and to in ("", value)
    ]
