"""From a workflow and what other plugins add to it to one definition, checked when plugins are loaded: a conflict fails
the start of the plugin that brings it, never the person who presses a button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenor.declarations import check_called
from tenor.workflow.definitions import Definition, StateSpec, TaskSpec, TransitionSpec
from tenor_sdk.declare import Declaration
from tenor_sdk.records import Record, info_of
from tenor_sdk.workflow import (
    Guard,
    GuardLabel,
    State,
    Task,
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


@dataclass(frozen=True)
class Flow:
    """A workflow in service: its definition, and the code that the definition names.

    Args:
        definition: with which new cases begin.
        states, transitions: by name, as declared; states in the order of the stage bar.
        guards: by ``<plugin>.<function>``.
    """

    workflow: Workflow
    definition: Definition
    states: Mapping[str, State]
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
    guards = _guards(workflow, patches)
    _check_known(states, transitions, workflow)
    _check_ways(states, transitions, targets, workflow, patches)
    _check_time_outs(transitions)
    _check_start(workflow)
    definition = Definition(
        workflow=workflow.name,
        table=workflow.record.__tablename__,
        title=workflow.title or workflow.record.singular(),
        states=tuple(_state_spec(state) for state in states),
        transitions=tuple(
            _transition_spec(each, targets.get(id(each), each.target), guards[id(each)])
            for each in transitions
        ),
    )
    return Flow(
        workflow,
        definition,
        {state.name: state for state in states},
        {each.name: each for each in transitions},
        {label_of(guard): guard for each in guards.values() for guard in each},
    )


def at(declaration: Declaration) -> str:
    """Whose it is and where it stands, for an error."""
    return f"{declaration.plugin} ({declaration.origin})"


def label_of(guard: Guard) -> str:
    """The name by which a definition refers to a guard."""
    label: GuardLabel = guard.__tenor_guard__  # type: ignore[attr-defined]  # checked by _guards
    return label.name


# -- putting together ------------------------------------------------------------------------------------------------


def _states(workflow: Workflow, patches: Sequence[WorkflowPatch]) -> list[State]:
    """In the order of the stage bar: each added state after the one that it names, in load order."""
    states = _named(workflow.states, workflow, "state")
    behind: dict[int, State] = {}
    for patch in patches:
        for state, anchor in patch.states:
            _check_free(state, states, patch, "state")
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
    transitions = _named(workflow.transitions, workflow, "transition")
    for patch in patches:
        for transition in patch.transitions:
            _check_free(transition, transitions, patch, "transition")
            transitions.append(transition)
    for transition in transitions:
        _check_sound(transition)
    return transitions


def _targets(
    workflow: Workflow, patches: Sequence[WorkflowPatch], states: Sequence[State]
) -> dict[int, State]:
    """Where rerouted transitions lead, by identity."""
    found: dict[int, tuple[WorkflowPatch, State]] = {}
    for patch in patches:
        own = [state for state, _ in patch.states]
        for transition, state in patch.reroute:
            _check_host(transition, workflow, patch)
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


def _guards(workflow: Workflow, patches: Sequence[WorkflowPatch]) -> dict[int, list[Guard]]:
    """The guards of each transition, by its identity: its own, then those of patches in load order."""
    owners: list[tuple[Declaration, Transition]] = [
        (workflow, each) for each in workflow.transitions
    ]
    owners += [(patch, each) for patch in patches for each in patch.transitions]
    guards = {id(transition): list(transition.guards) for _, transition in owners}
    asked = [(owner, guard) for owner, transition in owners for guard in transition.guards]
    for patch in patches:
        for transition, guard in patch.guards:
            _check_host(transition, workflow, patch)
            guards[id(transition)].append(guard)
            asked.append((patch, guard))
    _check_guards(asked)
    return guards


# -- checks ----------------------------------------------------------------------------------------------------------


def _named(things: Iterable[Any], workflow: Workflow, what: str) -> list[Any]:
    found: list[Any] = []
    for thing in things:
        _check_free(thing, found, workflow, what)
        found.append(thing)
    return found


def _check_free(thing: Any, known: Iterable[Any], owner: Declaration, what: str) -> None:
    taken = next((each for each in known if each.name == thing.name), None)
    if taken is not None:
        raise WorkflowError(
            f"the {what} {thing.name!r} is declared twice: {at(taken)} and {at(thing)}",
            owner.plugin,
        )


def _check_host(transition: Transition, workflow: Workflow, patch: WorkflowPatch) -> None:
    if not any(transition is each for each in workflow.transitions):
        raise WorkflowError(
            f"{at(patch)}: {transition.name!r} ({transition.origin}) isn't a transition of "
            f"{workflow.name}, {at(workflow)}",
            patch.plugin,
        )


def _check_sound(transition: Transition) -> None:
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


def _check_guards(asked: Iterable[tuple[Declaration, Guard]]) -> None:
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


def _check_known(
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


def _check_ways(
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


def _check_time_outs(transitions: Iterable[Transition]) -> None:
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


def _check_start(workflow: Workflow) -> None:
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


# -- as data ---------------------------------------------------------------------------------------------------------


def _state_spec(state: State) -> StateSpec:
    return StateSpec(
        name=state.name,
        title=state.title,
        plugin=state.plugin,
        final=state.final,
        frozen=state.frozen,
        aside=state.aside,
        task=_task_spec(state.task) if state.task else None,
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
    )


def _transition_spec(
    transition: Transition, target: State, guards: Sequence[Callable[..., Any]]
) -> TransitionSpec:
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
        automatic=transition.automatic,
        approval=transition.approval is not None,
        inputs=transition.inputs is not None,
        style=transition.style,
    )
