"""What the machine does: running, due, failed, parked; run again and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.jobs.access import look_after_jobs
from tenor.jobs.records import CANCELLED, DONE, LEASED, PARKED, READY, STATES
from tenor.web.addresses import with_query
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.jobs.overview import JobView
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_SHOWN: Final = 100
_STATES: Final = {
    READY: ("hollow", _("due")), LEASED: ("half", _("running")), DONE: ("full", _("done")),
    PARKED: ("refused", _("parked")), CANCELLED: ("waiting", _("cancelled")),
}  # fmt: skip


def routes(at: Blueprint, web: Web) -> None:
    """The jobs page."""

    @at.get("/jobs")
    def jobs() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "jobs.html", _page(web, ctx))

    @at.post("/jobs/<int:identity>/<verb>")
    def change(identity: int, verb: str) -> Response:
        room = web.kernel.jobs

        def act(ctx: KernelContext) -> Done:
            if verb == "again":
                room.again(ctx, identity)
                return Done("/jobs", web.say(_("The job is run again.")))
            room.cancel(ctx, identity)
            return Done("/jobs", web.say(_("The job is cancelled.")))

        return web.once(act)


def _page(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = web.kernel.jobs.overview(ctx, state=state or None, limit=_SHOWN)
    title = show.say(_("Jobs"))
    head: Values = {"title": title}
    if found.waiting:
        head["sub"] = show.say(_("{n} wait for a plugin that isn’t enabled", n=found.waiting))
    sheet = {
        "kind": "table",
        "label": title,
        "table": _table(show, found.jobs, ctx.may(look_after_jobs)),
    }
    return {"title": title, "head": head, "tabs": _tabs(show, found.counts, state), "main": [sheet]}


def _tabs(show: Show, counts: Any, state: str) -> list[Values]:
    total = sum(counts.values())
    tabs = [{"label": show.say(_("All")), "count": total, "href": "/jobs", "current": not state}]
    tabs += [
        {
            "label": show.say(_STATES[name][1]),
            "count": counts[name],
            "current": state == name,
            "href": with_query("/jobs", {"state": name}),
        }
        for name in STATES
    ]
    return tabs


def _table(show: Show, jobs: Any, may: bool) -> Values:
    columns = [
        {"label": show.say(_("Job")), "identity": True},
        {"label": show.say(_("State")), "nowrap": True},
        {"label": show.say(_("Due")), "nowrap": True},
        {"label": show.say(_("Began")), "nowrap": True},
        {"label": show.say(_("Ended")), "nowrap": True},
        {"label": show.say(_("Failures")), "align": "end"},
        {"label": show.say(_("What went wrong")), "explains": True},
        {"label": "", "key": show.say(_("Change")), "tight": True},
    ]
    return {
        "caption": show.say(_("Jobs")),
        "columns": columns,
        "rows": [{"cells": _cells(show, job, may)} for job in jobs],
        "empty": {"title": show.say(_("No job is in this state."))},
    }


def _cells(show: Show, job: JobView, may: bool) -> list[Any]:
    shape, text = _STATES.get(job.state, ("hollow", job.state))
    error = job.error.strip().rpartition("\n")[2]
    return [
        {"text": job.name, "sub": f"#{job.id}"},
        {"kind": "state", "shape": shape, "text": show.say(text)},
        show.instant(job.due_at),
        show.instant(job.started_at) if job.started_at is not None else None,
        show.instant(job.finished_at) if job.finished_at is not None else None,
        show.number(job.failures, adverse=job.failures > 0),
        {"text": error, "title": error, "clip": True, "adverse": True} if error else None,
        {"actions": _actions(show, job) if may else []},
    ]


def _actions(show: Show, job: JobView) -> list[Values]:
    made = []
    if job.state in (PARKED, CANCELLED):
        made.append(
            {"label": show.say(_("Run again")), "post": f"/jobs/{job.id}/again", "once": nonce()}
        )
    if job.state in (READY, PARKED):
        label = show.say(_("Cancel the job"))
        made.append(
            {"label": label, "post": f"/jobs/{job.id}/cancel", "once": nonce(), "style": "quiet"}
        )
    return made
