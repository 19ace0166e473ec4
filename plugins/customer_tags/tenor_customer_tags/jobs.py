"""Tags that follow from rules: judged after each statement, and each night for what ends by itself."""

from datetime import time

from sqlalchemy import select

from tenor_customer_tags.services import judge_tags
from tenor_customers.public import Customer, StatementRecorded
from tenor_sdk import Context, job
from tenor_sdk.jobs import Daily


@job(on=StatementRecorded, actor="service")
def judge_after_statement(ctx: Context, event: StatementRecorded) -> None:
    """New figures may give or take a tag."""
    judge_tags(ctx, event.customer_id)


@job(actor="service")
def judge_customer(ctx: Context, customer_id: int) -> None:
    """Judge the tags of one customer."""
    judge_tags(ctx, customer_id)


@job(schedule=Daily(at=time(1, 30)))
def judge_all(ctx: Context) -> None:
    """What was given until yesterday is over, and a rating may have run out: one job for each customer."""
    for customer_id in ctx.session.scalars(select(Customer.id).order_by(Customer.id)):
        key = f"tags-{customer_id}-{ctx.today.isoformat()}"
        ctx.enqueue(judge_customer, key=key, customer_id=customer_id)
