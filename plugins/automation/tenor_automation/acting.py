"""What a rule does once its condition holds, in the name of whoever lets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tenor_automation.hooks import tag_record
from tenor_automation.records import Act, Rule, ToDo
from tenor_automation.sound import Happening, transition_of, value_expression
from tenor_sdk import Context, Money, Record, Refused, _, call_hook
from tenor_sdk.catalogue import kind_name
from tenor_sdk.expressions import ExpressionValue, value_of
from tenor_sdk.i18n import Text
from tenor_sdk.mandates import change_record
from tenor_sdk.notify import holders_of, names_of, notify
from tenor_sdk.workflow import transition


def act(ctx: Context, rule: Rule, record: Record, happened: Happening) -> Text:
    """Do it; what was done, in words, which name neither the record nor what stands in it: they are read by whoever
    reads runs of rules.

    Raises:
        TenorError: as whoever the rule acts for would be refused.
    """
    acts = {
        Act.NOTICE: _notify,
        Act.TASK: _ask,
        Act.TRANSITION: _move,
        Act.FIELD: _set,
        Act.TAG: _tag,
    }
    return acts[rule.act](ctx, rule, record, happened)


def intended(rule: Rule) -> Text:
    """What a rule would do, in words."""
    said = {
        Act.NOTICE: _("Tell {whom}: {words}", whom=_whom(rule), words=rule.words),
        Act.TASK: _("Ask {whom}: {words}", whom=_whom(rule), words=rule.words),
        Act.TRANSITION: _("Carry out {transition}", transition=rule.transition_name),
        Act.FIELD: _("Set {field} to {value}", field=rule.field_name, value=rule.field_value),
        Act.TAG: _("Give the tag {tag}", tag=rule.tag_code),
    }
    return said[rule.act]


def _whom(rule: Rule) -> Text | str:
    return rule.position or _("who looks after it")


def people_of(ctx: Context, rule: Rule, record: Record) -> list[int]:
    """Whom a rule tells or asks.

    Raises:
        Refused: ``nobody-to-tell``.
    """
    unit, owner = getattr(record, "unit_id", None), getattr(record, "owner_id", None)
    if rule.position:
        found = list(holders_of(ctx, rule.position, unit=unit)) or list(
            holders_of(ctx, rule.position)
        )
    else:
        found = [owner] if owner is not None else []
    if not found:
        raise Refused("nobody-to-tell")
    return found


def _notify(ctx: Context, rule: Rule, record: Record, _happened: Happening) -> Text:
    told = notify(
        ctx,
        people_of(ctx, rule, record),
        Text(rule.words, module=__name__),
        body=_("By the rule {rule}", rule=rule.name),
        about=record,
    )
    if not told:  # whoever looks after it has left
        raise Refused("nobody-to-tell")
    return _("Told {people}", people=_named(ctx, told))


def _ask(ctx: Context, rule: Rule, record: Record, _happened: Happening) -> Text:
    """A to-do of whoever looks after the record, or of all who hold a position, until one of them takes it."""
    people = people_of(ctx, rule, record)
    made = ToDo(
        title=rule.words, about=rule.about, record_id=record.id, rule_name=rule.name, position=rule.position,
        owner_id=None if rule.position else people[0], unit_id=getattr(record, "unit_id", None) or rule.unit_id,
    )  # fmt: skip
    ctx.session.add(made)
    ctx.session.flush()
    return _("Asked {people}", people=_named(ctx, people))


def _move(ctx: Context, rule: Rule, record: Record, _happened: Happening) -> Text:
    how = transition_of(ctx, rule)
    if how is None:
        raise Refused("no-such-transition", name=rule.transition_name)
    transition(ctx, record, how, reason=rule.words)
    return _("Carried out {transition}", transition=Text(how.title, module=how.origin.module))


def _set(ctx: Context, rule: Rule, record: Record, happened: Happening) -> Text:
    change_record(ctx, record, would_set(ctx, rule, record, happened))
    return _("Set {field}", field=rule.field_name)


def would_set(
    ctx: Context, rule: Rule, record: Record, happened: Happening
) -> Mapping[str, object]:
    """The field that a rule sets, with its value.

    Raises:
        TenorError: the value can't be worked out.
    """
    wanted = value_expression(ctx, rule)
    value = value_of(ctx, wanted, record, happened.told, entry=happened.entry)
    return {rule.field_name: _as_given(value)}


def _as_given(value: ExpressionValue) -> object:
    """A value as a form or the API takes it."""
    if isinstance(value, Money):
        return value.amount.text(value.currency)
    if isinstance(value, Fraction):
        return str(Decimal(value.numerator) / Decimal(value.denominator))
    return value.isoformat() if isinstance(value, date | datetime) else value


def _tag(ctx: Context, rule: Rule, record: Record, _happened: Happening) -> Text:
    until = ctx.today + timedelta(days=rule.tag_days)
    given = call_hook(
        ctx, tag_record, record=record, code=rule.tag_code, reason=rule.words, until=until
    )
    if not any(given):
        raise Refused("not-taggable", what=Text(kind_name(type(record)), module=__name__))
    return _("Gave the tag {tag}", tag=rule.tag_code)


def _named(ctx: Context, people: Sequence[int]) -> str:
    return ", ".join(names_of(ctx, people).values())
