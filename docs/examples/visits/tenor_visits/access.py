"""Who may confirm an errand; the counts are seen and changed by whoever may do that to the errand."""

from tenor_sdk import Role, Scope, can
from tenor_sdk.access import BRANCH_HEAD, RELATIONSHIP_MANAGER
from tenor_visits.workflow import confirm

checker = Role(
    "Errand checker",
    can.use(confirm, scope=Scope.UNIT),
    positions=(RELATIONSHIP_MANAGER, BRANCH_HEAD),
)
