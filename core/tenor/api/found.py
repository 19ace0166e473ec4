"""The records that an address of the API leads to, as they are given out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import g

from tenor.api.frame import PREFIX, Frame
from tenor.views import address
from tenor.views.merge import has_page
from tenor_sdk.errors import NotFound
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

Still = Callable[["KernelContext", dict[str, Any]], object]


class Found(Frame):
    """Finds records for the views, and shows them."""

    def _record(
        self, ctx: KernelContext, plugin: str, slug: str, identity: int, *, to: str = "read"
    ) -> Record:
        kind = self._kind(plugin, slug)
        if not ctx.may(kind, "read"):
            raise NotFound("not-found")
        return self.kernel.records.get(ctx, kind, identity, to=to)

    def _still(self, plugin: str, slug: str, identity: int) -> Still:
        """Whether a record can still be read, for an answer that is given again."""
        return lambda ctx, _told: self._record(ctx, plugin, slug, identity)

    def _kind(self, plugin: str, slug: str) -> type[Record]:
        """A kind of record that stands by itself; lines come with their parent."""
        kind = self.kernel.records.find(plugin, slug)
        if not has_page(kind):
            raise NotFound("not-found")
        return kind

    def _dump(self, ctx: KernelContext, record: Record) -> dict[str, Any]:
        return {
            **self.kernel.records.showing.one(ctx, record, g.language),
            "_href": f"{PREFIX}{address(type(record), record.id)}",
        }
