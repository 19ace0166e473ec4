"""The lines of a record: shown as a table, edited in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tenor.expressions.whens import beginning
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.values import currency_of
from tenor.web.fields import as_typed
from tenor.web.line_whens import LineWhens
from tenor.web.show import AT_THE_END
from tenor_sdk.i18n import _
from tenor_sdk.records import Line, Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.fields import Fields
    from tenor.web.show import Show
    from tenor.web.typed import Typed
    from tenor.web.web import Web

Values = dict[str, Any]
_BLANK = "__i__"
#: one for each number of decimals
_CURRENCIES: Final = ("CNY", "JPY", "KWD")


@dataclass(frozen=True)
class Relation:
    """A relation from a record to its lines.

    Args:
        key: the attribute of the record.
        kind: of the lines.
    """

    key: str
    kind: type[Record]


def relations_of(kind: type[Record]) -> list[Relation]:
    """The relations of a record to its lines."""
    return [
        Relation(relation.key, relation.mapper.class_)
        for relation in kind.__mapper__.relationships
        if relation.uselist and issubclass(relation.mapper.class_, Line)
    ]


def begun(kind: type[Record]) -> dict[str, frozenset[str]]:
    """What the fields of a new line begin with, as it may stand in their inputs, whatever the currency is."""
    return {
        key: frozenset(as_typed(spec, beginning(kind, key), currency) for currency in _CURRENCIES)
        for key, spec in specs_of(kind).items()
    }


def shown_specs(web: Web, ctx: KernelContext, kind: type[Record]) -> list[FieldSpec]:
    """The fields of a line that this person is shown."""
    effects = web.kernel.access.field_effects(ctx, kind, None)
    stamps = (
        "id",
        "version",
        "parent_id",
        "created_at",
        "created_by_id",
        "changed_at",
        "changed_by_id",
    )
    return [
        spec
        for spec in specs_of(kind).values()
        if spec.key not in stamps and effects.get(spec.key) != "hide" and not spec.info.secret
    ]


def told_specs(web: Web, ctx: KernelContext, kind: type[Record]) -> list[FieldSpec]:
    """The fields of a line that this person gives and sees, as they can be told of in a conflict."""
    effects = web.kernel.access.field_effects(ctx, kind)
    return [
        spec
        for spec in web.kernel.records.writable(ctx, kind)
        if spec.kind not in ("json", "file") and effects.get(spec.key) != "mask"
    ]


def lines_typed(
    web: Web, ctx: KernelContext, record: Record, relation: Relation
) -> list[dict[str, str]]:
    """The lines of a record as its form would send them: what isn't empty, and the id of each."""
    specs, currency = told_specs(web, ctx, relation.kind), currency_of(record)
    return [
        {
            name: text
            for name, text in (
                ("id", str(line.id)),
                *((spec.key, as_typed(spec, getattr(line, spec.key), currency)) for spec in specs),
            )
            if text
        }
        for line in getattr(record, relation.key)
    ]


def lines_table(
    web: Web, ctx: KernelContext, show: Show, record: Record, relation: Relation
) -> Values:
    """The lines of a record, as read."""
    specs = shown_specs(web, ctx, relation.kind)
    effects = web.kernel.access.field_effects(ctx, relation.kind, None)
    lines = list(getattr(record, relation.key))
    wanted = [
        (spec.target, getattr(line, spec.key))
        for spec in specs
        for line in lines
        if spec.target is not None and getattr(line, spec.key) is not None
    ]
    names, currency = show.names(wanted), currency_of(record)

    whens = web.kernel.expressions.whens
    gone = {line.id: whens.of_record(ctx, line).hidden for line in lines}

    def cell(line: Record, spec: FieldSpec) -> Any:
        if spec.key in gone[line.id]:
            return None
        value = getattr(line, spec.key, None)
        if effects.get(spec.key) == "mask":
            return {"kind": "masked", "text": "••••"} if value else None
        return show.field(spec, value, of=relation.kind, currency=currency, names=names)

    title = show.plural(relation.kind)
    table = {
        "columns": [_head(show, spec, place) for place, spec in enumerate(specs)],
        "rows": [{"cells": [cell(line, spec) for spec in specs]} for line in lines],
        "caption": title,
        "empty": {"title": show.say(_("None yet."))},
    }
    return {"kind": "table", "title": title, "label": title, "count": len(lines), "table": table}


