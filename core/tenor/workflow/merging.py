"""From a workflow and what other plugins add to it to one definition, checked when plugins are loaded: a conflict fails
the start of the plugin that brings it, never the person who presses a button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tenor.workflow.branch_checks import check_branches
from tenor.workflow.checking import (
    WorkflowError,
    at,
    check_free,
    check_guards,
    check_host,
    check_known,
    check_replaces,
    check_sound,
    check_start,
    check_time_outs,
    check_ways,
    named,
)
from tenor.workflow.definitions import BranchSpec, Definition
from tenor.workflow.specs import label_of, state_spec, transition_spec
from tenor_sdk.declare import Declaration
from tenor_sdk.records import Record
from tenor_sdk.workflow import Branch, Guard, State, Transition, Workflow, WorkflowPatch


@dataclass(frozen=True)
class Flow:
    """A workflow in service: its definition, and the code that the definition names.

    Args:
        definition: with which new cases begin.
        states, transitions: by name, as declared; states in the order of the stage bar; transitions with those of
            branches.
        inner: the states of branches, by name.
        guards: by ``<plugin>.<function>``.
    """

    workflow: Workflow
    definition: Definition
    states: Mapping[str, State]
    inner: Mapping[str, State]
    transitions: Mapping[str, Transition]
    guards: Mapping[str, Guard]

    @property
    def name(self) -> str:
        return self.workflow.name

    @property
    def record(self) -> type[Record]:
        return self.workflow.record

    @property
    def column(self) -> str:
        """The attribute of the record that holds the state."""
        key: str = self.workflow.on.key
        return key

    def state(self, name: str) -> State | None:
        """A state, of the workflow or of a branch."""
        return self.states.get(name) or self.inner.get(name)

    @cached_property
    def heirs(self) -> Mapping[str, str]:
        """For a state of earlier versions the one that takes its place, by their names, as the plugin says."""
        return {old: state.name for old, state in self.workflow.replaces.items()}

    @property
    def initial(self) -> str:
        return self.definition.states[0].name


def merge(workflow: Workflow, patches: Sequence[WorkflowPatch] = ()) -> Flow:
    """One workflow with its patches, in load order.

    Raises:
        WorkflowError: a state that isn't part of it, a name that is taken, a state that no way leads to or out of, a
            guard without its label, two plugins that reroute the same transition, a state field that begins elsewhere.
    """
    states = _states(workflow, patches)
    transitions = _transitions(workflow, patches)
    targets = _targets(workflow, patches, states)
    branches = _branches(workflow, patches, states)
    inner = [branch for of_state in branches.values() for branch in of_state]
    guards = _guards(workflow, patches, inner)
    check_known(states, transitions, workflow)
    check_replaces(states, workflow)
    check_ways(states, transitions, targets, workflow, patches)
    check_time_outs(transitions)
    check_start(workflow)
    check_branches(states, transitions, branches, workflow, patches)
    table = workflow.record.__tablename__
    definition = Definition(
        workflow=workflow.name,
        table=table,
        title=workflow.title or workflow.record.singular(),
        states=tuple(
            state_spec(state, [_branch_spec(each, guards, table) for each in branches[id(state)]])
            for state in states
        ),
        transitions=tuple(
            transition_spec(each, targets.get(id(each), each.target), guards[id(each)], table)
            for each in transitions
        ),
    )
    return Flow(
        workflow,
        definition,
        {state.name: state for state in states},
        {state.name: state for branch in inner for state in branch.states},
        {
            each.name: each
            for each in (*transitions, *(one for branch in inner for one in branch.transitions))
        },
        {label_of(guard): guard for each in guards.values() for guard in each},
    )


# -- putting together ------------------------------------------------------------------------------------------------


def _states(workflow: Workflow, patches: Sequence[WorkflowPatch]) -> list[State]:
    """In the order of the stage bar: each added state after the one that it names, in load order."""
    states = named(workflow.states, workflow, "state")
    behind: dict[int, State] = {}
    for patch in patches:
        for state, anchor in patch.states:
            check_free(state, states, patch, "state")
            if anchor not in states:
                raise WorkflowError(
                    f"{at(patch)}: the state {state.name!r} stands after {anchor.name!r}, "
                    f"which isn't a state of {workflow.name}, {at(workflow)}",
                    patch.plugin,
                )
            last = behind.get(id(anchor), anchor)
            states.insert(states.index(last) + 1, state)
            behind[id(anchor)] = state
    return states


def _transitions(workflow: Workflow, patches: Sequence[WorkflowPatch]) -> list[Transition]:
    transitions = named(workflow.transitions, workflow, "transition")
    for patch in patches:
        for transition in patch.transitions:
            check_free(transition, transitions, patch, "transition")
            transitions.append(transition)
    for transition in transitions:
        check_sound(transition)
    return transitions


def _targets(
    workflow: Workflow, patches: Sequence[WorkflowPatch], states: Sequence[State]
) -> dict[int, State]:
    """Where rerouted transitions lead, by identity."""
    found: dict[int, tuple[WorkflowPatch, State]] = {}
    for patch in patches:
        own = [state for state, _ in patch.states]
        for transition, state in patch.reroute:
            check_host(transition, workflow, patch)
            if state not in own:
                raise WorkflowError(
                    f"{at(patch)}: {transition.name!r} can be rerouted to a state of the patch only, "
                    f"which {state.name!r} isn't",
                    patch.plugin,
                )
            if id(transition) in found:
                other = found[id(transition)][0]
                raise WorkflowError(
                    f"{transition.name!r} of {workflow.name} is rerouted by two plugins: "
                    f"{at(other)} and {at(patch)}",
                    patch.plugin,
                )
            found[id(transition)] = (patch, state)
    return {key: state for key, (_, state) in found.items() if state in states}


def _branches(
    workflow: Workflow, patches: Sequence[WorkflowPatch], states: Sequence[State]
) -> dict[int, list[Branch]]:
    """The branches of each state, by its identity: its own, then those of patches in load order."""
    found = {id(state): list(state.branches) for state in states}
    for patch in patches:
        for state, branch in patch.branches:
            if not found.get(id(state)):
                raise WorkflowError(
                    f"{at(patch)}: the branch {branch.name!r} goes beside those of the state {state.name!r}, "
                    f"which isn't a state with branches of {workflow.name}, {at(workflow)}",
                    patch.plugin,
                )
            found[id(state)].append(branch)
    return found


def _branch_spec(branch: Branch, guards: Mapping[int, Sequence[Guard]], table: str) -> BranchSpec:
    return BranchSpec(
        name=branch.name,
        title=branch.title,
        plugin=branch.plugin,
        states=tuple(state_spec(state) for state in branch.states),
        transitions=tuple(
            transition_spec(each, each.target, guards[id(each)], table)
            for each in branch.transitions
        ),
    )


def _guards(
    workflow: Workflow, patches: Sequence[WorkflowPatch], branches: Sequence[Branch]
) -> dict[int, list[Guard]]:
    """The guards of each transition, by its identity: its own, then those of patches in load order."""
    owners: list[tuple[Declaration, Transition]] = [
        (workflow, each) for each in workflow.transitions
    ]
    owners += [(patch, each) for patch in patches for each in patch.transitions]
    owners += [(branch, each) for branch in branches for each in branch.transitions]
    guards = {id(transition): list(transition.guards) for _, transition in owners}
    asked = [(owner, guard) for owner, transition in owners for guard in transition.guards]
    for patch in patches:
        for transition, guard in patch.guards:
            check_host(transition, workflow, patch, branches=True)
            guards[id(transition)].append(guard)
            asked.append((patch, guard))
    check_guards(asked)
    return guards
