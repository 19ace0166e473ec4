"""What other plugins may import; all else may change on Tuesday."""

from tenor_loans.disbursing import schedule_for
from tenor_loans.domain.allocation import Component, Due
from tenor_loans.domain.calendar import (
    Calendar,
    CalendarTable,
    add_business_days,
    calendar_from_table,
)
from tenor_loans.domain.classification import RiskClass
from tenor_loans.domain.position import Position
from tenor_loans.domain.rules import Rule, rule_on, rules_from_table
from tenor_loans.domain.schedule import Method, Schedule
from tenor_loans.events import LoanClosed, LoanDisbursed, RepaymentBooked
from tenor_loans.positions import past_due, position_of, postings_of
from tenor_loans.records import Instalment, Loan, PaymentInstruction, Posting
from tenor_loans.services import Receipt, book_repayment, reverse_posting, take_over_loan
from tenor_loans.views import balances_panel, loan_form, loan_list
from tenor_loans.workflow import (
    disbursement,
    loan_flow,
    prepare_disbursement,
    release,
    send_back_disbursement,
)

__all__ = [
    "Calendar",
    "CalendarTable",
    "Component",
    "Due",
    "Instalment",
    "Loan",
    "LoanClosed",
    "LoanDisbursed",
    "Method",
    "PaymentInstruction",
    "Position",
    "Posting",
    "Receipt",
    "RepaymentBooked",
    "RiskClass",
    "Rule",
    "Schedule",
    "add_business_days",
    "balances_panel",
    "book_repayment",
    "calendar_from_table",
    "disbursement",
    "loan_flow",
    "loan_form",
    "loan_list",
    "past_due",
    "position_of",
    "postings_of",
    "prepare_disbursement",
    "release",
    "reverse_posting",
    "rule_on",
    "rules_from_table",
    "schedule_for",
    "send_back_disbursement",
    "take_over_loan",
]
