"""Tags of the demo bank: those that the rules give, and some by hand."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from tenor_customer_tags.jobs import judge_customer
from tenor_customer_tags.records import CustomerTag, Tag
from tenor_customer_tags.services import GivenTag, give_tag
from tenor_customers.public import Customer
from tenor_sdk import Context
from tenor_sdk.demo import Stage, demo

#: what the bank calls the tags whose rules ship
NAMES: Final = {"prime": "优质客户", "elevated-risk": "高风险客户"}


@demo(order=90)
def tags(stage: Stage) -> None:
    """Two tags that are given by hand, on three customers; the rules' own follow from statements and ratings."""
    with stage.as_("zhou.qiming") as ctx:
        ctx.session.add(Tag(code="key-account", name="重点客户"))
        ctx.session.add(Tag(code="watched", name="关注客户"))
    with stage.as_("zhou.qiming") as ctx:
        _give(ctx, "盛川控股集团有限公司", "key-account", "集团客户，统一授信", date(2027, 6, 29))
        _give(ctx, "金澜纺织有限公司", "watched", "营业收入连续两年下降", date(2026, 12, 31))
    with stage.as_("shen.bai") as ctx:
        _give(ctx, "临海泰合商贸有限公司", "watched", "提款频繁，关注资金链", date(2026, 9, 30))
    stage.run_jobs()
    with stage.as_("zhou.qiming") as ctx:
        for tag in ctx.session.scalars(select(Tag).where(Tag.by_rule)):
            tag.name = NAMES.get(tag.code, tag.name)
        # the lines beside the customers take the names when their tags are judged the next time
        for customer in ctx.session.scalars(select(CustomerTag.customer_id).distinct()):
            ctx.enqueue(judge_customer, customer_id=customer)
    stage.run_jobs()


def _give(ctx: Context, customer: str, code: str, reason: str, until: date) -> None:
    found = ctx.session.scalars(select(Customer).where(Customer.name == customer)).one()
    tag = ctx.session.scalars(select(Tag).where(Tag.code == code)).one()
    give_tag(ctx, found, GivenTag(tag.id, reason, until))
