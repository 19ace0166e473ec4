"""A workflow as data: what is stored, hashed and pinned to a case. Code is referred to by name.

Pure: values in, values out. ``merging`` makes a definition of declarations, ``cases`` keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from tenor_sdk.i18n import Text

#: what states and transitions say only since a later kernel, with the value that says nothing
_LATER: Final[Mapping[str, object]] = {
    "returns": "", "recall": False, "after": None, "joins": None, "branches": [], "waits": [],
    "customer": False, "asks": None,
}  # fmt: skip
#: the same of the task of a state
_LATER_OF_TASKS: Final[Mapping[str, object]] = {
    "position_of": "",
    "shared": False,
    "owner_follows": False,
}


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """What somebody must do in a state.

    Args:
        position: whose it is; empty where it is the owner's.
        unit: ``record``: in the record's unit or the nearest above it; ``any``: wherever.
        working_days: until when; None without a deadline.
        remind: whether the person is reminded at half time.
        escalate_to: the position that is told when it is overdue.
        position_of, shared, owner_follows: see ``tenor_sdk.workflow.Task``.
    """

    title: str
    position: str = ""
    to_owner: bool = False
    unit: str = "record"
    working_days: int | None = None
    remind: bool = False
    escalate_to: str = ""
    position_of: str = ""
    shared: bool = False
    owner_follows: bool = False


@dataclass(frozen=True, kw_only=True)
class StateSpec:
    """A state, and the plugin that brings it."""

    name: str
    title: str
    plugin: str
    final: str = ""
    frozen: bool = False
    aside: bool = False
    task: TaskSpec | None = None
    branches: tuple[BranchSpec, ...] = ()
    customer: bool = False

    @property
    def off_the_way(self) -> bool:
        """Whether the stage bar leaves it out until the case is in it."""
        return self.aside or self.final == "bad"


@dataclass(frozen=True, kw_only=True)
class WaitSpec:
    """What a transition waits for.

    Args:
        table, column: the link's: of the waiting record, or of what links to it.
        other: the table of the records that it waits for.
        until: names of states of their workflow.
    """

    table: str
    column: str
    other: str
    until: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartSpec:
    """A part of a decision.

    Args:
        members: whose it is: positions, or the function that names people.
        people: how many of them it takes.
    """

    members: tuple[str, ...]
    people: int


@dataclass(frozen=True, kw_only=True)
class ApprovalSpec:
    """Whom a transition asks; what code says of a case by the name of the function, such as ``plugin.function()``.

    Args:
        needed: the function that says how many people it takes.
        authority: its key.
        members, quorum, share, veto, complete, closes_after: of its committee, see ``tenor_sdk.approvals.Committee``.
        parts: its steps; ``parallel``: side by side.
    """

    needed: str = ""
    authority: str = ""
    members: tuple[str, ...] = ()
    quorum: str = ""
    share: str = ""
    veto: str = ""
    complete: bool = False
    closes_after: int | None = None
    parts: tuple[PartSpec, ...] = ()
    parallel: bool = False

    @property
    def committee(self) -> bool:
        """Whether it has one."""
        return bool(self.share)

    @property
    def least(self) -> int:
        """How many people it takes at least, as far as the declaration alone says it."""
        if self.parts:
            return sum(part.people for part in self.parts)
        alone = self.committee and not self.authority and self.quorum.isdigit()
        return int(self.quorum) if alone else 1


@dataclass(frozen=True, kw_only=True)
class TransitionSpec:
    """A transition, and the plugin that brings it; guards by ``<plugin>.<function>``.

    Args:
        asks: whom its approval asks; None without one, and of a definition of before that was kept.
    """

    name: str
    title: str
    plugin: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[str, ...] = ()
    reason: bool = False
    automatic: bool = False
    approval: bool = False
    inputs: bool = False
    style: str = "plain"
    returns: str = ""
    recall: bool = False
    after: int | None = None
    joins: str | int | None = None
    waits: tuple[WaitSpec, ...] = ()
    asks: ApprovalSpec | None = None

    @property
    def by_itself(self) -> bool:
        """Whether nobody presses it."""
        return self.automatic or self.after is not None


@dataclass(frozen=True, kw_only=True)
class BranchSpec:
    """A line of work beside others in a state, and the plugin that brings it."""

    name: str
    title: str
    plugin: str
    states: tuple[StateSpec, ...]
    transitions: tuple[TransitionSpec, ...]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A workflow with everything that plugins added to it. The first state is initial.

    Args:
        workflow: ``<plugin>.<record>``.
        table: the record's.
    """

    workflow: str
    table: str
    title: str
    states: tuple[StateSpec, ...]
    transitions: tuple[TransitionSpec, ...]

    @cached_property
    def branches(self) -> tuple[BranchSpec, ...]:
        """Those of all states."""
        return tuple(branch for state in self.states for branch in state.branches)

    @cached_property
    def every_state(self) -> dict[str, StateSpec]:
        """By name, with those of branches."""
        inner = (state for branch in self.branches for state in branch.states)
        return {state.name: state for state in (*self.states, *inner)}

    @cached_property
    def every_transition(self) -> dict[str, TransitionSpec]:
        """By name, with those of branches."""
        inner = (each for branch in self.branches for each in branch.transitions)
        return {each.name: each for each in (*self.transitions, *inner)}

    def state(self, name: str) -> StateSpec | None:
        """A state, of the workflow or of a branch."""
        return self.every_state.get(name)

    def transition(self, name: str) -> TransitionSpec | None:
        """A transition, of the workflow or of a branch."""
        return self.every_transition.get(name)

    def branch_of(self, transition: str) -> str:
        """The name of the branch whose transition it is; empty for one of the workflow itself."""
        return next(
            (
                branch.name
                for branch in self.branches
                if any(each.name == transition for each in branch.transitions)
            ),
            "",
        )

    def leading_from(self, state: str) -> tuple[TransitionSpec, ...]:
        """The transitions that lead on from a state, in the order of their declaration."""
        return tuple(each for each in self.every_transition.values() if state in each.sources)

    def brings_tasks(self, state: str) -> bool:
        """Whether a stay in a state may have brought tasks."""
        spec = self.state(state)
        return spec is None or spec.task is not None

    def time_out(self, state: str) -> TransitionSpec | None:
        """The transition that is gone when a state's time is over."""
        return next((each for each in self.leading_from(state) if each.after is not None), None)

    def target(self, spec: TransitionSpec, straight_to: str) -> str:
        """Where a transition leads.

        Args:
            straight_to: of a case that was returned: whence, where a step on leads straight back there.
        """
        state = self.state(spec.target)
        off = state is None or state.off_the_way or bool(state.final)
        back = straight_to if not spec.returns and not off else ""
        return back or spec.target

    def content(self) -> dict[str, Any]:
        """As JSON: equal definitions give equal content. What came later says nothing where it isn't used, so that a
        definition that was stored before keeps its hash."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        _spare(plain)
        return plain

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the content."""
        return digest(self.content())


