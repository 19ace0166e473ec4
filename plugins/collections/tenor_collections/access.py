"""Who may do what with collection cases."""

from tenor_collections.records import CollectionCase, Contact, Promise
from tenor_collections.workflow import break_promise, hand_over, promise
from tenor_loans.public import Loan, Posting
from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import (
    ASSET_PRESERVATION,
    AUDITOR,
    BRANCH_HEAD,
    COLLECTIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
    through,
)

contact_debtors = Permission(title="Contact debtors")

_details = (
    can.read(Contact, scope=through(Contact.case_id)),
    can.read(Promise, scope=through(Promise.case_id)),
)

collector = Role(
    "Collector",
    can.read(CollectionCase),
    can.use(promise, break_promise, hand_over),
    can.use(contact_debtors),
    can.read(Loan),
    can.read(Posting, scope=through(Posting.loan_id)),
    *_details,
    positions=(COLLECTIONS,),
)
own_reader = Role(
    "Reader of one's own collection cases",
    can.read(CollectionCase, scope=Scope.OWN),
    *_details,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's collection cases",
    can.read(CollectionCase, scope=Scope.BELOW),
    *_details,
    positions=(BRANCH_HEAD,),
)
reader = Role(
    "Reader of all collection cases",
    can.read(CollectionCase),
    *_details,
    positions=(RISK_OFFICER, POST_LOAN, ASSET_PRESERVATION, AUDITOR),
)
by_itself = Role(
    "Collections by themselves",
    can.read(CollectionCase, Loan),
    can.read(Posting, scope=through(Posting.loan_id)),
    positions=("service:collections",),
)
