"""A change over REST that came too late: the three versions, for a program to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenor.records.lines import lines_of
from tenor.records.specs import CUSTOM, FieldSpec
from tenor.records.values import currency_of, to_json
from tenor.records.versions import ChangedSince, base_of, lines_since, versions
from tenor_sdk.files import Upload

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.context import KernelContext
    from tenor_sdk.records import Record


def conflict_of(
    ctx: KernelContext, record: Record, body: Mapping[str, Any], version: int
) -> ChangedSince:
    """What a person may know of a conflict, by their field rules.

    Args:
        body: what they handed in.
        version: of the record that they had read.
    """
    currency = currency_of(record)

    def write(_spec: FieldSpec, value: Any) -> Any:
        return to_json(value, currency)

    told = ctx.kernel.audit.since(ctx, record, version)
    base = base_of(ctx, record, told, write) if told is not None else None
    found = versions(ctx, record, mine=_wanted(body), base=base or {}, write=write)
    return ChangedSince(
        record.version,
        {
            each.spec.key: {
                **({"base": each.base} if base is not None else {}),
                "theirs": each.theirs,
                "mine": each.mine,
            }
            for each in found
        }
        | _lines(ctx, record, body, told),
    )


def _lines(
    ctx: KernelContext, record: Record, body: Mapping[str, Any], told: Sequence[Entry] | None
) -> dict[str, dict[str, Any]]:
    """The lines that one of the two changed: as they are, as they were wanted, and what became of them since."""
    made: dict[str, dict[str, Any]] = {}
    for key, _kind in lines_of(type(record)):
        since = lines_since(told, key) if told is not None else None
        if key not in body and not since:
            continue
        theirs = ctx.kernel.records.showing.several(ctx, getattr(record, key))
        made[key] = {"theirs": theirs, "mine": body.get(key, theirs)}
        if since is not None:
            made[key]["since"] = since
    return made


def _wanted(body: Mapping[str, Any]) -> dict[str, Any]:
    """By field: the institution's own as ``custom.<key>``, a file by its name."""
    own = body.get("custom")
    named = (
        {f"{CUSTOM}{key}": value for key, value in own.items()} if isinstance(own, Mapping) else {}
    )
    return {
        key: value.name if isinstance(value, Upload) else value
        for key, value in {**body, **named}.items()
    }
