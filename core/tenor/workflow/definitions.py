"""Workflows as values: merged with what others add, checked, written as JSON with a hash. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tenor_sdk.declare import Declaration, Origin
from tenor_sdk.records import Record
from tenor_sdk.workflow import Guard, State, Transition, Workflow, WorkflowPatch


class WorkflowError(TypeError):
    """A workflow or patch that doesn't hold, with its file and line."""

    def __init__(self, origin: Origin, problem: str) -> None:
        super().__init__(f"{origin}: {problem}")
        self.origin = origin


@dataclass
class Flow:
    """A workflow as it runs now, with the code behind it.

    Args:
        states: in the order of the stage bar.
        transitions: by name.
        guards: of each transition, by the transition's name.
        targets: of each transition, after patches.
    """

    name: str
    record: type[Record]
    column: str
    states: dict[str, State] = field(default_factory=dict)
    transitions: dict[str, Transition] = field(default_factory=dict)
    guards: dict[str, list[Guard]] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    @property
    def initial(self) -> str:
        return next(iter(self.states))


@dataclass(frozen=True)
class StateSpec:
    """A state as a definition keeps it."""

    name: str
    title: str
    plugin: str
    final: str
    aside: bool
    frozen: bool


@dataclass(frozen=True)
class TransitionSpec:
    """A transition as a definition keeps it."""

    name: str
    title: str
    plugin: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[str, ...]
    automatic: bool
    reason: bool
    style: str


@dataclass(frozen=True)
class Definition:
    """A definition that cases are pinned to."""

    states: Mapping[str, StateSpec]
    transitions: Mapping[str, TransitionSpec]

    def leaving(self, state: str) -> Iterable[TransitionSpec]:
        """The transitions that lead on from a state."""
        return (spec for spec in self.transitions.values() if state in spec.sources)


def merge(workflow: Workflow, patches: Sequence[WorkflowPatch]) -> Flow:
    """One flow of a workflow and its patches, in load order.

    Raises:
        WorkflowError: names twice, a state that isn't there or can't be reached, two patches that reroute the same
            transition, a guard without its label.
    """
    flow = Flow(workflow.name, workflow.record, workflow.on.key)
    for state in workflow.states:
        _add_state(flow, state, None)
    for transition in workflow.transitions:
        _add_transition(flow, transition)
    rerouted: dict[str, WorkflowPatch] = {}
    for patch in patches:
        _apply(flow, patch, rerouted)
    _check(flow, workflow)
    return flow


def _apply(flow: Flow, patch: WorkflowPatch, rerouted: dict[str, WorkflowPatch]) -> None:
    for state, after in patch.states:
        _known_state(flow, after, patch.origin)
        _add_state(flow, state, after.name)
    for transition in patch.transitions:
        _add_transition(flow, transition)
    for transition, guard in patch.guards:
        _known_transition(flow, transition, patch.origin)
        flow.guards[transition.name].append(guard)
    for transition, target in patch.reroute:
        _known_transition(flow, transition, patch.origin)
        if transition.name in rerouted:
            other = rerouted[transition.name]
            problem = f"{transition.name!r} is rerouted by {other.plugin} too, at {other.origin}"
            raise WorkflowError(patch.origin, problem)
        rerouted[transition.name] = patch
        flow.targets[transition.name] = target.name


def _add_state(flow: Flow, state: State, after: str | None) -> None:
    if state.name in flow.states:
        other = flow.states[state.name]
        raise WorkflowError(state.origin, f"the state {state.name!r} stands at {other.origin} too")
    if after is None:
        flow.states[state.name] = state
        return
    pairs = list(flow.states.items())
    place = [name for name, _ in pairs].index(after) + 1
    flow.states = dict([*pairs[:place], (state.name, state), *pairs[place:]])


def _add_transition(flow: Flow, transition: Transition) -> None:
    if transition.name in flow.transitions:
        other = flow.transitions[transition.name]
        raise WorkflowError(
            transition.origin, f"the transition {transition.name!r} stands at {other.origin} too"
        )
    flow.transitions[transition.name] = transition
    flow.guards[transition.name] = list(transition.guards)
    flow.targets[transition.name] = transition.target.name


def _known_state(flow: Flow, state: State, origin: Origin) -> None:
    if flow.states.get(state.name) is not state:
        raise WorkflowError(origin, f"{state.name!r} is no state of {flow.name}")


def _known_transition(flow: Flow, transition: Transition, origin: Origin) -> None:
    if flow.transitions.get(transition.name) is not transition:
        raise WorkflowError(origin, f"{transition.name!r} is no transition of {flow.name}")


def _check(flow: Flow, workflow: Workflow) -> None:
    reached = {flow.initial}
    for name, transition in flow.transitions.items():
        for state in transition.sources:
            _known_state(flow, state, transition.origin)
        if flow.targets[name] not in flow.states:
            raise WorkflowError(
                transition.origin, f"{name!r} leads to {flow.targets[name]!r}, which is no state"
            )
        reached.add(flow.targets[name])
        for guard in flow.guards[name]:
            guard_name(guard, transition)
    for lost in flow.states.keys() - reached:
        origin = (
            flow.states[lost].origin
            if isinstance(flow.states[lost], Declaration)
            else workflow.origin
        )
        raise WorkflowError(origin, f"no transition leads to the state {lost!r}")


def guard_name(guard: Guard, transition: Transition | None = None) -> str:
    """The name by which definitions refer to a guard.

    Raises:
        WorkflowError: it has no label.
    """
    label = getattr(guard, "__tenor_guard__", None)
    if label is None:
        origin = transition.origin if transition else Origin(str(guard), "", 0)
        raise WorkflowError(origin, f"{getattr(guard, '__name__', guard)} isn't labelled @guard")
    return str(label.name)


def content_of(flow: Flow) -> dict[str, Any]:
    """A flow as JSON; code by name."""
    return {
        "workflow": flow.name,
        "states": [
            {
                "name": state.name, "title": state.title, "plugin": state.plugin, "final": state.final,
                "aside": state.aside, "frozen": state.frozen,
            }
            for state in flow.states.values()
        ],
        "transitions": [
            {
                "name": name, "title": one.title, "plugin": one.plugin,
                "sources": [state.name for state in one.sources], "target": flow.targets[name],
                "guards": [guard_name(guard) for guard in flow.guards[name]],
                "automatic": one.automatic, "reason": one.reason, "style": one.style,
            }
            for name, one in flow.transitions.items()
        ],
    }  # fmt: skip


def hash_of(content: Any) -> str:
    """SHA-256 of a JSON value in canonical form."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def definition_of(content: Mapping[str, Any]) -> Definition:
    """A definition from its JSON."""
    states = {one["name"]: StateSpec(**one) for one in content["states"]}
    transitions = {
        one["name"]: TransitionSpec(
            **{**one, "sources": tuple(one["sources"]), "guards": tuple(one["guards"])}
        )
        for one in content["transitions"]
    }
    return Definition(states, transitions)
