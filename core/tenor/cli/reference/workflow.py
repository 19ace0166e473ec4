"""States and transitions, one's own and those added to another's, in a page of reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from tenor.cli.reference.words import code, first, table
from tenor.declarations import Declarations
from tenor_sdk.approvals import Approval
from tenor_sdk.workflow import Branch, State, Transition, Workflow, WorkflowPatch

_ENDS = {"good": "an end", "bad": "an end that nobody hoped for"}


def workflows(declared: Declarations) -> Iterator[str]:
    """The life of each record that has one, and what is added to the lives of others'."""
    for flow in declared.of(Workflow):
        yield from (
            f"### {flow.title or flow.record.singular()}",
            "",
            f"{code(flow.name)}, kept in {code(flow.on.key)}.",
            "",
        )
        yield from _states(flow.states)
        yield from _transitions(flow.transitions)
        yield from _branches(branch for state in flow.states for branch in state.branches)
    for patch in declared.of(WorkflowPatch):
        yield from (f"### Added to {code(patch.workflow.name)}", "")
        yield from _states([state for state, _after in patch.states])
        yield from _transitions(patch.transitions)
        yield from _rest(patch)
        yield from _branches(branch for _state, branch in patch.branches)


def _branches(branches: Iterable[Branch]) -> Iterator[str]:
    for branch in branches:
        yield from (f"#### Branch {branch.title} {code(branch.name)}", "")
        yield from _states(branch.states)
        yield from _transitions(branch.transitions)


def _states(states: Iterable[State]) -> Iterator[str]:
    yield from table(
        ("state", "", "task"),
        (
            (
                f"{state.title} {code(state.name)}",
                _kind(state),
                state.task.title if state.task else "",
            )
            for state in states
        ),
    )


def _kind(state: State) -> str:
    branches = ", ".join(branch.title for branch in state.branches)
    told = (
        _ENDS.get(state.final, ""),
        "frozen" if state.frozen else "",
        f"branches: {branches}" if branches else "",
    )
    return ", ".join(part for part in told if part)


def _transitions(transitions: Iterable[Transition]) -> Iterator[str]:
    yield from table(
        ("transition", "from → to", "guards", "asks"), (_row(each) for each in transitions)
    )


def _row(each: Transition) -> tuple[str, str, str, str]:
    way = f"{', '.join(code(state.name) for state in each.sources)} → {code(each.target.name)}"
    guards = "; ".join(
        first(guard) or code(getattr(guard, "__name__", "")) for guard in each.guards
    )
    asked = [field.name for field in fields(each.inputs)] if is_dataclass(each.inputs) else []
    told = [
        *(code(name) for name in asked),
        *(["a reason"] if each.reason else []),
        *_decided(each.approval),
    ]
    kind = " (by itself)" if each.automatic else ""
    return f"{each.title} {code(each.name)}{kind}", way, guards, ", ".join(told)


def _decided(approval: Approval | None) -> list[str]:
    if approval is None:
        return []
    if approval.committee is not None:
        return ["a committee's decision"]
    return ["an approval by authority" if approval.authority else "an approval"]


def _rest(patch: WorkflowPatch) -> Iterator[str]:
    found = [
        *(f"- {code(to.name)} needs: {first(guard)}" for to, guard in patch.guards),
        *(f"- {code(how.name)} leads to {code(state.name)}" for how, state in patch.reroute),
        *(f"- branch {branch.title} beside {code(state.name)}" for state, branch in patch.branches),
    ]
    yield from (*found, "") if found else ()
