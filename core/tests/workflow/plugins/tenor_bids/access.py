from tenor_bids.records import Bid
from tenor_bids.workflow import decline, grant, hand_in
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import APPROVER, BRANCH_HEAD, RELATIONSHIP_MANAGER, RISK_OFFICER

bidder = Role(
    "Bidder",
    can.everything(Bid, scope=Scope.BELOW),
    can.use(hand_in, scope=Scope.BELOW),
    positions=(RELATIONSHIP_MANAGER,),
)
decider = Role(
    "Decider", can.read(Bid), can.use(grant, decline), positions=(APPROVER, RISK_OFFICER)
)
branch_decider = Role(
    "Decider within the unit",
    can.read(Bid, scope=Scope.BELOW),
    can.use(grant, decline, scope=Scope.BELOW),
    positions=(BRANCH_HEAD,),
)
