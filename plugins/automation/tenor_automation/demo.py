"""Two rules of the demo bank, each written by one and put in force by another."""

from __future__ import annotations

from typing import Any, Final

from tenor_automation.records import Act, Occasion, Rule
from tenor_automation.workflow import enable, propose
from tenor_sdk import Context
from tenor_sdk.access import BRANCH_HEAD
from tenor_sdk.catalogue import kind_name, kinds
from tenor_sdk.demo import Stage, demo
from tenor_sdk.workflow import transition

#: who writes it, who puts it in force, and the rule; each where its record is there
RULES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    (
        "feng.lei", "fang.zheng",
        {
            "name": "贷款到期前三十天，与客户确认还款安排", "about": "loans.loan", "occasion": Occasion.DATE,
            "date_field": "maturity", "days": -30, "act": Act.TASK, "words": "与客户确认到期还款安排",
            "condition": 'outstanding > money("0", "CNY")',
        },
    ),
    (
        "zhou.qiming", "qin.feng",
        {
            "name": "申请被否决，告知支行行长", "about": "origination.application", "occasion": Occasion.EVENT,
            "event_name": "base.Transitioned", "condition": 'event.target == "declined"', "act": Act.NOTICE,
            "words": "一笔贷款申请被否决", "position": BRANCH_HEAD,
        },
    ),
)  # fmt: skip


@demo(order=95, last=True)
def rules(stage: Stage) -> None:
    """Written, proposed, put in force."""
    for author, approver, values in RULES:
        with stage.as_(author) as ctx:
            made = _written(ctx, values)
        if made is None:
            continue
        with stage.as_(approver) as ctx:
            transition(ctx, ctx.session.get_one(Rule, made), enable)


def _written(ctx: Context, values: dict[str, Any]) -> int | None:
    """A rule, proposed; None where nobody has such records."""
    if values["about"] not in {kind_name(kind) for kind in kinds(ctx)}:
        return None
    assert ctx.actor.unit_id is not None  # of everybody in the demo
    rule = Rule(**values, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
    ctx.session.add(rule)
    ctx.session.flush()
    transition(ctx, rule, propose)
    return rule.id
