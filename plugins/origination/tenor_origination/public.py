"""What other plugins may import; all else may change on Tuesday."""

from tenor_origination.access import customers_of_my_cases
from tenor_origination.authority import credit_decisions
from tenor_origination.checklist import Product
from tenor_origination.events import (
    ApplicationApproved,
    ApplicationDeclined,
    ApplicationSubmitted,
    DocumentBrought,
)
from tenor_origination.guards import conditions_are_met
from tenor_origination.hooks import Owed, owed_by_customer
from tenor_origination.records import Application, Condition, Repayment
from tenor_origination.services import Terms, apply_for, approved_terms, bring_document
from tenor_origination.views import (
    application_form,
    application_list,
    conditions_tab,
    file_tab,
)
from tenor_origination.workflow import (
    application_flow,
    approval,
    approve,
    complete,
    completed,
    conditions,
)

__all__ = [
    "Application",
    "ApplicationApproved",
    "ApplicationDeclined",
    "ApplicationSubmitted",
    "Condition",
    "DocumentBrought",
    "Owed",
    "Product",
    "Repayment",
    "Terms",
    "application_flow",
    "application_form",
    "application_list",
    "apply_for",
    "approval",
    "approve",
    "approved_terms",
    "bring_document",
    "complete",
    "completed",
    "conditions",
    "conditions_are_met",
    "conditions_tab",
    "credit_decisions",
    "customers_of_my_cases",
    "file_tab",
    "owed_by_customer",
]
