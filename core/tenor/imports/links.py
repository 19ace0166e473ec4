"""Records that a file names: found among those that the person may see, one statement for a column of a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.db.numbers import number
from tenor.imports.goals import OWN_ID, naming
from tenor.records.specs import FieldSpec
from tenor.records.written import harmless
from tenor_sdk.errors import Invalid, NotFound, TenorError
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

_LONGEST: Final = 500


@dataclass
class Found:
    """What was asked for, by what was written: the id of a record, or why there is none."""

    ids: dict[str, int]
    faults: dict[str, TenorError]


def linked(ctx: KernelContext, target: type[Record], by: str, written: Iterable[str]) -> Found:
    """The records of a kind that these texts name.

    Args:
        by: the field that holds the text, or ``external_ids.<source>``; empty: whatever names a record of this kind,
            what is unique first.
    """
    wanted = {text for text in written if text}
    found = Found({}, {})
    if by.startswith(OWN_ID):
        found.ids = by_external_id(ctx, target, by.removeprefix(OWN_ID), wanted)
    elif by == "id":
        found.ids = _by_id(ctx, target, wanted)
    else:
        for spec in naming(ctx, target):
            if by in ("", spec.key):
                open_ = wanted - found.ids.keys() - found.faults.keys()
                _add(found, _by_attribute(ctx, target, spec, open_), target)
    for text in wanted - found.ids.keys() - found.faults.keys():
        found.faults[text] = NotFound("linked-unknown", what=target.called(), value=text[:60])
    return found


def _add(found: Found, rows: Mapping[str, Sequence[int]], target: type[Record]) -> None:
    for text, ids in rows.items():
        if len(ids) == 1:
            found.ids[text] = ids[0]
        else:
            found.faults[text] = Invalid(
                "linked-ambiguous", None, what=target.called(), value=text[:60], n=len(ids)
            )


def _by_attribute(
    ctx: KernelContext, target: type[Record], spec: FieldSpec, wanted: set[str]
) -> dict[str, list[int]]:
    normal = spec.info.normal or str
    written: dict[str, list[str]] = {}  # by the form in which it stands there
    for text in wanted:
        if len(text) <= _LONGEST and "\0" not in text:
            written.setdefault(normal(text), []).append(text)
    rows: dict[str, list[int]] = {}
    if written:
        statement = select(spec.attribute, target.id).where(spec.attribute.in_(list(written)))
        for stands, identity in ctx.session.execute(statement):
            for text in written[stands]:
                rows.setdefault(text, []).append(identity)
    return rows


def _by_id(ctx: KernelContext, target: type[Record], wanted: set[str]) -> dict[str, int]:
    asked = {text: found for text in wanted if (found := number(text)) is not None}
    if not asked:
        return {}
    seen = set(ctx.session.scalars(select(target.id).where(target.id.in_(set(asked.values())))))
    return {text: identity for text, identity in asked.items() if identity in seen}


def by_external_id(
    ctx: KernelContext, target: type[Record], source: str, wanted: set[str]
) -> dict[str, int]:
    """The records that another system calls so, those that the person may see."""
    known = ctx.kernel.records.external.ids_of(ctx, target, source, wanted)
    if not known:
        return {}
    seen = set(ctx.session.scalars(select(target.id).where(target.id.in_(list(known.values())))))
    return {text: identity for text, identity in known.items() if identity in seen}


def text_for(cell: Any) -> str:
    """A cell as what it names."""
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return harmless(str(cell).strip())
