"""Hearing what happens: every event, in its own transaction, where rules listen for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from sqlalchemy import select

from tenor_automation.jobs import act_on_event, hear_later, stop
from tenor_automation.records import Listening
from tenor_sdk import Context, Event, Refused, on
from tenor_sdk.catalogue import kind_named, record_told_of
from tenor_sdk.mandates import enqueue_under


@on(Event)
def hear(ctx: Context, event: Event) -> None:
    """Enqueue what rules make of it, in the name of whoever they act for. What a service tells is heard a moment later,
    by the plugin's own service, as a service reads nothing here."""
    told = {each.name: getattr(event, each.name) for each in fields(cast("Any", event))}
    if not ctx.may(Listening, "read"):
        ctx.enqueue(hear_later, name=event.event_name, told=told)
        return
    for one in ctx.session.scalars(select(Listening).where(Listening.heard == event.event_name)):
        identity = record_told_of(event, kind_named(ctx, one.about))
        if identity is None:
            continue
        try:
            enqueue_under(
                ctx,
                one.mandate_id,
                act_on_event,
                rule_id=one.rule_id,
                record_id=identity,
                told=told,
            )
        except Refused:  # who let it has left, or ended the mandate: nobody's act fails for that
            ctx.enqueue(stop, rule_id=one.rule_id)
