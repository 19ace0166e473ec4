from tenor_petitions.records import Petition
from tenor_petitions.workflow import approve, assess, decline, reopen, send_back, submit
from tenor_sdk import Role, Scope, SegregationOfDuties, can
from tenor_sdk.access import APPROVER, RELATIONSHIP_MANAGER, RISK_OFFICER

filer = Role(
    "Petition filer",
    can.everything(Petition, scope=Scope.BELOW),
    can.use(submit, scope=Scope.BELOW),
    positions=(RELATIONSHIP_MANAGER,),
)
assessor = Role(
    "Petition assessor",
    can.read(Petition),
    can.use(assess, send_back),
    positions=(RISK_OFFICER, APPROVER),
)
decider = Role("Petition decider", can.use(approve, decline, reopen), positions=(APPROVER,))

maker_never_decides = SegregationOfDuties(
    title="Who submits or assesses a petition never decides on it", steps=(submit, assess, approve)
)
rater_never_decides = SegregationOfDuties(title="Who rates never decides", steps=("rate", approve))
