"""Who looks after jobs."""

from __future__ import annotations

from tenor.events.records import OutboxEvent
from tenor.jobs.records import Job, OutsideCall, Schedule
from tenor_sdk.access import ADMINISTRATOR, Permission, Role, can

look_after_jobs = Permission(title="Run jobs again and cancel them")

job_keeper = Role(
    "Job keeper",
    can.use(look_after_jobs),
    can.read(Job, Schedule, OutsideCall, OutboxEvent),
    positions=(ADMINISTRATOR,),
)
