"""What a plugin asks for beyond its own records, on its page: what was granted, and the buttons that decide it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from sqlalchemy import select

from tenor.loader.access import manage_plugins
from tenor.loader.grants import Decision
from tenor.loader.records import PluginState
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.plugin import WORDS

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]

_SAID: Final[dict[str, tuple[str, Text]]] = {
    "granted": ("full", _("granted")),
    "denied": ("refused", _("denied")),
    "": ("waiting", _("to be decided")),
}
_BUTTONS: Final = (("grant", "granted", _("Grant")), ("deny", "denied", _("Deny")))


def routes(at: Blueprint, web: Web) -> None:
    """What is decided on the page of one plugin."""

    @at.post("/plugins/<name>/grants")
    def decide(name: str) -> Response:
        what, verdict = (request.form.get(field, "") for field in ("what", "verdict"))
        if verdict not in ("grant", "deny"):
            raise NotFound("not-found")

        def act(ctx: KernelContext) -> Done:
            said = Decision((what,), ()) if verdict == "grant" else Decision((), (what,))
            ctx.kernel.loader.decide(ctx, name, said)
            text = _("Decided; it counts in a few seconds, with the next process.")
            return Done(f"/plugins/{name}", web.say(text))

        return web.once(act)


def asked(ctx: KernelContext, show: Show, name: str) -> Values | None:
    """What a plugin asks for, and what was decided; None where it asks for nothing."""
    kinds = ctx.kernel.loader.installed[name].stated.asks
    if not kinds:
        return None
    columns = [
        {"label": show.say(_("What")), "identity": True},
        {"label": show.say(_("State"))},
        {"label": "", "key": show.say(_("Change")), "tight": True},
    ]
    decided = _decided(ctx, name)
    rows = [{"cells": _cells(ctx, show, name, kind, decided.get(kind, ""))} for kind in kinds]
    return {
        "kind": "table",
        "title": show.say(_("What it asks for beyond its own records")),
        "count": len(rows),
        "table": {"columns": columns, "rows": rows},
    }


def _decided(ctx: KernelContext, name: str) -> dict[str, str]:
    """For each kind that was decided on: ``granted`` or ``denied``; as it is on record by now."""
    with ctx.kernel.db.system(ctx.guarded) as session:
        row = session.scalars(select(PluginState).where(PluginState.name == name)).one_or_none()
        if row is None:
            return {}
        said = {"granted": row.granted or "", "denied": row.denied or ""}
    return {kind: verdict for verdict, kinds in said.items() for kind in kinds.split()}


def _cells(ctx: KernelContext, show: Show, name: str, kind: str, verdict: str) -> list[Any]:
    shape, text = _SAID[verdict]
    actions = [
        _button(show, name, kind, verb, label)
        for verb, done, label in _BUTTONS
        if verdict != done and ctx.may(manage_plugins)
    ]
    state = {"kind": "state", "shape": shape, "text": show.say(text)}
    return [{"text": show.say(WORDS[kind])}, state, {"actions": actions}]


def _button(show: Show, name: str, kind: str, verb: str, label: Text) -> Values:
    fields = {"what": kind, "verdict": verb}
    return {
        "label": show.say(label),
        "post": f"/plugins/{name}/grants",
        "fields": [{"name": field, "value": value} for field, value in fields.items()],
        "once": nonce(),
    }
