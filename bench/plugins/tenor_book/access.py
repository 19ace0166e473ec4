"""Whoever keeps the book sees the customers of the units in which they do."""

from tenor_book.records import Customer
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER

keeper = Role(
    "Keeper", can.everything(Customer, scope=Scope.UNIT), positions=(RELATIONSHIP_MANAGER,)
)
