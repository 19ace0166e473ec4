"""What plugins declare of workflows, taken in at the start: merged with its patches, and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tenor.records.asked import check_inputs
from tenor.workflow.checking import WorkflowError, at
from tenor.workflow.merging import Flow, merge
from tenor.workflow.specs import ends_of
from tenor_sdk.workflow import Guard, Transition, Wait, Workflow, WorkflowPatch

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor_sdk.authority import Authority
    from tenor_sdk.records import Record


def flows_of(declarations: Declarations) -> dict[type[Record], Flow]:
    """The workflow of each kind of record, with what plugins patch into it.

    Raises:
        WorkflowError: a record with two workflows, or a patch of one that isn't in service.
    """
    patches = declarations.of(WorkflowPatch)
    flows: dict[type[Record], Flow] = {}
    for workflow in declarations.of(Workflow):
        if workflow.record in flows:
            other = flows[workflow.record].workflow
            raise WorkflowError(
                f"{workflow.record.__name__} has two workflows: {at(other)} and {at(workflow)}",
                workflow.plugin,
            )
        own = [patch for patch in patches if patch.workflow is workflow]
        flows[workflow.record] = merge(workflow, own)
    known = {id(flow.workflow) for flow in flows.values()}
    for patch in patches:
        if id(patch.workflow) not in known:
            raise WorkflowError(
                f"{at(patch)}: the workflow {patch.workflow.name}, {at(patch.workflow)}, isn't in service",
                patch.plugin,
            )
    check_waits(flows)
    return flows


def check_waits(flows: Mapping[type[Record], Flow]) -> None:
    """See to it that what transitions wait for is in service: a link from or to the record, to states that there are.

    Raises:
        WorkflowError: with file and line.
    """
    by_table = {record.__tablename__: flow for record, flow in flows.items()}
    for flow in flows.values():
        for how in flow.transitions.values():
            for wait in how.waits:
                _check_wait(how, wait, flow, by_table)


def _check_wait(how: Transition, wait: Wait, flow: Flow, by_table: Mapping[str, Flow]) -> None:
    owner, target = ends_of(wait)
    own = flow.record.__tablename__
    other = by_table.get(target if owner is flow.record else owner.__tablename__)
    words = ""
    if own not in (owner.__tablename__, target) or not target:
        words = f"{wait.on} is no link of {flow.record.__name__}, nor one to it"
    elif other is None:
        words = f"what {wait.on} leads to has no workflow"
    elif not wait.until or any(other.states.get(each.name) is not each for each in wait.until):
        words = f"it waits for a state that isn't one of {other.name}"
    if words:
        raise WorkflowError(f"{at(how)}: {how.name!r} can't wait so: {words}", how.plugin)


def check_asked(transitions: Iterable[Transition]) -> None:
    """See to it that the bounds of what a step asks for fit.

    Raises:
        TypeError: with file and line.
    """
    for how in transitions:
        if how.inputs is not None:
            check_inputs(how.inputs)


def check_authorities(flows: Iterable[Flow], declared: Mapping[str, Authority]) -> None:
    """See to it that every authority that an approval names is one that a plugin declares.

    Raises:
        WorkflowError: with file and line.
    """
    for flow in flows:
        for how in flow.transitions.values():
            authority = how.approval.authority if how.approval is not None else None
            if authority is not None and declared.get(authority.key) is not authority:
                raise WorkflowError(
                    f"{at(how)}: its approval names the authority {authority.key}, which isn't in service",
                    how.plugin,
                )
    for authority in declared.values():
        shared = authority.one_at_a_time
        if shared is not None and not getattr(shared, "foreign_keys", None):
            raise WorkflowError(
                f"{at(authority)}: one_at_a_time is a link of the record, not {shared}",
                authority.plugin,
            )


def check_committees(flows: Iterable[Flow]) -> None:
    """See to it that a committee's refusal leads from wherever it decides, asked of nobody.

    Raises:
        WorkflowError: with file and line.
    """
    for flow in flows:
        for how in flow.transitions.values():
            committee = how.approval.committee if how.approval is not None else None
            if committee is None:
                continue
            refusal = committee.refusal
            wrong = ""
            if flow.transitions.get(refusal.name) is not refusal:
                wrong = f"isn't a transition of {flow.name}"
            elif {each.name for each in how.sources} - {each.name for each in refusal.sources}:
                wrong = "doesn't lead from every state in which the committee decides"
            elif refusal.inputs is not None or refusal.approval is not None or refusal.automatic:
                wrong = "takes inputs or several people, or is automatic"
            elif refusal.recall:
                wrong = "can be taken back, so that one member alone would undo what all decided"
            if wrong:
                raise WorkflowError(
                    f"{at(how)}: the refusal {refusal.name!r} ({refusal.origin}) of its committee {wrong}",
                    how.plugin,
                )


def guards_of(flows: Iterable[Flow]) -> dict[str, Guard]:
    """The guards of all workflows, by name."""
    return {name: guard for flow in flows for name, guard in flow.guards.items()}
