"""What rules do after what happened, and each day."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import select

from tenor_automation.due import Look, due, is_time
from tenor_automation.records import Listening, Occasion, Rule
from tenor_automation.running import count_not_met, judge_one, note_failure
from tenor_automation.sound import HOURS, Happening, change_word, event_of, heard_by
from tenor_automation.workflow import pause
from tenor_sdk import Context, Event, NotFound, Refused, TenorError, _, job
from tenor_sdk.catalogue import events_about, kind_named, record_told_of
from tenor_sdk.i18n import in_words
from tenor_sdk.jobs import Chunks, Daily, Spans
from tenor_sdk.mandates import enqueue_under
from tenor_sdk.notify import notify
from tenor_sdk.workflow import transition

log = logging.getLogger(__name__)
#: for what rules listen that act by the day, and by the hour
_BY_THE_DAY: Final = tuple(
    one.value for one in (Occasion.DATE, Occasion.DAILY, Occasion.WEEKLY, Occasion.MONTHLY)
)
_BY_THE_HOUR: Final = (Occasion.INTERVAL.value, HOURS)
#: records that a rule looks at in one transaction
_PART: Final = 200


@job()
def act_on_event(ctx: Context, rule_id: int, record_id: int, told: dict[str, Any]) -> str:
    """One rule on one event, as whoever it acts for."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is None:  # whoever it acts for may not see rules any more
        ctx.enqueue(stop, rule_id=rule_id)
        return "out-of-sight"
    if rule.state != "active":
        return rule.state
    try:
        event = event_of(ctx, rule)
        said: Event | None = event(**told) if event is not None else None
    except NotFound as error:
        outcome = _off(ctx, rule, record_id, error)
    except TypeError as error:  # an upgrade has changed what it says since it was told
        log.warning("rule %s: %s was told otherwise", rule_id, rule.event_name, exc_info=error)
        why = _("What the event says has changed since it was told")
        note_failure(ctx, rule, heard_by(rule), record_id, why)
        outcome = "failed"
    else:
        outcome = _on_record(ctx, rule, record_id, Happening(told=said))
    if outcome == "failed":
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
    count_not_met(ctx, rule, {outcome: 1})
    return outcome


