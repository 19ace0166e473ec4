"""Who may do what with the kernel's own records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from tenor.access.records import (
    AccessEpoch,
    Delegation,
    Unit,
    User,
    UserPosition,
    UserRole,
)
from tenor.audit.access import decide_erasure, hold_for_law, look_at_ledger, propose_erasure
from tenor.audit.records import Erasure, LedgerEntry, LegalHold, Seal, SealMember, SealStamp
from tenor.base.authorities import (
    approve,
    discard,
    draft,
    propose,
    publish,
    send_back,
)
from tenor.base.committee_rules import discard as discard_committee_rule
from tenor.base.committee_rules import draft as drafted_committee_rule
from tenor.base.committee_rules import propose as propose_committee_rule
from tenor.base.committee_rules import publish as publish_committee_rule
from tenor.base.committee_rules import send_back as send_committee_rule_back
from tenor.base.task_rules import discard as discard_rules
from tenor.base.task_rules import draft as drafted_rules
from tenor.base.task_rules import propose as propose_rules
from tenor.base.task_rules import publish as publish_rules
from tenor.base.task_rules import send_back as send_rules_back
from tenor.events.records import Breaker, OutboxEvent
from tenor.jobs.access import look_after_jobs
from tenor.jobs.records import Job, JobProcess, Mandate, OutsideCall, PausedPlugin, Schedule
from tenor.loader.access import manage_plugins
from tenor.loader.records import DemoPlayed, Generation, PluginState
from tenor.notify.access import keep_notices
from tenor.records.records import CustomEpoch, CustomField, ExternalId
from tenor.settings.access import change_settings
from tenor.settings.records import PluginSetting
from tenor.workflow.access import draft_authority, draft_committee_rule, draft_task_rules
from tenor.workflow.records import AuthorityVersion, CommitteeVersion, TaskRuleVersion
from tenor_sdk.access import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    COMMITTEE_CHAIR,
    COMMITTEE_MEMBER,
    COMPLIANCE,
    EVERYBODY,
    LEGAL,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
    Permission,
    Role,
    can,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor

see_rights = Permission(title="See what each position may do")
delegate_own = Permission(title="Delegate one’s own positions for a time")
delegate_for_others = Permission(title="Delegate the positions of somebody else")


def concerning(actor: Actor) -> ColumnElement[bool]:
    """What one delegated, and what was delegated to one."""
    return or_(Delegation.giver_id == actor.id, Delegation.taker_id == actor.id)


def given(actor: Actor) -> ColumnElement[bool]:
    """What one lets plugins do in one's name."""
    return Mandate.user_id == actor.id


rights_overseer = Role("Rights overseer", can.use(see_rights), positions=(AUDITOR, ADMINISTRATOR))
administrator = Role(
    "Administrator",
    can.edit(Unit, User, UserPosition, UserRole),
    can.everything(CustomField),
    can.delete(UserPosition, UserRole),
    can.read(CustomEpoch, PluginState, Generation, DemoPlayed, PluginSetting, AccessEpoch, Breaker),
    can.read(Delegation, Mandate),
    can.use(change_settings, manage_plugins, delegate_for_others),
    positions=(ADMINISTRATOR, "service:base"),
)
auditor = Role(
    "Auditor",
    can.read(
        LedgerEntry,
        Seal,
        SealMember,
        SealStamp,
        UserPosition,
        UserRole,
        Delegation,
        Mandate,
        PluginState,
        PluginSetting,
    ),
    can.read(CustomField, ExternalId, Erasure, LegalHold),
    can.export(LedgerEntry, Seal, SealMember, SealStamp, UserPosition, UserRole, Delegation),
    can.use(look_at_ledger),
    positions=(AUDITOR,),
)
#: who proposes an erasure never decides it, whatever positions they hold
erasure_proposer = Role(
    "Proposer of erasures",
    can.read(Erasure, LegalHold),
    can.use(propose_erasure, hold_for_law),
    positions=(LEGAL,),
)
erasure_decider = Role(
    "Decider of erasures", can.read(Erasure), can.use(decide_erasure), positions=(COMPLIANCE,)
)
everybody = Role(
    "Everybody",
    can.read(Unit, User),
    can.read(Delegation, scope=concerning),
    can.read(Mandate, scope=given),
    can.use(delegate_own),
    positions=(EVERYBODY,),
)
system = Role(
    "System",
    can.read(Job, Schedule, OutsideCall, OutboxEvent, PausedPlugin, JobProcess),
    can.use(look_after_jobs, keep_notices),
    positions=("service:base",),
)


def drafts(_actor: Actor) -> ColumnElement[bool]:
    """Versions of an authority that are drafts: nobody's grant changes one that was proposed, or is in force."""
    return AuthorityVersion.state == draft.name


authority_reader = Role(
    "Reader of authorities",
    can.read(AuthorityVersion),
    positions=(
        RELATIONSHIP_MANAGER,
        BRANCH_HEAD,
        RISK_OFFICER,
        APPROVER,
        LEGAL,
        AUDITOR,
        ADMINISTRATOR,
    ),
)
authority_proposer = Role(
    "Proposer of authorities",
    can.update(AuthorityVersion, scope=drafts),
    can.use(draft_authority, propose, discard),
    positions=(RISK_OFFICER,),
)
authority_approver = Role(
    "Approver of authorities", can.use(approve, send_back), positions=(APPROVER,)
)
#: who publishes what was approved decides nothing of it
authority_publisher = Role("Publisher of authorities", can.use(publish), positions=(ADMINISTRATOR,))


def draft_rules(_actor: Actor) -> ColumnElement[bool]:
    """Versions of task rules that are drafts."""
    return TaskRuleVersion.state == drafted_rules.name


task_rule_reader = Role(
    "Reader of task rules",
    can.read(TaskRuleVersion),
    positions=(BRANCH_HEAD, RISK_OFFICER, APPROVER, AUDITOR, ADMINISTRATOR),
)
task_rule_proposer = Role(
    "Proposer of task rules",
    can.update(TaskRuleVersion, scope=draft_rules),
    can.use(draft_task_rules, propose_rules, discard_rules),
    positions=(BRANCH_HEAD, RISK_OFFICER),
)
task_rule_publisher = Role(
    "Publisher of task rules", can.use(publish_rules, send_rules_back), positions=(ADMINISTRATOR,)
)


def own_committee_drafts(actor: Actor) -> ColumnElement[bool]:
    """Drafts of committee rules that one began oneself: who publishes then can't have written a part of it."""
    drafted = CommitteeVersion.state == drafted_committee_rule.name
    return and_(drafted, CommitteeVersion.created_by_id == actor.id)


committee_rule_reader = Role(
    "Reader of committee rules",
    can.read(CommitteeVersion),
    positions=(
        RELATIONSHIP_MANAGER,
        BRANCH_HEAD,
        RISK_OFFICER,
        APPROVER,
        COMMITTEE_MEMBER,
        COMMITTEE_CHAIR,
        LEGAL,
        AUDITOR,
        ADMINISTRATOR,
    ),
)
committee_rule_proposer = Role(
    "Proposer of committee rules",
    can.update(CommitteeVersion, scope=own_committee_drafts),
    can.use(draft_committee_rule, propose_committee_rule, discard_committee_rule),
    positions=(RISK_OFFICER,),
)
committee_rule_publisher = Role(
    "Publisher of committee rules",
    can.use(publish_committee_rule, send_committee_rule_back),
    positions=(ADMINISTRATOR,),
)
