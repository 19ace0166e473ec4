"""Who looks after jobs."""

from __future__ import annotations

from tenor.events.records import OutboxEvent
from tenor.jobs.records import Job, JobProcess, OutsideCall, PausedPlugin, Schedule
from tenor_sdk.access import ADMINISTRATOR, Permission, Role, can

look_after_jobs = Permission(title="Run jobs again, cancel and pause them")

job_keeper = Role(
    "Job keeper",
    can.use(look_after_jobs),
    can.read(Job, Schedule, OutsideCall, OutboxEvent, PausedPlugin, JobProcess),
    positions=(ADMINISTRATOR,),
)
