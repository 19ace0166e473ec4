"""Who writes rules, who puts them in force, and who sees what they did."""

from __future__ import annotations

from tenor_automation.records import Listening, Rule, Run, ToDo
from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    EVERYBODY,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)

write_rules = Permission(title="Write automation rules")

author = Role(
    "Author of rules",
    can.edit(Rule),
    can.read(Run),
    can.use(write_rules),
    positions=(RISK_OFFICER, POST_LOAN, RELATIONSHIP_MANAGER),
)
approver = Role("Approver of rules", can.read(Rule, Run), positions=(APPROVER, BRANCH_HEAD))
reader = Role("Reader of rules", can.read(Rule, Run, ToDo), positions=(AUDITOR,))
#: what a rule asks of somebody goes with its task, to whomever that is handed over
everybody = Role(
    "Asked by rules",
    can.read(Listening),
    can.read(ToDo, scope=Scope.ASSIGNED),
    positions=(EVERYBODY,),
)
service = Role("Automation", can.read(Rule, Run, Listening), positions=("service:automation",))
