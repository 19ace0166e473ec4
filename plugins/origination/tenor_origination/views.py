"""Applications on screen."""

from __future__ import annotations

from sqlalchemy import func, select

from tenor_customers.public import Customer, customer_form
from tenor_origination.access import confirm_conditions
from tenor_origination.records import Application, Condition
from tenor_origination.services import Brought, Met, bring_document, meet_condition
from tenor_origination.sheets import checklist_table, opinions_table, rating_table
from tenor_sdk import (
    Action,
    Context,
    FormView,
    ListView,
    Menu,
    Panel,
    Section,
    Tab,
    ViewPatch,
    path,
)
from tenor_sdk.views import Related, Tile

application_list = ListView(
    Application,
    (
        Application.number,
        path(Application.customer, Customer.name),
        Application.product,
        Application.amount,
        Application.months,
        Application.rate,
        Application.state,
        Application.owner_id,
        Application.created_at,
    ),
    filters=(Application.state, Application.product, Application.unit_id, Application.owner_id),
    sort=Application.created_at,
    descending=True,
)
menu = Menu("Applications", application_list, icon="file-text", order=30)

terms = Section(
    "Terms",
    Application.customer_id,
    Application.product,
    Application.currency,
    Application.amount,
    Application.months,
    Application.rate,
    Application.repayment,
    Application.purpose,
)
decided = Section(
    "Decided",
    Application.approved_amount,
    Application.approved_months,
    Application.approved_rate,
    Application.decided_on,
)
responsible = Section("Looked after by", Application.unit_id, Application.owner_id)
checklist = Panel(title="Documents", content=checklist_table)
opinions = Panel(title="Opinions", content=opinions_table)
file_tab = Tab("File", terms, checklist, decided, responsible)
rating_tab = Tab("Rating", Panel(title="Rating of the customer", content=rating_table))
opinions_tab = Tab("Opinions", opinions)
conditions_tab = Tab(
    "Conditions",
    Related(Condition.application_id, (Condition.text, Condition.met_on, Condition.note)),
)
application_form = FormView(
    Application,
    file_tab,
    rating_tab,
    opinions_tab,
    conditions_tab,
    facts=(
        Application.customer_id,
        Application.amount,
        Application.months,
        Application.rate,
        Application.owner_id,
    ),
)
condition_form = FormView(
    Condition,
    Section(
        "Condition",
        Condition.application_id,
        Condition.text,
        Condition.met_on,
        Condition.note,
        Condition.file_id,
    ),
)
applications_of_customer = Tab(
    "Applications",
    Related(
        Application.customer_id,
        (Application.number, Application.amount, Application.months, Application.state),
    ),
)
on_customer = ViewPatch(view=customer_form, add=(applications_of_customer,))

bring = Action(
    name="bring-document",
    title="Bring a document",
    on=Application,
    do=bring_document,
    inputs=Brought,
    shown=lambda _ctx, application: application.state in ("draft", "intake", "conditions"),
)
meet = Action(
    name="meet",
    title="Confirm that it is met",
    on=Condition,
    do=meet_condition,
    inputs=Met,
    needs=confirm_conditions,
    shown=lambda _ctx, condition: condition.met_on is None,
)


def _under_way(ctx: Context) -> object:
    if not ctx.may(Application, "read"):
        return None
    over = ("completed", "declined", "withdrawn")
    return ctx.session.scalar(
        select(func.count(Application.id)).where(Application.state.not_in(over))
    )


under_way = Tile(
    title="Applications under way", value=_under_way, href="/origination/application", order=10
)
