"""Collection cases on screen."""

from tenor_collections.access import contact_debtors
from tenor_collections.records import CollectionCase, Contact, Promise
from tenor_collections.services import Said, record_contact
from tenor_loans.public import loan_form
from tenor_sdk import Action, FormView, ListView, Menu, Section, Tab, ViewPatch
from tenor_sdk.views import Related

case_list = ListView(
    CollectionCase,
    (
        CollectionCase.number,
        CollectionCase.borrower,
        CollectionCase.loan_id,
        CollectionCase.overdue,
        CollectionCase.days_past_due,
        CollectionCase.stage,
        CollectionCase.state,
        CollectionCase.opened_on,
        CollectionCase.last_contact_at,
    ),
    filters=(CollectionCase.state, CollectionCase.stage, CollectionCase.unit_id),
    sort=CollectionCase.days_past_due,
    descending=True,
)
menu = Menu("Collections", case_list, icon="phone-call", order=60)
arrears = Section(
    "Arrears",
    CollectionCase.loan_id,
    CollectionCase.borrower,
    CollectionCase.overdue,
    CollectionCase.days_past_due,
    CollectionCase.stage,
    CollectionCase.opened_on,
    CollectionCase.last_contact_at,
)
case_form = FormView(
    CollectionCase,
    arrears,
    Related(Contact.case_id, (Contact.at, Contact.channel, Contact.text, Contact.by_id)),
    Related(
        Promise.case_id, (Promise.promised_for, Promise.amount, Promise.taken_on, Promise.by_id)
    ),
    facts=(CollectionCase.borrower, CollectionCase.overdue, CollectionCase.days_past_due),
)
on_loan = ViewPatch(
    view=loan_form,
    add=(
        Tab(
            "Collection",
            Related(
                CollectionCase.loan_id,
                (CollectionCase.number, CollectionCase.overdue, CollectionCase.state),
            ),
        ),
    ),
)
contact_action = Action(
    name="record-contact",
    title="Record a contact",
    on=CollectionCase,
    do=record_contact,
    inputs=Said,
    needs=contact_debtors,
    shown=lambda _ctx, case: case.state in ("open", "promised"),
)
