"""Taking a list out as a file: what the filter shows, in the person's words with exact figures, as a stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from tenor.exports import FORMATS, Chunk, Column, Export, Rows, raw
from tenor.exports.streams import streamed
from tenor.files.records import File
from tenor.records.values import from_ledger, masked
from tenor.web.heads import column_label
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec, PageColumn, PageQuery
    from tenor.records.paging import Pager
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView

Cells = Sequence[Any]
Make = Callable[[Cells, Chunk], Cells]
#: names that are kept from one chunk to the next
_MOST_NAMES: Final = 20_000


def export(
    web: Web, opened: ExitStack, ctx: KernelContext, view: ListView, query: PageQuery, kind: str
) -> Response:
    """The rows of a list as CSV or XLSX.

    Args:
        opened: holds the context open until the last row is out.

    Raises:
        NotFound: another format.
        Forbidden: ``not-permitted``: the person may not take these records out.
    """
    rows = Rows(ctx, view, query, Words(ctx, web.show(ctx), view.record).columns, for_people=True)
    filters = {name: list(values) for name, values in query.filters.items()}
    narrowed = {"filters": filters, "filter": query.filter, "search": query.search}
    asked = {name: said for name, said in narrowed.items() if said}
    form = kind if kind != "json" else ""
    made = Export(ctx, rows, form, asked)
    response: Response = streamed(Response, made, opened)
    response.mimetype = FORMATS[kind]
    return response


class Words:
    """The columns of a list, in words: choices by their labels, links by their names."""

    def __init__(self, ctx: KernelContext, show: Show, record: type[Record]) -> None:
        self.kernel, self.ctx, self.show, self.record = ctx.kernel, ctx, show, record
        self._names: dict[tuple[str, int], str] = {}

    def columns(self, pager: Pager) -> list[Column]:
        """Those of the list, and what the institution added behind them."""
        listed = [self._listed(pager, column) for column in pager.columns]
        own = self.kernel.records.custom.shown(self.ctx, self.record)
        held: Any = pager.record.__mapper__.all_orm_descriptors["custom"] if own else None
        return listed + [
            Column(
                spec.key,
                self.show.label(spec),
                _of_custom(spec, self._make(spec, self.record)),
                held,
                spec.kind in _FIGURES,
            )
            for spec in own
        ]

    def _listed(self, pager: Pager, column: PageColumn) -> Column:
        spec, expression = column.spec, pager.expressions[column.key]
        effects = self.kernel.access.field_effects(self.ctx, column.record, None)
        label = column_label(self.show, column)
        if effects.get(spec.key) == "mask":
            mask = spec.info.mask

            def hidden(values: Cells, _chunk: Chunk) -> Cells:
                return [masked(each, mask) for each in values]

            return Column(column.key, label, hidden, expression)
        figures = spec.kind in _FIGURES and spec.target is None
        if spec.kind == "computed":
            return Column(spec.key, label, self._computed(spec, column.record), None)
        made = self._make(spec, column.record)
        return Column(column.key, label, made, raw(expression, spec), figures)

    def _make(self, spec: FieldSpec, of: type[Record]) -> Make:
        if spec.target is not None or spec.kind == "file":
            return self._linked(spec, spec.target or File)
        if spec.kind == "amount":
            return lambda values, chunk: chunk.amounts(values)
        if spec.kind == "rate":
            return _rates
        if spec.kind == "date":
            return _iso
        if spec.kind == "time":
            return self._instants
        if spec.kind == "integer" or (spec.kind == "text" and not spec.info.widget):
            return _as_given
        return self._remembered(spec, of)

    def _linked(self, spec: FieldSpec, target: type[Record]) -> Make:
        """Names of what a column leads to; a statement for those of a chunk that weren't met before."""
        table = target.__tablename__

        def make(values: Cells, _chunk: Chunk) -> Cells:
            if len(self._names) > _MOST_NAMES:
                self._names.clear()
            new = {each for each in values if each is not None and (table, each) not in self._names}
            if new:
                found = self.show.names((target, each) for each in new)
                texts = {each: self._text(spec, each, target, found) for each in new}
                self._names |= {(table, each): text for each, text in texts.items()}
            texts = {each: self._names[table, each] for each in set(values) - {None}}
            return [*map(texts.get, values)]

        return make

    def _remembered(self, spec: FieldSpec, of: type[Record]) -> Make:
        """What takes only some values, or is rare: as a page shows it, each value once a chunk."""

        def make(values: Cells, _chunk: Chunk) -> Cells:
            if spec.kind in ("json", "long-text"):
                return [self._text(spec, each, of) for each in values]
            texts = {each: self._text(spec, each, of) for each in set(values)}
            return [texts[each] for each in values]

        return make

    def _instants(self, values: Cells, _chunk: Chunk) -> Cells:
        zone = self.kernel.clock.zone
        # as a page shows it, by the shortest way
        return [
            None if each is None else each.astimezone(zone).isoformat(" ", "minutes")[:16]
            for each in values
        ]

    def _computed(self, spec: FieldSpec, of: type[Record]) -> Make:
        def make(values: Cells, chunk: Chunk) -> Cells:
            currencies = chunk.currencies
            each_of = [currencies] * len(values) if isinstance(currencies, str) else currencies
            return [
                self._figure(spec, value, of, currency)
                for value, currency in zip(values, each_of, strict=True)
            ]

        return make

    def _figure(self, spec: FieldSpec, value: Any, of: type[Record], currency: str) -> Any:
        if isinstance(value, Amount):
            return Decimal(value.text(currency))
        if isinstance(value, Rate):
            return f"{value.percent_text()}%"
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._text(spec, value, of)

    def _text(
        self,
        spec: FieldSpec,
        value: Any,
        of: type[Record],
        names: Mapping[tuple[str, int], str] | None = None,
    ) -> str:
        shown = self.show.field(spec, value, of=of, names=names)
        if shown is not None and shown.get("kind") == "tags":
            return ", ".join(tag["text"] for tag in shown["tags"])
        return "" if shown is None else str(shown.get("text", ""))


#: kinds whose cells are figures
_FIGURES: Final = ("amount", "integer")


def _as_given(values: Cells, _chunk: Chunk) -> Cells:
    return values


def _iso(values: Cells, _chunk: Chunk) -> Cells:
    return [None if each is None else each.isoformat() for each in values]


def _rates(values: Cells, _chunk: Chunk) -> Cells:
    return [None if each is None else f"{Rate(each).percent_text()}%" for each in values]


def _of_custom(spec: FieldSpec, make: Make) -> Make:
    """A column from the one in which the institution's own fields stand."""

    def made(values: Cells, chunk: Chunk) -> Cells:
        kept = [(each or {}).get(spec.name) for each in values]
        if spec.kind not in ("amount", "rate"):
            kept = [from_ledger(spec.kind, each) for each in kept]
        return make(kept, chunk)

    return made
