"""The ledger as a whole, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, jsonify, request

from tenor.api.frame import Frame
from tenor.audit.words import asked_of, passed_over
from tenor_sdk.errors import Invalid

if TYPE_CHECKING:
    from tenor.audit import Asked
    from tenor.context import KernelContext

_PAGE: Final = 50


class Ledger(Frame):
    """The views of the ledger."""

    def ledger(self) -> Response:
        """Entries, newest first: ``who``, ``what`` (a table), ``record``, ``case=true``, ``field``, ``kind``,
        ``request``, ``from`` and ``to`` (days); ``before`` an id for the next page. Values are as the ledger keeps
        them, amounts in minor units."""
        with self._context(write=False) as ctx:
            entries = self.kernel.audit.search(ctx, _asked(ctx), limit=_PAGE + 1)
            items = [{**vars(entry), "at": entry.at.isoformat()} for entry in entries[:_PAGE]]
        following = items[-1]["id"] if len(entries) > _PAGE else None
        return jsonify(items=items, before=following)


def _asked(ctx: KernelContext) -> Asked:
    """What the address asks for; nothing of it is passed over.

    Raises:
        Invalid: ``invalid``, with what is wrong with which word.
    """
    found = asked_of(ctx, request.args)
    faults = passed_over(request.args, found)
    if faults:
        raise Invalid("invalid", faults)
    return found
