"""What a provider of signatures tells us by itself; the work is in ``sending``, ``confirming`` and ``verifying``."""

from __future__ import annotations

from sqlalchemy import select

from tenor_esign_ca.drivers import CallbackEvent, signing
from tenor_esign_ca.jobs import look_after
from tenor_esign_ca.records import Signing
from tenor_sdk import Context
from tenor_sdk.callbacks import Callbacks


def take_event(ctx: Context, event: CallbackEvent) -> int:
    """Take a provider's callback: a hint to look after the envelope, believed in nothing.

    The same event, however often it comes, is looked after once. Of an envelope that isn't known nothing is done.

    Returns:
        1 where the envelope is one of ours, else 0.
    """
    found = ctx.session.scalar(select(Signing.id).where(Signing.envelope == event.envelope_id))
    if found is None:
        return 0
    ctx.enqueue(look_after, key=f"callback {event.event_key}", signing_id=found)
    return 1


signing_callbacks: Callbacks[CallbackEvent] = Callbacks(signing, take=take_event)
