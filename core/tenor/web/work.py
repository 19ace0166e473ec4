"""Tasks as a person reads them: what to do, on which record, by when, why it came to them."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from flask import request

from tenor.views import address
from tenor.web.gist import NO_GIST, Gist, gists
from tenor.web.shell import position_title
from tenor.web.templating import nonce
from tenor.workflow.assigned import has_task
from tenor.workflow.records import Task
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor.workflow import OpenTask
    from tenor.workflow.desk import TaskPage

Values = dict[str, Any]
_LABELS: Final = {"overdue": _("Overdue"), "today": _("Today"), "later": _("Due later")}


def task_item(
    web: Web,
    ctx: KernelContext,
    show: Show,
    task: OpenTask,
    *,
    people: Mapping[int, str] | None = None,
    gist: Gist = NO_GIST,
) -> Values:
    """One task.

    Args:
        people: names of assignees; with it, it is said whose the task is.
        gist: what the record is about.
    """
    record = web.kernel.records.by_table.get(task.table_name)
    href = address(record, task.record_id) if record is not None else "/"
    made: Values = {
        "title": show.say(task.title),
        "href": href,
        "subject": (gist.name or task.name) if people is None else _whose(show, task, people),
        "subject_href": href if people is None else "",
        "subject_below": gist.text,
    }
    if task.behalf_of:
        made["because"] = show.say(_("In the place of {name}", name=task.behalf_of))
    elif task.why is not None:
        made["because"] = show.say(task.why)
    if task.due_at is not None:
        made |= _due(ctx, show, task)
    if people is None or is_before(ctx, task):
        label = show.say(_("More"))
        made["more"] = {"label": label, "href": address(Task, task.id), "style": "quiet"}
    if task.snoozed_until is not None and task.snoozed_until > ctx.today:
        back = _("Comes back on {day}", day=task.snoozed_until.isoformat())
        made["tag"] = {"text": show.say(back)}
    elif people is None and not (task.mine or task.behalf_of) and task.assignee_name:
        made["tag"] = {"text": task.assignee_name}
    if waits_for(ctx, task):
        label = show.say(_("Take it"))
        made["action"] = {
            "label": label,
            "post": f"/tasks/{task.id}/claim",
            "once": nonce(),
            "fields": [{"name": "next", "value": request.full_path.rstrip("?")}],
        }
    return made


def is_before(ctx: KernelContext, task: OpenTask) -> bool:
    """Whether this person, or one for whom they stand in, has a task or may take it: its own page is theirs."""
    row = {name: getattr(task, name) for name in ("assignee_id", "position", "unit_id")}
    return any(has_task(each, row) for each in (ctx.actor, *ctx.actor.stands_in))


def waits_for(ctx: KernelContext, task: OpenTask) -> bool:
    """Whether an unclaimed task waits for one person of this one's position."""
    free = task.assignee_id is None and not task.several
    mine = any(task.position in each.positions for each in (ctx.actor, *ctx.actor.stands_in))
    return free and mine


def _whose(show: Show, task: OpenTask, people: Mapping[int, str]) -> str:
    if task.assignee_id is not None:
        return task.assignee_name or people.get(task.assignee_id, show.say(_("not visible to you")))
    return show.say(_("waits for: {position}", position=show.say(position_title(task.position))))


def _due(ctx: KernelContext, show: Show, task: OpenTask) -> Values:
    assert task.due_at is not None  # asked for before
    local, now = show.local(task.due_at), show.local(ctx.now)
    overdue = task.due_at < ctx.now
    today = local.date() == ctx.today
    text = f"{local:%H:%M}" if today else local.date().isoformat()
    days = abs((local.date() - now.date()).days)
    if overdue:
        note = ngettext("{n} day late", "{n} days late", days) if days else _("late")
    elif today:
        hours = max(1, (task.due_at - ctx.now) // timedelta(hours=1))
        note = ngettext("{n} hour left", "{n} hours left", int(hours))
    else:
        note = ngettext("{n} day left", "{n} days left", days)
    if today:
        text = show.say(_("Today {time}", time=text))
    if task.provisional:
        note = _("{note}, provisional: the year’s working days aren’t confirmed", note=note)
    return {
        "due": text,
        "due_note": show.say(note),
        "overdue": overdue,
        "iso": task.due_at.isoformat(),
    }


def by_urgency(web: Web, ctx: KernelContext, show: Show, tasks: Sequence[OpenTask]) -> list[Values]:
    """Tasks in the order in which they come, under headings: their priority where it isn't the usual one, and whether
    they are overdue, due today, or later."""
    kinds = web.kernel.records.by_table
    about = [(kinds[task.table_name], task.record_id) for task in tasks if task.table_name in kinds]
    known = gists(web, ctx, show, about)
    groups = []
    for (priority, key), group in groupby(
        tasks, lambda task: (task.priority, _group(ctx, show, task))
    ):
        items = [
            task_item(
                web, ctx, show, task, gist=known.get((task.table_name, task.record_id), NO_GIST)
            )
            for task in group
        ]
        label = _LABELS[key]
        if priority:
            label = _("Priority {n}: {when}", n=priority, when=label)
        groups.append({"label": show.say(label), "overdue": key == "overdue", "tasks": items})
    return groups


def counted(page: TaskPage, size: int, *, first: bool = True) -> str:
    """How many tasks there are, said up to a page of them.

    Args:
        first: whether it is the first page; before another there is a full one.
    """
    return f"{size}+" if page.next or not first else str(len(page.tasks))


def _group(ctx: KernelContext, show: Show, task: OpenTask) -> str:
    if task.due_at is None:
        return "later"
    if task.due_at < ctx.now:
        return "overdue"
    return "today" if show.local(task.due_at).date() <= ctx.today else "later"
