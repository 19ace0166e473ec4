"""Whether what a rule names is there: asked before it is proposed, and again before it is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tenor_automation.domain.timing import WEEKDAYS
from tenor_automation.records import Act, Occasion, Rule, Unit
from tenor_sdk import Context, Event, Record, TenorError, _
from tenor_sdk.catalogue import events_about, kind_named, transitions_of
from tenor_sdk.expressions import Expression, ExpressionType, check_expression, names_on
from tenor_sdk.fields import info_of
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import Transition


@dataclass(frozen=True)
class Happening:
    """What a rule looks at a record for.

    Args:
        told: the event; None where it was none.
        entry: of the ledger, which tells of a change; None where it was none.
    """

    told: Event | None = None
    entry: int | None = None


#: for what a rule listens that acts so many hours after a date
HOURS: Final = "hours"
#: what the kernel writes on every record
STAMPS: Final = frozenset(("created_at", "changed_at"))
#: a day
NOTHING: Final = Happening()


def event_of(ctx: Context, rule: Rule) -> type[Event] | None:
    """The kind of event on which a rule acts; None where it acts by the day, or there is none."""
    if rule.occasion != Occasion.EVENT:
        return None
    kind = kind_named(ctx, rule.about)
    return next((one for one in events_about(ctx, kind) if one.event_name == rule.event_name), None)


def heard_by(rule: Rule) -> str:
    """For what a rule listens, in a word."""
    words = {Occasion.EVENT: rule.event_name, Occasion.CHANGE: change_word(rule.changed_field)}
    if rule.occasion == Occasion.DATE and rule.counted_in == Unit.HOURS:
        return HOURS
    return words.get(rule.occasion, rule.occasion.value)


def change_word(name: str) -> str:
    """How changes of a field are listened for."""
    return f"change:{name}"


def changed_by(rule: Rule) -> str:
    """The field on whose change a rule acts; empty where it acts on something else."""
    return rule.changed_field if rule.occasion == Occasion.CHANGE else ""


def condition_of(ctx: Context, rule: Rule) -> Expression:
    """What has to hold."""
    return _expression(ctx, rule, rule.condition.strip() or "true")


def value_expression(ctx: Context, rule: Rule) -> Expression:
    """To what the field is set."""
    return _expression(ctx, rule, rule.field_value)


def _expression(ctx: Context, rule: Rule, text: str) -> Expression:
    return Expression(
        kind_named(ctx, rule.about), text, event_of(ctx, rule), changed=changed_by(rule)
    )


def transition_of(ctx: Context, rule: Rule) -> Transition | None:
    """The transition that a rule carries out. An approval is a person's, and what asks for inputs too."""
    ways = transitions_of(ctx, kind_named(ctx, rule.about))
    found = (one for one in ways if one.name == rule.transition_name)
    return next((one for one in found if one.approval is None and one.inputs is None), None)


def faults(ctx: Context, rule: Rule) -> Iterator[Text]:
    """What is wrong with a rule, for the person who acts."""
    try:
        kind = kind_named(ctx, rule.about)
    except TenorError as error:
        yield _("{error}", error=error)
        return
    if not ctx.may(kind, "read"):
        yield _("Records of this kind aren’t yours to read")
        return
    yield from _of_occasion(ctx, rule, kind)
    yield from _of_expression(ctx, condition_of(ctx, rule), ExpressionType.TRUTH)
    yield from _of_act(ctx, rule)


def _of_occasion(ctx: Context, rule: Rule, kind: type[Record]) -> Iterator[Text]:
    if rule.occasion == Occasion.EVENT and event_of(ctx, rule) is None:
        yield _("No event of this name tells of such a record")
    if rule.occasion == Occasion.CHANGE and not can_change(ctx, kind, rule.changed_field):
        yield _("The record has no field of this name whose changes could be told")
    if rule.occasion == Occasion.DATE:
        types = (ExpressionType.DATE, ExpressionType.TIME)
        dates = {one.name for one in names_on(ctx, kind) if one.type in types}
        if rule.date_field not in dates or rule.date_field not in kind.__mapper__.columns:
            yield _("The record has no date of this name")
    if rule.occasion == Occasion.INTERVAL and rule.from_time > rule.to_time:
        yield _("The time to which it looks comes before the one from which it does")
    if rule.occasion == Occasion.WEEKLY:
        days = rule.weekdays.split()
        if not days or not set(days) <= set(WEEKDAYS):
            yield _("Days of the week are missing")


def can_change(ctx: Context, kind: type[Record], name: str) -> bool:
    """Whether a record has a field of this name that the person who acts may read."""
    mine = {one.name for one in names_on(ctx, kind, changed=name)}
    return name in mine - STAMPS and "change.before" in mine


def _of_act(ctx: Context, rule: Rule) -> Iterator[Text]:
    if rule.act in (Act.NOTICE, Act.TASK, Act.TAG) and not rule.words.strip():
        yield _("A text is missing")
    if rule.act == Act.TRANSITION:
        how = transition_of(ctx, rule)
        if how is None:
            yield _("There is no such transition that a rule could carry out")
        elif how.reason and not rule.words.strip():
            yield _("A text is missing: the transition takes a reason")
    if rule.act == Act.TAG and not rule.tag_code:
        yield _("The tag is missing")
    if rule.act == Act.FIELD:
        kind = kind_named(ctx, rule.about)
        names = {one.name for one in names_on(ctx, kind)}
        if rule.field_name not in names or "." in rule.field_name:
            yield _("The record has no field of this name")
        elif _is_kept(kind, rule.field_name):
            yield _("Nobody sets this field: it is kept by the program")
        yield from _of_expression(ctx, value_expression(ctx, rule), None)


def _is_kept(kind: type[Record], name: str) -> bool:
    """Whether a field is no form's to change: a state, a stamp, or what a plugin works out."""
    column = kind.__mapper__.columns.get(name)
    return name in STAMPS or (column is not None and info_of(column).readonly)


def _of_expression(
    ctx: Context, expression: Expression, gives: ExpressionType | None
) -> Iterator[Text]:
    try:
        check_expression(ctx, expression, gives=gives)
    except TenorError as error:
        yield _("{error}", error=error)
