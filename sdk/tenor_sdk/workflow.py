"""Workflow: a declared state machine over one field of one record, with tasks, deadlines and approvals.

A *task* is what a person must do; it arises with a state and is done by leaving it. (A *job* is what the machine does.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tenor_sdk.approvals import Approval
from tenor_sdk.declare import Declaration, Origin, caller, plugin_of
from tenor_sdk.events import Event
from tenor_sdk.i18n import Text
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.fields import Offer
    from tenor_sdk.records import Record


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way, in words, with the way out.

    Args:
        what: the thing that is missing or wrong: ``_("Audited statement of {year}", year=2025)``.
        why: the rule or the reason.
        href: where it can be mended; an address within Tenor.
        who: id of the user from whom it is expected.
    """

    what: Text
    why: Text | None = None
    href: str = ""
    who: int | None = None


Guard = Callable[["Context", Any], Iterable[Blocker]]
G = TypeVar("G", bound=Guard)


@dataclass(frozen=True)
class GuardLabel:
    """The label of a guard: the name by which a stored definition refers to it."""

    name: str


def guard(function: G) -> G:
    """Label ``(ctx, record) -> blockers`` as a guard of transitions.

    When: before the transition, and whenever the stage bar is shown. Transaction: the request's; it may only read.
    Actor: the person who looks or presses. Returns (or yields) blockers; none lets it pass. Raising fails closed: the
    transition is refused and the error is put on record.
    """
    name = f"{plugin_of(function.__module__)}.{function.__name__}"
    function.__tenor_guard__ = GuardLabel(name)  # type: ignore[attr-defined]  # a label on a function
    return function


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a task is due: so many working days of the institution's calendar after it arose, at close of business.

    Args:
        working_days: whole days.
        remind: the person is reminded once, half-way.
        escalate_to: a position that is told when it is overdue.
    """

    working_days: int
    remind: bool = True
    escalate_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What somebody must do while a record is in a state.

    Args:
        title: beginning with a verb: ``"Assess the risk"``.
        position: whose it is: holders of this position in ``unit``, until one of them claims it; or the owner.
        to_owner: it is the record's owner's.
        unit: ``"record"`` the record's own unit, else the nearest above it in which somebody holds the position;
            ``"any"`` all holders, wherever.
        deadline: until when.
        position_of: a field of the record that names the position whose it is; where that is empty, ``position`` and
            ``to_owner`` say so.
        shared: nobody of the position is chosen: it waits until one of them claims it.
        owner_follows: whoever has it looks after the record, which is ``Owned``: its owner is whoever claims it, or to
            whom it is handed over, and nobody while it waits again.
    """

    title: str
    position: str = ""
    to_owner: bool = False
    unit: Literal["record", "any"] = "record"
    deadline: Deadline | None = None
    position_of: str = ""
    shared: bool = False
    owner_follows: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class State(Declaration):
    """A stage of a case.

    Args:
        name: stored in the record: ``"risk-review"``.
        title: as the stage bar shows it, English.
        task: what somebody must do in it.
        final: whether the case ends here; ``"good"`` or ``"bad"`` says how the bar shows it.
        frozen: whether forms, API and imports can't change the record's fields in this state.
        aside: whether it isn't a stage on the way (returned, refused): the bar leaves it out until the case is in it.
        branches: what goes side by side while a record is in it; a transition with ``joins`` leads on.
        customer: whether one waits for the customer in it: the time spent there is told apart from the house's own.
    """

    name: str
    title: str
    task: Task | None = None
    final: Literal["", "good", "bad"] = ""
    frozen: bool = False
    aside: bool = False
    branches: Sequence[Branch] = ()
    customer: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Branch(Declaration):
    """One of several lines of work that go side by side while a record is in a state, each with tasks of its own.

    It begins anew each time the record enters the state, and has ended in a final state of its own: well, or failed
    where that one is ``bad``. When the record leaves the state, what is open of it is cancelled.

    Args:
        name: within its workflow: ``"legal"``.
        title: English: ``"Legal review"``.
        states: the first is initial; names are free in the whole workflow. None is ``frozen`` or has branches.
        transitions: between them; used, granted and called by their names as those of the workflow itself.
    """

    name: str
    title: str
    states: Sequence[State]
    transitions: Sequence[Transition]


