"""Who may do what with the disposal of bad loans: those who made a loan only read."""

from tenor_loans.public import Loan, Posting
from tenor_npl_disposal.records import NplCase
from tenor_npl_disposal.workflow import close, decide, propose, return_to_options
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    ASSET_PRESERVATION,
    AUDITOR,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
    through,
)

workout = Role(
    "Workout officer",
    can.read(NplCase),
    can.update(NplCase),
    can.use(propose, close),
    can.read(Loan),
    can.read(Posting, scope=through(Posting.loan_id)),
    positions=(ASSET_PRESERVATION,),
)
decider = Role(
    "Decider on ways out",
    can.read(NplCase, scope=Scope.ASSIGNED),
    can.use(decide, return_to_options, scope=Scope.ASSIGNED),
    positions=(APPROVER,),
)
own_reader = Role(
    "Reader of one's own NPL cases",
    can.read(NplCase, scope=Scope.OWN),
    positions=(RELATIONSHIP_MANAGER,),
)
reader = Role("Reader of all NPL cases", can.read(NplCase), positions=(RISK_OFFICER, AUDITOR))
by_itself = Role(
    "Disposal by itself",
    can.read(NplCase, Loan),
    can.read(Posting, scope=through(Posting.loan_id)),
    positions=("service:npl_disposal",),
)
