"""What the ledger tells of a task that changed hands: which task it was, who had it, and who got it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.records import User
from tenor.events.rows import table_of
from tenor.web.steps import new
from tenor.workflow.definitions import titled
from tenor.workflow.records import Task
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor_sdk.records import Record

Names = Mapping[tuple[str, int], str]
_tasks: Final = table_of(Task)
TASK: Final = _("Task")
#: what such an entry keeps of people
_PEOPLE: Final[Mapping[str, Text]] = {"held_by": _("Held until then by"), "given_to": _("Given to")}


def of_task(entry: Entry) -> bool:
    """Whether an entry is about a task."""
    return entry.kind.startswith("task-") and isinstance(new(entry, "task"), int)


def about(ctx: KernelContext, task: Task) -> Record | None:
    """What a task is about, where the person may read it."""
    kind = ctx.kernel.records.by_table.get(task.table_name)
    try:
        return ctx.kernel.records.get(ctx, kind, task.record_id) if kind is not None else None
    except NotFound:
        return None


def people_of(entries: Iterable[Entry]) -> Iterator[tuple[type[Record], int]]:
    """The people whom such entries name."""
    for entry in filter(of_task, entries):
        for name in _PEOPLE:
            if isinstance(new(entry, name), int):
                yield User, new(entry, name)


def titles_of(show: Show, entries: Iterable[Entry]) -> dict[tuple[str, int], str]:
    """What the tasks ask for; one statement, and none where no entry is about one."""
    ids = {new(entry, "task") for entry in entries if of_task(entry)}
    if not ids:
        return {}
    wanted = select(_tasks.c.id, _tasks.c.title, _tasks.c.plugin).where(_tasks.c.id.in_(ids))
    rows = show.ctx.kernel.db.execute(show.ctx.guarded, wanted)
    return {(_tasks.name, row.id): show.say(titled(row.title, row.plugin)) for row in rows}


def told(show: Show, entry: Entry, names: Names) -> list[dict[str, Any]]:
    """The parts of such an entry; who isn't among the names stands there as ``#5``."""

    def named(table: str, identity: Any) -> str:
        return names.get((table, identity), f"#{identity}")

    made = [{"label": show.say(TASK), "old": "", "new": named(_tasks.name, new(entry, "task"))}]
    for name, label in _PEOPLE.items():
        if isinstance(new(entry, name), int):
            who = named(User.__tablename__, new(entry, name))
            made.append({"label": show.say(label), "old": "", "new": who})
    until = new(entry, "until")
    if until:
        made.append({"label": show.say(_("Comes back on")), "old": "", "new": str(until)[:10]})
    return made
