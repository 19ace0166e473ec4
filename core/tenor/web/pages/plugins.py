"""Plugins: which run, which failed and the remedy; what enabling or disabling one would do, before it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.events import Timing
from tenor.loader import grants
from tenor.loader.access import manage_plugins
from tenor.loader.consequences import told
from tenor.loader.grants import Decision
from tenor.loader.left_out import left_out
from tenor.loader.manifest import BASE
from tenor.loader.records import PluginState
from tenor.web.pages import plugin_removals, plugin_timings
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.loader.lifecycle import ChangePlan
    from tenor.loader.survey import PluginRow
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
#: the field of the form that says what is granted with it
_GRANT: Final = "grant"
_SLOWEST: Final = _(
    "Of the slowest of its callbacks, in the last hour, in the process that shows this page"
)
_STATUS: Final = {
    "running": ("full", _("running")), "failed": ("refused", _("failed")), "disabled": ("hollow", _("disabled")),
    "waiting": ("waiting", _("starts with the next process")),
}  # fmt: skip
#: whatever is enabled, as long as only the kernel's own part runs
_LEFT_OUT: Final = _("left out in safe mode")


def routes(at: Blueprint, web: Web) -> None:
    """The plugins page."""

    @at.get("/plugins")
    def plugins() -> Response:
        with web.reading() as ctx:
            _may_look(ctx)
            return web.page(ctx, "plugins.html", _overview(web, ctx))

    @at.get("/plugins/<name>/<verb>")
    def plan(name: str, verb: str) -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, manage_plugins)
            if verb in plugin_removals.VERBS:
                page = plugin_removals.planned(web, web.show(ctx), name, verb)
                return web.page(ctx, "confirm.html", page)
            change = _plan(web, name, verb)
            return web.page(ctx, "confirm.html", _confirm(web, ctx, change))

    @at.post("/plugins/<name>/<verb>")
    def change(name: str, verb: str) -> Response:
        _known(verb)

        def act(ctx: KernelContext) -> Done:
            loader = web.kernel.loader
            if verb == "enable":
                done = loader.enable(ctx, name, Decision(grant=_granted()))
            else:
                done = loader.disable(ctx, name)
            if done.verb == "enable":
                text = _("{plugin} is enabled; it runs in a few seconds, with the next process.")
            else:
                text = _("{plugin} is disabled; it goes in a few seconds and its data stays.")
            return Done("/plugins", web.say(_named(text, called(web, web.show(ctx), name))))

        return web.once(act)


def _granted() -> tuple[str, ...]:
    """What the form showed as asked for: a version that came meanwhile and asks for more waits."""
    return tuple(request.form.get(_GRANT, "").split())


def _named(text: Any, name: str) -> Any:
    from dataclasses import replace

    return replace(text, values={"plugin": name})


def called(web: Web, show: Show, name: str) -> str:
    """What the list calls a plugin, or what the cases of a workflow are called, in the person's language."""
    manifest = web.kernel.loader.installed.get(name)
    for flow in web.kernel.workflow.flows.values():
        if flow.name == name:
            return show.plural(flow.record)
    return show.say(manifest.title, name) if manifest is not None else name


def listed(show: Show, names: Sequence[str]) -> str | None:
    """One after the other, with the comma of the person's language; None where there are none."""
    return show.say(_(", ")).join(names) or None


def _may_look(ctx: KernelContext) -> None:
    """Those who manage plugins, and those who may read their state."""
    if not ctx.may(manage_plugins) and not ctx.may(PluginState, "read"):
        raise NotFound("not-found")


def _known(verb: str) -> None:
    if verb not in ("enable", "disable"):
        raise NotFound("not-found")


def _plan(web: Web, name: str, verb: str) -> ChangePlan:
    _known(verb)
    loader = web.kernel.loader
    return loader.plan_enable(name) if verb == "enable" else loader.plan_disable(name)


# -- the list --------------------------------------------------------------------------------------------------------


