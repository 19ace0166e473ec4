"""Making a report: what is in it, to be taken along or handed to the administrators; and their list of all."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.api.reporting import pattern
from tenor.loader.access import manage_plugins
from tenor.reports import words
from tenor.reports.kept import DAYS
from tenor.web.addresses import with_query
from tenor.web.pages.files import sent
from tenor.web.reporting import gathered, readable, reports_of
from tenor.web.templating import nonce
from tenor.web.web import Done, inside
from tenor_sdk.errors import Forbidden, NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.reports.kept import Report
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_SHOWN: Final = 100
_LENGTH: Final = 16
_NONE: Final = _("There is no report of this number that is yours to read.")
_HELP: Final = _(
    "An error page says it, a part of a page that failed, and every answer of the API."
)


def routes(at: Blueprint, web: Web) -> None:
    """``/report`` makes one, ``/reports`` lists them."""

    @at.get("/report")
    def report() -> Response:
        with web.reading() as ctx:
            try:
                return web.page(ctx, "report.html", _page(web, ctx, *_asked(web, ctx)))
            except NotFound:
                return web.page(ctx, "report.html", _none(web, ctx), status=404)

    @at.get("/report/file")
    def file() -> Response:
        with web.reading() as ctx:
            found, _kept = _asked(web, ctx)
            name = f"tenor-report-{found.number}"
            if request.args.get("as") == "json":
                content = json.dumps(found.contents(), ensure_ascii=False, indent=2)
                return sent(f"{name}.json", "application/json", content.encode())
            content = words.text(found, web.say)
            return sent(f"{name}.txt", "text/plain; charset=utf-8", content.encode())

    @at.post("/report")
    def hand_over() -> Response:
        def act(ctx: KernelContext) -> Done:
            found, _kept = _asked(web, ctx)
            reports_of(web.kernel).hand_over(found)
            told = _("The administrators find it under the number {number}.", number=found.number)
            return Done(f"/report?number={found.number}", web.say(told))

        return web.once(act)

    @at.get("/reports")
    def reports() -> Response:
        with web.reading() as ctx:
            if not ctx.may(manage_plugins):
                raise Forbidden("not-permitted", what=manage_plugins.title)
            return web.page(ctx, "page.html", _listed(web, ctx))


def _asked(web: Web, ctx: KernelContext) -> tuple[Report, bool]:
    """The report of the number in the address, else one of the page that the person comes from; whether it is kept.

    Raises:
        NotFound: there is none of that number, or it isn't this person's.
    """
    number = request.values.get("number", "").strip()
    if number:
        found = readable(ctx, number)
        if found is None:
            raise NotFound("not-found")
        return found, True
    page = _from()
    return gathered(web.kernel, asked=f"GET {pattern(web.kernel, page)}"), False


def _from() -> str:
    given = request.values.get("from", "/")
    return given.partition("?")[0] if inside(given) else "/"


def _page(web: Web, ctx: KernelContext, report: Report, kept: bool) -> Values:
    show = web.show(ctx)
    title = show.say(_("Report of an error") if report.errors else _("Report of a page"))
    about = _(
        "This is all that is in it: nothing that was typed, and no name or amount of a record."
    )
    told = [{"label": label, "value": text or None} for label, text in words.facts(report, web.say)]
    main: list[Values] = [
        {"kind": "notice", "text": show.say(about)},
        {"kind": "fields", "title": show.say(_("What is in it")), "columns": 2, "fields": told},
    ]
    main += [_trace(show, error, lines) for error, lines in words.traces(report, web.say)]
    head = {
        "title": title,
        "sub": report.number if kept else "",
        "actions": _actions(web, report, kept),
    }
    return {"title": title, "head": head, "find": _find(show), "main": main}


def _none(web: Web, ctx: KernelContext) -> Values:
    """That there is none of the number that was entered."""
    show = web.show(ctx)
    title = show.say(_("Report of an error"))
    head = {"title": title}
    return {"title": title, "head": head, "find": _find(show, show.say(_NONE)), "main": []}


def _find(show: Show, error: str = "") -> Values:
    """Where the number is entered that an error page, a part of one or an answer of the API told."""
    field = {
        "name": "number", "label": show.say(_("Request number")), "value": request.args.get("number", "")[:_LENGTH],
        "max_length": _LENGTH, "help": show.say(_HELP), "error": error, "spellcheck": False,
    }  # fmt: skip
    return {"action": "/report", "fields": [field]}


def _actions(web: Web, report: Report, kept: bool) -> list[Values]:
    fields = {"number": report.number} if kept else {"from": _from()}
    found: list[Values] = [
        {"label": web.say(label), "href": with_query("/report/file", fields | {"as": form}), "download": True,
         "icon": "download"}
        for label, form in ((_("As text"), "text"), (_("As JSON"), "json"))
    ]  # fmt: skip
    if not report.sent:
        found.insert(0, {
            "label": web.say(_("Hand to the administrators")), "post": "/report", "once": nonce(), "style": "primary",
            "fields": [{"name": name, "value": value} for name, value in fields.items()],
        })  # fmt: skip
    return found


def _trace(show: Show, error: str, lines: list[str]) -> Values:
    columns = [{"label": show.say(_("Where it passed, the last at the end")), "identity": True}]
    rows = [{"cells": [{"kind": "mono", "text": line}]} for line in lines]
    return {
        "kind": "table",
        "title": error,
        "table": {"caption": error, "columns": columns, "rows": rows, "headless": True},
    }


def _listed(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    title = show.say(_("Reports of errors"))
    columns = [
        {"label": show.say(_("Request number")), "identity": True},
        {"label": show.say(_("When")), "nowrap": True},
        {"label": show.say(_("Error"))},
        {"label": show.say(_("Address"))},
        {"label": show.say(_("Handed over"))},
    ]
    table = {
        "caption": title,
        "columns": columns,
        "rows": [_row(show, report) for report in reports_of(web.kernel).all()[:_SHOWN]],
        "empty": {"title": show.say(_("Nothing has failed here lately."))},
    }
    about = _("The newest {most} of the last {days} days.", most=_SHOWN, days=DAYS)
    head = {"title": title, "sub": show.say(about)}
    return {
        "title": title,
        "head": head,
        "main": [{"kind": "table", "label": title, "table": table}],
    }


def _row(show: Show, report: Report) -> Values:
    error = report.errors[0][0]["error"] if report.errors else show.say(_("none: about a page"))
    return {
        "href": f"/report?number={report.number}",
        "cells": [
            {"kind": "mono", "text": report.number},
            show.instant(datetime.fromisoformat(report.at)),
            {"text": error},
            {"kind": "mono", "text": report.asked},
            show.say(_("yes")) if report.sent else None,
        ],
    }
