"""The room of notices: the inbox, and mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, insert, not_, select, true, update

from tenor.access.records import User
from tenor.db.numbers import BEYOND
from tenor.events.rows import stamps, table_of
from tenor.events.wire import to_json
from tenor.notify import held, mails
from tenor.notify.bounces import Bounces
from tenor.notify.letters import mail, notice, told_of
from tenor.notify.notices import OTHER
from tenor.notify.records import HELD
from tenor.notify.wishes import Wish, Wishes
from tenor.notify.withheld import body_of, title_of, withheld
from tenor_sdk.errors import NotFound
from tenor_sdk.notify import AT_ONCE, DIGEST, NONE, Channel, NoticeKind, Together, Told

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

_user: Final = table_of(User)


#: the one condition that tells which notices have nothing left to do, once the room that knows has said it
_over: list[Callable[[], ColumnElement[bool]]] = []


def over_by(condition: Callable[[], ColumnElement[bool]]) -> None:
    """Say when what a notice tells of is over, by its columns ``case_id`` and ``round``."""
    _over.append(condition)


def _unread() -> ColumnElement[bool]:
    """Whether nobody has read a notice, and what it tells of isn't over."""
    return and_(notice.c.read_at.is_(None), not_(_over[-1]()) if _over else true())


def _read() -> ColumnElement[bool]:
    return not_(_unread()).label("is_read")


@dataclass(frozen=True)
class About:
    """What a notice is about, where its reader may read it.

    Args:
        name: by which a person knows it.
    """

    record: type[Record]
    id: int
    name: str


@dataclass(frozen=True)
class InboxEntry:
    """A notice as its reader sees it, in their language.

    Args:
        about: None where it is about nothing, or about what the reader can't read.
    """

    id: int
    title: str
    body: str
    at: datetime
    read: bool
    about: About | None


@dataclass(frozen=True)
class MailView:
    """A mail as the demo's page lists it."""

    id: int
    address: str
    subject: str
    body: str
    state: str
    sent_at: datetime | None


