"""What an application waits for before it is paid out: a young check, and one more look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from tenor_origination.public import (
    Application,
    application_flow,
    complete,
    completed,
    conditions,
)
from tenor_sdk import Blocker, Context, State, Task, Transition, WorkflowPatch, _, guard
from tenor_sdk.access import OPERATIONS
from tenor_site_checks.records import SiteCheck
from tenor_site_checks.settings import SiteCheckSettings


@guard
def was_checked_on_site(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Somebody was at the customer's works not long ago."""
    days = ctx.settings(SiteCheckSettings).days
    young = select(SiteCheck.id).where(
        SiteCheck.customer_id == application.customer_id,
        SiteCheck.checked_on >= ctx.today - timedelta(days=days),
    )
    if ctx.session.scalars(young.limit(1)).first() is None:
        yield Blocker(
            _("A site check of the customer"),
            why=_("None within {days} days", days=days),
            href=f"/customers/customer/{application.customer_id}",
        )


on_site = State(
    name="on-site",
    title="On site",
    frozen=True,
    task=Task(title="See that all stands as described", position=OPERATIONS),
)
seen = Transition(
    name="seen", title="Seen on site", source=on_site, target=completed, style="primary"
)
patch = WorkflowPatch(
    application_flow,
    states=((on_site, conditions),),
    transitions=(seen,),
    guards=((complete, was_checked_on_site),),
    reroute=((complete, on_site),),
)
