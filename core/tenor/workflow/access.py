"""Who may do what with tasks, with the calendar, and with what the engine keeps."""

from __future__ import annotations

from tenor.workflow.assigned import tasks_of
from tenor.workflow.records import (
    CalendarDay,
    Duty,
    Task,
    Vote,
    WorkflowCase,
    WorkflowDefinition,
    WorkflowStep,
)
from tenor_sdk.access import ADMINISTRATOR, AUDITOR, BRANCH_HEAD, EVERYBODY, Permission, Role, can

hand_over_tasks = Permission(title="Hand over tasks of others")
see_workflows = Permission(title="See how cases go")
draft_authority = Permission(title="Draft who decides what")


has_tasks = Role(
    "Has tasks", can.read(Task, scope=tasks_of), can.read(CalendarDay), positions=(EVERYBODY,)
)
task_supervisor = Role(
    "Task supervisor", can.use(hand_over_tasks), positions=(BRANCH_HEAD, ADMINISTRATOR)
)
calendar_keeper = Role("Calendar keeper", can.everything(CalendarDay), positions=(ADMINISTRATOR,))
process_overseer = Role(
    "Process overseer", can.use(see_workflows), positions=(AUDITOR, ADMINISTRATOR)
)
reads_cases = Role(
    "Reads cases",
    can.read(WorkflowDefinition, WorkflowCase, WorkflowStep, Vote, Duty, Task),
    positions=(AUDITOR,),
)
