"""The stage bar: the states of a case as the way that it goes. Pure: definition, case and steps are handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tenor.workflow.cases import Case, Step
from tenor.workflow.definitions import StateSpec, titled
from tenor_sdk.i18n import Text

#: The working days between two instants.
Between = Callable[[datetime, datetime], Decimal]


@dataclass(frozen=True)
class Stage:
    """A stage of the bar.

    Args:
        status: ``done``, ``current``, ``later``, ``aside`` (it is there, but off the way); for a final one that is
            reached ``good`` or ``bad``.
        entered_at: when it was entered last; None where it wasn't.
        left_at: when it was left last; None where it wasn't, or isn't yet.
        working_days: spent in it, over all visits; None where it wasn't in it.
        lacks: how many things are known to stand in the way into it.
        branches: of the current one: what goes on in it side by side.
    """

    name: str
    title: Text
    status: str
    entered_at: datetime | None = None
    left_at: datetime | None = None
    working_days: Decimal | None = None
    lacks: int = 0
    branches: Sequence[BranchBar] = ()


@dataclass(frozen=True)
class BranchBar:
    """The stages of a branch that goes on."""

    title: Text
    stages: Sequence[Stage]


def stages(
    states: Sequence[StateSpec],
    case: Case,
    steps: Sequence[Step],
    now: datetime,
    between: Between,
    lacks: dict[str, int],
) -> list[Stage]:
    """The bar of a case or of a branch.

    Args:
        states: of the workflow or the branch.
        steps: that it took, oldest first.
        lacks: for a target state the number of blockers on the way to it.
    """
    shown = [state for state in states if not state.off_the_way or state.name == case.state]
    names = [state.name for state in shown]
    here = names.index(case.state) if case.state in names else len(names)
    visits = _visits(case, steps, now)
    return [
        _stage(
            state,
            _status(state, place - here, state.name in visits),
            visits.get(state.name, []),
            between,
            lacks,
        )
        for place, state in enumerate(shown)
    ]


def _visits(
    case: Case, steps: Sequence[Step], now: datetime
) -> dict[str, list[tuple[datetime, datetime | None, datetime]]]:
    """For each state its visits: entered, left, and until when it is counted."""
    visits: dict[str, list[tuple[datetime, datetime | None, datetime]]] = {}
    for step in steps:
        visits.setdefault(step.source, []).append((step.entered_at, step.left_at, step.left_at))
    visits.setdefault(case.state, []).append((case.entered_at, None, now))
    return visits


def _status(state: StateSpec, distance: int, visited: bool) -> str:
    if distance > 0 or (distance < 0 and not visited):
        return "later"
    if distance < 0:
        return "done"
    return state.final or ("aside" if state.aside else "current")


def _stage(
    state: StateSpec,
    status: str,
    visits: Sequence[tuple[datetime, datetime | None, datetime]],
    between: Between,
    lacks: dict[str, int],
) -> Stage:
    last = visits[-1] if visits else (None, None, None)
    spent = sum((between(entered, until) for entered, _, until in visits), Decimal(0))
    return Stage(
        name=state.name,
        title=titled(state.title, state.plugin),
        status=status,
        entered_at=last[0],
        left_at=last[1],
        working_days=spent if visits and not state.final else None,
        lacks=lacks.get(state.name, 0) if status == "later" else 0,
    )
