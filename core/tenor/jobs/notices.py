"""What people are told of jobs."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

#: nobody may switch it off, and it doesn't wait for the morning
JOB_PARKED: Final = NoticeKind(
    name="job-parked", title="A job is parked and needs a person", urgent=True, required=True
)