def _head(show: Show, spec: FieldSpec, place: int) -> Values:
    at_end = spec.kind in AT_THE_END and spec.target is None
    return {
        "label": show.label(spec),
        "align": "end" if at_end else "start",
        "identity": place == 0 and not at_end,
        "unit": show.unit if spec.kind == "amount" else "",
    }


class LinesInput:
    """The lines of a record in its form: a row for each, one empty row to begin with where there is none."""

    def __init__(
        self, web: Web, ctx: KernelContext, show: Show, fields: Fields, relation: Relation, currency: str
    ) -> None:  # fmt: skip
        self.show, self.fields, self.relation, self.currency = show, fields, relation, currency
        self.specs = [
            spec for spec in web.kernel.records.writable(ctx, relation.kind) if spec.kind != "json"
        ]
        self.effects = web.kernel.access.field_effects(ctx, relation.kind)
        self.whens = LineWhens(ctx, show, relation.kind, self.specs, self.effects, currency)

    def section(self, record: Record | None, typed: Typed | None) -> Values | None:
        """The section of the form; None where nothing of a line can be given."""
        if not self.specs:
            return None
        key = self.relation.key
        self.whens.know(getattr(record, key) if record is not None else ())
        rows = self._typed_rows(record, typed) if typed is not None and key in typed.lines else None
        if rows is None:
            rows = self._rows(record)
        return {
            "title": self.show.plural(self.relation.kind),
            "key": key,
            "lines": {
                "prefix": key,
                "columns": [self._column(spec) for spec in self.specs],
                "rows": rows,
                "blank": self._row(_BLANK, {}, None, None),
                "add": {"name": "_add", "value": key},
                "count": {"name": f"{key}-count", "value": len(rows)},
                "remove_name": "_remove",
            },
        }

    def _column(self, spec: FieldSpec) -> Values:
        at_end = spec.kind in ("amount", "rate", "integer")
        return {
            "label": self.show.label(spec),
            "required": spec.required,
            "align": "end" if at_end else "start",
        }

    def _rows(self, record: Record | None) -> list[Values]:
        lines = list(getattr(record, self.relation.key)) if record is not None else []
        rows = [self._row(str(place), {}, line, None) for place, line in enumerate(lines)]
        return rows or [self._row("0", {}, None, None)]

    def _typed_rows(self, record: Record | None, typed: Typed) -> list[Values]:
        """The rows as typed; what wasn't sent of a line that is there stands as it is."""
        lines = getattr(record, self.relation.key) if record is not None else ()
        there = {str(line.id): line for line in lines}
        return [
            self._row(str(place), row, there.get(str(row.get("id", ""))), typed)
            for place, row in enumerate(typed.lines[self.relation.key])
        ]

    def _row(
        self, index: str, row: dict[str, Any], line: Record | None, typed: Typed | None
    ) -> Values:
        from tenor.web.typed import Typed as Form

        prefix = f"{self.relation.key}-{index}-"
        errors = typed.errors if typed is not None else {}
        sent = Form({f"{prefix}{name}": value for name, value in row.items()}, errors=errors)
        identity = str(row.get("id", "")) or (str(line.id) if line is not None else "")
        standing = self.whens.standing(row, line)
        fields = [
            self.whens.mark(
                self._input(spec, line, sent if row else None, prefix, identity),
                spec,
                standing,
                line,
            )
            for spec in self.specs
        ]
        number = int(index) + 1 if index.isdecimal() else index
        hidden = [{"name": f"{prefix}id", "value": identity}] if identity else []
        return {
            "index": index,
            "number": number,
            "fields": fields,
            "hidden": hidden,
            "leaving": bool(row.get("_remove")),
        }

    def _input(
        self, spec: FieldSpec, line: Record | None, sent: Typed | None, prefix: str, identity: str
    ) -> Values:
        return self.fields.input(
            spec,
            getattr(line, spec.key, None)
            if line is not None
            else beginning(self.relation.kind, spec.key),
            sent,
            name=f"{prefix}{spec.key}",
            currency=self.currency,
            bare=True,
            # a line has no page on which somebody who says why could look at it
            mask="" if identity and self.effects.get(spec.key) == "mask" else None,
        )
