"""The room of notices: the inbox, and mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, func, insert, select, update

from tenor.access.records import User
from tenor.db.numbers import BEYOND
from tenor.events.rows import stamps, table_of
from tenor.events.wire import from_json, to_json
from tenor.notify.mails import mail, notice, send_to
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

_user: Final = table_of(User)


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
    """The room of notices."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Take in the records that a notice may be about."""
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
        by_mail: bool = True,
    ) -> None:
        """Tell users, once this transaction commits; see ``tenor_sdk.notify.notify``.

        Args:
            users: each is told once; those who have left aren't.
            by_mail: whether those with an address get a mail, too.
        """
        self.kernel.jobs.wrote(ctx)
        ctx.guarded.flush()
        told = {
            "title": to_json(title),
            "body": to_json(body),
            "about_table": type(about).__tablename__ if about is not None else "",
            "about_id": about.id if about is not None else None,
            **stamps(ctx),
        }
        for user in self._there(ctx, users):
            notice_id = self._add(ctx, notice, {**told, "user_id": user.id})
            if by_mail and user.email:
                self._mail(ctx, notice_id, user)

    def _there(self, ctx: KernelContext, users: Sequence[int]) -> list[Row[Any]]:
        there = select(_user.c.id, _user.c.email).where(
            _user.c.id.in_(set(users)), _user.c.active, ~_user.c.archived
        )
        return list(self.kernel.db.execute(ctx.guarded, there.order_by(_user.c.id)))

    def _mail(self, ctx: KernelContext, notice_id: int, user: Row[Any]) -> None:
        from tenor.notify.jobs import send_mail

        row = {"notice_id": notice_id, "user_id": user.id, "address": user.email}
        key = f"notice-{notice_id}"
        mail_id = self._add(ctx, mail, {**row, "key": key, **stamps(ctx)})
        self.kernel.jobs.enqueue(ctx, send_mail, {"mail_id": mail_id})

    def _add(self, ctx: KernelContext, table: Any, values: Mapping[str, Any]) -> int:
        statement = insert(table).values(values).returning(table.c.id)
        return int(self.kernel.db.execute(ctx.guarded, statement).scalar_one())

    def mail(
        self, ctx: KernelContext, key: str, address: str, subject: Text, body: Text, language: str
    ) -> None:
        """Mail somebody who is no user; see ``tenor_sdk.notify.mail``."""
        send_to(ctx, key, address, subject, body, language)

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
            wanted.append(notice.c.read_at.is_(None))
        return self._entries(ctx, select(notice).where(*wanted), limit)

    def entry(self, ctx: KernelContext, notice_id: int) -> InboxEntry:
        """One notice.

        Raises:
            NotFound: there is none of this id for this person.
        """
        mine = (notice.c.id == notice_id, notice.c.user_id == ctx.actor.id)
        found = self._entries(ctx, select(notice).where(*mine), 1) if notice_id < BEYOND else ()
        if not found:
            raise NotFound("not-found", what="Notice")
        return found[0]

    def unread(self, ctx: KernelContext) -> int:
        """How many notices the person hasn't read."""
        statement = select(func.count()).where(
            notice.c.user_id == ctx.actor.id, notice.c.read_at.is_(None)
        )
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
        statement = select(
            func.max(notice.c.id), func.count().filter(notice.c.read_at.is_(None))
        ).where(notice.c.user_id == user_id)
        with self.kernel.db.raw(write=False) as connection:
            latest, unread = connection.execute(statement).one()
        return f"{latest or 0}-{unread}"

    def address(self, notice_id: int) -> str:
        """The address that opens what a notice is about; whether its reader may is decided there."""
        return f"/inbox/{notice_id}"

    # -- what a notice is about -----------------------------------------------------------------

    def name_of(self, ctx: KernelContext, table: str, record_id: int | None) -> str:
        """What a record is called, empty where the person can't read it."""
        found = self._about(ctx, [(table, record_id)])
        return found[table, record_id].name if (table, record_id) in found else ""

    def _entries(self, ctx: KernelContext, statement: Any, limit: int) -> list[InboxEntry]:
        latest = statement.order_by(notice.c.id.desc()).limit(limit)
        rows = list(self.kernel.db.execute(ctx.guarded, latest))
        about = self._about(ctx, [(row.about_table, row.about_id) for row in rows])
        return [self._shown(ctx, row, about.get((row.about_table, row.about_id))) for row in rows]

    def _shown(self, ctx: KernelContext, row: Row[Any], about: About | None) -> InboxEntry:
        def words(text: Any) -> str:
            return self.kernel.translator.text(from_json(text), ctx.actor.language) if text else ""

        read = row.read_at is not None
        return InboxEntry(row.id, words(row.title), words(row.body), row.created_at, read, about)

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
