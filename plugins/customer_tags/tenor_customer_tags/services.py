"""What can be done with tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tenor_customer_tags.access import tag_customers
from tenor_customer_tags.domain.by_hand import TagByHand, by_hand_problems
from tenor_customer_tags.domain.rule_file import bundled_rules
from tenor_customer_tags.domain.rules import Fact, Outcome, Reason, Rule, tags_of
from tenor_customer_tags.events import TagsChanged
from tenor_customer_tags.hooks import customer_facts
from tenor_customer_tags.records import CustomerTag, CustomerTags, Origin, Tag
from tenor_customers.public import Assurance, Customer, filed_statements, ratios
from tenor_sdk import Context, Invalid, Refused, _, ask, call_hook, service
from tenor_sdk.i18n import Text

#: the names of the tags whose rules ship; English, translated when shown
RULE_TAG_NAMES = {"prime": _("Prime customer"), "elevated-risk": _("Elevated risk")}
#: which input is at fault, by the domain's key
_FIELDS = {"reason-missing": "reason"}


@dataclass(frozen=True)
class GivenTag:
    """A tag that a person gives."""

    tag: int = ask("Tag", target=Tag)
    reason: str = ask("Reason", widget="long-text", max_length=500)
    until: date | None = ask("Until", help="The last day on which it is carried", default=None)


@dataclass(frozen=True)
class Ended:
    """Why a tag is taken off."""

    reason: str = ask("Reason", widget="long-text", max_length=500)


# -- by hand -----------------------------------------------------------------------------------------------------------


@service(needs=tag_customers)
def give_tag(ctx: Context, customer: Customer, given: GivenTag) -> Text:
    """Give a customer a tag by hand, until a day.

    Raises:
        Invalid: at the field: ``reason-missing``, ``end-date-missing``, ``ends-before-start``, ``already-ended``,
            ``lasts-too-long``, ``no-such-tag``.
        Refused: ``tag-is-given-by-rule``, ``tag-held-already``.
    """
    tag = ctx.session.get(Tag, given.tag)
    if tag is None or tag.archived:
        raise Invalid("invalid", {"tag": Invalid("no-such-tag")})
    if tag.by_rule:
        raise Refused("tag-is-given-by-rule", tag=_named(tag))
    _check(TagByHand(tag.code, given.reason, ctx.today, given.until), ctx.today)
    if any(held.tag_id == tag.id for held in held_tags(ctx, customer.id)):
        raise Refused("tag-held-already", tag=_named(tag))
    made = CustomerTag(
        customer_id=customer.id,
        tag_id=tag.id,
        origin=Origin.PERSON,
        reason=given.reason.strip(),
        since=ctx.today,
        until=given.until,
        given_by_id=ctx.actor.id,
    )
    ctx.session.add(made)
    ctx.session.flush()
    _tell(ctx, customer.id)
    return _("{customer} carries “{tag}” until {day}", customer=customer.name, tag=_named(tag),
             day=given.until)  # fmt: skip


def _check(wanted: TagByHand, today: date) -> None:
    faults = by_hand_problems(wanted, today)
    if faults:
        raise Invalid("invalid", {_FIELDS.get(key, "until"): Invalid(key) for key in faults})


@service(needs=tag_customers)
def end_tag(ctx: Context, held: CustomerTag, ended: Ended) -> Text:
    """Take a tag off that a person gave.

    Raises:
        Refused: ``tag-is-given-by-rule``, ``tag-not-held``.
    """
    if held.origin is Origin.RULE:
        raise Refused("tag-is-given-by-rule", tag=_named(held.tag))
    if not held.held_on(ctx.today):
        raise Refused("tag-not-held", tag=_named(held.tag))
    _end(ctx, held, ended.reason.strip())
    _tell(ctx, held.customer_id)
    return _("“{tag}” is taken off", tag=_named(held.tag))


def _end(ctx: Context, held: CustomerTag, reason: str) -> None:
    held.ended_on, held.end_reason = ctx.today, reason
    ctx.session.flush()


def _named(tag: Tag) -> Text:
    return Text(tag.name, module=__name__)


# -- by rule -----------------------------------------------------------------------------------------------------------


@service()
def judge_tags(ctx: Context, customer_id: int) -> bool:
    """Give and take the tags of a customer that follow from rules, by what is known today.

    Returns:
        Whether the customer carries other tags than before.
    """
    rule_tags = _rule_tags(ctx)
    held = {one.tag_id: one for one in held_tags(ctx, customer_id) if one.origin is Origin.RULE}
    for outcome in tags_of(bundled_rules(), facts_of(ctx, customer_id), ctx.today):
        tag = rule_tags[outcome.rule.tag]
        _settle(ctx, customer_id, tag, held.get(tag.id), outcome)
    return _tell(ctx, customer_id)


def _settle(
    ctx: Context, customer_id: int, tag: Tag, held: CustomerTag | None, outcome: Outcome
) -> None:
    """What one rule says becomes so; the reasons of a tag that is kept are those of today."""
    if not outcome.held:
        if held is not None:
            _end(ctx, held, "")
        return
    if held is None:
        held = CustomerTag(
            customer_id=customer_id, tag_id=tag.id, origin=Origin.RULE, since=ctx.today
        )
        ctx.session.add(held)
    facts = [reason_data(reason) for reason in outcome.reasons]
    if held.facts != facts or held.rule_version != outcome.rule.version:
        held.facts, held.rule_version = facts, outcome.rule.version
    ctx.session.flush()


def _rule_tags(ctx: Context) -> dict[str, Tag]:
    """The tags of the rules, made where they aren't there yet."""
    known = {tag.code: tag for tag in ctx.session.scalars(select(Tag).where(Tag.by_rule))}
    for rule in bundled_rules():
        if rule.tag not in known:
            known[rule.tag] = _made(ctx, rule)
    return known


