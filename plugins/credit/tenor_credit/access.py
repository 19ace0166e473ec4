"""Who may do what with ratings: risk officers make them, whoever may read the customer may read them."""

from tenor_credit.records import LimitProposal, Rating
from tenor_credit.workflow import confirm, withdraw
from tenor_sdk import Permission, Role, can
from tenor_sdk.access import (
    APPROVER,
    ASSET_PRESERVATION,
    AUDITOR,
    BRANCH_HEAD,
    COMMITTEE_CHAIR,
    COMMITTEE_MEMBER,
    OPERATIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RELEASE_CHECKER,
    RISK_OFFICER,
    through,
)

rate_customers = Permission(title="Rate customers and propose limits")

rater = Role(
    "Rater",
    can.use(rate_customers),
    can.use(confirm, withdraw),
    can.read(Rating, LimitProposal),
    positions=(RISK_OFFICER,),
)
reader = Role(
    "Reader of ratings",
    can.read(Rating, scope=through(Rating.customer_id)),
    can.read(LimitProposal, scope=through(LimitProposal.customer_id)),
    positions=(
        RELATIONSHIP_MANAGER,
        BRANCH_HEAD,
        APPROVER,
        COMMITTEE_MEMBER,
        COMMITTEE_CHAIR,
        OPERATIONS,
        RELEASE_CHECKER,
        POST_LOAN,
        ASSET_PRESERVATION,
        AUDITOR,
    ),
)