@dataclass(frozen=True, kw_only=True, eq=False)
class Wait:
    """What a transition waits for: other records' cases, each in one of some states.

    Whoever sees the waiting record is told what it waits for by name where they may read it, by count where not.

    Args:
        on: a link. One of the waiting record's own: it waits for the record that it links to. One of another record to
            the waiting one: it waits for all that link to it; where none does, for nothing.
        until: states of the others' workflow.
    """

    on: Any
    until: Sequence[State]


@dataclass(frozen=True, kw_only=True, eq=False)
class Transition(Declaration):
    """A way from one state to another, and the right to go it (``can.use(submit, scope=…)``).

    Args:
        name: within its workflow: ``"submit"``; part of addresses and the API.
        title: the button, beginning with a verb.
        source: the state or states that it leads from.
        target: the state that it leads to.
        guards: what must hold; every blocker is shown.
        do: what happens with it, ``(ctx, record, inputs) -> None``, in the same transaction, after the state has
            changed, as a procedure of the plugin that declares it.
        inputs: a frozen dataclass of what the person fills in, see ``ask``; None where nothing.
        approval: where it takes several people.
        reason: whether a reason must be given.
        returns: it leads back to an earlier state, and always takes a reason. ``again``: from there the case takes its
            way once more. ``straight``: the next step on from there leads straight to where it was returned, past
            what lies between; a step to an end or off the way isn't one on. The task goes to whoever did it before.
        recall: who went it may take it back while nobody has acted on the case since, see ``recall``.
        undo: what taking it back undoes of what ``do`` did, ``(ctx, record)``, as a procedure of the same plugin.
        automatic: pressed by nobody: the kernel goes it when ``advance`` is called and nothing blocks it.
        after: a time-out: pressed by nobody, the kernel goes it once a case has stood in its source for so many working
            days of the institution's calendar. One a state. A guard that blocks it then is asked again each day.
        joins: it leads on from a state with branches: ``all`` once all have ended well, a number once so many have,
            ``failed`` once one has failed. Until then it is blocked, in words. Those without lead away at any time.
        waits: it is blocked until other records' cases have got so far. An ``automatic`` one is gone when the last of
            them arrives, as the kernel, whoever moved that one and whatever they may read.
        style: how the button looks: one ``primary`` a state; ``danger`` for what can't be undone.
    """

    name: str
    title: str
    source: State | Sequence[State]
    target: State
    guards: Sequence[Guard] = ()
    do: Callable[[Context, Any, Any], None] | None = None
    inputs: type[Any] | None = None
    approval: Approval | None = None
    reason: bool = False
    returns: Literal["", "again", "straight"] = ""
    recall: bool = False
    undo: Callable[[Context, Any], None] | None = None
    automatic: bool = False
    after: int | None = None
    joins: Literal["all", "failed"] | int | None = None
    waits: Sequence[Wait] = ()
    style: Literal["primary", "plain", "danger"] = "plain"

    def __post_init__(self) -> None:
        given = (self.source,) if isinstance(self.source, (State, str)) else self.source
        for state in (*given, self.target):
            if not isinstance(state, State):
                raise TypeError(f"the transition {self.name!r} takes States, not {state!r}")
        if self.returns:
            object.__setattr__(self, "reason", True)

    @property
    def by_itself(self) -> bool:
        """Whether nobody presses it."""
        return self.automatic or self.after is not None

    @property
    def sources(self) -> tuple[State, ...]:
        return (self.source,) if isinstance(self.source, State) else tuple(self.source)