def _overview(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    rows = web.kernel.loader.overview()
    failed = [row for row in rows if row.status == "failed"]
    running = [row for row in rows if row.status == "running"]
    waiting = [row for row in rows if row.status == "waiting"]
    rest = [row for row in rows if row.status == "disabled"]
    title = show.say(_("Plugins"))
    main = [_sheet(web, ctx, show, show.say(_("Running")), running)]
    if waiting:
        main.append(_sheet(web, ctx, show, show.say(_("Enabled, not running")), waiting))
    if rest:
        main.append(_sheet(web, ctx, show, show.say(_("Installed, not enabled")), rest))
    removed = plugin_removals.gone(web, show, may_change=ctx.may(manage_plugins))
    main += [removed] if removed else []
    sub = show.say(ngettext("{n} plugin runs", "{n} plugins run", len(running)))
    return {
        "title": title,
        "head": {"title": title, "sub": sub},
        "failed": [_failed(web, ctx, show, row) for row in failed],
        "main": main,
    }


def _sheet(web: Web, ctx: KernelContext, show: Show, title: str, rows: list[PluginRow]) -> Values:
    """Those of one state. What doesn't run isn't called, so nothing is said of its calls."""
    calls = (
        {"label": show.say(_("Calls")), "align": "end"},
        {"label": show.say(_("Errors")), "align": "end"},
        {"label": show.say(_("95% within")), "align": "end", "title": show.say(_SLOWEST)},
    )
    columns = [
        {"label": show.say(_("Plugin")), "identity": True},
        {"label": show.say(_("Version")), "tight": True},
        {"label": show.say(_("What it does")), "explains": True},
        {"label": show.say(_("Needs"))},
        *(calls if rows and rows[0].status != "disabled" else ()),
        {"label": show.say(_("State"))},
        {"label": "", "key": show.say(_("Change")), "tight": True},
    ]
    removable = plugin_removals.removable(web)
    timings = web.kernel.events.timings.all()
    cells = [
        {
            "cells": _cells(
                web,
                ctx,
                show,
                row,
                [each for each in timings if each.plugin == row.name],
                removable,
            ),
            "href": f"/plugins/{row.name}" if row.name in web.kernel.loader.installed else "",
        }
        for row in rows
    ]
    return {
        "kind": "table",
        "title": title,
        "count": len(rows),
        "table": {"columns": columns, "rows": cells},
    }


def _cells(
    web: Web,
    ctx: KernelContext,
    show: Show,
    row: PluginRow,
    timings: list[Timing],
    removable: Collection[str],
) -> list[Any]:
    failed = sum(each.lately.failed for each in timings)
    calls = (
        show.number(sum(each.lately.calls for each in timings)),
        show.number(failed, adverse=failed > 0),
        _slowest(show, timings),
    )
    names = partial(called, web, show)
    return [
        {"text": show.say(row.title, row.name), "sub": row.name},
        row.version,
        {"text": show.say(row.summary, row.name), "quiet": True},
        listed(show, [names(each) for each in row.requires]),
        *(calls if row.status != "disabled" else ()),
        state_of(ctx, show, row),
        {"actions": changes(ctx, show, row, removable)},
    ]


def state_of(ctx: KernelContext, show: Show, row: PluginRow) -> Values:
    """How it fares, in a word."""
    shape, text = _STATUS[row.status]
    if row.status == "waiting" and ctx.kernel.safe_mode:
        text = _LEFT_OUT
    state = {"kind": "state", "shape": shape, "text": show.say(text)}
    out = left_out(ctx, row.name)
    if out:
        state["sub"] = show.say(ngettext("{n} part left out", "{n} parts left out", len(out)))
    return state


def _slowest(show: Show, timings: list[Timing]) -> Values | None:
    """How long the slowest callback of a plugin takes, and which it is."""
    found = plugin_timings.slowest(timings)
    if found is None:
        return None
    shown = plugin_timings.duration(show, found.lately.p95) or {}
    code = found.name if "." in found.name else f"{found.plugin}.{found.name}"
    kind = show.say(plugin_timings.kind_of(found.kind))
    return {**shown, "title": show.say(_("{label}: {values}", label=kind, values=code))}


def changes(
    ctx: KernelContext, show: Show, row: PluginRow, removable: Collection[str] = ()
) -> list[Values]:
    """The buttons that lead to what may be done with it."""
    if row.name == BASE or not ctx.may(manage_plugins):
        return []
    look_at = plugin_removals.look_at
    if row.status == "disabled":
        remove = {
            "label": show.say(_("Remove…")),
            "href": look_at(row.name, "remove"),
            "style": "quiet",
        }
        return [
            {"label": show.say(_("Enable…")), "href": look_at(row.name, "enable")},
            *([remove] if row.name in removable else []),
        ]
    disable = {
        "label": show.say(_("Disable…")),
        "href": look_at(row.name, "disable"),
        "style": "quiet",
    }
    if row.failure is not None and row.failure.stage == "migration":
        upgrade = {"label": show.say(_("Upgrade…")), "href": look_at(row.name, "upgrade")}
        return [upgrade, disable]
    return [disable]


def _failed(web: Web, ctx: KernelContext, show: Show, row: PluginRow) -> Values:
    failure = row.failure
    assert failure is not None  # that is what failed means
    return {
        "title": show.say(_("{plugin} doesn’t run", plugin=show.say(row.title, row.name))),
        "sub": f"{row.name} {row.version}",
        "reason": show.say(failure.cause),
        "remedy": show.say(failure.remedy),
        "actions": changes(ctx, show, row),
    }


# -- before it is done -----------------------------------------------------------------------------------------------


def _confirm(web: Web, ctx: KernelContext, change: ChangePlan) -> Values:
    show = web.show(ctx)
    enable = change.verb == "enable"
    title = called(web, show, change.name)
    if enable:
        said = _("Enable the plugin “{plugin}”", plugin=title)
    else:
        said = _("Disable the plugin “{plugin}”", plugin=title)
    text = _("This is what happens; it can be undone by disabling it.") if enable else _(
        "Its pages, its API and its jobs go away with the next process; its data stays."
    )  # fmt: skip
    if change.undecided:
        label = show.say(_("Grant this and enable"))
    else:
        label = show.say(_("Enable") if enable else _("Disable"))
    confirm = {
        "title": show.say(said),
        "text": show.say(text),
        "points": _points(web, show, change),
        "refusals_title": show.say(_("This stands in the way:")),
        "refusals": [show.say(refusal) for refusal in change.refusals],
        "action": request.path,
        "hidden": [{"name": _GRANT, "value": _words(change)}],
        "once": nonce(),
        "label": "" if change.refusals else label,
        "danger": not enable,
        "cancel_href": "/plugins",
        **({"cancel_label": show.say(_("Back"))} if change.refusals else {}),
    }
    return {"title": show.say(said), "confirm": confirm}


def _words(change: ChangePlan) -> str:
    return " ".join(f"{plugin}:{kind}" for plugin, kind in change.undecided)


def _points(web: Web, show: Show, change: ChangePlan) -> list[Any]:
    made: list[Any] = []
    names = partial(called, web, show)
    if len(change.enables) > 1:
        others = listed(show, [names(name) for name in change.enables if name != change.name])
        made.append(show.say(_("Enabled with it, as it needs them: {others}", others=others)))
    for step in change.steps:
        for _number, sentence in step.revisions:
            made.append(
                show.say(
                    _(
                        "Tables of {plugin}: {sentence}",
                        plugin=names(step.plugin),
                        sentence=sentence,
                    )
                )
            )
    made += [show.say(grants.asking(names(plugin), asked)) for plugin, asked in change.asks]
    made = made or [show.say(_("No table is changed."))]
    return made + [show.say(text) for text in told(change.brings, names)]
