"""``tenor jobs``: what the machine has to do, and what a person should look at."""

from __future__ import annotations

import argparse
import json

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.jobs.overview import FAILED, JobView
from tenor.jobs.processes import WORKER
from tenor.jobs.records import CANCELLED, STATES
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    jobs = group(
        commands, "jobs", "list jobs, run what is due, run one again, cancel one, pause a plugin's"
    )
    listing = command(jobs, "list", _list, "how many jobs are in which state, and the latest")
    listing.add_argument("--state", help=f"only those: {', '.join((*STATES, FAILED))}")
    as_person(listing)
    running = command(jobs, "run", _run, "run everything that is due, in this process")
    running.add_argument("--limit", type=int)
    again = command(jobs, "again", _again, "run a parked or cancelled job again")
    cancel = command(jobs, "cancel", _cancel, "cancel a job that waits; stop one that runs")
    for one in (again, cancel):
        one.add_argument("id", type=int)
        as_person(one)
    pause = command(jobs, "pause", _pause, "let the jobs of a plugin wait")
    resume = command(jobs, "resume", _resume, "let the jobs of a plugin run again")
    for plugin in (pause, resume):
        plugin.add_argument("plugin")
        as_person(plugin)


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        overview = ctx.kernel.jobs.overview(ctx, options.state)
    counts = ", ".join(f"{state} {count}" for state, count in overview.counts.items())
    place.say(counts or _("No jobs."))
    for pause in overview.paused:
        place.say(_("The jobs of {plugin} are paused", plugin=pause.plugin))
    if not any(process.kind == WORKER for process in overview.processes):
        place.say(_("No worker has been heard of lately."))
    heads = (_("Id"), _("Job"), _("About"), _("State"), _("Due"), _("Failures"), _("How it stands"))
    rows = [
        (
            str(job.id),
            job.name,
            about(job),
            job.state,
            f"{job.due_at:%Y-%m-%d %H:%M:%S}",
            str(job.failures),
            _standing(place, job),
        )
        for job in overview.jobs
    ]
    if rows:
        place.table(heads, rows)
    return 0


def about(job: JobView) -> str:
    """After which event, and with which ids."""
    return " ".join([job.event, *(f"{name} {one}" for name, one in job.about.items())]).strip()


def _standing(place: Place, job: JobView) -> str:
    """Why it waits, how far it is, the error of its last try, what came of it."""
    said = [place.text(job.why)] if job.why is not None else []
    if job.progress is not None:
        said.append(f"{job.progress}/{'?' if job.progress_of is None else job.progress_of}")
    said += [job.error] if job.error else []
    said += [json.dumps(job.result, ensure_ascii=False)] if job.result is not None else []
    return " · ".join(said)


def _run(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        ran = kernel.jobs.run_due(options.limit)
    place.say(_("{n} jobs were run.", n=ran))
    return 0


def _again(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.jobs.again(ctx, options.id)
    place.say(_("It is run again."))
    return 0


def _cancel(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        state = ctx.kernel.jobs.cancel(ctx, options.id)
    ended = state == CANCELLED
    place.say(
        _("The job is cancelled.")
        if ended
        else _("The job stops where it next says how far it is.")
    )
    return 0


def _pause(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.jobs.pauses.pause(ctx, options.plugin)
    place.say(_("The jobs of {plugin} are paused", plugin=options.plugin))
    return 0


def _resume(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.jobs.pauses.resume(ctx, options.plugin)
    place.say(_("The jobs of {plugin} run again.", plugin=options.plugin))
    return 0
