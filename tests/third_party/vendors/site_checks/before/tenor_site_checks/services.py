"""What can be done: put on file what was found on site."""

from __future__ import annotations

from dataclasses import dataclass

from tenor_site_checks.events import SiteChecked
from tenor_site_checks.permissions import check_sites
from tenor_site_checks.records import SiteCheck

from tenor_customers.public import Customer
from tenor_sdk import Context, ask, service


@dataclass(frozen=True)
class Found:
    """What somebody found."""

    sound: bool = ask("All as described", default=False)
    finding: str = ask("Finding", widget="long-text", default="", max_length=2000)


@service(needs=check_sites)
def file_check(ctx: Context, customer: Customer, found: Found) -> SiteCheck:
    """Put a check of today on file, in the customer's unit."""
    check = SiteCheck(
        customer_id=customer.id,
        unit_id=customer.unit_id,
        owner_id=ctx.actor.id,
        checked_on=ctx.today,
        sound=found.sound,
        finding=found.finding,
    )
    ctx.session.add(check)
    ctx.session.flush()
    ctx.emit(SiteChecked(customer_id=customer.id, check_id=check.id))
    return check
