"""Stages of arrears and what is done in each: data that an institution writes, not code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done about arrears.

    Args:
        name: what, such as ``lawyers-letter``.
        day: from how many days past due on.
    """

    name: str
    day: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of days past due.

    Args:
        name: its name, such as ``early``.
        from_day: its first day past due; it lasts until the next stage begins.
        authority: who is in charge in it.
        actions: what is done in it.
    """

    name: str
    from_day: int
    authority: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A ladder of stages for debts of a size.

    Args:
        name: its name.
        from_amount: from which overdue amount on it applies.
        stages: in ascending order of days.

    Raises:
        Invalid: ``stages-not-ascending``; ``action-outside-stage``; ``action-named-twice``.
    """

    name: str
    from_amount: Amount
    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        starts = [stage.from_day for stage in self.stages]
        if not starts or starts[0] < 1 or any(a >= b for a, b in pairwise(starts)):
            raise Invalid("stages-not-ascending", strategy=self.name)
        for stage in self.stages:
            if any(self.stage_on(action.day) is not stage for action in stage.actions):
                raise Invalid("action-outside-stage", strategy=self.name, stage=stage.name)
        names = [action.name for action in self.actions]
        if len(set(names)) < len(names):
            raise Invalid("action-named-twice", strategy=self.name)

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, by stage."""
        return tuple(action for stage in self.stages for action in stage.actions)

    def stage_on(self, days_past_due: int) -> Stage | None:
        """The stage at so many days past due; ``None`` while nothing is late."""
        reached = [stage for stage in self.stages if stage.from_day <= days_past_due]
        return reached[-1] if reached else None

    def actions_due(self, days_past_due: int, done: Collection[str] = ()) -> tuple[Action, ...]:
        """What is to be done by now and isn't, the longest due first."""
        due = (a for a in self.actions if a.day <= days_past_due and a.name not in done)
        return tuple(sorted(due, key=lambda action: action.day))


def strategy_for(overdue: Amount, strategies: Iterable[Strategy]) -> Strategy:
    """The strategy for an overdue amount: of those that apply the one for the largest debts.

    Raises:
        Invalid: ``no-strategy`` where none begins at or below the amount.
    """
    applying = [strategy for strategy in strategies if strategy.from_amount <= overdue]
    if not applying:
        raise Invalid("no-strategy", overdue=overdue.text())
    return max(applying, key=lambda strategy: strategy.from_amount)


def strategies_from_table(table: Mapping[str, Any]) -> tuple[Strategy, ...]:
    """Strategies from a table as a file holds it: ``strategy``, each with its ``stage`` list."""
    return tuple(
        Strategy(row["name"], Amount.of(row["from_amount"]), _stages(row["stage"]))
        for row in table["strategy"]
    )


def _stages(rows: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            row["name"],
            row["from_day"],
            row["authority"],
            tuple(Action(name, day) for name, day in row["actions"].items()),
        )
        for row in rows
    )