@dataclass(frozen=True, eq=False, init=False)
class Workflow(Declaration):
    """The life of a record: ``Workflow(Application.state, states=(…), transitions=(…))``. The first state is initial.

    Args:
        on: the record's state column, see ``state_field``.
        states: in the order of the stage bar.
        transitions: between them.
        title: what it is called.
        replaces: for a state that earlier versions had, by its name, the one that takes its place: an upgrade puts
            the cases that stand there into it.
    """

    on: Any
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    title: str
    replaces: Mapping[str, State]

    def __init__(
        self,
        on: Any,
        *,
        states: Sequence[State],
        transitions: Sequence[Transition],
        title: str = "",
        replaces: Mapping[str, State] | None = None,
    ) -> None:
        if not hasattr(on, "class_"):
            raise TypeError(
                f"a Workflow takes the record's state column, as in Workflow(Loan.state, …), not {on!r}"
            )
        values = {
            "origin": caller(),
            "on": on,
            "states": tuple(states),
            "transitions": tuple(transitions),
            "replaces": dict(replaces or {}),
        }
        for name, value in {**values, "title": title}.items():
            object.__setattr__(self, name, value)

    @property
    def record(self) -> type[Record]:
        record: type[Record] = self.on.class_
        return record

    @property
    def name(self) -> str:
        """``<plugin>.<record>``: by which stored definitions know it."""
        return f"{self.record.__plugin__}.{self.record.slug()}"


@dataclass(frozen=True, eq=False, init=False)
class WorkflowPatch(Declaration):
    """What one plugin adds to another's workflow; conflicts fail the plan, not the user.

    Args:
        workflow: the host's.
        states: further ones, each with the state after which the stage bar shows it.
        transitions: further ones; they belong to the patching plugin.
        guards: further guards of the host's transitions.
        reroute: the host's transitions that shall lead to a state of the patch instead.
        branches: further ones, each with the host's state in which it goes beside those that are there.
    """

    workflow: Workflow
    states: tuple[tuple[State, State], ...] = ()
    transitions: tuple[Transition, ...] = ()
    guards: tuple[tuple[Transition, Guard], ...] = ()
    reroute: tuple[tuple[Transition, State], ...] = ()
    branches: tuple[tuple[State, Branch], ...] = ()

    def __init__(
        self,
        workflow: Workflow,
        *,
        states: Sequence[tuple[State, State]] = (),
        transitions: Sequence[Transition] = (),
        guards: Sequence[tuple[Transition, Guard]] = (),
        reroute: Sequence[tuple[Transition, State]] = (),
        branches: Sequence[tuple[State, Branch]] = (),
    ) -> None:
        values = {"origin": caller(), "workflow": workflow, "states": tuple(states)}
        more = {
            "transitions": tuple(transitions),
            "guards": tuple(guards),
            "reroute": tuple(reroute),
            "branches": tuple(branches),
        }
        for name, value in {**values, **more}.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Asked:
    """What an input of a transition or action says of itself; made by ``ask``."""

    label: str = ""
    help: str = ""
    widget: str = ""
    minimum: object = None
    maximum: object = None
    choices: Sequence[tuple[str, str]] = ()
    target: type[Record] | None = None
    check: Callable[[Any], object] | None = None
    max_length: int | None = None
    offered: Offer | None = None
    origin: Origin | None = None


