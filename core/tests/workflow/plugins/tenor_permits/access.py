from tenor_permits.records import Permit
from tenor_permits.workflow import (
    ask_again,
    checked,
    drafted,
    drop,
    grant,
    prepare,
    redraft,
    refuse_place,
    review_again,
    reviewed,
    send_back,
    submit,
    visit,
)
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import APPROVER, LEGAL, OPERATIONS, RELATIONSHIP_MANAGER, RISK_OFFICER

keeper = Role(
    "Permit keeper",
    can.everything(Permit, scope=Scope.BELOW),
    can.use(submit, drop, scope=Scope.BELOW),
    positions=(RELATIONSHIP_MANAGER,),
)
reviewer = Role(
    "Permit reviewer",
    can.read(Permit),
    can.use(reviewed, prepare, send_back, checked, redraft),
    positions=(RISK_OFFICER,),
)
decider = Role(
    "Permit decider",
    can.read(Permit),
    can.use(grant, send_back, ask_again, review_again),
    positions=(APPROVER,),
)
lawyer = Role("Permit lawyer", can.read(Permit), can.use(drafted), positions=(LEGAL,))
visitor = Role(
    "Permit visitor", can.read(Permit), can.use(visit, refuse_place), positions=(OPERATIONS,)
)
