"""What rules do after what happened, and each day."""

from __future__ import annotations

from datetime import time
from typing import Any

from sqlalchemy import select

from tenor_automation.records import Listening, Occasion, Rule
from tenor_automation.running import due_records, judge_one, note_failure
from tenor_automation.sound import event_of
from tenor_automation.workflow import pause
from tenor_sdk import Context, Event, Refused, TenorError, _, job
from tenor_sdk.catalogue import events_about, kind_named, record_told_of
from tenor_sdk.i18n import in_words
from tenor_sdk.jobs import Daily
from tenor_sdk.mandates import enqueue_under
from tenor_sdk.notify import notify
from tenor_sdk.workflow import transition


@job()
def act_on_event(ctx: Context, rule_id: int, record_id: int, told: dict[str, Any]) -> str:
    """One rule on one event, as whoever it acts for."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is None:  # whoever it acts for may not see rules any more
        ctx.enqueue(stop, rule_id=rule_id)
        return "out-of-sight"
    if rule.state != "active":
        return rule.state
    kind, event = kind_named(ctx, rule.about), event_of(ctx, rule)
    record = ctx.session.get(kind, record_id)
    said: Event | None = event(**told) if event is not None else None
    if record is None:
        note_failure(
            ctx,
            rule,
            rule.event_name,
            record_id,
            _("The record isn’t there for whoever it acts for"),
        )
        outcome = "failed"
    else:
        outcome = judge_one(ctx, rule, rule.event_name, record, said)
    if outcome == "failed":
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
    return outcome


@job(actor="service")
def hear_later(ctx: Context, name: str, told: dict[str, Any]) -> None:
    """What a service told."""
    for one in ctx.session.scalars(select(Listening).where(Listening.heard == name)):
        kind = kind_named(ctx, one.about)
        event = next((each for each in events_about(ctx, kind) if each.event_name == name), None)
        identity = record_told_of(event(**told), kind) if event is not None else None
        if identity is not None:
            _enqueue(ctx, one, act_on_event, record_id=identity, told=told)


@job(schedule=Daily(at=time(6, 30), catch_up="each"))
def look_at_the_day(ctx: Context) -> None:
    """Each morning: the rules that act by the day, each by itself, in the name of whoever it acts for."""
    daily = (Occasion.DATE.value, Occasion.DAILY.value)
    for one in ctx.session.scalars(select(Listening).where(Listening.heard.in_(daily))):
        _enqueue(ctx, one, act_on_day, key=f"{one.rule_id}-{ctx.today.isoformat()}", day=ctx.today)


@job()
def act_on_day(ctx: Context, rule_id: int, day: Any) -> dict[str, int]:
    """One rule on one day: every record that is due then, each by itself."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is None:
        ctx.enqueue(stop, rule_id=rule_id)
        return {}
    outcomes: dict[str, int] = {}
    for record in due_records(ctx, rule, day) if rule.state == "active" else ():
        outcome = judge_one(ctx, rule, rule.occasion.value, record, None)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    if outcomes.get("failed"):
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
    return outcomes


@job(actor="service")
def pause_if_failing(ctx: Context, rule_id: int) -> None:
    """After a failure: pause a rule that keeps failing, and tell its owner."""
    from tenor_automation.running import keeps_failing

    rule = ctx.session.get(Rule, rule_id)
    if rule is not None and rule.state == "active" and keeps_failing(ctx, rule):
        _pause(ctx, rule, in_words(ctx, _("It failed several times in a row")))


@job(actor="service")
def stop(ctx: Context, rule_id: int) -> None:
    """Pause a rule that has nobody any more in whose name to act."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is not None and rule.state == "active":
        _pause(ctx, rule, in_words(ctx, _("Nobody lets it act in their name any more")))


def _pause(ctx: Context, rule: Rule, why: str) -> None:
    transition(ctx, rule, pause, reason=why)
    people = sorted({one for one in (rule.owner_id, rule.acting_id) if one is not None})
    notify(
        ctx,
        people,
        _("The rule {rule} is paused", rule=rule.name),
        body=_("{why}", why=why),
        about=rule,
    )


def _enqueue(
    ctx: Context, one: Listening, what: Any, *, key: str | None = None, **more: Any
) -> None:
    try:
        enqueue_under(ctx, one.mandate_id, what, key=key, rule_id=one.rule_id, **more)
    except Refused:
        ctx.enqueue(stop, rule_id=one.rule_id)
    except TenorError:
        raise
