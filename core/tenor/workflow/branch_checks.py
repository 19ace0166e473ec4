"""What is wrong with branches and joins: told when plugins are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tenor.workflow.checking import (
    WorkflowError,
    at,
    check_free,
    check_known,
    check_sound,
    check_time_outs,
    check_ways,
)
from tenor_sdk.workflow import Branch, State, Transition, Workflow, WorkflowPatch

#: the branches of each state, by its identity
Lines = Mapping[int, Sequence[Branch]]


def check_branches(
    states: Sequence[State],
    transitions: Sequence[Transition],
    branches: Lines,
    workflow: Workflow,
    patches: Sequence[WorkflowPatch],
) -> None:
    """See to it that branches are sound, and that what joins them is.

    Raises:
        WorkflowError: a name that is taken; a branch that can't end well; a state with branches that nothing joins;
            a join that leads from a state without branches, or asks for more than there are.
    """
    _check_names(states, transitions, branches)
    for state in states:
        of_state = branches[id(state)]
        if of_state:
            _check_place(state, states, transitions)
        for branch in of_state:
            _check_branch(branch, workflow, patches)
    for transition in transitions:
        if transition.joins is not None:
            _check_join(transition, branches)


def _check_names(
    states: Sequence[State], transitions: Sequence[Transition], branches: Lines
) -> None:
    """No name means two things: tasks, steps and rights know states and transitions by their names alone."""
    taken: tuple[list[Branch], list[State], list[Transition]] = ([], [*states], [*transitions])
    for branch in (branch for of_state in branches.values() for branch in of_state):
        check_free(branch, taken[0], branch, "branch")
        taken[0].append(branch)
        for state in branch.states:
            check_free(state, taken[1], branch, "state")
            taken[1].append(state)
        for transition in branch.transitions:
            check_free(transition, taken[2], branch, "transition")
            taken[2].append(transition)


def _check_place(state: State, states: Sequence[State], transitions: Iterable[Transition]) -> None:
    if state is states[0] or state.final:
        where = "begins" if state is states[0] else "ends"
        raise WorkflowError(
            f"{at(state)}: a case {where} in the state {state.name!r}, which can't have branches",
            state.plugin,
        )
    joining = (each for each in transitions if each.joins not in (None, "failed"))
    if not any(state in each.sources for each in joining):
        raise WorkflowError(
            f"{at(state)}: no transition joins the branches of the state {state.name!r}",
            state.plugin,
        )


def _check_branch(branch: Branch, workflow: Workflow, patches: Sequence[WorkflowPatch]) -> None:
    if not any(state.final == "good" for state in branch.states):
        raise WorkflowError(
            f"{at(branch)}: the branch {branch.name!r} never ends well", branch.plugin
        )
    for state in branch.states:
        if state.frozen or state.branches:
            what = "is frozen" if state.frozen else "has branches"
            raise WorkflowError(
                f"{at(state)}: the state {state.name!r} of the branch {branch.name!r} {what}, as only the record's "
                "own can",
                branch.plugin,
            )
    for transition in branch.transitions:
        check_sound(transition)
        if transition.joins is not None:
            raise WorkflowError(
                f"{at(transition)}: {transition.name!r} is a transition of a branch, so that it joins none",
                branch.plugin,
            )
    check_known(branch.states, branch.transitions, workflow)
    check_ways(branch.states, branch.transitions, {}, workflow, patches)
    check_time_outs(branch.transitions)


def _check_join(transition: Transition, branches: Lines) -> None:
    joins = transition.joins
    for state in transition.sources:
        count = len(branches[id(state)])
        if not count:
            raise WorkflowError(
                f"{at(transition)}: {transition.name!r} joins the branches of {state.name!r}, which has none",
                transition.plugin,
            )
        if isinstance(joins, int) and not 1 <= joins <= count:
            raise WorkflowError(
                f"{at(transition)}: {transition.name!r} takes {joins} of {count} branches",
                transition.plugin,
            )
