"""What is wrong with a way to look at a list is told at start, with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tenor.access.records import User
from tenor.kernel import Kernel
from tenor.views import ViewError
from tenor.views.merge import list_of
from tenor.workflow.records import Task
from tenor_sdk.looks import (
    BoardView,
    CalendarView,
    ChartView,
    Look,
    PivotView,
    per_month,
)
from tenor_sdk.views import ListView, ViewPatch

WRONG: dict[str, tuple[Callable[[], Look], str]] = {
    "a board by a time": (lambda: BoardView(Task.due_at), "due_at is neither a state nor a choice"),
    "a board of another record": (lambda: BoardView(User.name), "User.name is no field of Task"),
    "a card with what the list lacks": (
        lambda: BoardView(Task.state, shows=(Task.done_at,)),
        "done_at is no column of the list",
    ),
    "a sum of what is no amount": (
        lambda: BoardView(Task.state, sums=(Task.priority,)),
        "priority is no amount",
    ),
    "a calendar of a text": (lambda: CalendarView(Task.priority), "priority is no date"),
    "a chart by months of a text": (
        lambda: ChartView(per_month(Task.priority)),
        "priority is no date, and has no months",
    ),
    "a line over states": (lambda: ChartView(Task.state, kind="line"), "a line runs over months"),
    "a chart by a time": (lambda: ChartView(Task.due_at), "due_at is no choice"),
    "a pivot of one axis": (lambda: PivotView(Task.state), "two axes or more"),
    "a name in place of an attribute": (lambda: ChartView("state"), "state is no field of Task"),
}


@pytest.mark.parametrize("slip", WRONG)
def test_a_slip_is_told_with_its_place(institution: Kernel, slip: str) -> None:
    make, problem = WRONG[slip]
    view = ListView(Task, (Task.what, Task.state), looks=(make(),))
    with pytest.raises(ViewError, match=problem) as raised:
        list_of(view, [])
    assert __file__ in str(raised.value)


def test_another_plugin_adds_a_way_to_look_beside_its_column(institution: Kernel) -> None:
    view = ListView(Task, (Task.what, Task.state))
    added: Any = ChartView(Task.state)
    merged = list_of(view, [ViewPatch(view=view, after=Task.state, add=(Task.priority, added))])
    assert [column.key for column in merged.columns] == ["what", "state", "priority"]
    assert merged.looks == (added,)
