"""What people are told of jobs."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

#: nobody may switch these off, and they don't wait for the morning
JOB_PARKED: Final = NoticeKind(
    name="job-parked", title="A job is parked and needs a person", urgent=True, required=True
)
JOBS_PAUSED: Final = NoticeKind(
    name="jobs-paused", title="The jobs of a plugin are paused", urgent=True, required=True
)
