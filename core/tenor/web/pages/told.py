"""How the person is told of what: chosen by themselves, as far as the institution leaves it to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.notify.offered import titled
from tenor.web.fields import errors_of
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenor.context import KernelContext
    from tenor.notify.wishes import Wish
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.errors import TenorError

Values = dict[str, Any]
PATH: Final = "/me/notices"


def routes(at: Blueprint, web: Web) -> None:
    """The person's own page of notices."""

    @at.get(PATH)
    def told() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "form.html", _page(web, ctx, {}))

    @at.post(PATH)
    def choose() -> Response:
        try:
            return web.once(lambda ctx: _save(web, ctx))
        except Invalid as error:
            errors = dict(error.fields) or {"_form": error}
        with web.reading() as ctx:
            return web.page(ctx, "form.html", _page(web, ctx, errors), status=422)


def _save(web: Web, ctx: KernelContext) -> Done:
    wishes = web.kernel.notify.wishes
    for (kind, channel), wish in wishes.all_of(ctx, ctx.actor.id).items():
        way = request.form.get(_name(kind, channel))
        if way is not None and not wish.fixed:
            wishes.choose(ctx, kind, channel, way)
    quiet = wishes.quiet_hours(ctx, ctx.actor.id)
    given = (request.form.get("starts", quiet.starts), request.form.get("ends", quiet.ends))
    if given != (quiet.starts, quiet.ends):
        wishes.keep_quiet(ctx, *given)
    return Done(PATH, web.say(_("Saved.")))


def _page(web: Web, ctx: KernelContext, errors: Mapping[str, TenorError]) -> Values:
    show, wishes = web.show(ctx), web.kernel.notify.wishes
    all_of = wishes.all_of(ctx, ctx.actor.id)
    sections = [
        {
            "title": show.say(words),
            "columns": 2,
            "fields": [
                _field(web, show, kind, channel, all_of[kind, channel]) for kind in wishes.kinds
            ],
        }
        for channel, words in wishes.channels.items()
    ]
    quiet = _quiet(web, ctx, show, errors)
    labels = {each["name"]: each["label"] for each in quiet}
    sections.append({"title": show.say(_("Quiet hours")), "columns": 2, "fields": quiet})
    title = show.say(_("How I am told"))
    sub = show.say(_("In the inbox you find everything, whatever you choose here."))
    form = {
        "action": PATH,
        "once": nonce(),
        "sections": sections,
        "submit": {"label": show.say(_("Save"))},
        "errors": errors_of(web, errors, labels),
        "cancel_href": "/me",
    }
    return {
        "title": title,
        "head": {"title": title, "sub": sub},
        "form": form,
        "about": _bounce(web, ctx, show),
    }


def _field(web: Web, show: Show, key: str, channel: str, wish: Wish) -> Values:
    kind = web.kernel.notify.wishes.kinds[key]
    return {
        "kind": "choice",
        "name": _name(key, channel),
        "label": show.say(titled(kind.title, kind.plugin)),
        "required": not wish.fixed,
        "disabled": wish.fixed,
        "help": show.say(_("The institution decides this one")) if wish.fixed else "",
        "value": wish.way,
        "options": [
            {"value": way, "label": show.say(words), "selected": way == wish.way}
            for way, words in web.kernel.notify.wishes.ways(channel)
        ],
    }


def _quiet(
    web: Web, ctx: KernelContext, show: Show, errors: Mapping[str, TenorError]
) -> list[Values]:
    now = web.kernel.notify.wishes.quiet_hours(ctx, ctx.actor.id)
    hint = show.say(
        _("Nothing but the inbox during these hours, urgent notices apart; both empty: none")
    )
    fields = []
    for name, words, value in (("starts", _("From"), now.starts), ("ends", _("Until"), now.ends)):
        made: Values = {
            "name": name,
            "label": show.say(words),
            "max_length": 5,
            "placeholder": "22:00",
        }
        made |= {"value": request.form.get(name, value), "help": hint if name == "starts" else ""}
        if name in errors:
            made["error"] = web.error(errors[name])
        fields.append(made)
    return fields


def _bounce(web: Web, ctx: KernelContext, show: Show) -> list[Values]:
    """That the person's own address takes no mail."""
    address = ctx.actor.email
    reason = web.kernel.notify.bounces.reason(ctx, address) if address else ""
    if not reason:
        return []
    words = show.say(_("Mails to {address} come back: {reason}", address=address, reason=reason))
    return [
        {
            "kind": "fields",
            "fields": [{"label": show.say(_("E-mail")), "value": words, "full": True}],
        }
    ]


def _name(kind: str, channel: str) -> str:
    return f"{kind}:{channel}"
