"""Applications on screen."""

from __future__ import annotations

from tenor_credit.public import LimitProposal, Rating
from tenor_customers.public import Customer, customer_form
from tenor_origination.access import confirm_conditions, review_queue
from tenor_origination.records import Application, Condition
from tenor_origination.services import (
    TAKES_NO_DOCUMENTS,
    Brought,
    Met,
    bring_document,
    meet_condition,
)
from tenor_origination.sheets import checklist_table, limit_table, opinions_table, rating_table
from tenor_origination.workflow import FINAL, approve, decline, return_to_risk, risk_review
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
from tenor_sdk.dashboards import Dashboard, FirstRows, RowsTile
from tenor_sdk.looks import BoardView, ChartView, PivotView, per_month, per_quarter
from tenor_sdk.views import Related

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
        Application.priority,
        Application.unit_id,
        Application.owner_id,
        Application.created_at,
    ),
    filters=(
        Application.state,
        Application.product,
        Application.unit_id,
        Application.owner_id,
        Application.currency,
        Application.created_at,
    ),
    sort=Application.created_at,
    descending=True,
    looks=(
        BoardView(
            Application.state,
            shows=(
                path(Application.customer, Customer.name),
                Application.amount,
                Application.owner_id,
            ),
            sums=(Application.amount,),
        ),
        ChartView(per_month(Application.decided_on), title="Decided by month"),
        PivotView(
            Application.product,
            Application.state,
            Application.unit_id,
            Application.owner_id,
            per_quarter(Application.decided_on),
            sums=(Application.amount,),
        ),
    ),
)
menu = Menu("Applications", application_list, icon="file-text", order=30)


def _under_review(_actor: object, _today: object) -> object:
    return Application.state == risk_review.name


queue = ListView(
    Application,
    (
        Application.number,
        Application.priority,
        path(Application.customer, Customer.name),
        Application.amount,
        Application.months,
        Application.product,
        Application.unit_id,
        Application.owner_id,
        Application.queue_rank,
    ),
    filters=(Application.unit_id, Application.product),
    sort=Application.queue_rank,
    where=_under_review,
    title="Risk queue",
)
queue_menu = Menu("Risk queue", queue, app="Applications", order=35, needs=review_queue)

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
    Application.rating_id,
)
responsible = Section("Looked after by", Application.unit_id, Application.owner_id)
checklist = Panel(title="Documents", content=checklist_table)
opinions = Panel(
    title="Opinions", content=opinions_table, beside=(approve, decline, return_to_risk)
)
file_tab = Tab("Case file", terms, checklist, decided, responsible)
rating_tab = Tab(
    "Rating",
    Panel(title="Rating of the customer", content=rating_table, needs=Rating),
    Panel(title="Limit proposed for the customer", content=limit_table, needs=LimitProposal),
)
opinions_tab = Tab("Opinions", opinions)
conditions_tab = Tab(
    "Conditions",
    Related(
        Condition.application_id,
        (
            Condition.text,
            Condition.set_by_id,
            Condition.met_on,
            Condition.met_by_id,
            Condition.note,
            Condition.file_id,
        ),
    ),
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
        Condition.set_by_id,
        Condition.met_on,
        Condition.met_by_id,
        Condition.note,
        Condition.file_id,
    ),
    facts=(Condition.application_id, Condition.met_on),
)
applications_of_customer = Tab(
    "Applications",
    Related(
        Application.customer_id,
        (Application.number, Application.amount, Application.months, Application.state),
    ),
)
on_customer = ViewPatch(view=customer_form, add=(applications_of_customer,))


def _waits(_ctx: Context, condition: Condition) -> bool:
    """A condition can be met once the application is approved."""
    return condition.met_on is None and condition.application.decided_on is not None


bring = Action(
    name="bring-document",
    title="Bring a document",
    on=Application,
    do=bring_document,
    inputs=Brought,
    shown=lambda _ctx, application: application.state not in TAKES_NO_DOCUMENTS,
)
meet = Action(
    name="meet",
    title="Confirm that it is met",
    on=Condition,
    do=meet_condition,
    inputs=Met,
    needs=confirm_conditions,
    shown=_waits,
)


#: what isn't decided or over yet
_OPEN = f"not state = ({', '.join(FINAL)})"

under_way = RowsTile(title="Applications under way", rows=application_list, filter=_OPEN, order=10)
pipeline = Dashboard(
    "pipeline",
    "Pipeline",
    (
        under_way,
        RowsTile(
            title="Amount under way", rows=application_list, filter=_OPEN, sum=Application.amount
        ),
        RowsTile(
            title="From intake to the contract",
            rows=application_list,
            look=BoardView(Application.state, sums=(Application.amount,)),
        ),
        RowsTile(
            title="Decided by month",
            rows=application_list,
            filter="not decided_on = empty",
            look=ChartView(per_month(Application.decided_on)),
        ),
        RowsTile(
            title="Amount by product and stage",
            rows=application_list,
            filter=_OPEN,
            look=PivotView(Application.product, Application.state, sums=(Application.amount,)),
        ),
        RowsTile(
            title="Waiting longest",
            rows=application_list,
            filter=_OPEN,
            look=FirstRows(
                Application.number,
                path(Application.customer, Customer.name),
                Application.amount,
                Application.state,
                sort=Application.created_at,
            ),
        ),
    ),
)
pipeline_menu = Menu("Pipeline", pipeline.href, app="Applications", order=38)
