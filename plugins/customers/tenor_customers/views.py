"""The customers' list and page."""

from tenor_customers.records import Customer
from tenor_customers.services import StatementUpload, import_statements
from tenor_customers.sheets import preview_of_import, statements_side_by_side
from tenor_sdk import Action, FormView, ListView, Menu, Panel, Section, Tab

customer_list = ListView(
    Customer,
    (
        Customer.name,
        Customer.credit_code,
        Customer.industry,
        Customer.registered_capital,
        Customer.unit_id,
        Customer.owner_id,
    ),
    filters=(Customer.unit_id, Customer.owner_id, Customer.industry),
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
responsible = Section("Looked after by", Customer.unit_id, Customer.owner_id)
statements = Panel(title="Statements and ratios", content=statements_side_by_side)
dossier_tab = Tab("Dossier", registration, representative, responsible)
statements_tab = Tab("Statements", statements)
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
