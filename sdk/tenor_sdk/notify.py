"""Telling people: the inbox, and what their channels are (mail over SMTP is one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tenor_sdk.declare import caller
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record


def notify(
    ctx: Context,
    users: Sequence[int],
    title: Text,
    *,
    body: Text | None = None,
    about: Record | None = None,
) -> None:
    """Tell users, once this transaction commits, each in their own language.

    Args:
        users: ids; each is told once.
        title: one line.
        body: a few lines more.
        about: the record that the notice opens; whoever can't read it isn't told its name.
    """
    port_of(ctx).notify(ctx, users, title, body, about)


def mail(
    ctx: Context, key: str, address: str, subject: Text, body: Text, *, language: str = "zh-CN"
) -> None:
    """Mail somebody who is no user: once, as ``outside`` does, within a job that has written nothing before.

    To whom it went, when and with which subject is put on record; what it said isn't.

    Args:
        key: letters, digits and hyphens; one mail for each.
        language: in which it is written.

    Raises:
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
