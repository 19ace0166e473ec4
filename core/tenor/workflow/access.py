"""Who may do what with tasks, with the calendar, and with what the engine keeps."""

from __future__ import annotations

from tenor.workflow.assigned import tasks_known_to
from tenor.workflow.records import (
    CalendarDay,
    Duty,
    Task,
    UserSkill,
    Vote,
    WorkflowCase,
    WorkflowDefinition,
    WorkflowStep,
)
from tenor_sdk.access import ADMINISTRATOR, AUDITOR, BRANCH_HEAD, EVERYBODY, Permission, Role, can

hand_over_tasks = Permission(title="Hand over tasks of others")
work_on_tasks = Permission(title="Work on one’s tasks")
see_workflows = Permission(title="See how cases go")
draft_authority = Permission(title="Draft who decides what")
draft_task_rules = Permission(title="Draft who gets which tasks")
draft_committee_rule = Permission(title="Draft by which rule a committee decides")


has_tasks = Role(
    "Has tasks",
    can.read(Task, scope=tasks_known_to),
    can.read(CalendarDay, UserSkill),
    can.use(work_on_tasks),
    positions=(EVERYBODY,),
)
task_supervisor = Role(
    "Task supervisor", can.use(hand_over_tasks), positions=(BRANCH_HEAD, ADMINISTRATOR)
)
calendar_keeper = Role("Calendar keeper", can.everything(CalendarDay), positions=(ADMINISTRATOR,))
skill_keeper = Role(
    "Keeper of skills", can.everything(UserSkill), positions=(ADMINISTRATOR, BRANCH_HEAD)
)
process_overseer = Role(
    "Process overseer", can.use(see_workflows), positions=(AUDITOR, ADMINISTRATOR)
)
reads_cases = Role(
    "Reads cases",
    can.read(WorkflowDefinition, WorkflowCase, WorkflowStep, Vote, Duty, Task),
    positions=(AUDITOR,),
)
