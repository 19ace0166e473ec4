from tenor_boards.records import Motion, Relative
from tenor_boards.workflow import (
    carry,
    carry_by_authority,
    carry_named,
    carry_parallel,
    carry_slowly,
    carry_stepwise,
    drop,
    pull,
    table,
)
from tenor_sdk import Role, SegregationOfDuties, can
from tenor_sdk.access import ADMINISTRATOR, APPROVER, RELATIONSHIP_MANAGER, RISK_OFFICER

mover = Role(
    "Mover",
    can.everything(Motion),
    can.use(table, pull),
    positions=(RELATIONSHIP_MANAGER,),
)
keeper = Role("Keeper of relatives", can.everything(Relative), positions=(ADMINISTRATOR,))
decider = Role(
    "Decider",
    can.read(Motion),
    can.use(
        carry, carry_slowly, carry_named, carry_stepwise, carry_parallel, carry_by_authority, drop
    ),
    positions=("committee-member", "committee-chair", APPROVER, RISK_OFFICER),
)
mover_never_decides = SegregationOfDuties(
    title="Who tables a motion never decides on it", steps=(table, carry)
)
