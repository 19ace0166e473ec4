from sqlalchemy import true

from tenor_orders.records import Order, Payment
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule, RowRule, through

seller = Role(
    "Seller",
    can.everything(Order, scope=Scope.UNIT),
    can.everything(Payment, scope=through(Payment.order_id)),
    positions=(RELATIONSHIP_MANAGER,),
)
reader = Role("Reader", can.read(Order, Payment), can.export(Order))
costs = FieldRule(fields=(Order.cost,), effect="hide", unless=(seller,))
secrets = RowRule(
    record=Payment,
    allows=lambda actor: true() if actor.login == "system" else ~Payment.secret,
)
