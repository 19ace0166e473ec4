"""``tenor jobs``: what the machine has to do, and what a person should look at."""

from __future__ import annotations

import argparse

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    jobs = group(commands, "jobs", "list jobs, run what is due, run a parked one again")
    listing = command(jobs, "list", _list, "how many jobs are in which state, and the latest")
    listing.add_argument("--state", help="only those: ready, leased, done, parked, cancelled")
    as_person(listing)
    running = command(jobs, "run", _run, "run everything that is due, in this process")
    running.add_argument("--limit", type=int)
    again = command(jobs, "again", _again, "run a parked or cancelled job again")
    again.add_argument("id", type=int)
    as_person(again)


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        overview = ctx.kernel.jobs.overview(ctx, options.state)
    counts = ", ".join(f"{state} {count}" for state, count in overview.counts.items())
    place.say(counts or _("No jobs."))
    heads = (_("Id"), _("Job"), _("State"), _("Due"), _("Failures"), _("Problem"))
    rows = [
        (
            str(job.id),
            job.name,
            job.state,
            f"{job.due_at:%Y-%m-%d %H:%M:%S}",
            str(job.failures),
            job.error,
        )
        for job in overview.jobs
    ]
    if rows:
        place.table(heads, rows)
    return 0


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
