"""Hearing what happens: every event, in its own transaction, where rules listen for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast

from sqlalchemy import select

from tenor_automation.jobs import (
    about_whom,
    act_on_change,
    act_on_event,
    hear_change_later,
    hear_later,
    listening_to,
    stop,
)
from tenor_automation.records import Listening
from tenor_sdk import Context, Event, Refused, on
from tenor_sdk.changes import FieldChanged
from tenor_sdk.mandates import enqueue_under


@on(Event)
def hear(ctx: Context, event: Event) -> None:
    """Enqueue what rules make of it, in the name of whoever they act for. What a service tells is heard a moment later,
    by the plugin's own service, as a service reads nothing here."""
    if isinstance(event, FieldChanged):
        return
    told = {each.name: getattr(event, each.name) for each in fields(cast("Any", event))}
    if not ctx.may(Listening, "read"):
        ctx.enqueue(hear_later, name=event.event_name, told=told)
        return
    for one in ctx.session.scalars(select(Listening).where(Listening.heard == event.event_name)):
        identity = about_whom(ctx, one, event)
        if identity is None:
            continue
        _enqueue(ctx, one, act_on_event, record_id=identity, told=told)


@on(FieldChanged)
def hear_change(ctx: Context, event: FieldChanged) -> None:
    """As ``hear``, of fields that rules watch: one job for each rule, however many records there are."""
    records, entries = event.records, event.entries
    if not ctx.may(Listening, "read"):
        ctx.enqueue(
            hear_change_later, kind=event.kind, field=event.field, records=records, entries=entries
        )
        return
    for one in listening_to(ctx, event.kind, event.field):
        _enqueue(ctx, one, act_on_change, records=records, entries=entries)


def _enqueue(ctx: Context, one: Listening, what: Any, **more: Any) -> None:
    try:
        enqueue_under(ctx, one.mandate_id, what, rule_id=one.rule_id, **more)
    except Refused:  # who let it has left, or ended the mandate: nobody's act fails for that
        ctx.enqueue(stop, rule_id=one.rule_id)
