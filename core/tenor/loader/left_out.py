"""What is left out of the plugins that run, for those who manage plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.loader.access import manage_plugins
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.events.breakers import Open


def left_out(ctx: KernelContext, plugin: str = "") -> Sequence[Open]:
    """The callbacks that are left out, as they kept failing.

    Args:
        plugin: only those of this one.
    """
    found = ctx.kernel.events.breakers.open(ctx).values()
    return sorted(
        (each for each in found if plugin in ("", each.plugin)), key=lambda each: each.key
    )


def call_again(ctx: KernelContext, plugin: str, kind: str = "", name: str = "") -> int:
    """Have callbacks called again that were left out, on record; every process does so at once.

    Args:
        kind, name: of one; empty: all that is left out of the plugin.

    Returns:
        How many they are.

    Raises:
        Forbidden: ``not-permitted``.
        NotFound: ``not-left-out``: nothing of it is.
    """
    ctx.kernel.access.check_use(ctx, manage_plugins)
    closed = ctx.kernel.events.breakers.close(ctx, plugin, kind, name)
    if not closed:
        raise NotFound("not-left-out", plugin=plugin)
    for key in closed:
        ctx.kernel.audit.note(ctx, "callback-reset", plugin=plugin, callback=f"{key[0]} {key[2]}")
    return len(closed)
