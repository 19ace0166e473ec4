"""The disposal of bad loans on screen."""

from tenor_loans.public import loan_form
from tenor_npl_disposal.comparing import options_table
from tenor_npl_disposal.records import NplCase
from tenor_sdk import FormView, ListView, Menu, Panel, Section, Tab, ViewPatch
from tenor_sdk.views import Related

case_list = ListView(
    NplCase,
    (
        NplCase.number,
        NplCase.borrower,
        NplCase.loan_id,
        NplCase.claim,
        NplCase.base_date,
        NplCase.chosen,
        NplCase.state,
    ),
    filters=(NplCase.state, NplCase.chosen),
    sort=NplCase.claim,
    descending=True,
)
menu = Menu("Disposal", case_list, icon="scale", order=70)
case_form = FormView(
    NplCase,
    Panel(title="Ways out side by side", content=options_table),
    Section(
        "Claim", NplCase.loan_id, NplCase.base_date, NplCase.claim, NplCase.provision, NplCase.rate
    ),
    Section("Decision", NplCase.chosen, NplCase.frozen_hash),
    facts=(NplCase.borrower, NplCase.claim, NplCase.base_date),
)
on_loan = ViewPatch(
    view=loan_form,
    add=(
        Tab("Disposal", Related(NplCase.loan_id, (NplCase.number, NplCase.claim, NplCase.state))),
    ),
)
