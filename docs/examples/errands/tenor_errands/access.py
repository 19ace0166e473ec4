"""Who may do what with errands."""

from tenor_errands.records import Errand
from tenor_errands.workflow import drop, finish, start
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER

runner = Role(
    "Errand runner",
    can.everything(Errand, scope=Scope.UNIT),
    can.use(start, finish, drop, scope=Scope.UNIT),
    positions=(RELATIONSHIP_MANAGER,),
)
