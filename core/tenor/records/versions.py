"""Two people changed the same record: what stood there, what the other made of it, what this person wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenor.records.specs import FieldSpec, value_of
from tenor.records.values import MASKED, from_ledger
from tenor_sdk.errors import Conflict

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.context import KernelContext
    from tenor_sdk.records import Record

#: how a field's value is given out
Write = Callable[[FieldSpec, Any], Any]


@dataclass(frozen=True)
class Versions:
    """The three versions of a field, as they are given out."""

    spec: FieldSpec
    base: Any
    theirs: Any
    mine: Any


class ChangedSince(Conflict):
    """A change that came too late, with what there is to choose from.

    Args:
        version: of the record as it is now.
        fields: ``theirs`` and ``mine`` by field, and ``base`` where it is known.
    """

    def __init__(self, version: int, fields: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__("changed-since")
        self.version, self.fields = version, fields


def writable_of(ctx: KernelContext, record: Record) -> Sequence[FieldSpec]:
    """The fields of a record that this person may give, declared or custom."""
    records, kind = ctx.kernel.records, type(record)
    return (
        *records.writable(ctx, kind, record),
        *records.custom.writable(ctx, kind, record),
    )


def versions(
    ctx: KernelContext,
    record: Record,
    *,
    mine: Mapping[str, Any],
    base: Mapping[str, Any],
    write: Write,
) -> Iterator[Versions]:
    """The fields that one of the two changed, of those that this person may give.

    Args:
        mine: what this person wants, by field; what isn't there they left as it was.
        base: what stood there when they read it, by field; by default what stands there now.
    """
    effects = ctx.kernel.records.effects(ctx, record)
    for spec in writable_of(ctx, record):
        if effects.get(spec.key) == "mask":
            # neither version of a masked value is shown: what was handed in is this person's
            theirs = before = MASKED
        else:
            theirs = write(spec, value_of(record, spec))
            before = base.get(spec.key, theirs)
        wanted = mine.get(spec.key, before)
        if not theirs == before == wanted:
            yield Versions(spec, before, theirs, wanted)


def base_of(
    ctx: KernelContext, record: Record, told: Sequence[Entry], write: Write
) -> Mapping[str, Any]:
    """What stood in an earlier version of the fields that were changed since.

    Args:
        told: of ``Audit.since``.
    """
    effects = ctx.kernel.records.effects(ctx, record)
    specs = {spec.key: spec for spec in writable_of(ctx, record) if effects.get(spec.key) != "mask"}
    return {
        name: write(specs[name], from_ledger(specs[name].kind, before))
        for each in told  # the oldest of them speaks last
        for name, (before, _after) in each.changes.items()
        if name in specs
    }


def lines_since(told: Sequence[Entry], name: str) -> dict[str, list[int]]:
    """What became of a record's lines since an earlier version: their ids, added, changed and removed.

    Args:
        told: of ``Audit.since``.
        name: the attribute that holds the lines.
    """
    ids: dict[str, set[int]] = {}
    for each in told:
        said = each.changes.get(name, [None, None])[1]
        for fate, some in said.items() if isinstance(said, Mapping) else ():
            ids.setdefault(fate, set()).update(some)
    return {fate: sorted(some) for fate, some in sorted(ids.items())}
