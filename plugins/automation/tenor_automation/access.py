"""Who writes rules, who puts them in force, and who sees what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor_automation.records import Listening, Rule, Run, ToDo
from tenor_sdk import Permission, Role, can
from tenor_sdk.access import (
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    EVERYBODY,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk import Actor


def own(actor: Actor) -> ColumnElement[bool]:
    """What rules ask of oneself."""
    return ToDo.owner_id == actor.id


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
everybody = Role(
    "Asked by rules", can.read(Listening), can.read(ToDo, scope=own), positions=(EVERYBODY,)
)
service = Role("Automation", can.read(Rule, Run, Listening), positions=("service:automation",))
