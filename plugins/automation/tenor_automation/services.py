"""What can be done with rules beside their workflow."""

from __future__ import annotations

from tenor_automation.access import write_rules
from tenor_automation.editions import later_editions
from tenor_automation.records import Rule
from tenor_sdk import Context, Refused, service

_COPIED = (
    "name", "about", "occasion", "event_name", "changed_field", "date_field", "days", "counted_in", "minutes",
    "from_time", "to_time", "weekdays", "month_day", "last_working_day", "working_days_only", "condition", "act",
    "words", "position", "transition_name", "field_name", "field_value", "tag_code", "tag_days", "acts_for",
)  # fmt: skip


@service(needs=write_rules)
def revise(ctx: Context, rule: Rule) -> Rule:
    """The next edition of a rule, as a draft: it takes the place of this one when it is put in force.

    Raises:
        Refused: ``rule-is-a-draft``: it can be changed as it is. ``later-edition``: one that came of it isn't ended:
            that is to be changed, or revised.
    """
    if rule.state in ("draft", "proposed"):
        raise Refused("rule-is-a-draft")
    later = next((one for one in later_editions(ctx, rule) if one.state != "ended"), None)
    if later is not None:
        raise Refused("later-edition", edition=later.edition)
    made = Rule(
        **{name: getattr(rule, name) for name in _COPIED},
        edition=rule.edition + 1, replaces_id=rule.id, unit_id=ctx.actor.unit_id or rule.unit_id,
        owner_id=ctx.actor.id,
    )  # fmt: skip
    ctx.session.add(made)
    ctx.session.flush()
    return made
