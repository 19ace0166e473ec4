"""What a rule would have done with what happened lately; nothing is written.

Records are looked at as they stand today and as whoever asks sees them: the past isn't made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tenor_automation.acting import intended, people_of, would_set
from tenor_automation.due import Look, due
from tenor_automation.records import Act, Occasion, Rule, Unit
from tenor_automation.sound import (
    NOTHING,
    Happening,
    condition_of,
    event_of,
    faults,
    transition_of,
)
from tenor_sdk import Context, Record, TenorError, _
from tenor_sdk.catalogue import kind_named, past_events
from tenor_sdk.changes import past_changes
from tenor_sdk.expressions import holds
from tenor_sdk.i18n import Text
from tenor_sdk.mandates import check_change
from tenor_sdk.workflow import blockers

#: occasions that are looked through unless somebody asks for others
USUAL = 50
#: days that are looked back for a rule that goes by a date
_DAYS = 30


@dataclass(frozen=True)
class Tried:
    """One occasion.

    Args:
        at: when it was; None for today.
        would: what the rule would have done; None where it wouldn't have acted.
        why: what would have stood against it.
    """

    record: Record
    at: datetime | None = None
    would: Text | None = None
    why: Text | None = None


def dry_run(ctx: Context, rule: Rule, limit: int = USUAL) -> Sequence[Tried]:
    """The latest occasions of a rule and what it would have made of each, the newest first."""
    if any(True for _fault in faults(ctx, rule)):
        return []
    return [_tried(ctx, rule, *one) for one in _occasions(ctx, rule, limit)]


Occurred = tuple[Record, datetime | None, Happening]


def _occasions(ctx: Context, rule: Rule, limit: int) -> Iterator[Occurred]:
    kind, event = kind_named(ctx, rule.about), event_of(ctx, rule)
    if event is not None:
        for past in past_events(ctx, event, kind, limit=limit):
            yield ctx.session.get_one(kind, past.record_id), past.at, Happening(told=past.event)
    elif rule.occasion == Occasion.CHANGE:
        changes = past_changes(ctx, kind, rule.changed_field, limit=limit)
        for change in changes[:limit]:  # one entry may tell of many records
            record = ctx.session.get_one(kind, change.record_id)
            yield record, change.at, Happening(entry=change.entry)
    else:
        first = kind.id if rule.occasion != Occasion.DATE else getattr(kind, rule.date_field).desc()
        statement = select(kind).where(due(ctx, rule, _lately(ctx, rule)))
        ordered = statement.order_by(first, kind.id).limit(limit)
        for record in ctx.session.scalars(ordered).all():
            yield record, None, NOTHING


def _lately(ctx: Context, rule: Rule) -> Sequence[Look]:
    """When a rule would have looked, as far back as a rule that goes by a date is tried."""
    if rule.occasion == Occasion.DATE and rule.counted_in == Unit.HOURS:
        return [Look(ctx.today, ctx.now - timedelta(days=_DAYS), ctx.now)]
    return [Look(ctx.today - timedelta(days=ago)) for ago in range(_DAYS + 1)]


def _tried(
    ctx: Context, rule: Rule, record: Record, at: datetime | None, happened: Happening
) -> Tried:
    wanted = condition_of(ctx, rule)
    judged = holds(ctx, wanted, record, happened.told, entry=happened.entry)
    if judged.error is not None:
        return Tried(record, at, None, _("{error}", error=judged.error))
    if not judged.holds:
        return Tried(record, at)
    return Tried(record, at, intended(rule), _against(ctx, rule, record, happened))


def _against(ctx: Context, rule: Rule, record: Record, happened: Happening) -> Text | None:
    """What stands in the way today: of a transition or a field's value, or that nobody is there to be told or asked."""
    try:
        if rule.act in (Act.NOTICE, Act.TASK):
            people_of(ctx, rule, record)
        elif rule.act == Act.FIELD:
            check_change(ctx, record, would_set(ctx, rule, record, happened))
    except TenorError as error:
        return _("{error}", error=error)
    how = transition_of(ctx, rule) if rule.act == Act.TRANSITION else None
    if how is None:
        return None
    if not ctx.may(how, "use", record):
        return _("It isn’t yours to carry out")
    found = blockers(ctx, record, how)
    return found[0].what if found else None
