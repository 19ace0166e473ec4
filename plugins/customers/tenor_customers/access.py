"""Who may do what with customers. Statements inherit from their customer, for those whose work needs figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import false, true

from tenor_customers.records import Customer, FinancialStatement
from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    ASSET_PRESERVATION,
    AUDITOR,
    BRANCH_HEAD,
    COMMITTEE_CHAIR,
    COMMITTEE_MEMBER,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
    RowRule,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk import Actor

read_statements = Permission(title="Read financial statements of the customers that one may read")

manager = Role(
    "Customer manager",
    can.edit(Customer, scope=Scope.OWN),
    can.export(Customer, scope=Scope.OWN),
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's customers",
    can.read(Customer, scope=Scope.BELOW),
    can.export(Customer, scope=Scope.BELOW),
    positions=(BRANCH_HEAD,),
)
reader = Role(
    "Reader of all customers",
    can.read(Customer),
    positions=(RISK_OFFICER, POST_LOAN, AUDITOR),
)
#: legal and operations read the dossiers of their cases, not the figures
statement_reader = Role(
    "Reader of statements",
    can.use(read_statements),
    positions=(
        RELATIONSHIP_MANAGER,
        BRANCH_HEAD,
        RISK_OFFICER,
        APPROVER,
        COMMITTEE_MEMBER,
        COMMITTEE_CHAIR,
        POST_LOAN,
        ASSET_PRESERVATION,
        AUDITOR,
    ),
)


def for_readers_of_statements(actor: Actor) -> ColumnElement[bool]:
    """All that their customers' rows leave; a plugin's own jobs need only the right to read the customer."""
    is_service = any(position.startswith("service:") for position in actor.positions)
    return true() if is_service or statement_reader.key in actor.roles else false()


only_readers_of_statements = RowRule(record=FinancialStatement, allows=for_readers_of_statements)
