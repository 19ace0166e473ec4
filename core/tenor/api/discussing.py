"""What people say on the timelines of records, and who is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Response, jsonify, request

from tenor.access.records import User
from tenor.api.found import Found
from tenor.db.numbers import number
from tenor.records.mentioning import mentioned, mentions_of
from tenor_sdk.errors import Invalid

if TYPE_CHECKING:
    from sqlalchemy import Row

    from tenor.api.once import Answer
    from tenor.context import KernelContext
    from tenor.records.mentioning import Heard

#: comments of a page
_PAGE: Final = 50


class Discussing(Found):
    """The views of comments and followers."""

    def comments(self, plugin: str, slug: str, identity: int) -> Response:
        """What was said on a record's timeline, the latest first, with whom it names; ``before`` an id for the next
        page."""
        given = request.args.get("before")
        before = number(given) if given is not None else None
        if given is not None and before is None:
            raise Invalid("invalid", {"before": Invalid("not-a-whole-number")})
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            found = self.kernel.records.discussion.comments(ctx, record, _PAGE, before)[::-1]
            people = {
                user for one in found for user in (one.created_by_id, *mentioned(one.mentions))
            }
            names = self.kernel.records.display_names(ctx, User, people - {None})
        return jsonify(items=[_said(one, names) for one in found])

    def comment(self, plugin: str, slug: str, identity: int) -> Response:
        """Say something on a record's timeline; the answer says whom it reached by their names, and whom not."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity)
            heard = self.kernel.records.discussion.comment(ctx, record, body.get("text") or "")
            return _heard(heard), 201

        return self._write(act, self._still(plugin, slug, identity))

    def follow(self, plugin: str, slug: str, identity: int) -> Response:
        """Have whoever asks told of what happens on a record."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity)
            self.kernel.records.discussion.follow(ctx, record)
            return {}, 201

        return self._write(act)

    def unfollow(self, plugin: str, slug: str, identity: int) -> Response:
        """Have them told no more, though they may have lost the record meanwhile."""
        kind = self._kind(plugin, slug)

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            self.kernel.records.discussion.leave(ctx, kind, identity)
            return {}, 200

        return self._write(act)


def _said(comment: Row[Any], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": comment.id,
        "at": comment.created_at.isoformat(),
        "by_id": comment.created_by_id,
        "by": names.get(comment.created_by_id),
        "text": comment.text,
        "mentions": mentions_of(comment.mentions, names),
    }


def _heard(heard: Heard) -> dict[str, Any]:
    return {
        "told": _people(heard.told),
        "not_told": _people(heard.untold),
        "unclear": list(heard.unclear),
        "over": heard.over,
    }


def _people(names: Mapping[int, str]) -> list[dict[str, Any]]:
    return [{"id": user, "name": name} for user, name in names.items()]
