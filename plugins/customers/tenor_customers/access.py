"""Who may do what with customers. Statements inherit from their customer."""

from tenor_customers.records import Customer
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    ASSET_PRESERVATION,
    AUDITOR,
    BRANCH_HEAD,
    COLLECTIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)

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
    positions=(RISK_OFFICER, POST_LOAN, AUDITOR, COLLECTIONS, ASSET_PRESERVATION),
)
