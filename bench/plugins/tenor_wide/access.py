"""A role that reaches all of them in the units of whoever has it."""

from tenor_sdk import Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER
from tenor_wide.records import RECORDS

role = Role("Wide", can.read(*RECORDS, scope=Scope.UNIT), positions=(RELATIONSHIP_MANAGER,))
