"""The customers' list and page, and the page of a statement."""

from tenor_customers.access import read_statements
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.records import Customer, FinancialStatement
from tenor_customers.services import Sought, look_for_duplicates
from tenor_customers.sheets import (
    dossier_gaps,
    preview_of_import,
    statement_table,
    statements_side_by_side,
)
from tenor_sdk import Action, FormView, ListView, Menu, Panel, Section, Tab
from tenor_sdk.conditions import When
from tenor_sdk.views import Related

customer_list = ListView(
    Customer,
    (
        Customer.name,
        Customer.credit_code,
        Customer.industry,
        Customer.region,
        Customer.registered_capital,
        Customer.unit_id,
        Customer.owner_id,
    ),
    filters=(Customer.unit_id, Customer.owner_id, Customer.industry, Customer.region),
    sort=Customer.name,
)
menu = Menu("Customers", customer_list, icon="building-factory-2", order=20)

registration = Section(
    "Registration",
    Customer.name,
    Customer.credit_code,
    Customer.industry,
    Customer.region,
    Customer.currency,
    Customer.registered_capital,
    Customer.established_on,
    Customer.address,
    Customer.business_scope,
)
representative = Section(
    "Legal representative",
    Customer.representative,
    Customer.representative_number,
    Customer.representative_phone,
)
#: a number without a name is nobody's
numbered_representative = When(
    Customer, 'representative_number != ""', required=(Customer.representative,)
)
responsible = Section("Looked after by", Customer.unit_id, Customer.owner_id)
gaps = Panel(title="Completeness", content=dossier_gaps, aside=True, needs=read_statements)
statements = Panel(
    title="Statements and ratios", content=statements_side_by_side, needs=read_statements
)
dossier_tab = Tab("Dossier", registration, representative, responsible, gaps)
statements_tab = Tab(
    "Statements",
    statements,
    Related(
        FinancialStatement.parent_id,
        (
            FinancialStatement.valid_from,
            FinancialStatement.kind,
            FinancialStatement.assurance,
            FinancialStatement.issued_on,
            FinancialStatement.known_on,
        ),
        title="Statements on file, corrections included",
    ),
)
customer_form = FormView(
    Customer,
    dossier_tab,
    statements_tab,
    facts=(Customer.credit_code, Customer.industry, Customer.unit_id, Customer.owner_id),
)
import_action = Action(
    name="import-statements",
    title="Import statements",
    on=Customer,
    do=import_statements,
    inputs=StatementUpload,
    preview=preview_of_import,
)
duplicates_action = Action(
    name="look-for-duplicates",
    title="Look for duplicates",
    on=Customer,
    do=look_for_duplicates,
    inputs=Sought,
    on_list=True,
)

statement_list = ListView(
    FinancialStatement,
    (
        FinancialStatement.valid_from,
        FinancialStatement.parent_id,
        FinancialStatement.kind,
        FinancialStatement.currency,
        FinancialStatement.assurance,
        FinancialStatement.issued_on,
        FinancialStatement.known_on,
    ),
    filters=(
        FinancialStatement.kind,
        FinancialStatement.assurance,
        FinancialStatement.issued_on,
        FinancialStatement.known_on,
    ),
    sort=FinancialStatement.valid_from,
    descending=True,
)
statement_form = FormView(
    FinancialStatement,
    Panel(title="Figures", content=statement_table),
    Section(
        "Source",
        FinancialStatement.assurance,
        FinancialStatement.issued_on,
        FinancialStatement.known_on,
        FinancialStatement.file_id,
        FinancialStatement.supersedes_id,
    ),
    facts=(
        FinancialStatement.parent_id,
        FinancialStatement.kind,
        FinancialStatement.currency,
        FinancialStatement.assurance,
    ),
)
