"""What people say on the timeline of a record, and who is told of it: those whom it names, and those who follow the
record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, delete, select

from tenor.db.gate import beyond
from tenor.events.rows import inserting, stamps, table_of
from tenor.records.mentioning import Heard, Mentions, Offer, marks_of
from tenor.records.notices import FOLLOWED
from tenor.records.records import Comment, Follower
from tenor.records.schema import prose
from tenor_sdk.errors import Forbidden, Invalid, Refused
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

_comments: Final = table_of(Comment)
_followers: Final = table_of(Follower)
#: comments whose writers may be meant
_LATELY: Final = 40


class Discussion:
    """Comments and followers of records that are ``Discussed``."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.mentions = Mentions(kernel)

    def comment(self, ctx: KernelContext, record: Record, text: str) -> Heard:
        """Say something on a record's timeline; whoever is named in it, or follows the record, is told that
        somebody did.

        Raises:
            Invalid: ``required``, ``not-a-text``, ``too-long``, ``control-characters``.
            Refused: ``not-discussed``.
        """
        said = prose(text, 10_000)
        if not said:
            raise Invalid("required")
        _check_discussed(record)
        named = self.mentions.of(ctx, said)
        made = Comment(**_place(record), text=said, mentions=marks_of(named))
        with self.kernel.db.system(ctx.session) as session:
            session.add(made)
        heard = self.mentions.tell(ctx, record, named)
        self.tell(ctx, record, _("{name} comments", name=ctx.actor.name), but=heard.told)
        return heard

    def comments(
        self, ctx: KernelContext, record: Record, latest: int, before: int | None = None
    ) -> Sequence[Row[Any]]:
        """The latest comments on a record that the person was able to load, oldest first: each with ``id``,
        ``created_at``, ``created_by_id``, ``text`` and ``mentions``.

        Args:
            before: a comment's id: only earlier ones.

        Raises:
            Refused: ``not-discussed``.
        """
        _check_discussed(record)
        columns = _comments.c
        of_record = [
            columns.table_name == type(record).__tablename__,
            columns.record_id == record.id,
        ]
        if before is not None:
            of_record.append(columns.id < before)
        shown = (
            columns.id,
            columns.created_at,
            columns.created_by_id,
            columns.text,
            columns.mentions,
        )
        statement = select(*shown).where(*of_record).order_by(columns.id.desc()).limit(latest)
        return list(self.kernel.db.execute(ctx.session, statement))[::-1]

    def offered(self, ctx: KernelContext, record: Record, typed: str) -> list[Offer]:
        """A few people whom a comment on a record may name; before a letter is typed, those who spoke on it lately.

        Raises:
            Refused: ``not-discussed``.
        """
        _check_discussed(record)
        lately = [] if typed.strip() else self.comments(ctx, record, _LATELY)[::-1]
        who = [one.created_by_id for one in lately if one.created_by_id]
        return self.mentions.offered(ctx, record, typed, who)

    # -- followers --------------------------------------------------------------------------------------------------

    def follow(self, ctx: KernelContext, record: Record) -> None:
        """Have whoever acts told of what is said and done on a record that they can read; a second time is no more.

        Raises:
            Forbidden: ``no-person``: a service follows nothing.
            Refused: ``not-discussed``.
        """
        _check_discussed(record)
        if not ctx.actor.is_person:
            raise Forbidden("no-person")
        ctx.session.flush()
        values = {**_place(record), "user_id": ctx.actor.id, **stamps(ctx)}
        write = inserting(self.kernel.db.dialect)(_followers).values(values)
        self.kernel.db.execute(ctx.guarded, write.on_conflict_do_nothing())

    def unfollow(self, ctx: KernelContext, record: Record) -> None:
        """Have whoever acts told no more."""
        self.leave(ctx, type(record), record.id)

    def leave(self, ctx: KernelContext, kind: type[Record], identity: int) -> None:
        """Have whoever acts told no more of a record, which they may have lost; nothing where they weren't, or where
        there is none."""
        if beyond(identity):
            return
        mine = _followers.c.user_id == ctx.actor.id
        self.kernel.db.execute(ctx.guarded, delete(_followers).where(*_at(kind, identity), mine))

    def follows(self, ctx: KernelContext, record: Record) -> bool:
        """Whether whoever acts follows a record."""
        mine = _followers.c.user_id == ctx.actor.id
        statement = select(_followers.c.id).where(*_of(record), mine)
        return self.kernel.db.execute(ctx.guarded, statement).first() is not None

    def tell(
        self, ctx: KernelContext, record: Record, title: Text, but: Collection[int] = ()
    ) -> None:
        """Tell followers who can still read the record, but not whoever acts: only that something was said or done, as
        one of them may lose it before they look; what it was stands on the record.

        Args:
            but: those who are told in another way.
        """
        if not _is_discussed(record):
            return
        others = select(_followers.c.user_id).where(
            *_of(record), _followers.c.user_id != ctx.actor.id
        )
        following = sorted(self.kernel.db.execute(ctx.guarded, others).scalars())
        users = [
            user for user in following if user not in but and self.mentions.reads(ctx, user, record)
        ]
        if users:
            self.kernel.notify.notify(ctx, users, title, None, record, kind=FOLLOWED)


def _place(record: Record) -> dict[str, Any]:
    return {"table_name": type(record).__tablename__, "record_id": record.id}


def _of(record: Record) -> tuple[Any, ...]:
    return _at(type(record), record.id)


def _at(kind: type[Record], identity: int) -> tuple[Any, ...]:
    columns = _followers.c
    return columns.table_name == kind.__tablename__, columns.record_id == identity


def _is_discussed(record: Record) -> bool:
    return bool(getattr(record, "__discussed__", False))


def _check_discussed(record: Record) -> None:
    if not _is_discussed(record):
        raise Refused("not-discussed", what=type(record).called())
