"""Where tags run too: the application of a customer with a good tag stands higher in the queue, with its reason.

It speeds the queue and skips no check: no guard and no approval looks at it.
"""

from __future__ import annotations

from sqlalchemy import select

from tenor_customer_tags.public import CustomerTag, Tag, TagsChanged, held_tags
from tenor_customers.public import Customer
from tenor_origination.events import ApplicationSubmitted
from tenor_origination.records import NO_PRIORITY, Application
from tenor_origination.workflow import FINAL
from tenor_sdk import Context, Role, can, job

ranks = Role(
    "Ranks of applications",
    can.read(Application, Customer, CustomerTag, Tag),
    positions=("service:origination",),
)


@job(on=ApplicationSubmitted, actor="service")
def rank_submitted(ctx: Context, event: ApplicationSubmitted) -> None:
    """A file that comes in gets the rank that its customer's tags give."""
    application = ctx.session.get(Application, event.application_id)
    if application is not None:
        _rank(ctx, application.customer_id)


@job(on=TagsChanged, actor="service")
def rank_again(ctx: Context, event: TagsChanged) -> None:
    """The customer's tags changed: so does the rank of what is under way."""
    _rank(ctx, event.customer_id)


def _rank(ctx: Context, customer_id: int) -> None:
    good = [held.tag for held in held_tags(ctx, customer_id) if held.tag.priority > 0]
    reason = ",".join(tag.name for tag in good)
    rank = NO_PRIORITY - max((tag.priority for tag in good), default=0)
    under_way = select(Application).where(
        Application.customer_id == customer_id, Application.state.not_in(FINAL)
    )
    for application in ctx.session.scalars(under_way):
        if (application.priority, application.queue_rank) != (reason, rank):
            application.priority, application.queue_rank = reason, rank
    ctx.session.flush()
