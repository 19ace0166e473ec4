"""Telling people: always in the inbox, and by the channels that each chose for that kind of notice (mail is one)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tenor_sdk.declare import Declaration, caller
from tenor_sdk.events import Event
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from datetime import datetime

    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

#: the channel that is always there
MAIL: Final = "mail"

#: in which way somebody is told by a channel
AT_ONCE: Final = "at-once"
DIGEST: Final = "digest"
NONE: Final = "none"


@dataclass(frozen=True, kw_only=True, eq=False)
class NoticeKind(Declaration):
    """A kind of notice, by which people choose how they are told: in a plugin's ``notices.py``.

    Args:
        name: within the plugin, such as ``payment-due``.
        title: as people read it where they choose, such as "A borrower of mine must pay soon".
        mail: by mail, where neither the institution nor the person chose: ``at-once``, ``digest`` (one mail a day with
            all of them) or ``none``.
        urgent: told in quiet hours, too.
        required: mailed at once, whatever anybody chose; by whichever channel it goes, in quiet hours, too.
        beyond_rights: its words are told to whom it is sent, though they can't read what it is about; else these are
            told of which kind it is, and no more.
    """

    name: str
    title: str
    mail: Literal["at-once", "digest", "none"] = AT_ONCE
    urgent: bool = False
    required: bool = False
    beyond_rights: bool = False

    @property
    def key(self) -> str:
        """By which choices name it: ``loans.payment-due``."""
        return f"{self.plugin}.{self.name}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Channel(Declaration):
    """A further way of telling people, beside inbox and mail; whoever wants it chooses it for each kind of notice.

    Args:
        name: within the plugin, such as ``chat``.
        title: as people read it where they choose.
        send: a ``@job`` of the same plugin, called with ``notice_id``: asks ``told`` what to say, and says it.
        digest: another one, called with ``digest_id``: asks ``told_together`` what to say, in one message. Without it
            people can't choose the digest here.
    """

    name: str
    title: str
    send: Callable[..., None]
    digest: Callable[..., None] | None = None

    @property
    def key(self) -> str:
        """By which choices name it: ``channels.chat``."""
        return f"{self.plugin}.{self.name}"


@dataclass(frozen=True)
class Told:
    """What a notice says to its reader, in their language and within their rights.

    Args:
        kind: the title of its kind, which tells nothing of the matter.
        about: the name of what it is about; empty where they can't read it.
        link: leads back to what it is about.
        not_before: the end of the reader's quiet hours, in UTC; None where they may be told now.
    """

    user_id: int
    name: str
    language: str
    kind: str
    title: str
    body: str
    about: str
    link: str
    not_before: datetime | None


@dataclass(frozen=True)
class Together:
    """What a digest says to its reader, in their language and within their rights.

    Args:
        notice_id: of the first notice in it, which is in no other digest of its channel.
        heading: how many there are, and until which day.
        titles: of the notices, each in one line, the first first.
        kinds: of which kinds they are, each once with how many: what tells nothing of the matter.
        link: leads to the inbox.
        not_before: as in ``Told``.
    """

    notice_id: int
    user_id: int
    name: str
    language: str
    heading: str
    titles: Sequence[str]
    kinds: Sequence[str]
    link: str
    not_before: datetime | None


class MailCameBack(Event):
    """A mail server reports that a mail came back.

    Attributes:
        key: of the mail: the plugin's name, a hyphen and what ``mail`` was handed; ``notice-…`` and ``digest-…`` are
            the kernel's own.
        address: to which it went.
        reason: in the server's words.
    """

    key: str
    address: str
    reason: str


def quiet_until(ctx: Context) -> datetime | None:
    """The end of the institution's quiet hours, in UTC, for whoever has none of their own as no user; None where they
    may be told now."""
    return port_of(ctx).quiet_until(ctx)


def told(ctx: Context, notice_id: int) -> Told | None:
    """What a channel says of a notice; None where its reader has left.

    Raises:
        RuntimeError: outside a job of a plugin that brings a channel.
    """
    return port_of(ctx).told(ctx, notice_id)


def told_together(ctx: Context, digest_id: int) -> Together | None:
    """What a channel says of a digest; None where its reader has left.

    Raises:
        RuntimeError: outside a job of a plugin that brings a channel.
    """
    return port_of(ctx).told_together(ctx, digest_id)


def notify(
    ctx: Context,
    users: Sequence[int],
    title: Text,
    *,
    body: Text | None = None,
    about: Record | None = None,
    kind: NoticeKind | None = None,
) -> Sequence[int]:
    """Tell users, once this transaction commits, each in their own language: in the inbox, and by mail at once, in the
    next digest or not at all, as they chose for this kind.

    Args:
        users: ids; each is told once.
        title: one line.
        body: a few lines more.
        about: the record that the notice opens; whoever can't read it by then isn't told its name, nor a title
            with values, nor a body: only of which kind it is.
        kind: by which people choose; without one it is among "other news".

    Returns:
        Who is told: those of the users who haven't left.

    Raises:
        TypeError: a kind that no enabled plugin declares.
    """
    return port_of(ctx).notify(ctx, users, title, body, about, kind)


def mail(
    ctx: Context, key: str, address: str, subject: Text, body: Text, *, language: str = "zh-CN"
) -> None:
    """Mail somebody who is no user: once, as ``outside`` does, within a job that has written nothing before.

    To whom it went, when and with which subject is put on record; what it said isn't.

    Args:
        key: letters, digits and hyphens; one mail for each.
        language: in which it is written.

    Raises:
        Refused: ``address-bounces``: the address takes no mail; ``mail-refused``: the server takes none like this.
            Either parks the job for a person.
        RuntimeError: outside a job, or after the job has written.
    """
    port_of(ctx).mail(ctx, f"{caller().plugin}-{key}", address, subject, body, language)


def names_of(ctx: Context, users: Sequence[int]) -> Mapping[int, str]:
    """The names of users, whether they still work here or not; one statement."""
    return port_of(ctx).user_names(ctx, users)


def holders_of(ctx: Context, position: str, *, unit: int | None = None) -> Sequence[int]:
    """Ids of the users who hold ``position``: in ``unit``, else in the nearest unit above it where somebody does;
    with None, anywhere. Those on leave and those who left aren't among them."""
    return port_of(ctx).users_with(ctx, position, unit)
