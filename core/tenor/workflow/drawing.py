"""A workflow as a drawing: boxes below each other in the order of the stage bar, steps as arrows beside them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tenor.workflow.definitions import Definition, StateSpec, TransitionSpec

#: of a box, in pixels; and how far each further arrow stands beside the boxes
WIDTH: Final = 280
_HEAD: Final = 46
_LINE: Final = 18
_GAP: Final = 34
_LANE: Final = 16
_TOP: Final = 12


@dataclass(frozen=True)
class Box:
    """A state.

    Args:
        y, height: where it stands; all stand at the same ``x``.
        lines: places for its branches, below the title.
    """

    state: StateSpec
    y: int
    height: int
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Arrow:
    """A step from one state to another.

    Args:
        path: as SVG says it.
        kind: ``on``, ``back`` or ``off`` (to an end that is no good one, or aside).
    """

    step: TransitionSpec
    source: str
    target: str
    path: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """All of it.

    Args:
        x: of the boxes.
    """

    width: int
    height: int
    x: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawn(definition: Definition) -> Drawing:
    """The drawing of a workflow. Steps to the next state go straight down, those past others on the right, those back
    on the left; each has a lane of its own, the shortest nearest to the boxes."""
    boxes = _boxes(definition.states)
    place = {box.state.name: number for number, box in enumerate(boxes)}
    ways = [
        (place[source], place[step.target], step)
        for step in definition.transitions
        for source in step.sources
    ]
    beside = sorted(
        (way for way in ways if way[1] != way[0] + 1), key=lambda way: abs(way[1] - way[0])
    )
    right = [way for way in beside if way[1] > way[0]]
    left = [way for way in beside if way[1] <= way[0]]
    x = _LANE * (len(left) + 1)
    arrows = [_down(boxes, x, way) for way in ways if way[1] == way[0] + 1]
    arrows += [_beside(boxes, x + WIDTH, way, _LANE * n) for n, way in enumerate(right, 1)]
    arrows += [_beside(boxes, x, way, -_LANE * n) for n, way in enumerate(left, 1)]
    last = boxes[-1]
    width = x + WIDTH + _LANE * (len(right) + 1)
    return Drawing(width, last.y + last.height + _TOP, x, tuple(boxes), tuple(arrows))


def _boxes(states: Sequence[StateSpec]) -> list[Box]:
    found, y = [], _TOP
    for state in states:
        lines = tuple(y + _HEAD + _LINE * n for n in range(len(state.branches)))
        height = _HEAD + _LINE * len(lines)
        found.append(Box(state, y, height, lines))
        y += height + _GAP
    return found


def _down(boxes: Sequence[Box], x: int, way: tuple[int, int, TransitionSpec]) -> Arrow:
    source, target, _step = way
    middle, start = x + WIDTH // 2, boxes[source].y + boxes[source].height
    path = f"M{middle} {start}V{boxes[target].y - 2}"
    return _arrow(boxes, way, path)


def _beside(boxes: Sequence[Box], x: int, way: tuple[int, int, TransitionSpec], far: int) -> Arrow:
    """Out of the side of one box, along a lane, and into the side of another; arrows fan out over the boxes' height."""
    source, target, _step = way
    fan = 6 + abs(far) // 2 % 30
    start, end = boxes[source].y + fan, boxes[target].y + fan
    tip = x + (2 if far > 0 else -2)
    return _arrow(boxes, way, f"M{x} {start}H{x + far}V{end}H{tip}")


def _arrow(boxes: Sequence[Box], way: tuple[int, int, TransitionSpec], path: str) -> Arrow:
    source, target, step = way
    leads = boxes[target].state
    off = leads.off_the_way
    kind = "off" if off else "back" if target <= source else "on"
    return Arrow(step, boxes[source].state.name, leads.name, path, kind)
