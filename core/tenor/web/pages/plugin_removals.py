"""What removing a plugin, bringing it back, purging it or upgrading would do, before it is done. The page shows it and
does none of it: data that goes, and migrations, are the work of whoever keeps the machine, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tenor.loader.bringing_back import plan_restore
from tenor.loader.lifecycle import plan_upgrade
from tenor.loader.removing import ever_enabled, plan_purge, plan_remove, removed_here
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.loader.removing import Removal
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_AT: Final = "plugins"
_PLANS: Final = {"remove": plan_remove, "restore": plan_restore, "purge": plan_purge}
#: what can be looked at here
VERBS: Final = (*_PLANS, "upgrade")
_TITLES: Final = {
    "remove": _("Remove the plugin “{plugin}”"),
    "restore": _("Bring the plugin “{plugin}” back"),
    "purge": _("Destroy the data of the plugin “{plugin}”"),
    "upgrade": _("Bring the tables up to the installed versions"),
}
_SAID: Final = {
    "remove": _("All of this goes into one file first, from which it can be brought back."),
    "restore": _("It comes back as it was, disabled."),
    "purge": _("It can’t be brought back afterwards. The ledger keeps what it says of it."),
    "upgrade": _("All of it or nothing; every process is replaced afterwards."),
}


def look_at(name: str, verb: str) -> str:
    """Where a plan is shown."""
    return f"/{_AT}/{name}/{verb}"


def planned(web: Web, show: Show, name: str, verb: str) -> Values:
    """The page of a plan.

    Raises:
        NotFound: there is no such verb.
    """
    if verb not in VERBS:
        raise NotFound("not-found")
    if verb == "upgrade":
        return _upgrade(web, show)
    change = _PLANS[verb](web.kernel.settings, name)
    command = f"tenor plugin {verb} {name}"
    return _page(
        show,
        _of(_TITLES[verb], _title(web, show, name)),
        verb,
        list(_points(web, show, change)),
        change.refusals,
        command,
    )


def _title(web: Web, show: Show, name: str) -> str:
    """What the list calls it, in the person's language."""
    manifest = web.kernel.loader.installed.get(name)
    return show.say(manifest.title, name) if manifest is not None else name


def _of(text: Text, name: str) -> Text:
    return replace(text, values={"plugin": name})


def _upgrade(web: Web, show: Show) -> Values:
    change = plan_upgrade(web.kernel.loader)
    points = [
        show.say(
            _(
                "Tables of {plugin}: {sentence}",
                plugin=_title(web, show, step.plugin),
                sentence=sentence,
            )
        )
        for step in change.steps
        for _number, sentence in step.revisions
    ]
    points = points or [show.say(_("No table is changed."))]
    return _page(
        show, _TITLES["upgrade"], "upgrade", points, change.refusals, "tenor plugin upgrade"
    )


def _page(
    show: Show, title: Text, verb: str, points: list[Any], refusals: tuple[Text, ...], command: str
) -> Values:
    text = show.say(_SAID[verb])
    if not refusals:
        text = f"{text} {show.say(_('On the machine: {command}', command=command))}"
    confirm = {
        "title": show.say(title),
        "text": text,
        "points": points,
        "refusals_title": show.say(_("This stands in the way:")),
        "refusals": [show.say(refusal) for refusal in refusals],
        "cancel_href": f"/{_AT}",
        "cancel_label": show.say(_("Back")),
    }
    return {"title": show.say(title), "confirm": confirm}


def _points(web: Web, show: Show, change: Removal) -> Iterator[Values]:
    """What goes or comes, counted: records by what people call them, where that is known."""
    known = web.kernel.records.by_table
    for table, count in (*change.tables, *change.rows):
        kind = known.get(table)
        if count:
            words = (show.title if count == 1 else show.plural)(kind) if kind else table
            yield {"count": show.number(count)["text"], "text": words}
    for export in change.exports if change.verb == "purge" else ():
        yield {"count": "", "text": show.say(_("the export {file}", file=export.name))}


def removable(web: Web) -> frozenset[str]:
    """The plugins that have been enabled and weren't removed since: only of these there is something to take away."""
    return ever_enabled(web.kernel.settings) - removed_here(web.kernel.settings).keys()


def gone(web: Web, show: Show, *, may_change: bool) -> Values | None:
    """The plugins that can be brought back, as a part of the plugins page; None where there are none."""
    found = removed_here(web.kernel.settings)
    if not found:
        return None
    columns = [
        {"label": show.say(_("Plugin")), "identity": True},
        {"label": show.say(_("Version")), "tight": True},
        {"label": show.say(_("Removed on")), "tight": True},
        {"label": show.say(_("Export")), "explains": True},
        {"label": "", "key": show.say(_("Change")), "tight": True},
    ]
    rows = [
        {"cells": _cells(web, show, name, told, may_change)} for name, told in sorted(found.items())
    ]
    return {
        "kind": "table",
        "title": show.say(_("Removed, can be brought back")),
        "count": len(rows),
        "table": {"columns": columns, "rows": rows},
    }


def _cells(web: Web, show: Show, name: str, told: Any, may_change: bool) -> list[Any]:
    actions = [
        {"label": show.say(_("Bring back…")), "href": look_at(name, "restore")},
        {"label": show.say(_("Destroy…")), "href": look_at(name, "purge"), "style": "quiet"},
    ]
    return [
        {"text": _title(web, show, name), "sub": name},
        told["version"],
        f"{show.local(told['at']):%Y-%m-%d %H:%M}",
        {"text": told["file"], "quiet": True},
        {"actions": actions if may_change else []},
    ]
