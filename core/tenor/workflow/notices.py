"""What people are told of tasks, votes and the calendar."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

TASK: Final = NoticeKind(name="task", title="A task came to me")
TASK_DUE: Final = NoticeKind(name="task-due", title="A task is due soon or overdue")
VOTE: Final = NoticeKind(name="vote", title="What I decided on has changed")
HELD_UP: Final = NoticeKind(
    name="held-up", title="What a committee decided on a case of mine is held up"
)
CALENDAR: Final = NoticeKind(name="calendar", title="The calendar of working days ends soon")
