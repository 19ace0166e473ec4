"""What the kernel brings to ``tenor_sdk.testing`` under the entry point ``tenor.testing``."""

from tenor.testing.browsing import visit
from tenor.testing.checks import check
from tenor.testing.institution import (
    as_actor,
    build,
    call_back,
    installed,
    make_user,
    on_date,
    run_jobs,
    settings_for,
    start,
    stop,
)
from tenor.testing.quality import quality

__all__ = [
    "as_actor",
    "build",
    "call_back",
    "check",
    "installed",
    "make_user",
    "on_date",
    "quality",
    "run_jobs",
    "settings_for",
    "start",
    "stop",
    "visit",
]
