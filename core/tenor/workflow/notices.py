"""What people are told of tasks, votes and the calendar."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, and_, not_, select

from tenor.events.rows import table_of
from tenor.notify.letters import notice
from tenor.notify.notify import over_by
from tenor.workflow.records import OPEN, Task
from tenor_sdk.notify import NoticeKind

_task: Final = table_of(Task)

TASK: Final = NoticeKind(name="task", title="A task came to me")
TASK_DUE: Final = NoticeKind(name="task-due", title="A task is due soon or overdue")
VOTE: Final = NoticeKind(name="vote", title="What I decided on has changed")
HELD_UP: Final = NoticeKind(
    name="held-up", title="What a committee decided on a case of mine is held up"
)
CALENDAR: Final = NoticeKind(name="calendar", title="The calendar of working days ends soon")


def _is_over() -> ColumnElement[bool]:
    """Whether the task of which a notice tells isn't open any more: a stay may have brought several, so as long as one
    of them is open there is something to do."""
    going_on = (_task.c.case_id == notice.c.case_id, _task.c.round == notice.c.round)
    still = select(_task.c.id).where(*going_on, _task.c.state == OPEN).correlate(notice).exists()
    return and_(notice.c.case_id.is_not(None), not_(still))


over_by(_is_over)
