"""What a person finds on their desk: who they are, their tasks, what they were told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response, g, jsonify, request

from tenor.api.frame import PREFIX, Frame
from tenor.db.numbers import number
from tenor.records.values import to_json
from tenor.views import address
from tenor.views.merge import has_page
from tenor.workflow.shelves import BEFORE, SHELVES
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.api.once import Answer
    from tenor.context import KernelContext
    from tenor.notify.notify import InboxEntry
    from tenor.workflow.desk import OpenTask

_PAGE = 50
_MOST_TASKS = 500


class Desk(Frame):
    """The views about the person."""

    def me(self) -> Response:
        """Who acts with this token."""
        with self._context(write=False) as ctx:
            who = ctx.actor
            return jsonify(
                id=who.id, login=who.login, name=who.name, language=who.language, unit_id=who.unit_id,
                positions=sorted(who.positions), roles=sorted(who.roles), today=ctx.today.isoformat(),
                stands_in=[_stands_in(giver) for giver in who.stands_in],
            )  # fmt: skip

    def tasks(self) -> Response:
        """Open tasks of the person and of their groups, by priority, then by deadline; ``shelf`` for others of theirs
        (``mine``, ``units``, ``snoozed``, ``handed``), ``size``, and ``after`` the ``next`` of the page before."""
        shelf = request.args.get("shelf", BEFORE)
        if shelf not in SHELVES:
            raise Invalid("invalid", {"shelf": Invalid("not-a-choice")})
        size = number(request.args.get("size", str(_PAGE)))
        if size is None or not 1 <= size <= _MOST_TASKS:
            raise Invalid("invalid", {"size": Invalid("too-large", None, maximum=_MOST_TASKS)})
        with self._context(write=False) as ctx:
            after = request.args.get("after", "")
            page = self.kernel.workflow.desk.page(ctx, shelf, size=size, after=after)
            items = [self._task(task) for task in page.tasks]
        return jsonify(items=items, next=page.next or None)

    def claim(self, identity: int) -> Response:
        """Take a task of one's unit."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            self.kernel.workflow.claim(ctx, identity)
            return {"claimed": identity}, 200

        return self._write(act)

    def inbox(self) -> Response:
        """What the person was told, the latest first; ``before`` an id for the next page, ``unread=true``."""
        given = request.args.get("before")
        before = number(given) if given is not None else None
        if given is not None and before is None:
            raise Invalid("invalid", {"before": Invalid("not-a-whole-number")})
        with self._context(write=False) as ctx:
            entries = self.kernel.notify.inbox(
                ctx,
                limit=_PAGE,
                before=before,
                unread_only=request.args.get("unread") == "true",
            )
            unread = self.kernel.notify.unread(ctx)
        return jsonify(items=[_notice(entry) for entry in entries], unread=unread)

    def read(self, identity: int) -> Response:
        """Put a notice among those that are read."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            self.kernel.notify.mark_read(ctx, identity)
            return {"read": identity}, 200

        return self._write(act)

    def _task(self, task: OpenTask) -> dict[str, Any]:
        """A task, its words in the person's language, with the address of what it is about."""
        shown = {key: to_json(self._said(value)) for key, value in vars(task).items()}
        kind = self.kernel.records.by_table[task.table_name]
        return {**shown, "_href": f"{PREFIX}{address(kind, task.record_id)}"}

    def _said(self, value: object) -> object:
        if isinstance(value, Text):
            return self.kernel.translator.text(value, g.language)
        return value


def _stands_in(giver: ActorData) -> dict[str, Any]:
    """One in whose place somebody acts."""
    assert giver.lent is not None  # those for whom one stands in have delegated
    return {
        "id": giver.id,
        "name": giver.name,
        "positions": sorted(giver.positions),
        "until": giver.lent.until.isoformat(),
        "delegation_id": giver.lent.delegation_id,
    }


def _notice(entry: InboxEntry) -> dict[str, Any]:
    about = entry.about
    shown = {key: to_json(value) for key, value in asdict(entry).items() if key != "about"}
    reachable = about is not None and has_page(about.record)
    return {
        **shown,
        "about": about.name if about is not None else None,
        "_href": f"{PREFIX}{address(about.record, about.id)}" if about and reachable else None,
    }
