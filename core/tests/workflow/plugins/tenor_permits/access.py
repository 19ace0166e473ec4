from tenor_permits.records import Permit
from tenor_permits.workflow import (
    ask_again,
    drop,
    grant,
    review_again,
    reviewed,
    send_back,
    submit,
)
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import APPROVER, RELATIONSHIP_MANAGER, RISK_OFFICER

keeper = Role(
    "Permit keeper",
    can.everything(Permit, scope=Scope.BELOW),
    can.use(submit, drop, scope=Scope.BELOW),
    positions=(RELATIONSHIP_MANAGER,),
)
reviewer = Role(
    "Permit reviewer",
    can.read(Permit),
    can.use(reviewed, send_back),
    positions=(RISK_OFFICER,),
)
decider = Role(
    "Permit decider",
    can.read(Permit),
    can.use(grant, send_back, ask_again, review_again),
    positions=(APPROVER,),
)
