"""What is wrong with a workflow: told when plugins are loaded, with file and line of those at odds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tenor.declarations import check_called
from tenor_sdk.declare import Declaration
from tenor_sdk.records import info_of
from tenor_sdk.workflow import (
    Guard,
    GuardLabel,
    State,
    Transition,
    Workflow,
    WorkflowPatch,
)


class WorkflowError(Exception):
    """A workflow that can't be put into service. The message names the plugins at odds, each with its file and line.

    Args:
        plugin: whose declaration is at fault; it is left out.
    """

    def __init__(self, message: str, plugin: str) -> None:
        super().__init__(message)
        self.plugin = plugin


def at(declaration: Declaration) -> str:
    """Whose it is and where it stands, for an error."""
    return f"{declaration.plugin} ({declaration.origin})"


def named(things: Iterable[Any], workflow: Workflow, what: str) -> list[Any]:
    found: list[Any] = []
    for thing in things:
        check_free(thing, found, workflow, what)
        found.append(thing)
    return found


def check_free(thing: Any, known: Iterable[Any], owner: Declaration, what: str) -> None:
    taken = next((each for each in known if each.name == thing.name), None)
    if taken is not None:
        raise WorkflowError(
            f"the {what} {thing.name!r} is declared twice: {at(taken)} and {at(thing)}",
            owner.plugin,
        )


def check_host(
    transition: Transition, workflow: Workflow, patch: WorkflowPatch, *, branches: bool = False
) -> None:
    """Whether a transition is the host's.

    Args:
        branches: whether those of the host's branches count too.
    """
    own = list(workflow.transitions)
    if branches:
        lines = (branch for state in workflow.states for branch in state.branches)
        own += [each for branch in lines for each in branch.transitions]
    if not any(transition is each for each in own):
        raise WorkflowError(
            f"{at(patch)}: {transition.name!r} ({transition.origin}) isn't a transition of "
            f"{workflow.name}, {at(workflow)}",
            patch.plugin,
        )


def check_sound(transition: Transition) -> None:
    by_itself = (
        ("takes inputs", transition.inputs is not None),
        ("takes a reason", transition.reason),
        ("takes several people", transition.approval is not None),
        ("returns the case", bool(transition.returns)),
        ("can be recalled", transition.recall),
        ("is both", transition.automatic and transition.after is not None),
        ("has no working day", transition.after is not None and transition.after < 1),
    )
    for words, wrong in by_itself:
        if transition.by_itself and wrong:
            how = "is automatic" if transition.automatic else "is a time-out"
            raise WorkflowError(
                f"{at(transition)}: {transition.name!r} {how}, so nobody presses it, yet it {words}",
                transition.plugin,
            )
    if transition.recall and transition.approval is not None:
        raise WorkflowError(
            f"{at(transition)}: {transition.name!r} takes several people, so that no one of them recalls it",
            transition.plugin,
        )
    if transition.undo is not None and not transition.recall:
        raise WorkflowError(
            f"{at(transition)}: {transition.name!r} has an undo=, yet it can't be recalled",
            transition.plugin,
        )
    if transition.do is not None:
        check_called(transition.do, "ctx", "record", "inputs")
    if transition.undo is not None:
        check_called(transition.undo, "ctx", "record")
    if not transition.sources:
        raise WorkflowError(
            f"{at(transition)}: {transition.name!r} leads from no state", transition.plugin
        )


def check_guards(asked: Iterable[tuple[Declaration, Guard]]) -> None:
    known: dict[str, tuple[Declaration, Guard]] = {}
    for owner, guard in asked:
        label = getattr(guard, "__tenor_guard__", None)
        name = getattr(guard, "__qualname__", repr(guard))
        if not isinstance(label, GuardLabel):
            raise WorkflowError(
                f"{at(owner)}: {name} isn't labelled: put @guard on it", owner.plugin
            )
        check_called(guard, "ctx", "record")
        other, first = known.setdefault(label.name, (owner, guard))
        if first is not guard:
            raise WorkflowError(
                f"two guards are called {label.name!r}: {at(other)} and {at(owner)}", owner.plugin
            )


def check_known(
    states: Sequence[State], transitions: Sequence[Transition], workflow: Workflow
) -> None:
    for transition in transitions:
        for state in (*transition.sources, transition.target):
            if not any(state is each for each in states):
                raise WorkflowError(
                    f"{at(transition)}: {transition.name!r} names the state {state.name!r} ({state.origin}), "
                    f"which isn't part of {workflow.name}, {at(workflow)}",
                    transition.plugin,
                )


def check_replaces(states: Sequence[State], workflow: Workflow) -> None:
    for old, state in workflow.replaces.items():
        if not any(state is each for each in states) or any(old == each.name for each in states):
            raise WorkflowError(
                f"{at(workflow)}: replaces={{{old!r}: {getattr(state, 'name', state)!r}}} says of a state that"
                " is there no more which of today's takes its place",
                workflow.plugin,
            )


def check_ways(
    states: Sequence[State],
    transitions: Sequence[Transition],
    targets: Mapping[int, State],
    workflow: Workflow,
    patches: Sequence[WorkflowPatch],
) -> None:
    """Every state can be reached, and left unless it is final."""
    reached, frontier = {states[0].name}, [states[0].name]
    while frontier:
        here = frontier.pop()
        for transition in transitions:
            target = targets.get(id(transition), transition.target).name
            if target not in reached and any(here == each.name for each in transition.sources):
                reached.add(target)
                frontier.append(target)
    left = {state.name for transition in transitions for state in transition.sources}
    for state in states:
        if state.name not in reached:
            raise _lost(state, "no way leads to", workflow, patches)
        if not state.final and state.name not in left:
            raise _lost(state, "it isn't final, yet no way leads out of", workflow, patches)


def check_time_outs(transitions: Iterable[Transition]) -> None:
    """A state has one time-out at most."""
    known: dict[str, Transition] = {}
    for transition in transitions:
        for state in transition.sources if transition.after is not None else ():
            first = known.setdefault(state.name, transition)
            if first is not transition:
                raise WorkflowError(
                    f"the state {state.name!r} has two time-outs: {at(first)} and {at(transition)}",
                    transition.plugin,
                )


def _lost(
    state: State, words: str, workflow: Workflow, patches: Sequence[WorkflowPatch]
) -> WorkflowError:
    rerouting = [patch for patch in patches if patch.reroute]
    also = "".join(f"; rerouted by {at(patch)}" for patch in rerouting)
    at_fault = (
        rerouting[-1].plugin if rerouting and state.plugin == workflow.plugin else state.plugin
    )
    return WorkflowError(
        f"{at(state)}: {words} the state {state.name!r} of {workflow.name}, {at(workflow)}{also}",
        at_fault,
    )


def check_start(workflow: Workflow) -> None:
    """The column begins where the workflow does."""
    column = workflow.record.__mapper__.columns[workflow.on.key]
    default: Any = column.default
    begins = default.arg if default is not None and default.is_scalar else None
    if info_of(column).widget != "state" or begins != workflow.states[0].name:
        raise WorkflowError(
            f"{at(workflow)}: {workflow.record.__name__}.{workflow.on.key} must be "
            f"state_field({workflow.states[0].name!r}), as the workflow begins there",
            workflow.plugin,
        )