def from_content(content: Mapping[str, Any]) -> Definition:
    """The definition that was stored; what a later version of the kernel wrote beside it is left aside."""
    return Definition(
        workflow=content["workflow"],
        table=content["table"],
        title=content["title"],
        states=tuple(_state(each) for each in content["states"]),
        transitions=tuple(_transition(each) for each in content["transitions"]),
    )


def _spare(content: dict[str, Any]) -> None:
    """Take out what came later where it says nothing, of a workflow or of a branch."""
    for state in content["states"]:
        for branch in state["branches"]:
            _spare(branch)
    for thing in (*content["states"], *content["transitions"]):
        _without(thing, _LATER)
    for state in content["states"]:
        _without(state["task"] or {}, _LATER_OF_TASKS)


def _without(thing: dict[str, Any], later: Mapping[str, object]) -> None:
    for name, nothing in later.items():
        if name in thing and thing[name] == nothing:
            del thing[name]


def _state(content: Mapping[str, Any]) -> StateSpec:
    task = content.get("task")
    known = _known(StateSpec, content)
    made = {
        "task": TaskSpec(**_known(TaskSpec, task)) if task else None,
        "branches": tuple(_branch(each) for each in content.get("branches", ())),
    }
    return StateSpec(**{**known, **made})


def _branch(content: Mapping[str, Any]) -> BranchSpec:
    return BranchSpec(
        name=content["name"],
        title=content["title"],
        plugin=content["plugin"],
        states=tuple(_state(each) for each in content["states"]),
        transitions=tuple(_transition(each) for each in content["transitions"]),
    )


def _transition(content: Mapping[str, Any]) -> TransitionSpec:
    known = _known(TransitionSpec, content)
    waits = (_known(WaitSpec, each) for each in content.get("waits", ()))
    made = {
        "sources": tuple(known["sources"]),
        "guards": tuple(known["guards"]),
        "waits": tuple(WaitSpec(**{**each, "until": tuple(each["until"])}) for each in waits),
        "asks": _asks(content["asks"]) if content.get("asks") else None,
    }
    return TransitionSpec(**{**known, **made})


def _asks(content: Mapping[str, Any]) -> ApprovalSpec:
    known = _known(ApprovalSpec, content)
    parts = (_known(PartSpec, each) for each in content.get("parts", ()))
    made = {
        "members": tuple(content.get("members", ())),
        "parts": tuple(PartSpec(**{**each, "members": tuple(each["members"])}) for each in parts),
    }
    return ApprovalSpec(**{**known, **made})


def _known(kind: type[Any], content: Mapping[str, Any]) -> dict[str, Any]:
    names: Iterable[str] = kind.__dataclass_fields__
    return {name: content[name] for name in names if name in content}


def canonical(value: object) -> str:
    """JSON that is the same for the same value, wherever it is made: keys sorted, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value, in hexadecimal."""
    return sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def guard_plugin(name: str) -> str:
    """``visits.was_visited`` → ``visits``."""
    return name.partition(".")[0]


def titled(title: str, plugin: str) -> Text:
    """A title of a declaration as a text that its plugin's catalogue translates."""
    return Text(title, module="tenor" if plugin == "base" else f"tenor_{plugin}")
