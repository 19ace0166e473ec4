"""Companies of one's unit; of all."""

from tenor_crowd.records import Company
from tenor_sdk import Role, Scope, can

of_unit = Role("Crowd of a unit", can.read(Company, scope=Scope.UNIT))
of_all = Role("Crowd of all units", can.read(Company))
