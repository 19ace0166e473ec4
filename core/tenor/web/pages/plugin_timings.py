"""A plugin's callbacks: how often each was called, how long it took, which of them are left out and called again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.loader.access import manage_plugins
from tenor.loader.left_out import call_again
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.i18n import Text, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.events import Timing
    from tenor.events.breakers import Open
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]

_KINDS: Final = {
    "action": _("action"),
    "callback": _("provider’s callback"),
    "guard": _("check of a step"),
    "handler": _("event handler"),
    "heading": _("heading"),
    "hook": _("part in a hook"),
    "job": _("job"),
    "offer": _("whether an action is offered"),
    "page": _("page"),
    "panel": _("panel"),
    "tile": _("tile"),
    "transition": _("step"),
}
_MILLI: Final = 1000
#: what is shorter is told as that: a tenth of a millisecond
_LEAST: Final = 1e-4


def routes(at: Blueprint, web: Web) -> None:
    """What is done there."""

    @at.post("/plugins/<name>/again")
    def again(name: str) -> Response:
        kind, callback = request.form.get("kind", ""), request.form.get("callback", "")

        def act(ctx: KernelContext) -> Done:
            number = call_again(ctx, name, kind, callback)
            text = ngettext("{n} part is called again.", "{n} parts are called again.", number)
            return Done(f"/plugins/{name}", web.say(text))

        return web.once(act)


def duration(show: Show, seconds: float | None) -> Values | None:
    """A time, in milliseconds below a second."""
    if seconds is None:
        return None
    if seconds >= 1:
        return {"kind": "number", "text": show.say(_("{n} s", n=f"{seconds:.1f}"))}
    if seconds < _LEAST:
        return {"kind": "number", "text": show.say(_("< {n} ms", n=f"{_LEAST * _MILLI:.1f}"))}
    digits = 1 if seconds < 0.01 else 0
    return {"kind": "number", "text": show.say(_("{n} ms", n=f"{seconds * _MILLI:.{digits}f}"))}


def slowest(timings: Sequence[Timing]) -> Timing | None:
    """The callback of which 95 of 100 calls took the longest in the last hour."""
    called = [each for each in timings if each.lately.calls]
    return max(called, key=lambda each: each.lately.p95 or 0.0, default=None)


def kind_of(kind: str) -> Text | str:
    """What a kind of callback is called."""
    return _KINDS.get(kind, kind)


# -- what is left out ------------------------------------------------------------------------------------------------


def left_out_sheet(ctx: KernelContext, show: Show, out: Sequence[Open]) -> Values:
    columns = [
        {"label": show.say(_("Callback")), "identity": True},
        {"label": show.say(_("Left out since")), "tight": True},
        {"label": show.say(_("Tried again")), "tight": True},
        {"label": show.say(_("Error")), "explains": True},
        {"label": "", "key": show.say(_("Change")), "tight": True},
    ]
    rows = [{"cells": _cells(ctx, show, each)} for each in out]
    return {
        "kind": "table",
        "tone": "warned",
        "title": show.say(_("Left out, as they kept failing")),
        "count": len(out),
        "table": {"columns": columns, "rows": rows},
    }


def _cells(ctx: KernelContext, show: Show, each: Open) -> list[Any]:
    fields = {"kind": each.kind, "callback": each.name}
    again = {
        "label": show.say(_("Call it again")),
        "post": f"/plugins/{each.plugin}/again",
        "fields": [{"name": name, "value": value} for name, value in fields.items()],
        "once": nonce(),
    }
    return [
        {"text": each.name, "sub": show.say(kind_of(each.kind))},
        f"{show.local(each.since):%Y-%m-%d %H:%M}",
        f"{show.local(each.until):%Y-%m-%d %H:%M}",
        {"text": each.error, "title": each.error, "clip": True, "adverse": True},
        {"actions": [again] if ctx.may(manage_plugins) else []},
    ]


# -- how long they take ----------------------------------------------------------------------------------------------


def timings_sheet(show: Show, timings: Sequence[Timing], out: Sequence[Open]) -> Values:
    columns = [
        {"label": show.say(_("Callback")), "identity": True},
        {"label": show.say(_("Calls")), "align": "end"},
        {"label": show.say(_("Errors")), "align": "end"},
        {"label": show.say(_("Half within")), "align": "end"},
        {"label": show.say(_("95% within")), "align": "end"},
        {"label": show.say(_("Slowest")), "align": "end"},
        {"label": show.say(_("State"))},
    ]
    off = {each.key for each in out}
    shown = [each for each in timings if each.lately.calls]
    rows = [{"cells": _timing(show, each, off)} for each in shown]
    empty = {"title": show.say(_("Nothing of it was called here in the last hour."))}
    return {
        "kind": "table",
        "title": show.say(_("Calls in the last hour")),
        "sub": show.say(_("Those of the process that shows this page; others count their own.")),
        "count": len(rows),
        "table": {"columns": columns, "rows": rows, "empty": empty},
    }


def _timing(show: Show, each: Timing, off: set[tuple[str, str, str]]) -> list[Any]:
    lately = each.lately
    state = {"kind": "state", "shape": "full", "text": show.say(_("called"))}
    if (each.kind, each.plugin, each.name) in off:
        state = {"kind": "state", "shape": "refused", "text": show.say(_("left out"))}
    return [
        {"text": each.name, "sub": show.say(kind_of(each.kind))},
        show.number(lately.calls),
        show.number(lately.failed, adverse=lately.failed > 0),
        duration(show, lately.median),
        duration(show, lately.p95),
        duration(show, lately.slowest),
        state,
    ]
