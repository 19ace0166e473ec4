"""What follows a check."""

from __future__ import annotations

from sqlalchemy import func, select

from tenor_sdk import Context, job
from tenor_site_checks.events import SiteChecked
from tenor_site_checks.records import CustomerCheck, SiteCheck


@job(on=SiteChecked, actor="service")
def count_checks(ctx: Context, event: SiteChecked) -> None:
    """Count a customer's checks anew: the same however often it runs."""
    counted = select(func.count(SiteCheck.id), func.max(SiteCheck.checked_on))
    number, last = ctx.session.execute(
        counted.where(SiteCheck.customer_id == event.customer_id)
    ).one()
    kept = ctx.session.get(CustomerCheck, event.customer_id)
    if kept is None:
        kept = CustomerCheck(id=event.customer_id)
        ctx.session.add(kept)
    kept.checks, kept.last_checked_on = number, last