class Notify:
    """The room of notices.

    Attributes:
        wishes: who wants to be told of what in which way, and when.
        bounces: the addresses that take no mail.
    """

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.wishes = Wishes(kernel)
        self.bounces = Bounces(kernel)

    def load(self, declarations: Declarations) -> None:
        """Take in the kinds of notices, and the records that one may be about."""
        self.wishes.load(declarations)
        self._records: Mapping[str, type[Record]] = {
            record.__tablename__: record for record in declarations.records
        }

    # -- telling --------------------------------------------------------------------------------

    def notify(
        self,
        ctx: KernelContext,
        users: Sequence[int],
        title: Text,
        body: Text | None,
        about: Record | None,
        *,
        kind: NoticeKind | None = None,
        by_mail: bool = True,
        stay: tuple[int, int] | None = None,
    ) -> Sequence[int]:
        """Tell users, once this transaction commits; see ``tenor_sdk.notify.notify``.

        Args:
            users: each is told once; those who have left aren't.
            by_mail: whether those with an address may get a mail, too.
            stay: of what tells of a task the case, and its round: once that task is over the notice counts as read.

        Returns:
            Who is told.

        Raises:
            TypeError: a kind that no enabled plugin declares.
        """
        what = kind or OTHER
        if what.key not in self.wishes.kinds:
            raise TypeError(f"{what.origin}: {what.key} is no kind of notice of an enabled plugin")
        self.kernel.jobs.wrote(ctx)
        ctx.guarded.flush()
        told = {
            "kind": what.key,
            "title": to_json(title),
            "body": to_json(body),
            "about_table": type(about).__tablename__ if about is not None else "",
            "about_id": about.id if about is not None else None,
            **dict(zip(("case_id", "round"), stay or (None, None), strict=True)),
            **stamps(ctx),
        }
        there = self._there(ctx, users)
        further = self._further(ctx, [user.id for user in there], what)
        mailed = [user.id for user in there if user.email] if by_mail else []
        wishes = self.wishes.of(ctx, mailed, what) if mailed else {}
        for user in there:
            notice_id = self._add(ctx, {**told, "user_id": user.id})
            self._mail(ctx, notice_id, user, wishes.get(user.id, Wish(NONE)).way)
            for channel, way in further.get(user.id, ()):
                if way == AT_ONCE:
                    self.kernel.jobs.enqueue(ctx, channel.send, {"notice_id": notice_id})
                else:
                    held.hold(ctx, notice_id, user.id, channel)
        return [user.id for user in there]

    def _further(
        self, ctx: KernelContext, users: Sequence[int], kind: NoticeKind
    ) -> dict[int, list[tuple[Channel, str]]]:
        """By which channels beside mail each wants to be told, and whether at once or in the digest."""
        found: dict[int, list[tuple[Channel, str]]] = {}
        for channel in self.wishes.further if users else ():
            for user, wish in self.wishes.of(ctx, users, kind, channel.key).items():
                if wish.way != NONE and wish.way in dict(self.wishes.ways(channel.key)):
                    found.setdefault(user, []).append((channel, wish.way))
        return found

    def _there(self, ctx: KernelContext, users: Sequence[int]) -> list[Row[Any]]:
        there = select(_user.c.id, _user.c.email).where(
            _user.c.id.in_(set(users)), _user.c.active, ~_user.c.archived
        )
        return list(self.kernel.db.execute(ctx.guarded, there.order_by(_user.c.id)))

    def _mail(self, ctx: KernelContext, notice_id: int, user: Row[Any], way: str) -> None:
        from tenor.notify.jobs import send_mail

        row = {"notice_id": notice_id, "user_id": user.id, "address": user.email}
        key = f"notice-{notice_id}"
        if way == DIGEST:
            mails.add(ctx, key, **row, state=HELD, due_at=self.wishes.next_digest(ctx))
        elif way == AT_ONCE:
            mail_id = mails.add(ctx, key, **row)
            self.kernel.jobs.enqueue(ctx, send_mail, {"mail_id": mail_id})

    def _add(self, ctx: KernelContext, values: Mapping[str, Any]) -> int:
        statement = insert(notice).values(values).returning(notice.c.id)
        return int(self.kernel.db.execute(ctx.guarded, statement).scalar_one())

    def mail(
        self, ctx: KernelContext, key: str, address: str, subject: Text, body: Text, language: str
    ) -> None:
        """Mail somebody who is no user; see ``tenor_sdk.notify.mail``."""
        mails.send_to(ctx, key, address, subject, body, language)

    def told(self, ctx: KernelContext, notice_id: int) -> Told | None:
        """What a channel says of a notice; see ``tenor_sdk.notify.told``."""
        self._check_channel(ctx)
        return told_of(ctx, notice_id)

    def told_together(self, ctx: KernelContext, digest_id: int) -> Together | None:
        """What a channel says of a digest; see ``tenor_sdk.notify.told_together``."""
        self._check_channel(ctx)
        return held.together(ctx, digest_id)

    def _check_channel(self, ctx: KernelContext) -> None:
        run = self.kernel.jobs.runner.run_of(ctx)
        if run is None or run.kind.plugin not in {each.plugin for each in self.wishes.further}:
            raise RuntimeError("this is for a job of a plugin that brings a channel")

    # -- reading --------------------------------------------------------------------------------

    def inbox(
        self,
        ctx: KernelContext,
        *,
        limit: int = 50,
        before: int | None = None,
        unread_only: bool = False,
    ) -> list[InboxEntry]:
        """What the person was told, the latest first.

        Args:
            before: a notice's id: only earlier ones, for the next page.
        """
        wanted = [notice.c.user_id == ctx.actor.id]
        if before is not None:
            wanted.append(notice.c.id < before)
        if unread_only:
            wanted.append(_unread())
        return self._entries(ctx, select(notice, _read()).where(*wanted), limit)

    def entry(self, ctx: KernelContext, notice_id: int) -> InboxEntry:
        """One notice.

        Raises:
            NotFound: there is none of this id for this person.
        """
        mine = (notice.c.id == notice_id, notice.c.user_id == ctx.actor.id)
        wanted = select(notice, _read()).where(*mine)
        found = self._entries(ctx, wanted, 1) if notice_id < BEYOND else ()
        if not found:
            raise NotFound("not-found", what="Notice")
        return found[0]

    def unread(self, ctx: KernelContext) -> int:
        """How many notices the person hasn't read."""
        statement = select(func.count()).where(notice.c.user_id == ctx.actor.id, _unread())
        return int(self.kernel.db.execute(ctx.guarded, statement).scalar_one())

    def mark_read(self, ctx: KernelContext, notice_id: int | None = None) -> None:
        """Put one notice among those that are read, or all.

        Raises:
            NotFound: there is none of this id for this person.
        """
        mine = update(notice).where(notice.c.user_id == ctx.actor.id)
        unread = mine.where(notice.c.read_at.is_(None)).values(read_at=ctx.now)
        if notice_id is None:
            self.kernel.db.execute(ctx.guarded, unread)
            return
        self.entry(ctx, notice_id)
        self.kernel.db.execute(ctx.guarded, unread.where(notice.c.id == notice_id))

    def counter(self, user_id: int) -> str:
        """A word that changes whenever the person's inbox does: the ETag of its polling. One look at an index."""
        latest_one = select(func.max(notice.c.id)).where(notice.c.user_id == user_id)
        unread_ones = select(func.count()).where(notice.c.user_id == user_id, _unread())
        statement = select(latest_one.scalar_subquery(), unread_ones.scalar_subquery())
        with self.kernel.db.raw(write=False) as connection:
            latest, unread = connection.execute(statement).one()
        return f"{latest or 0}-{unread}"

    def address(self, notice_id: int) -> str:
        """The address that opens what a notice is about; whether its reader may is decided there."""
        return f"/inbox/{notice_id}"

    # -- what a notice is about -----------------------------------------------------------------

    def names_of(
        self, ctx: KernelContext, wanted: Sequence[tuple[str, int | None]]
    ) -> dict[tuple[str, int | None], str]:
        """What records are called, by table and id; those that the person can't read are left out."""
        return {place: about.name for place, about in self._about(ctx, wanted).items()}

    def _entries(self, ctx: KernelContext, statement: Any, limit: int) -> list[InboxEntry]:
        latest = statement.order_by(notice.c.id.desc()).limit(limit)
        rows = list(self.kernel.db.execute(ctx.guarded, latest))
        about = self._about(ctx, [(row.about_table, row.about_id) for row in rows])
        hidden = withheld(ctx, rows, {place: each.name for place, each in about.items()})
        return [
            self._shown(ctx, row, about.get((row.about_table, row.about_id)), hidden)
            for row in rows
        ]

    def _shown(
        self, ctx: KernelContext, row: Row[Any], about: About | None, hidden: set[int]
    ) -> InboxEntry:
        def words(text: Text | None) -> str:
            return self.kernel.translator.text(text, ctx.actor.language) if text else ""

        title, body = words(title_of(ctx, row, hidden)), words(body_of(row, hidden))
        return InboxEntry(row.id, title, body, row.created_at, row.is_read, about)

    def _about(
        self, ctx: KernelContext, wanted: Sequence[tuple[str, int | None]]
    ) -> dict[tuple[str, int | None], About]:
        """Those that the person can read, one statement for each kind of record."""
        ids: dict[str, set[int]] = {}
        for table, record_id in wanted:
            if table in self._records and record_id is not None:
                ids.setdefault(table, set()).add(record_id)
        found: dict[tuple[str, int | None], About] = {}
        for table, of_table in ids.items():
            kind = self._records[table]
            names = self.kernel.records.display_names(ctx, kind, of_table)
            found |= {(table, each): About(kind, each, name) for each, name in names.items()}
        return found

    # -- the mail page of the demo --------------------------------------------------------------

    def mails(self, ctx: KernelContext, limit: int = 100) -> list[MailView]:
        """The latest mails: in a demo everybody's, so that it shows what was sent; else those to the person alone."""
        shown = (mail.c[name] for name in MailView.__dataclass_fields__)
        statement = select(*shown).order_by(mail.c.id.desc()).limit(limit)
        if not self.kernel.settings.demo:
            statement = statement.where(mail.c.user_id == ctx.actor.id)
        rows = self.kernel.db.execute(ctx.guarded, statement)
        return [MailView(**row) for row in rows.mappings()]