def ask(
    label: str = "",
    *,
    help: str = "",
    default: Any = ...,
    widget: str = "",
    minimum: object = None,
    maximum: object = None,
    choices: Sequence[tuple[str, str]] = (),
    target: type[Record] | None = None,
    check: Callable[[Any], object] | None = None,
    max_length: int | None = None,
    offered: Offer | None = None,
) -> Any:
    """An input of a frozen dataclass: ``opinion: str = ask("Opinion", widget="long-text")``.

    Types: ``str int bool date Amount Rate Upload``, a ``StrEnum``, and each ``| None``.

    Args:
        default: makes it optional.
        widget: ``long-text``, ``link`` (with ``target``: an id), ``several`` (of what is ``offered``: keys with spaces
            between), or none for what the type gets.
        minimum, maximum: bounds, in the input's own type.
        choices: values and labels, of a ``str``.
        max_length: characters, of a ``str``.
        offered: keys and labels from which a form lets one choose, of a ``str`` that is the key of something, or of an
            id (a key is its digits): ``(ctx)``, or ``(ctx, record)`` with the record on which it is done. The API takes
            any: what isn't there is refused by what is done.
    """
    asked = Asked(
        label, help, widget, minimum, maximum, tuple(choices), target, check, max_length, offered, caller(),
    )  # fmt: skip
    if default is ...:
        return field(metadata={"tenor": asked})
    return field(default=default, metadata={"tenor": asked})


class Transitioned(Event):
    """A record went from one state of its workflow to another.

    Attributes:
        workflow: its name, ``<plugin>.<record>``: compare it with ``the_flow.name``.
        table: of the record; with ``record_id`` it says which.
        transition: its name; ``recall`` where one was taken back.
        source, target: names of the states.
        automatic: whether nobody pressed it.
        branch: of which branch it was a step; its states are the branch's then. Empty for the record's own.
        kind: what kind of step it was: ``return``, ``recall``, ``time-out``, or empty for a step on.
    """

    workflow: str
    table: str
    record_id: int
    transition: str
    source: str
    target: str
    automatic: bool = False
    kind: str = ""
    branch: str = ""


def transition(
    ctx: Context, record: Record, how: Transition, inputs: object = None, *, reason: str = ""
) -> bool:
    """Carry out a transition as the person who acts; where it takes several people, put in this person's vote.

    Returns:
        Whether the state has changed; False where further votes are needed.

    Raises:
        Blocked: with every blocker.
        Forbidden: without the right, or against the segregation of duties.
        Conflict: the record isn't (or no longer) in a state from which it leads.
    """
    return port_of(ctx).transition(ctx, record, how, inputs, reason)


def recall(ctx: Context, record: Record, how: Transition, *, reason: str = "") -> None:
    """Take back a transition that the person who acts went last, while nobody has acted on the case since.

    The case is in the state again from which it went. What ``do`` did is undone by the transition's ``undo``; tasks
    that arose are cancelled, and their people told.

    Raises:
        Conflict: ``not-to-recall``: another step was the last, or somebody else's, or somebody has acted since.
        Forbidden: without the right to the transition.
    """
    port_of(ctx).recall(ctx, record, how, reason)


def advance(ctx: Context, record: Record) -> bool:
    """Go the first automatic transition that nothing blocks; for a handler or service after something was brought.

    Returns:
        Whether the state has changed.
    """
    return port_of(ctx).advance(ctx, record)


def blockers(ctx: Context, record: Record, how: Transition) -> Sequence[Blocker]:
    """What stands in the way of a transition now."""
    return port_of(ctx).blockers(ctx, record, how)


def record_duty(ctx: Context, record: Record, step: str) -> None:
    """Put on record that the person who acts did ``step`` on this case, for the segregation of duties."""
    port_of(ctx).record_duty(ctx, record, step)


def who_did(ctx: Context, record: Record, step: Transition | str) -> Sequence[int]:
    """Ids of the users whose step it is on this case: who did it, and in whose place; ``"create"`` is the making of
    the record. What a guard forbids to whoever did something before, it asks of ``counts_for``."""
    name = step if isinstance(step, str) else step.name
    return port_of(ctx).who_did(ctx, record, name)


def counts_for(ctx: Context) -> frozenset[int]:
    """Ids of the users for whom what is done now counts: who acts and, where they act by a right that was delegated to
    them, the one in whose place. A guard compares with these, never with ``ctx.actor.id`` alone."""
    return port_of(ctx).counts_for(ctx)
