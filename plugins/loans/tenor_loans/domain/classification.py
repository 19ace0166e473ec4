"""The floor that days past due set under a loan's class (五级分类). A floor only: judgement may be worse.

The ladder is dated data: 《商业银行金融资产风险分类办法》 since 1 July 2023. Other products have other ladders.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tenor_sdk.errors import Invalid


class RiskClass(IntEnum):
    """The five classes, worse ones greater."""

    PASS = 1
    SPECIAL_MENTION = 2
    SUBSTANDARD = 3
    DOUBTFUL = 4
    LOSS = 5

    @property
    def non_performing(self) -> bool:
        return self >= RiskClass.SUBSTANDARD


@dataclass(frozen=True, slots=True)
class FloorLadder:
    """From how many days past due a class is the best possible.

    Args:
        steps: (more than so many days, class), ascending in both.
        technical_days: up to how many days an overdue with a documented technical cause may stay *pass*.
    """

    steps: tuple[tuple[int, RiskClass], ...]
    technical_days: int

    def __post_init__(self) -> None:
        if list(self.steps) != sorted(set(self.steps)) or not _ascending(
            [c for _, c in self.steps]
        ):
            raise Invalid("ladder-not-ascending")


def _ascending(classes: Sequence[RiskClass]) -> bool:
    return all(lower < higher for lower, higher in itertools.pairwise(classes))


def floor(days_past_due: int, ladder: FloorLadder, *, technical: bool = False) -> RiskClass:
    """The best class that a loan with so many days past due can have.

    Args:
        days_past_due: zero or more.
        ladder: the ladder in force.
        technical: whether a technical cause of the overdue is documented.
    """
    if technical and days_past_due <= ladder.technical_days:
        return RiskClass.PASS
    reached = [risk_class for over, risk_class in ladder.steps if days_past_due > over]
    return reached[-1] if reached else RiskClass.PASS


def floor_ladder(value: Mapping[str, Any]) -> FloorLadder:
    """A ladder from the value of its rule: ``over`` (class name to days) and ``technical_days``."""
    steps = ((days, RiskClass[name.upper()]) for name, days in value["over"].items())
    return FloorLadder(tuple(sorted(steps)), value["technical_days"])
