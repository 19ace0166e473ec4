"""Who may do what; whatever isn't granted here isn't possible."""

from __future__ import annotations

from tenor_customers.public import Customer
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    OPERATIONS,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)
from tenor_site_checks.permissions import check_sites
from tenor_site_checks.records import SiteCheck
from tenor_site_checks.workflow import seen

checker = Role(
    "Site checker",
    can.edit(SiteCheck, scope=Scope.UNIT),
    can.use(check_sites),
    positions=(RELATIONSHIP_MANAGER,),
)
reader = Role(
    "Reader of site checks",
    can.read(SiteCheck),
    positions=(RISK_OFFICER, APPROVER, BRANCH_HEAD, OPERATIONS, AUDITOR),
)
confirmer = Role("Confirmer on site", can.use(seen), positions=(OPERATIONS,))
by_itself = Role(
    "Site checks by themselves",
    can.read(SiteCheck, Customer),
    positions=("service:site_checks",),
)
