"""Menus, lists and pages of the kernel's own records: *My work*, and running the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenor.access.offered import position_text
from tenor.access.records import Delegation, Unit, User, UserPosition, UserRole
from tenor.audit.access import decide_erasure, hold_for_law, look_at_ledger, propose_erasure
from tenor.audit.records import PROPOSED, Erasure, LegalHold
from tenor.base.access import delegate_for_others, delegate_own, see_rights
from tenor.base.authority_sheets import changes_sheet, lines_sheet
from tenor.base.committee_rule_sheets import committee_rule_sheet
from tenor.base.delegating import (
    DelegationForOther,
    Ending,
    OwnDelegation,
    delegate,
    delegate_for,
    end_delegation,
    is_open,
    may_end,
)
from tenor.base.erasing import ErasureAsked, HoldAsked, approve, hold, propose, refuse, release
from tenor.base.recounting import committee_rule_simulated
from tenor.base.simulating import authority_simulated, rules_simulated
from tenor.base.task_reminders import version_reminders_sheet
from tenor.base.task_rule_sheets import rule_changes_sheet, rules_sheet
from tenor.base.versions import called_by
from tenor.jobs.access import look_after_jobs
from tenor.loader.access import manage_plugins
from tenor.notify.access import keep_notices
from tenor.notify.records import BouncedAddress, NoticeDefault
from tenor.records.records import CustomField
from tenor.settings.access import change_settings
from tenor.views.bulk_course import bulk_heading
from tenor.views.records import BulkChange
from tenor.workflow.access import see_workflows
from tenor.workflow.offered import authorities as authorities_offered
from tenor.workflow.offered import committees as committees_offered
from tenor.workflow.offered import workflows as workflows_offered
from tenor.workflow.records import (
    AuthorityVersion,
    CalendarDay,
    CommitteeVersion,
    TaskRuleVersion,
    UserSkill,
)
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _
from tenor_sdk.views import Action, FormView, ListView, Menu, Panel, Related, Section

if TYPE_CHECKING:
    from tenor_sdk.context import Context

work = Menu("Work", "/", icon="home", order=0)
tasks_menu = Menu("Tasks", "/tasks", app="Work", order=55)
inbox = Menu("Inbox", "/inbox", app="Work", order=60)

users = ListView(
    User, (User.name, User.login, User.unit_id, User.email, User.active, User.on_leave_until),
    filters=(User.unit_id, User.active), sort=User.login,
)  # fmt: skip
user_form = FormView(
    User,
    Section("Person", User.name, User.login, User.email, User.language),
    Section("At work", User.unit_id, User.active, User.on_leave_from, User.on_leave_until),
    Related(
        UserPosition.user_id, (UserPosition.position_title, UserPosition.unit_id), title="Positions"
    ),
    Related(UserSkill.user_id, (UserSkill.skill,), title="Skills"),
    Related(UserRole.user_id, (UserRole.role,), title="Roles given beyond those"),
    facts=(User.login, User.unit_id),
)

bulk_change_form = FormView(
    BulkChange,
    Section("Change of many", BulkChange.record, BulkChange.total, BulkChange.changed),
    facts=(BulkChange.total,),
    heading=bulk_heading,
)

units = ListView(
    Unit, (Unit.name, Unit.code, Unit.parent_id), filters=(Unit.parent_id,), sort=Unit.path
)
unit_form = FormView(
    Unit,
    Section("Unit", Unit.name, Unit.code, Unit.parent_id),
    Related(User.unit_id, (User.name, User.login, User.active), title="People"),
    Related(
        UserPosition.unit_id, (UserPosition.position_title, UserPosition.user_id), title="Positions"
    ),
)

positions = ListView(
    UserPosition, (UserPosition.position_title, UserPosition.user_id, UserPosition.unit_id),
    filters=(UserPosition.position, UserPosition.unit_id),
)  # fmt: skip
position_form = FormView(
    UserPosition,
    Section("Position held", UserPosition.user_id, UserPosition.position, UserPosition.unit_id),
    heading=lambda _ctx, held: position_text(held.position),
)
calendar = ListView(
    CalendarDay, (CalendarDay.day, CalendarDay.working, CalendarDay.name),
    filters=(CalendarDay.day, CalendarDay.working), sort=CalendarDay.day, descending=True,
)  # fmt: skip

delegations = ListView(
    Delegation,
    (
        Delegation.from_day, Delegation.until, Delegation.giver_id, Delegation.taker_id, Delegation.positions,
        Delegation.reason, Delegation.ended_at,
    ),
    filters=(Delegation.giver_id, Delegation.taker_id, Delegation.until), sort=Delegation.until, descending=True,
)  # fmt: skip
delegation_form = FormView(
    Delegation,
    Section(
        "Delegation", Delegation.giver_id, Delegation.taker_id, Delegation.positions, Delegation.from_day,
        Delegation.until, Delegation.reason,
    ),
    Section("Ended early", Delegation.ended_at, Delegation.ended_by_id),
)  # fmt: skip


@contextmanager
def _at_what_is_asked() -> Iterator[None]:
    """What is wrong with somebody stands at the field in which they were chosen."""
    try:
        yield
    except Invalid as error:
        fields = {name.removesuffix("_id"): one for name, one in error.fields.items()}
        raise Invalid(error.key, fields, **error.values) from None


def _delegate(ctx: Context, _record: None, given: OwnDelegation) -> Text:
    with _at_what_is_asked():
        delegate(
            ctx,
            given.taker,
            until=given.until,
            reason=given.reason,
            from_day=given.from_day,
            positions=given.positions.split(),
        )
    return _("The delegation stands.")


def _delegate_for(ctx: Context, _record: None, given: DelegationForOther) -> Text:
    with _at_what_is_asked():
        delegate_for(
            ctx,
            given.giver,
            given.taker,
            until=given.until,
            reason=given.reason,
            from_day=given.from_day,
            positions=given.positions.split(),
        )
    return _("The delegation stands.")


def _end(ctx: Context, delegation: Delegation, given: Ending) -> Text:
    end_delegation(ctx, delegation, given.reason)
    return _("The delegation is over.")


def _can_end(ctx: Context, delegation: Delegation) -> bool:
    return is_open(ctx, delegation) and may_end(ctx, delegation)


delegate_action = Action(
    name="delegate", title="Delegate my positions", on=Delegation, do=_delegate, inputs=OwnDelegation,
    needs=delegate_own, on_list=True,
)  # fmt: skip
delegate_for_action = Action(
    name="delegate-for", title="Delegate for somebody", on=Delegation, do=_delegate_for,
    inputs=DelegationForOther, needs=delegate_for_others, on_list=True,
)  # fmt: skip
end_action = Action(
    name="end", title="End it now", on=Delegation, do=_end, inputs=Ending, needs=delegate_own,
    shown=_can_end,
)  # fmt: skip
delegations_menu = Menu("Delegations", delegations, app="Work", order=70)

custom_fields = ListView(
    CustomField,
    (CustomField.label, CustomField.record, CustomField.key, CustomField.kind, CustomField.required,
     CustomField.searched, CustomField.place),
    filters=(CustomField.record, CustomField.kind), sort=CustomField.place,
)  # fmt: skip
custom_field_form = FormView(
    CustomField,
    Section("What it is", CustomField.record, CustomField.key, CustomField.kind),
    Section(
        "Words", CustomField.label, CustomField.label_en, CustomField.help, CustomField.help_en,
    ),
    Section("Use", CustomField.required, CustomField.searched, CustomField.place),
    facts=(CustomField.record, CustomField.key, CustomField.kind),
)  # fmt: skip

authorities = ListView(
    AuthorityVersion,
    (
        AuthorityVersion.authority, AuthorityVersion.number, AuthorityVersion.state,
        AuthorityVersion.effective_from, AuthorityVersion.proposed_by_id,
        AuthorityVersion.approved_by_id, AuthorityVersion.published_by_id,
    ),
    filters=(AuthorityVersion.state, AuthorityVersion.effective_from),
    sort=AuthorityVersion.effective_from, descending=True,
)  # fmt: skip
authority_form = FormView(
    AuthorityVersion,
    Section(
        "Authority", AuthorityVersion.authority, AuthorityVersion.number, AuthorityVersion.effective_from,
        AuthorityVersion.purpose,
    ),
    Panel(title="Who decides", content=lines_sheet, lines=AuthorityVersion.entries),
    Panel(title="What changes", content=changes_sheet),
    Panel(title="Last year by this version", content=authority_simulated),
    Section(
        "By whom", AuthorityVersion.proposed_by_id, AuthorityVersion.approved_by_id,
        AuthorityVersion.published_by_id, AuthorityVersion.published_on,
    ),
    facts=(AuthorityVersion.authority, AuthorityVersion.number, AuthorityVersion.effective_from),
    heading=called_by(authorities_offered),
)  # fmt: skip

task_rules = ListView(
    TaskRuleVersion,
    (
        TaskRuleVersion.workflow, TaskRuleVersion.number, TaskRuleVersion.state,
        TaskRuleVersion.effective_from, TaskRuleVersion.proposed_by_id,
        TaskRuleVersion.published_by_id,
    ),
    filters=(TaskRuleVersion.state, TaskRuleVersion.effective_from),
    sort=TaskRuleVersion.effective_from, descending=True,
)  # fmt: skip
task_rule_form = FormView(
    TaskRuleVersion,
    Section(
        "Task rules", TaskRuleVersion.workflow, TaskRuleVersion.number,
        TaskRuleVersion.effective_from, TaskRuleVersion.purpose,
    ),
    Panel(title="Who gets which task", content=rules_sheet, lines=TaskRuleVersion.entries),
    Panel(title="Reminders", content=version_reminders_sheet, lines=TaskRuleVersion.reminders),
    Panel(title="What changes", content=rule_changes_sheet),
    Panel(title="Last year by this version", content=rules_simulated),
    Section(
        "By whom", TaskRuleVersion.proposed_by_id, TaskRuleVersion.published_by_id,
        TaskRuleVersion.published_on,
    ),
    facts=(TaskRuleVersion.workflow, TaskRuleVersion.number, TaskRuleVersion.effective_from),
    heading=called_by(workflows_offered),
)  # fmt: skip
committee_rules = ListView(
    CommitteeVersion,
    (
        CommitteeVersion.committee, CommitteeVersion.number, CommitteeVersion.state,
        CommitteeVersion.effective_from, CommitteeVersion.proposed_by_id,
        CommitteeVersion.published_by_id,
    ),
    filters=(CommitteeVersion.state, CommitteeVersion.effective_from),
    sort=CommitteeVersion.effective_from, descending=True,
)  # fmt: skip
committee_rule_form = FormView(
    CommitteeVersion,
    Section(
        "Committee rule", CommitteeVersion.committee, CommitteeVersion.number,
        CommitteeVersion.effective_from, CommitteeVersion.purpose,
    ),
    Section("By what it decides", CommitteeVersion.quorum, CommitteeVersion.share, CommitteeVersion.veto),
    Panel(title="What changes", content=committee_rule_sheet),
    Panel(title="Last year by this version", content=committee_rule_simulated),
    Section(
        "By whom", CommitteeVersion.proposed_by_id, CommitteeVersion.published_by_id,
        CommitteeVersion.published_on,
    ),
    facts=(CommitteeVersion.committee, CommitteeVersion.number, CommitteeVersion.effective_from),
    heading=called_by(committees_offered),
)  # fmt: skip
skills = ListView(UserSkill, (UserSkill.user_id, UserSkill.skill), filters=(UserSkill.skill,))
notice_defaults = ListView(
    NoticeDefault,
    (NoticeDefault.kind, NoticeDefault.channel, NoticeDefault.way, NoticeDefault.fixed),
    filters=(NoticeDefault.channel, NoticeDefault.fixed), sort=NoticeDefault.kind,
)  # fmt: skip
bounced_addresses = ListView(
    BouncedAddress,
    (
        BouncedAddress.address, BouncedAddress.user_id, BouncedAddress.reason,
        BouncedAddress.created_at,
    ),
    sort=BouncedAddress.created_at, descending=True,
)  # fmt: skip

admin = Menu("Admin", users, icon="adjustments-horizontal", order=95, needs=manage_plugins)
units_menu = Menu("Units", "/units", app="Admin", order=96, needs=manage_plugins)
positions_menu = Menu("Positions", positions, app="Admin", order=97)
roles_menu = Menu("Roles", "/roles", app="Admin", order=97, needs=see_rights)
authorities_menu = Menu("Authorities", authorities, app="Work", order=75)
task_rules_menu = Menu("Task rules", task_rules, app="Work", order=76)
committee_rules_menu = Menu("Committee rules", committee_rules, app="Work", order=77)
skills_menu = Menu("Skills", skills, app="Admin", order=97, needs=manage_plugins)
calendar_menu = Menu("Calendar", calendar, app="Admin", order=98, needs=manage_plugins)
custom_fields_menu = Menu(
    "Custom fields", custom_fields, app="Admin", order=98, needs=manage_plugins
)
plugins_menu = Menu("Plugins", "/plugins", app="Admin", order=99, needs=manage_plugins)
settings_menu = Menu("Settings", "/settings", app="Admin", order=100, needs=change_settings)
workflows_menu = Menu("Workflows", "/workflows", app="Admin", order=103, needs=see_workflows)
reports_menu = Menu("Reports of errors", "/reports", app="Admin", order=102, needs=manage_plugins)
jobs_menu = Menu("Jobs", "/jobs", app="Admin", order=101, needs=look_after_jobs)
erasures = ListView(
    Erasure,
    (Erasure.created_at, Erasure.table_name, Erasure.record_id, Erasure.fields, Erasure.reason, Erasure.state,
     Erasure.done_at),
    filters=(Erasure.state,), sort=Erasure.created_at, descending=True,
)  # fmt: skip
erasure_form = FormView(
    Erasure,
    Section("What is erased", Erasure.table_name, Erasure.record_id, Erasure.fields),
    Section("Why", Erasure.reason, Erasure.basis),
    Section("By whom", Erasure.proposed_by_id, Erasure.decided_by_id, Erasure.decided_at, Erasure.done_at),
    facts=(Erasure.state,),
)  # fmt: skip
legal_holds = ListView(
    LegalHold,
    (LegalHold.created_at, LegalHold.table_name, LegalHold.record_id, LegalHold.reason, LegalHold.ended_at),
    filters=(LegalHold.ended_at,), sort=LegalHold.created_at, descending=True,
)  # fmt: skip


def _propose(ctx: Context, _record: None, given: ErasureAsked) -> Text:
    propose(
        ctx,
        given.record,
        given.number,
        given.fields.split(),
        reason=given.reason,
        basis=given.basis,
    )
    return _("Somebody else decides now.")


def _approve(ctx: Context, erasure: Erasure, _given: None) -> Text:
    approve(ctx, erasure)
    return _("The values are erased; the owner of the database erases them in the ledger.")


def _refuse(ctx: Context, erasure: Erasure, _given: None) -> Text:
    refuse(ctx, erasure)
    return _("Nothing is erased.")


def _hold(ctx: Context, _record: None, given: HoldAsked) -> Text:
    hold(ctx, given.record, given.number, given.reason)
    return _("The record is held.")


def _release(ctx: Context, held: LegalHold, _given: None) -> Text:
    release(ctx, held)
    return _("The hold is over.")


def _is_proposed(_ctx: Context, erasure: Erasure) -> bool:
    return erasure.state == PROPOSED


def _is_held(_ctx: Context, held: LegalHold) -> bool:
    return held.ended_at is None


propose_action = Action(
    name="propose", title="Propose an erasure", on=Erasure, do=_propose, inputs=ErasureAsked,
    needs=propose_erasure, on_list=True,
)  # fmt: skip
approve_action = Action(
    name="approve", title="Erase", on=Erasure, do=_approve, needs=decide_erasure, shown=_is_proposed
)
refuse_action = Action(
    name="refuse", title="Don’t erase", on=Erasure, do=_refuse, needs=decide_erasure, shown=_is_proposed
)  # fmt: skip
hold_action = Action(
    name="hold", title="Hold a record", on=LegalHold, do=_hold, inputs=HoldAsked, needs=hold_for_law,
    on_list=True,
)  # fmt: skip
release_action = Action(
    name="release",
    title="End the hold",
    on=LegalHold,
    do=_release,
    needs=hold_for_law,
    shown=_is_held,
)
erasures_menu = Menu("Erasures", erasures, app="Work", order=80)
legal_holds_menu = Menu("Legal holds", legal_holds, app="Work", order=81)
notice_defaults_menu = Menu("Notices", notice_defaults, app="Admin", order=103, needs=keep_notices)
bounced_menu = Menu(
    "Addresses that bounce", bounced_addresses, app="Admin", order=104, needs=keep_notices
)
audit_menu = Menu("Audit", "/audit", app="Admin", order=102, needs=look_at_ledger)
