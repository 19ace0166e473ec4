from tenor_assays.records import Assay
from tenor_assays.workflow import (
    again,
    agree,
    ask_back,
    back,
    convene,
    dissolve,
    duo_on,
    ease,
    join_light,
    keep,
    lone_on,
    present,
    refer_back,
    reject,
    resolve,
    settle,
    settle_back,
    settle_plain,
    shelve,
    start,
    start_duo,
    start_light,
    step_on,
    turn_down,
)
from tenor_sdk import Role, SegregationOfDuties, can
from tenor_sdk.access import APPROVER, LEGAL, RELATIONSHIP_MANAGER, RISK_OFFICER

assayer = Role(
    "Assayer",
    can.everything(Assay),
    can.use(convene, start, start_duo, start_light, present, join_light, shelve),
    positions=(RELATIONSHIP_MANAGER,),
)
decider = Role(
    "Assay decider",
    can.read(Assay),
    can.use(agree, reject, step_on, back, keep, ease, lone_on, duo_on, resolve, dissolve),
    can.use(turn_down, refer_back, again, ask_back, settle, settle_plain, settle_back),
    positions=("committee-member", "committee-chair", APPROVER, RISK_OFFICER, LEGAL),
)
made_and_eased = SegregationOfDuties(title="Who makes it never eases it", steps=("create", ease))
