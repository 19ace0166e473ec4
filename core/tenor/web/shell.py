"""What stands around every page: apps, menus, search, date, bell, person; only what this person may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import request

from tenor.views import address
from tenor.web import flashes
from tenor.web.addresses import with_query
from tenor.web.visit import Visit, visit
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access.actors import ActorData
    from tenor.context import KernelContext
    from tenor.views import App
    from tenor.web.web import Web
    from tenor_sdk.records import Record

_LANGUAGES: Final = {"zh-CN": "简体中文", "en": "English"}
_FOOT: Final = "Admin"
Values = dict[str, Any]


def shell_of(web: Web, ctx: KernelContext) -> Values:
    """The shell of a page."""
    found = visit()
    apps, foot, current = _apps(web, ctx)
    return {
        **_frame(web, found),
        "apps": apps,
        "apps_foot": foot,
        "app": current,
        "search": {
            "action": "/search",
            "placeholder": web.say(_("Search or jump to…")),
            "who": ctx.actor.id,
        },
        "date": {"text": ctx.today.isoformat(), "iso": ctx.today.isoformat(), "note": _zone(web)},
        "units": _units(web, found),
        "bell": {
            "count": web.kernel.notify.unread(ctx),
            "href": "/inbox",
            "poll_href": "/inbox/count",
        },
        "person": _person(web, ctx),
        "banners": _banners(web, ctx),
        "flashes": flashes.told(web.kernel),
        "print": {
            "by": ctx.actor.name,
            "at": f"{ctx.now.astimezone(web.kernel.clock.zone):%Y-%m-%d %H:%M}",
            "dates": ctx.today.isoformat(),
            "request": ctx.request_id,
        },
    }


def bare_shell(web: Web) -> Values:
    """The little that a page without a person needs."""
    return {**_frame(web, visit()), "person": None}


def _frame(web: Web, found: Visit) -> Values:
    languages = [
        {"label": _LANGUAGES.get(each, each), "value": each, "lang": each, "current": each == found.language}
        for each in web.kernel.settings.languages
    ]  # fmt: skip
    return {
        "lang": found.language,
        "theme": found.theme,
        "density": found.density,
        "letters": found.letters,
        "institution": web.kernel.settings.institution,
        "home_href": "/",
        "next": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "preferences_action": "/me/preferences",
        "languages": languages,
    }


def _zone(web: Web) -> str:
    return web.say(_("Dates and times are those of {zone}", zone=web.kernel.settings.time_zone))


def _units(web: Web, found: Visit) -> list[Values]:
    return [
        {"label": web.say(_("CNY")), "value": "one", "current": not found.ten_thousands},
        {"label": web.say(_("10k")), "value": "ten-thousand", "current": found.ten_thousands},
    ]


def _person(web: Web, ctx: KernelContext) -> Values:
    actor = ctx.actor
    units = web.show(ctx).names(unit_of(actor))
    return {
        "name": actor.name,
        "initials": initials(actor.name),
        "role": web.show(ctx).listed(
            web.say(position_title(each)) for each in sorted(actor.positions)
        ),
        "unit": next(iter(units.values()), ""),
        "links": [{"label": web.say(_("My account")), "icon": "user", "href": "/me"}],
        "shortcuts_href": "/shortcuts",
        "report_href": with_query("/report", {"from": request.path}),
        "sign_out_action": "/sign-out",
    }


def unit_of(actor: ActorData) -> list[tuple[type[Record], int]]:
    """The unit that each page of somebody names beside them."""
    from tenor.access.records import Unit

    return [(Unit, actor.unit_id)] if actor.unit_id is not None else []


def position_title(position: str) -> str:
    """``risk-officer`` → ``Risk officer``, a message id."""
    text = position.replace("-", " ")
    return text[:1].upper() + text[1:]


def initials(name: str) -> str:
    """Two characters of a name: the last two of a Chinese one, the first of two words."""
    words = name.split()
    if len(words) > 1:
        return (words[0][:1] + words[-1][:1]).upper()
    return name[-2:] if any(ord(character) > 0x2E7F for character in name) else name[:2].upper()


def _banners(web: Web, ctx: KernelContext) -> list[Values]:
    from tenor.loader.access import manage_plugins

    if not ctx.may(manage_plugins):
        return []
    see = [{"label": web.say(_("See plugins")), "href": "/plugins"}]
    if web.kernel.safe_mode:
        text = web.say(_safe_mode(web.kernel.loader.put_into_safe_mode))
        return [{"tone": "failed", "title": web.say(_("Safe mode.")), "text": text, "actions": see}]
    failed = [failure.plugin for failure in web.kernel.failures]
    out = sorted({each.plugin for each in web.kernel.events.breakers.open(ctx).values()})
    said = []
    if failed:
        said.append(_("These plugins don't run: {names}", names=web.say(_(", ")).join(failed)))
    if out:
        said.append(
            _(
                "Parts of these plugins keep failing and are left out: {names}",
                names=web.say(_(", ")).join(out),
            )
        )
    return [{"tone": "warning", "text": web.say(text), "actions": see} for text in said]


def _safe_mode(reason: str) -> Text:
    if reason:
        return _("Only the kernel's own pages are there, and no job runs: {reason}", reason=reason)
    return _("A critical plugin doesn't run; only the kernel's own pages are there.")


# -- apps ------------------------------------------------------------------------------------------------------------


def _apps(web: Web, ctx: KernelContext) -> tuple[list[Values], list[Values], Values | None]:
    apps, here = web.kernel.views.apps(ctx), _here()
    current = max(apps, key=lambda app: _nearness(app, here), default=None)
    if current is not None and not _nearness(current, here):
        current = None
    shown = [(app, _app(web, app, app is current)) for app in apps]
    rail = [values for app, values in shown if app.title != _FOOT]
    foot = [values for app, values in shown if app.title == _FOOT]
    return rail, foot, _current(web, current, here) if current else None


def _app(web: Web, app: App, current: bool) -> Values:
    return {
        "label": web.say(app.title, app.plugin),
        "icon": app.icon,
        "href": app.items[0].href,
        "current": current,
    }


def _current(web: Web, app: App, here: str) -> Values:
    nearest = max(app.items, key=lambda item: _near(item.href, here))
    menus = [
        {
            "label": web.say(item.title, item.plugin),
            "href": item.href,
            "current": item is nearest and _near(item.href, here) > 0,
        }
        for item in app.items
    ]
    return {"label": web.say(app.title, app.plugin), "menus": menus}


def _nearness(app: App, here: str) -> int:
    return max((_near(item.href, here) for item in app.items), default=0)


def _here() -> str:
    """Where this page belongs among the menus: what isn't in one itself stands under the page that lists it."""
    from tenor.access.records import Unit
    from tenor.workflow.records import Task

    for kind, page in ((Task, "/tasks"), (Unit, "/units")):
        one = address(kind)
        if f"{request.path}/".startswith(f"{one}/"):
            return request.path.replace(one, page, 1)
    return request.path


def _near(href: str, here: str) -> int:
    """How much of this page's address a menu's address is; nothing where it leads elsewhere."""
    parts = urlsplit(href)
    path = parts.path.rstrip("/")
    if not path:
        return 1 if here == "/" else 0
    if here != path and not here.startswith(f"{path}/"):
        return 0
    same_view = parts.query == f"view={request.args.get('view', '')}"
    return 2 * len(path) + (
        1 if (same_view if parts.query else not request.args.get("view")) else 0
    )
