"""The inbox, and the count that the bell asks for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, jsonify, make_response, request

from tenor.db.numbers import number
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.addresses import with_query
from tenor.web.gist import NO_GIST, Gists, gists
from tenor.web.timeline import day_label
from tenor.web.web import Done
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from tenor.context import KernelContext
    from tenor.notify.notify import InboxEntry
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_SIZE: Final = 40


def routes(at: Blueprint, web: Web) -> None:
    """Notices."""

    @at.get("/inbox")
    def inbox() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "inbox.html", _inbox(web, ctx))

    @at.get("/inbox/count")
    def count() -> Response:
        """For the bell: no guarded session is opened, and nothing is answered where nothing has changed."""
        tag = web.kernel.notify.counter(web.actor().id)
        if request.if_none_match.contains_weak(tag):
            response = make_response("", 304)
        else:
            response = jsonify(count=int(tag.rpartition("-")[2]))
        response.set_etag(tag, weak=True)
        return response

    @at.get("/inbox/<int:identity>")
    def open_notice(identity: int) -> Response:
        """Open what a notice is about; from then on it counts as read."""
        with web.writing() as ctx:
            entry = web.kernel.notify.entry(ctx, identity)
            if not entry.read:
                web.kernel.notify.mark_read(ctx, identity)
        about = entry.about
        if about is not None and has_page(about.record):
            return web.go(address(about.record, about.id))
        return web.go("/inbox")

    @at.post("/inbox/read")
    def read_all() -> Response:
        def act(ctx: KernelContext) -> Done:
            web.kernel.notify.mark_read(ctx)
            return Done("/inbox")

        return web.once(act)

    @at.post("/inbox/<int:identity>/read")
    def read_one(identity: int) -> Response:
        def act(ctx: KernelContext) -> Done:
            web.kernel.notify.mark_read(ctx, identity)
            return Done("/inbox")

        return web.once(act)


def _inbox(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    only_unread = request.args.get("unread") == "true"
    before = request.args.get("before", "")
    entries = web.kernel.notify.inbox(
        ctx,
        limit=_SIZE + 1,
        before=number(before),
        unread_only=only_unread,
    )
    unread = web.kernel.notify.unread(ctx)
    shown = entries[:_SIZE]
    known = about_of(web, ctx, show, shown)
    days = groupby(shown, key=lambda entry: show.local(entry.at).date())
    title = show.say(_("Inbox"))
    head: Values = {"title": title, "sub": show.say(ngettext("{n} unread", "{n} unread", unread))}
    if unread:
        head["actions"] = [{"label": show.say(_("Mark all read")), "post": "/inbox/read"}]
    made: Values = {
        "title": title,
        "head": head,
        "tabs": [
            {"label": show.say(_("All notices")), "href": "/inbox", "current": not only_unread},
            {"label": show.say(_("Unread")), "count": unread, "href": "/inbox?unread=true", "current": only_unread},
        ],
        "days": [
            {
                "label": day_label(show, ctx, day),
                "news": [news_item(show, entry, known, buttons=True) for entry in each],
            }
            for day, each in days
        ],
        "empty": {"title": show.say(_("Nothing was told to you yet."))},
    }  # fmt: skip
    if len(entries) > _SIZE:
        query = {"unread": "true" if only_unread else "", "before": shown[-1].id}
        made["foot"] = {"pager": {"next_href": with_query("/inbox", query)}}
    return made


def about_of(web: Web, ctx: KernelContext, show: Show, entries: Sequence[InboxEntry]) -> Gists:
    """What the records are about of which notices tell."""
    wanted = [(entry.about.record, entry.about.id) for entry in entries if entry.about is not None]
    return gists(web, ctx, show, wanted)


def news_item(
    show: Show, entry: InboxEntry, known: Gists, *, today: date | None = None, buttons: bool = False
) -> Values:
    """One notice.

    Args:
        known: see ``about_of``.
        today: where it stands under no heading of its day, so that it says the day itself unless it is this one.
        buttons: it can be marked as read in its place.
    """
    about = entry.about
    name = ""
    if about is not None:
        gist = known.get((about.record.__tablename__, about.id), NO_GIST)
        name = " · ".join(filter(None, (gist.name or about.name, gist.text)))
    made: Values = {
        "title": entry.title,
        "href": f"/inbox/{entry.id}" if entry.about is not None else "",
        "text": name,
        "note": entry.body,
        "time": _said(show.local(entry.at), today),
        "iso": entry.at.isoformat(),
        "unread": not entry.read,
    }
    if buttons and not entry.read:
        label = show.say(_("Mark read"))
        made["actions"] = [{"label": label, "post": f"/inbox/{entry.id}/read", "style": "quiet"}]
    return made


def _said(at: datetime, today: date | None) -> str:
    """``09:04`` under its day or on this one, ``06-26 09:04`` within the year, else the whole day."""
    if today is None or at.date() == today:
        return f"{at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d}"
