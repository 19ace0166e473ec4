"""What is shown: a list of checks, columns and a button for customers."""

from __future__ import annotations

from sqlalchemy import func, select

from tenor_customers.public import Customer, customer_list
from tenor_sdk import Action, Context, FormView, ListView, Menu, Section, ViewPatch, _
from tenor_sdk.i18n import Text
from tenor_sdk.pages import Request, Response, page
from tenor_site_checks.permissions import check_sites
from tenor_site_checks.records import CustomerCheck, SiteCheck
from tenor_site_checks.services import Found, file_check

check_list = ListView(
    SiteCheck,
    (SiteCheck.checked_on, SiteCheck.customer_id, SiteCheck.verdict, SiteCheck.owner_id),
    filters=(SiteCheck.verdict,),
    sort=SiteCheck.checked_on,
    descending=True,
)
menu = Menu("Site checks", check_list, icon="map-pin", order=25)
check_form = FormView(
    SiteCheck,
    Section("Found", SiteCheck.finding),
    facts=(SiteCheck.customer_id, SiteCheck.checked_on, SiteCheck.verdict),
)
columns = ViewPatch(
    view=customer_list,
    after=Customer.name,
    add=(CustomerCheck.checks, CustomerCheck.last_checked_on),
)


def _check(ctx: Context, customer: Customer, found: Found) -> Text:
    check = file_check(ctx, customer, found)
    return _("The check of {day} is on file", day=check.checked_on)


check_action = Action(
    name="check-on-site",
    title="Check on site",
    on=Customer,
    inputs=Found,
    do=_check,
    needs=check_sites,
)


@page("/verdicts", needs=check_sites)
def verdicts(ctx: Context, _request: Request) -> Response:
    """How many checks ended how, of those that the person may read."""
    rows = ctx.session.execute(
        select(SiteCheck.verdict, func.count(SiteCheck.id)).group_by(SiteCheck.verdict)
    )
    return Response(json={verdict.value: number for verdict, number in rows})
