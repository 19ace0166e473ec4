"""What other plugins may import."""

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

__all__ = [
    "Calendar",
    "CalendarTable",
    "Component",
    "Due",
    "Position",
    "RiskClass",
    "Rule",
    "add_business_days",
    "calendar_from_table",
    "rule_on",
    "rules_from_table",
]
