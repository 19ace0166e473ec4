"""Whoever keeps the book sees the customers of the units in which they do."""

from tenor_book.records import Customer, Dossier
from tenor_book.workflow import decide, submit
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER

keeper = Role(
    "Keeper",
    can.everything(Customer, Dossier, scope=Scope.UNIT),
    can.use(submit, decide, scope=Scope.UNIT),
    positions=(RELATIONSHIP_MANAGER,),
)
