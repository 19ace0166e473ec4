from __future__ import annotations

from tenor_permits.records import Permit
from tenor_sdk import Context, service


@service()
def rename(ctx: Context, permit: Permit, subject: str) -> None:
    """Call it otherwise, in whatever state it is."""
    permit.subject = subject
