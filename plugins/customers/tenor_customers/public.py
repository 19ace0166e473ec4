"""What other plugins may import; all else may change on Tuesday."""

from tenor_customers.access import read_statements
from tenor_customers.domain.ratios import Ratio, ratios
from tenor_customers.domain.statements import Assurance, PeriodKind, Statement
from tenor_customers.events import StatementRecorded
from tenor_customers.figures import Filed, filed_statements
from tenor_customers.records import Customer, FinancialStatement
from tenor_customers.services import add_customer, record_statement
from tenor_customers.sheets import RATIO_NAMES, shown
from tenor_customers.views import (
    customer_form,
    customer_list,
    dossier_tab,
    registration,
    statements_tab,
)
from tenor_customers.words import line_name

__all__ = [
    "RATIO_NAMES",
    "Assurance",
    "Customer",
    "Filed",
    "FinancialStatement",
    "PeriodKind",
    "Ratio",
    "Statement",
    "StatementRecorded",
    "add_customer",
    "customer_form",
    "customer_list",
    "dossier_tab",
    "filed_statements",
    "line_name",
    "ratios",
    "read_statements",
    "record_statement",
    "registration",
    "shown",
    "statements_tab",
]
