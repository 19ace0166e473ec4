"""What a record is about in a few words: the first facts of its page, beside the number by which it is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.records.specs import FieldSpec, specs_of
from tenor.records.values import currency_of
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web

Wanted = tuple[type[Record], int]
_FACTS: Final = 2


@dataclass(frozen=True)
class Gist:
    """What a record is about.

    Args:
        text: its first facts.
        name: what its page calls it, where that says more than its name; empty: its name says it.
    """

    text: str = ""
    name: str = ""


Gists = Mapping[tuple[str, int], Gist]
NO_GIST: Final = Gist()


def gists(web: Web, ctx: KernelContext, show: Show, wanted: Iterable[Wanted]) -> Gists:
    """The gist of each record that the person may read, by table and id; two statements for each kind, and
    one more for each for whom one acts."""
    ids: dict[type[Record], set[int]] = {}
    for kind, identity in wanted:
        if web.kernel.views.form(kind).facts:
            ids.setdefault(kind, set()).add(identity)
    found: dict[tuple[str, int], Gist] = {}
    for kind, some in ids.items():
        specs = _fact_specs(web, kind)
        records = list(ctx.session.scalars(select(kind).where(kind.id.in_(some))))
        linked = [
            (spec.target, value)
            for record in records
            for spec in specs
            if spec.target is not None and (value := getattr(record, spec.key)) is not None
        ]
        names = show.names(linked)
        web.kernel.access.look(ctx, records)
        for record in records:
            found[kind.__tablename__, record.id] = _gist(web, ctx, show, record, specs, names)
    return found


def _fact_specs(web: Web, kind: type[Record]) -> list[FieldSpec]:
    """The record's own fields among the facts; what it takes further statements to read is left out."""
    specs = specs_of(kind)
    keys = [
        fact.key
        for fact in web.kernel.views.form(kind).facts
        if getattr(fact, "class_", None) is kind
    ]
    return [specs[key] for key in keys if key in specs]


def _gist(
    web: Web,
    ctx: KernelContext,
    show: Show,
    record: Record,
    specs: list[FieldSpec],
    names: Mapping[tuple[str, int], str],
) -> Gist:
    effects = web.kernel.records.effects(ctx, record)
    currency, name = currency_of(record), show.name(record)
    headed = web.kernel.views.heading(ctx, record) is not None
    parts = []
    for spec in specs:
        if effects.get(spec.key) in ("hide", "mask"):
            continue
        value: Any = getattr(record, spec.key)
        shown = show.field(spec, value, of=type(record), currency=currency, names=names, lone=True)
        text = shown.get("text") if shown is not None else None
        told = text == name or (headed and str(text) in name)
        if shown is not None and text and not told:
            unit = shown.get("unit") or shown.get("currency", "")
            parts.append(f"{text} {unit}".rstrip())
        if len(parts) == _FACTS:
            break
    return Gist(" · ".join(parts), name if headed else "")
