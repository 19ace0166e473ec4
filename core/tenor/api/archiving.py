"""Records put away, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from tenor.api.found import Found
from tenor.api.requests import version_of

if TYPE_CHECKING:
    from tenor.api.once import Answer
    from tenor.context import KernelContext


class Archiving(Found):
    """The views of what is put away."""

    def archive(self, plugin: str, slug: str, identity: int) -> Response:
        """Put a record away; ``If-Match`` names the version that is put away."""
        return self._archived(plugin, slug, identity, away=True)

    def restore(self, plugin: str, slug: str, identity: int) -> Response:
        """Bring a record back that was put away; ``If-Match`` names the version that comes back."""
        return self._archived(plugin, slug, identity, away=False)

    def _archived(self, plugin: str, slug: str, identity: int, *, away: bool) -> Response:
        def act(ctx: KernelContext, _body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity, to="update")
            self.kernel.records.archive(ctx, record, away=away, version=version_of(request))
            return self._dump(ctx, record), 200

        return self._write(act, self._still(plugin, slug, identity))
