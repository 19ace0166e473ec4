"""Declarations of a workflow as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tenor.workflow.definitions import (
    ApprovalSpec,
    BranchSpec,
    PartSpec,
    StateSpec,
    TaskSpec,
    TransitionSpec,
    WaitSpec,
)
from tenor_sdk.approvals import Approval, Members
from tenor_sdk.records import Record
from tenor_sdk.workflow import Guard, GuardLabel, State, Task, Transition, Wait


def label_of(guard: Guard) -> str:
    """The name by which a definition refers to a guard."""
    label: GuardLabel = guard.__tenor_guard__  # type: ignore[attr-defined]  # checked by _guards
    return label.name


def state_spec(state: State, branches: Sequence[BranchSpec] = ()) -> StateSpec:
    """A state with the branches that go on in it."""
    return StateSpec(
        name=state.name,
        title=state.title,
        plugin=state.plugin,
        final=state.final,
        frozen=state.frozen,
        aside=state.aside,
        task=_task_spec(state.task) if state.task else None,
        branches=tuple(branches),
        customer=state.customer,
    )


def _task_spec(task: Task) -> TaskSpec:
    deadline = task.deadline
    return TaskSpec(
        title=task.title,
        position=task.position,
        to_owner=task.to_owner,
        unit=task.unit,
        working_days=deadline.working_days if deadline else None,
        remind=deadline.remind if deadline else False,
        escalate_to=deadline.escalate_to if deadline else "",
        position_of=task.position_of,
        shared=task.shared,
        owner_follows=task.owner_follows,
    )


def _wait_spec(wait: Wait, waiting: str) -> WaitSpec:
    link, target = ends_of(wait)
    own = link.__tablename__
    return WaitSpec(
        table=own,
        column=wait.on.key,
        other=target if own == waiting else own,
        until=tuple(state.name for state in wait.until),
    )


def ends_of(wait: Wait) -> tuple[type[Record], str]:
    """Whose link a wait goes by, and the table that the link leads to; an empty one where it is no link."""
    owner: type[Record] = wait.on.class_
    keys = owner.__mapper__.columns[wait.on.key].foreign_keys
    return owner, next((key.column.table.name for key in keys), "")


def transition_spec(
    transition: Transition, target: State, guards: Sequence[Callable[..., Any]], table: str
) -> TransitionSpec:
    """A transition of a workflow over the records of a table."""
    return TransitionSpec(
        name=transition.name,
        title=transition.title,
        plugin=transition.plugin,
        sources=tuple(state.name for state in transition.sources),
        target=target.name,
        guards=tuple(dict.fromkeys(label_of(guard) for guard in guards)),
        reason=transition.reason or bool(transition.returns),
        returns=transition.returns,
        recall=transition.recall,
        after=transition.after,
        joins=transition.joins,
        waits=tuple(_wait_spec(wait, table) for wait in transition.waits),
        automatic=transition.automatic,
        approval=transition.approval is not None,
        asks=approval_spec(transition.approval) if transition.approval is not None else None,
        inputs=transition.inputs is not None,
        style=transition.style,
    )


def approval_spec(approval: Approval) -> ApprovalSpec:
    """Whom an approval asks."""
    committee = approval.committee
    rule: dict[str, Any] = {}
    if committee is not None:
        rule = {
            "members": _members(committee.members),
            "quorum": str(committee.quorum),
            "share": str(committee.share),
            "veto": committee.veto,
            "complete": committee.complete,
            "closes_after": committee.closes_after,
        }
    return ApprovalSpec(
        needed=_called(approval.needed) if approval.needed is not None else "",
        authority=approval.authority.key if approval.authority is not None else "",
        parts=tuple(
            PartSpec(members=_members(step.members), people=step.people) for step in approval.steps
        ),
        parallel=approval.parallel,
        **rule,
    )


def _members(members: Members) -> tuple[str, ...]:
    return (_called(members),) if callable(members) else tuple(members)


def _called(function: Callable[..., Any]) -> str:
    """The name of a function; of what is called otherwise that of its kind."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}()"