def _made(ctx: Context, rule: Rule) -> Tag:
    name = RULE_TAG_NAMES[rule.tag].message if rule.tag in RULE_TAG_NAMES else rule.tag
    tag = Tag(code=rule.tag, name=name, by_rule=True, priority=rule.priority)
    ctx.session.add(tag)
    ctx.session.flush()
    return tag


def facts_of(ctx: Context, customer_id: int) -> dict[str, Fact]:
    """What is known of a customer today: its own figures, and what other plugins bring."""
    facts = _figures(ctx, customer_id)
    for brought in call_hook(ctx, customer_facts, customer_id=customer_id):
        facts.update(brought)
    return facts


def _figures(ctx: Context, customer_id: int) -> dict[str, Fact]:
    filed = filed_statements(ctx, customer_id)
    if not filed:
        return {}
    statement = filed[-1].statement
    source = "audited" if statement.assurance is Assurance.AUDITED else "management"
    value = ratios(statement, filed[-1].opening)["debt_to_assets"].value
    return {"debt_to_assets": Fact(value, statement.period_end, source)}


def reason_data(reason: Reason) -> dict[str, Any]:
    """A condition and the fact that met it, as JSON; fractions as texts."""
    fact = reason.fact
    return {
        "fact": reason.condition.fact,
        "op": reason.condition.op,
        "threshold": str(reason.condition.threshold),
        "value": None if fact.value is None else str(fact.value),
        "is_share": isinstance(fact.value, Fraction),
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "source": fact.source,
    }


# -- both --------------------------------------------------------------------------------------------------------------


def held_tags(ctx: Context, customer_id: int) -> Sequence[CustomerTag]:
    """The tags that a customer carries today, the weightiest first, as far as the person may read them."""
    statement = (
        select(CustomerTag)
        .where(CustomerTag.customer_id == customer_id, CustomerTag.ended_on.is_(None))
        .options(joinedload(CustomerTag.tag))
        .order_by(CustomerTag.id)
    )
    held = [one for one in ctx.session.scalars(statement) if one.held_on(ctx.today)]
    return sorted(held, key=lambda one: -one.tag.priority)


def _tell(ctx: Context, customer_id: int) -> bool:
    """Bring the line in the list up to date, and tell the others where it changed."""
    held = held_tags(ctx, customer_id)
    line = ",".join(one.tag.name for one in held)
    priority = max((one.tag.priority for one in held), default=0)
    beside = ctx.session.get(CustomerTags, customer_id)
    if beside is None:
        if not held:
            return False
        beside = CustomerTags(id=customer_id)
        ctx.session.add(beside)
    if (beside.tags, beside.priority) == (line, priority):
        return False
    beside.tags, beside.priority = line, priority
    ctx.session.flush()
    codes = [one.tag.code for one in held]
    ctx.emit(TagsChanged(customer_id=customer_id, tags=codes, priority=priority))
    return True
