"""The ledger as a whole, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, jsonify, request

from tenor.api.frame import Frame
from tenor.audit.words import asked_of
from tenor_sdk.errors import Invalid, TenorError

if TYPE_CHECKING:
    from tenor.audit import Asked
    from tenor.context import KernelContext

_PAGE: Final = 50
#: what each word becomes where it is understood
_BECOMES: Final = {
    "who": "person_id", "what": "table", "record": "record_id", "field": "field", "from": "since", "to": "until",
    "before": "before",
}  # fmt: skip
_NUMBERS: Final = ("who", "record", "before")
_DAYS: Final = ("from", "to")


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
    args = request.args
    found = asked_of(ctx, args)
    faults: dict[str, TenorError] = {
        word: _fault(word, args[word])
        for word, part in _BECOMES.items()
        if args.get(word) and getattr(found, part) in (None, "")
    }
    if faults:
        raise Invalid("invalid", faults)
    return found


def _fault(word: str, given: str) -> TenorError:
    if word in _NUMBERS:
        return Invalid("not-a-whole-number")
    return (
        Invalid("not-a-day", None, value=given[:40]) if word in _DAYS else Invalid("unknown-field")
    )
