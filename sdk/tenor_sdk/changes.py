"""Changes of fields (字段变更): a plugin says which fields it watches, and hears of every change of one, in the
transaction that makes it, whoever makes it: a form, the API, an import, a job, a workflow, set-based work.

::

    watch(ctx, Loan, "rate", "rule-7")  # in a procedure of the plugin; until unwatch(ctx, "rule-7")

    @on(FieldChanged)
    def heard(ctx: Context, event: FieldChanged) -> None: ...

A record that is new hasn't changed. What stood in the field and what stands there now isn't told but kept in the
ledger: an expression asks for it as ``change.before`` and ``change.after`` (``tenor_sdk.expressions``), as far as the
person who acts may read the field, and no longer than the ledger keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tenor_sdk.events import Event
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record


class FieldChanged(Event):
    """A field that somebody watches was changed: of one record, or of several at once.

    Whoever handles it changes no field that is watched: that would be told again, within itself.

    Attributes:
        kind: of record, as ``tenor_sdk.catalogue.kind_name`` says it.
        field: its name, as expressions have it: ``rate``, ``custom.region``.
        records: the ids of the records.
        entries: for each of them the entry of the ledger that tells of the change.
    """

    kind: str
    field: str
    records: list[int]
    entries: list[int]


@dataclass(frozen=True)
class PastChange:
    """A change of a field.

    Args:
        entry: of the ledger, which tells of it.
        at: when, in UTC.
    """

    entry: int
    at: datetime
    record_id: int


def watch(ctx: Context, kind: type[Record], name: str, key: str) -> None:
    """Have changes of a field told from now on, within a procedure of the plugin that asks.

    Others who begin to write before this is committed may not tell yet.

    Args:
        name: of a field of the record, of its extensions or of the institution's own, as expressions have it.
        key: the plugin's own word for it, by which it ends; a second watch by the same key takes its place.

    Raises:
        Invalid: ``no-such-field``: there is none, or it is secret, or computed and not stored.
        Forbidden: ``outside-a-procedure``.
    """
    port_of(ctx).watch(ctx, kind, name, key)


def unwatch(ctx: Context, key: str) -> None:
    """End a watch of the plugin's own; ending one that isn't there is nothing.

    Raises:
        Forbidden: ``outside-a-procedure``.
    """
    port_of(ctx).unwatch(ctx, key)


def past_changes(
    ctx: Context, kind: type[Record], name: str, *, limit: int = 100
) -> Sequence[PastChange]:
    """The latest changes of a field in records that the person who acts may read, the newest first, whether anybody
    watched or not; none where a rule hides or masks the field from them.

    Args:
        limit: how many entries of the ledger are looked through, 1,000 at most.

    Raises:
        Invalid: ``no-such-field``.
    """
    return port_of(ctx).past_changes(ctx, kind, name, limit)
