"""Positions and roles as a form offers them: each by its key, with the words by which people call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from tenor_sdk.access import EVERYBODY
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


def position_text(position: str) -> Text:
    """A position as people call it."""
    words = position.replace("-", " ")
    return Text(words[:1].upper() + words[1:], module="tenor")


def known_positions(ctx: KernelContext) -> set[str]:
    """Every position that a role or a person has."""
    from tenor.access.records import UserPosition  # whose fields offer what stands here

    named = {position for role in ctx.kernel.access.roles.values() for position in role.positions}
    statement = select(UserPosition.__table__.c.position).distinct()
    held = set(ctx.kernel.db.execute(ctx.guarded, statement).scalars())
    return {one for one in named | held if one != EVERYBODY and ":" not in one}


def positions(ctx: Context) -> Iterator[tuple[str, Text]]:
    """All positions that there are."""
    for position in sorted(known_positions(cast("KernelContext", ctx))):
        yield position, position_text(position)


def own_positions(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The positions that the person holds themselves."""
    for position in sorted(cast("KernelContext", ctx).actor.positions):
        yield position, position_text(position)


def roles(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The roles of all plugins that are on."""
    for key, role in sorted(cast("KernelContext", ctx).kernel.access.roles.items()):
        module = "tenor" if role.plugin == "base" else f"tenor_{role.plugin}"
        yield key, _("{title} ({key})", title=Text(role.title, module=module), key=key)
