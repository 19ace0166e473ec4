"""What the machine does: running, due, failed, parked; run again and cancel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.jobs.access import look_after_jobs
from tenor.jobs.overview import FAILED
from tenor.jobs.processes import WORKER
from tenor.jobs.records import CANCELLED, DONE, LEASED, PARKED, PARTS, READY, STATES
from tenor.web.addresses import with_query
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.jobs.overview import JobView, Overview
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.i18n import Text

Values = dict[str, Any]
_SHOWN: Final = 100
_STATES: Final = {
    READY: ("hollow", _("due")), LEASED: ("half", _("running")), PARTS: ("half", _("in parts")),
    DONE: ("full", _("done")), PARKED: ("refused", _("parked")), CANCELLED: ("waiting", _("cancelled")),
}  # fmt: skip

_TABS: Final = {
    READY: _STATES[READY][1], FAILED: _("failed, to be tried again"),
    **{name: text for name, (_shape, text) in _STATES.items() if name != READY},
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
            if verb != "cancel":
                raise NotFound("not-found")
            if room.cancel(ctx, identity) == CANCELLED:
                return Done("/jobs", web.say(_("The job is cancelled.")))
            return Done("/jobs", web.say(_("The job stops where it next says how far it is.")))

        return web.once(act)

    @at.post("/jobs/plugins/<name>/<verb>")
    def change_plugin(name: str, verb: str) -> Response:
        pauses = web.kernel.jobs.pauses

        def act(ctx: KernelContext) -> Done:
            if verb != "resume":
                raise NotFound("not-found")
            pauses.resume(ctx, name)
            return Done("/jobs", web.say(_("The jobs of {plugin} run again.", plugin=name)))

        return web.once(act)


def _page(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    state = request.args.get("state", "")
    state = state if state in _TABS else ""
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
    main = [*_faults(show, found, ctx.may(look_after_jobs)), sheet]
    return {"title": title, "head": head, "tabs": _tabs(show, found.counts, state), "main": main}


def _faults(show: Show, found: Overview, may: bool) -> Iterator[Values]:
    """Why jobs wait that would run otherwise: above them all."""
    for pause in found.paused:
        yield {
            "kind": "notice",
            "tone": "refused" if pause.reason else "warning",
            "title": show.say(_("The jobs of {plugin} are paused", plugin=pause.plugin)),
            "text": pause.reason,
            "actions": [_button(show, _("Resume"), f"/jobs/plugins/{pause.plugin}/resume")] if may else [],
        }  # fmt: skip
    if not any(each.kind == WORKER for each in found.processes):
        text = show.say(_("No worker has been heard of lately."))
        yield {"kind": "notice", "tone": "warning", "title": "", "text": text}


def _tabs(show: Show, counts: Any, state: str) -> list[Values]:
    total = sum(counts[name] for name in STATES)
    tabs = [{"label": show.say(_("All")), "count": total, "href": "/jobs", "current": not state}]
    tabs += [
        {
            "label": _begun(show.say(_TABS[name])),
            "count": counts[name],
            "current": state == name,
            "href": with_query("/jobs", {"state": name}),
        }
        for name in _TABS
    ]
    return tabs


def _begun(label: str) -> str:
    """What is small within a row begins a tab with a capital."""
    return label[:1].upper() + label[1:]


def _table(show: Show, jobs: Any, may: bool) -> Values:
    columns = [
        {"label": show.say(_("Job")), "identity": True},
        {"label": show.say(_("About")), "explains": True},
        {"label": show.say(_("State")), "nowrap": True},
        {"label": show.say(_("Due")), "nowrap": True},
        {"label": show.say(_("Began")), "nowrap": True},
        {"label": show.say(_("Ended")), "nowrap": True},
        {"label": show.say(_("Failures")), "align": "end"},
        {"label": show.say(_("How it stands")), "explains": True},
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
    return [
        {"text": job.name, "sub": _which(show, job)},
        _for(job),
        {"kind": "state", "shape": shape, "text": show.say(text)},
        show.instant(job.due_at),
        show.instant(job.started_at) if job.started_at is not None else None,
        show.instant(job.finished_at) if job.finished_at is not None else None,
        show.number(job.failures, adverse=job.failures > 0),
        _standing(show, job),
        {"actions": _actions(show, job) if may else []},
    ]


def _which(show: Show, job: JobView) -> str:
    if job.parent_id is None or job.number is None:
        return f"#{job.id}"
    return f"#{job.id} · " + show.say(
        _("part {n} of #{whole}", n=job.number + 1, whole=job.parent_id)
    )


def _for(job: JobView) -> Any:
    """After which event, and about which records, in the words of whoever wrote it."""
    about = " · ".join(f"{name} {identity}" for name, identity in job.about.items())
    if not job.event and not about:
        return None
    return {"text": about or job.event, "sub": job.event if about else "", "title": job.event}


def _result(show: Show, result: Any) -> str:
    """What came of a job, as it is kept; a mere answer in words."""
    if isinstance(result, bool):
        return show.say(_("yes") if result else _("no"))
    return json.dumps(result, ensure_ascii=False)


def _standing(show: Show, job: JobView) -> Any:
    """Why it waits, how far it is, what went wrong, what came of it; the error of an earlier try behind the words."""
    error = job.error.strip().rpartition("\n")[2]
    said = [show.say(job.why)] if job.why is not None else []
    if job.progress is not None and job.state in (LEASED, PARTS):
        said.append(_how_far(show, job.progress, job.progress_of))
    if job.state == DONE and job.result is not None:
        said.append(_result(show, job.result))
    if said:
        return {"text": " ".join(said), "title": error or " ".join(said), "clip": True}
    return {"text": error, "title": error, "clip": True, "adverse": True} if error else None


def _how_far(show: Show, done: int, of: int | None) -> str:
    if of is None:
        return show.say(_("{done} done", done=done))
    return show.say(_("{done} of {of} done", done=done, of=of))


def _actions(show: Show, job: JobView) -> list[Values]:
    made = []
    # a part was cancelled with its whole, and runs again with it
    if job.state == PARKED or (job.state == CANCELLED and job.parent_id is None):
        made.append(_button(show, _("Run again"), f"/jobs/{job.id}/again"))
    if job.state == PARTS and job.why is not None:
        made.append(_button(show, _("Run parked parts again"), f"/jobs/{job.id}/again"))
    if job.state in (READY, PARKED, PARTS, LEASED) and job.parent_id is None:
        made.append(
            _button(show, _("Cancel the job"), f"/jobs/{job.id}/cancel") | {"style": "quiet"}
        )
    return made


def _button(show: Show, label: Text, post: str) -> Values:
    return {"label": show.say(label), "post": post, "once": nonce()}
