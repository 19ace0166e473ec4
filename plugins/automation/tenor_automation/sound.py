"""Whether what a rule names is there: asked before it is proposed, and again before it is in force."""

from __future__ import annotations

from collections.abc import Iterator

from tenor_automation.records import Act, Occasion, Rule
from tenor_sdk import Context, Event, Record, TenorError, _
from tenor_sdk.catalogue import events_about, kind_named, transitions_of
from tenor_sdk.expressions import Expression, ExpressionType, check_expression, names_on
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import Transition


def event_of(ctx: Context, rule: Rule) -> type[Event] | None:
    """The kind of event on which a rule acts; None where it acts by the day, or there is none."""
    if rule.occasion != Occasion.EVENT:
        return None
    kind = kind_named(ctx, rule.about)
    return next((one for one in events_about(ctx, kind) if one.event_name == rule.event_name), None)


def condition_of(ctx: Context, rule: Rule) -> Expression:
    """What has to hold."""
    return Expression(
        kind_named(ctx, rule.about), rule.condition.strip() or "true", event_of(ctx, rule)
    )


def value_expression(ctx: Context, rule: Rule) -> Expression:
    """To what the field is set."""
    return Expression(kind_named(ctx, rule.about), rule.field_value, event_of(ctx, rule))


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
    if rule.occasion == Occasion.DATE:
        dates = {one.name for one in names_on(ctx, kind) if one.type is ExpressionType.DATE}
        if rule.date_field not in dates or not hasattr(kind, rule.date_field):
            yield _("The record has no date of this name")


def _of_act(ctx: Context, rule: Rule) -> Iterator[Text]:
    if rule.act in (Act.NOTICE, Act.TASK, Act.TAG) and not rule.words.strip():
        yield _("A text is missing")
    if rule.act == Act.TRANSITION and transition_of(ctx, rule) is None:
        yield _("There is no such transition that a rule could carry out")
    if rule.act == Act.TAG and not rule.tag_code:
        yield _("The tag is missing")
    if rule.act == Act.FIELD:
        names = {one.name for one in names_on(ctx, kind_named(ctx, rule.about))}
        if rule.field_name not in names or "." in rule.field_name:
            yield _("The record has no field of this name")
        yield from _of_expression(ctx, value_expression(ctx, rule), None)


def _of_expression(
    ctx: Context, expression: Expression, gives: ExpressionType | None
) -> Iterator[Text]:
    try:
        check_expression(ctx, expression, gives=gives)
    except TenorError as error:
        yield _("{error}", error=error)
