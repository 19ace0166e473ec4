from tenor_permits.records import Opening, Permit, Plan
from tenor_permits.workflow import (
    approve_plan,
    ask_again,
    call_off,
    checked,
    drafted,
    draw,
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
    void,
)
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    LEGAL,
    OPERATIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)

keeper = Role(
    "Permit keeper",
    can.everything(Permit, scope=Scope.BELOW),
    can.everything(Plan, scope=Scope.BELOW),
    can.everything(Opening, scope=Scope.BELOW),
    can.use(call_off, scope=Scope.BELOW),
    can.use(submit, drop, scope=Scope.BELOW),
    positions=(RELATIONSHIP_MANAGER,),
)
reviewer = Role(
    "Permit reviewer",
    can.read(Permit),
    can.use(reviewed, prepare, draw, send_back, checked, redraft),
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
draughtsman = Role(
    "Draughtsman", can.read(Plan), can.use(approve_plan, void), positions=(POST_LOAN,)
)
