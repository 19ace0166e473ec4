"""Kinds of notices and ways of telling as a form offers them: each by its key, with its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenor.context import KernelContext
    from tenor_sdk.context import Context


def titled(title: str, plugin: str) -> Text:
    """The title of a declaration as people read it."""
    return Text(title, module="tenor" if plugin == "base" else f"tenor_{plugin}")


def kinds(ctx: Context) -> Iterator[tuple[str, Text]]:
    """All kinds of notices of the plugins that are on."""
    for key, kind in cast("KernelContext", ctx).kernel.notify.wishes.kinds.items():
        yield key, titled(kind.title, kind.plugin)


def channels(ctx: Context) -> Iterator[tuple[str, Text]]:
    """All ways of telling beside the inbox."""
    yield from cast("KernelContext", ctx).kernel.notify.wishes.channels.items()
