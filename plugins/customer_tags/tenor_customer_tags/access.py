"""Who may give tags, and who reads them."""

from tenor_customer_tags.records import CustomerTag, Tag
from tenor_customers.public import Customer
from tenor_sdk import Permission, Role, can
from tenor_sdk.access import (
    APPROVER,
    ASSET_PRESERVATION,
    AUDITOR,
    BRANCH_HEAD,
    COLLECTIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
    through,
)

tag_customers = Permission(title="Tag customers by hand")

reader = Role(
    "Reader of tags",
    can.read(Tag),
    can.read(CustomerTag, scope=through(CustomerTag.customer_id)),
    positions=(
        RELATIONSHIP_MANAGER,
        BRANCH_HEAD,
        RISK_OFFICER,
        APPROVER,
        POST_LOAN,
        COLLECTIONS,
        ASSET_PRESERVATION,
        AUDITOR,
    ),
)
giver = Role(
    "Giver of tags", can.use(tag_customers), positions=(RELATIONSHIP_MANAGER, RISK_OFFICER)
)
keeper = Role("Keeper of tags", can.edit(Tag), positions=(RISK_OFFICER,))
by_rule = Role(
    "Tags by rule", can.read(Customer, Tag, CustomerTag), positions=("service:customer_tags",)
)
