"""A change over REST that came too late: the three versions, for a program to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenor.records.specs import CUSTOM, FieldSpec
from tenor.records.values import currency_of, to_json
from tenor.records.versions import ChangedSince, base_of, versions
from tenor_sdk.files import Upload

if TYPE_CHECKING:
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

    base = base_of(ctx, record, version, write)
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
        },
    )


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