@job()
def act_on_change(
    ctx: Context, rule_id: int, records: list[int], entries: list[int]
) -> dict[str, int]:
    """One rule on a change of the field that it watches, in one record or in several, as whoever it acts for."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is None:
        ctx.enqueue(stop, rule_id=rule_id)
        return {}
    outcomes: dict[str, int] = {}
    changes = zip(records, entries, strict=True) if rule.state == "active" else ()
    for record_id, entry in changes:
        outcome = _on_record(ctx, rule, record_id, Happening(entry=entry))
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    if outcomes.get("failed"):
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
    count_not_met(ctx, rule, outcomes)
    return outcomes


def _on_record(ctx: Context, rule: Rule, record_id: int, happened: Happening) -> str:
    try:
        record = ctx.session.get(kind_named(ctx, rule.about), record_id)
    except NotFound as error:
        return _off(ctx, rule, record_id, error)
    if record is not None:
        return judge_one(ctx, rule, heard_by(rule), record, happened)
    why = _("The record isn’t there for whoever it acts for")
    note_failure(ctx, rule, heard_by(rule), record_id, why)
    return "failed"


def _off(ctx: Context, rule: Rule, record_id: int | None, error: NotFound) -> str:
    """The plugin of its record is off: on record as a failure, so that it is paused where that lasts."""
    note_failure(ctx, rule, heard_by(rule), record_id, _("{error}", error=error))
    return "failed"


@job(actor="service")
def hear_change_later(
    ctx: Context, kind: str, field: str, records: list[int], entries: list[int]
) -> None:
    """What a service changed."""
    for one in listening_to(ctx, kind, field):
        _enqueue(ctx, one, act_on_change, records=records, entries=entries)


def listening_to(ctx: Context, kind: str, field: str) -> Sequence[Listening]:
    """Of the rules those that watch a field."""
    wanted = select(Listening).where(Listening.heard == change_word(field), Listening.about == kind)
    return ctx.session.scalars(wanted).all()


@job(actor="service")
def hear_later(ctx: Context, name: str, told: dict[str, Any]) -> None:
    """What a service told."""
    for one in ctx.session.scalars(select(Listening).where(Listening.heard == name)):
        event = event_heard(ctx, one)
        try:
            identity = about_whom(ctx, one, event(**told)) if event is not None else None
        except TypeError as error:
            log.warning("rule %s: %s was told otherwise", one.rule_id, name, exc_info=error)
            continue
        if identity is not None:
            _enqueue(ctx, one, act_on_event, record_id=identity, told=told)


def event_heard(ctx: Context, one: Listening) -> type[Event] | None:
    """The kind of event for which a rule listens; None where its plugin is off, or that of its record."""
    try:
        kind = kind_named(ctx, one.about)
    except NotFound:
        return None
    every = events_about(ctx, kind)
    return next((each for each in every if each.event_name == one.heard), None)


def about_whom(ctx: Context, one: Listening, event: Event) -> int | None:
    """The record that a rule looks at on an event; None where there is none, or its plugin is off: nobody's act, and no
    other rule, fails for that."""
    try:
        return record_told_of(event, kind_named(ctx, one.about))
    except NotFound:
        return None


@job(schedule=Daily(at=time(6, 30), catch_up="each"))
def look_at_the_day(ctx: Context) -> None:
    """Each morning: the rules that act by the day, each by itself, in the name of whoever it acts for."""
    for one in ctx.session.scalars(select(Listening).where(Listening.heard.in_(_BY_THE_DAY))):
        _enqueue(ctx, one, act_on_day, key=f"{one.rule_id}-{ctx.today.isoformat()}", day=ctx.today)


@job(schedule=Spans(minutes=5))
def look_at_the_clock(ctx: Context, since: datetime, until: datetime) -> None:
    """Every few minutes: the rules that act by the hour, in the same way, from when they were put in force."""
    for one in ctx.session.scalars(select(Listening).where(Listening.heard.in_(_BY_THE_HOUR))):
        rule = ctx.session.get(Rule, one.rule_id)
        look = Look(ctx.today, max(since, one.created_at), until)
        if rule is not None and one.created_at < until and is_time(ctx, rule, look):
            _enqueue(ctx, one, act_on_day, day=look.day, since=look.since, until=look.until)


def due_parts(
    ctx: Context, rule_id: int, day: Any, since: Any = None, until: Any = None
) -> Sequence[Sequence[int]]:
    """The records that are due, in parts of which each is the first and the last id."""
    rule = _active(ctx, rule_id)
    look = Look(day, since, until)
    if rule is None or not is_time(ctx, rule, look):
        return []
    try:
        kind, wanted = kind_named(ctx, rule.about), due(ctx, rule, [look])
    except NotFound as error:
        _off(ctx, rule, None, error)
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
        return []
    ids = ctx.session.scalars(select(kind.id).where(wanted).order_by(kind.id)).all()
    parts = [ids[start : start + _PART] for start in range(0, len(ids), _PART)]
    return [[part[0], part[-1]] for part in parts]


@job(chunks=Chunks(split=due_parts))
def act_on_day(
    ctx: Context, part: Sequence[int], rule_id: int, day: Any, since: Any = None, until: Any = None
) -> dict[str, int]:
    """One rule at one time: every record that is due then, each by itself, in parts that go on where one failed."""
    rule = _active(ctx, rule_id)
    if rule is None:
        return {}
    try:
        kind, wanted = kind_named(ctx, rule.about), due(ctx, rule, [Look(day, since, until)])
    except NotFound as error:
        _off(ctx, rule, None, error)
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
        return {"failed": 1}
    here = select(kind).where(wanted, kind.id.between(part[0], part[1])).order_by(kind.id)
    outcomes: dict[str, int] = {}
    for record in ctx.session.scalars(here).all():
        outcome = judge_one(ctx, rule, heard_by(rule), record)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    if outcomes.get("failed"):
        ctx.enqueue(pause_if_failing, rule_id=rule.id)
    count_not_met(ctx, rule, outcomes)
    return outcomes


def _active(ctx: Context, rule_id: int) -> Rule | None:
    """A rule that is in force; it is stopped where whoever it acts for may not see rules any more."""
    rule = ctx.session.get(Rule, rule_id)
    if rule is None:
        ctx.enqueue(stop, rule_id=rule_id)
    return rule if rule is not None and rule.state == "active" else None


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
