"""What others may ask of signings; the work is in ``sending``, ``confirming`` and ``verifying``."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from tenor_esign_ca.jobs import look_after
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import Signing
from tenor_sdk import Context, service


@service()
def receive_callback(
    ctx: Context, headers: Mapping[str, str], body: bytes, query: str = ""
) -> bool:
    """Take a provider's callback: a hint to look after the envelope, believed in nothing.

    The same event, however often it comes, is looked after once. Of an envelope that isn't known nothing is done.

    Returns:
        Whether the envelope is one of ours.

    Raises:
        Refused: ``callback-not-proved``, ``callback-too-old``.
    """
    event = provider(ctx).parse_callback(headers, body, query, at=ctx.now)
    with ctx.elevated("a provider reports on an envelope") as session:
        found = session.scalar(select(Signing.id).where(Signing.envelope == event.envelope_id))
    if found is None:
        return False
    ctx.enqueue(look_after, key=f"callback {event.event_key}", signing_id=found)
    return True
