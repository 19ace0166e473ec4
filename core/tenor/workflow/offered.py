"""Authorities as a form offers them: each by its key, with its title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from tenor.workflow.definitions import titled

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text


def authorities(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The authorities that plugins in service declare."""
    declared = cast("KernelContext", ctx).kernel.workflow.authorities.declared
    for key, authority in sorted(declared.items()):
        yield key, titled(authority.title, authority.plugin)
