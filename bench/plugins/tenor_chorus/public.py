"""What others may take part in."""

from __future__ import annotations

from tenor_sdk import Context
from tenor_sdk.hooks import hookspec


@hookspec
def sing(ctx: Context, note: int) -> int:
    """Asked by the benchmark, within its transaction, as whoever acts; what is returned is what is sung."""
    raise NotImplementedError
