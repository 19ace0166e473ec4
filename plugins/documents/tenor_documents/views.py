"""Contracts on screen."""

from __future__ import annotations

from tenor_customers.public import customer_form
from tenor_documents.generating import Particulars
from tenor_documents.guards import AWAITING
from tenor_documents.permissions import generate_contracts, verify_contracts
from tenor_documents.records import Contract, ContractTemplate
from tenor_documents.services import generate
from tenor_documents.verifying import checks_table, verify_contract
from tenor_origination.public import Application, application_form, conditions_tab
from tenor_sdk import (
    Action,
    FormView,
    ListView,
    Menu,
    Panel,
    Section,
    Tab,
    ViewPatch,
    path,
)
from tenor_sdk.dashboards import RowsTile
from tenor_sdk.views import Related

contract_list = ListView(
    Contract,
    (
        Contract.number,
        Contract.borrower,
        path(Contract.application, Application.number),
        Contract.amount,
        Contract.months,
        Contract.rate,
        Contract.state,
        Contract.signed_on,
        Contract.created_at,
    ),
    filters=(Contract.state, Contract.unit_id, Contract.owner_id),
    sort=Contract.created_at,
    descending=True,
)
menu = Menu("Contracts", contract_list, app="Applications", order=40)

terms = Section(
    "Terms",
    Contract.application_id,
    Contract.customer_id,
    Contract.borrower,
    Contract.currency,
    Contract.amount,
    Contract.months,
    Contract.rate,
    Contract.repayment,
    Contract.drawn_on,
    Contract.due_on,
)
papers = Section(
    "Papers",
    Contract.file_id,
    Contract.signed_file_id,
    Contract.signed_how,
    Contract.signed_on,
    Contract.template_id,
)
stored_files = Panel(title="Stored files", content=checks_table, needs=verify_contracts)
responsible = Section("Looked after by", Contract.unit_id, Contract.owner_id)
contract_form = FormView(
    Contract,
    terms,
    papers,
    stored_files,
    responsible,
    facts=(Contract.borrower, Contract.amount, Contract.rate, Contract.months, Contract.signed_on),
)

template_list = ListView(
    ContractTemplate,
    (
        ContractTemplate.name,
        ContractTemplate.edition,
        ContractTemplate.published_on,
        ContractTemplate.sha256,
    ),
    sort=ContractTemplate.published_on,
    descending=True,
)
template_menu = Menu("Templates", template_list, app="Applications", order=60)

contract_tab = Tab(
    "Contract",
    Related(
        Contract.application_id,
        (Contract.number, Contract.amount, Contract.state, Contract.signed_on),
    ),
)
on_application = ViewPatch(view=application_form, after=conditions_tab, add=(contract_tab,))
contracts_of_customer = Tab(
    "Contracts",
    Related(
        Contract.customer_id, (Contract.number, Contract.amount, Contract.state, Contract.signed_on)
    ),
)
on_customer = ViewPatch(view=customer_form, add=(contracts_of_customer,))

generate_action = Action(
    name="generate-contract",
    title="Generate the contract",
    on=Application,
    do=generate,
    inputs=Particulars,
    needs=generate_contracts,
    shown=lambda _ctx, application: application.state == AWAITING,
)
verify_action = Action(
    name="verify",
    title="Verify the stored files",
    on=Contract,
    do=verify_contract,
    needs=verify_contracts,
    shown=lambda _ctx, contract: contract.file_id is not None,
)


to_be_signed = RowsTile(
    title="Contracts to be signed",
    rows=contract_list,
    filter="not state = (signed, void)",
    order=15,
)
