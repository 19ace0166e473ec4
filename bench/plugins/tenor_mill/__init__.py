"""Jobs that do nothing, and one that says when it began: what running jobs costs."""

from __future__ import annotations

import time
from pathlib import Path

from tenor_sdk import Context, Plugin, job

plugin = Plugin(title="Mill")


@job()
def turn(ctx: Context) -> None:
    """Do nothing."""


@job()
def strike(ctx: Context, begun: str) -> None:
    """Write down when it began.

    Args:
        begun: the file; as a reader of the same machine sees it, seconds by the machine's monotonic clock.
    """
    with Path(begun).open("a") as hours:
        hours.write(f"{time.monotonic()}\n")
