from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule, through
from tenor_vault.records import Box, Guest, Opening, Shelf

count_boxes = Permission(title="Count boxes")

keeper = Role(
    "Vault keeper",
    can.everything(Box, Guest, scope=Scope.UNIT),
    can.edit(Opening, scope=through(Opening.box_id)),
    can.use(count_boxes),
    positions=(RELATIONSHIP_MANAGER,),
)
shelver = Role("Shelver", can.edit(Shelf))
appraiser = Role("Appraiser", can.read(Box))
fee = FieldRule(fields=(Box.fee,), effect="hide", unless=(keeper,))
