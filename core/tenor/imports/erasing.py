"""Erased values go from the rows of files that were refused too: these are kept as they stood, to be mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, cast, or_, select, update

from tenor.audit.entries import plain
from tenor.audit.erased import Erased, stood
from tenor.events.rows import table_of
from tenor.imports.plan import currency_default, rule_of
from tenor.imports.records import Import, RefusedRow
from tenor.records.custom import name_of
from tenor.records.specs import FieldSpec, specs_of
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.context import KernelContext
    from tenor_sdk.records import Record

_imports: Final = table_of(Import)
_refused: Final = table_of(RefusedRow)
#: reads a cell as the column it stands in is read, in the form of the ledger; None where it can't be
Read = Callable[[Any], Any]


@dataclass(frozen=True)
class _Columns:
    """What the columns of one import have to do with what is erased.

    Args:
        erased: places of columns that go to a field of which values are erased, with these and how a cell is read.
        keys: places of columns by which a row is known again, with what stood in the record and how a cell is read.
    """

    erased: Mapping[int, tuple[AbstractSet[Any], Read]]
    keys: Mapping[int, tuple[AbstractSet[Any], Read]]

    def gone(self, cells: Sequence[Any], erased: Erased) -> set[int]:
        """The places of cells that say something erased."""
        is_its = bool(self.keys) and all(
            place < len(cells) and read(cells[place]) in known
            for place, (known, read) in self.keys.items()
        )
        return {
            place
            for place, cell in enumerate(cells)
            if erased.is_said(cell)
            or (place in self.erased and (is_its or self._says(place, cell)))
        }

    def _says(self, place: int, cell: Any) -> bool:
        gone, read = self.erased[place]
        return read(cell) in gone


def erase_refused(ctx: KernelContext, connection: Connection, erased: Erased) -> None:
    """Empty the cells that say something erased: whatever the file, where they hold such a text; in files of its kind
    also where they hold such a number or day, or stand in a row that is of this record.

    Args:
        connection: on which the kernel's own tables may be written.
    """
    known: dict[int, _Columns] = {}
    for row in connection.execute(_candidates(erased)).all():
        if row.import_id not in known:
            known[row.import_id] = _columns(ctx, connection, row, erased)
        places = known[row.import_id].gone(row.cells, erased)
        gone = [str(row.cells[place]) for place in places if row.cells[place] not in (None, "")]
        reasons = erased.taken_out(row.reasons)
        for text in gone:
            reasons = reasons.replace(text, "…")
        if not gone and reasons == row.reasons:
            continue
        cells = [None if place in places else cell for place, cell in enumerate(row.cells)]
        changed = update(_refused).where(_refused.c.id == row.id)
        connection.execute(changed.values(cells=cells, reasons=reasons))


def _candidates(erased: Erased) -> Any:
    """Refused rows of files of its kind, and those in which such a text stands."""
    among = [
        column.contains(form, autoescape=True)
        for form in erased.forms()
        for column in (cast(_refused.c.cells, Text), _refused.c.reasons)
    ]
    there = (_imports.c[name] for name in ("record", "header", "mapping", "matched_by"))
    columns = (_refused.c[name] for name in ("id", "import_id", "cells", "reasons"))
    joined = select(*columns, *there).join_from(
        _refused, _imports, _imports.c.id == _refused.c.import_id
    )
    return joined.where(or_(_imports.c.record == name_of(erased.kind), *among))


def _columns(ctx: KernelContext, connection: Connection, row: Any, erased: Erased) -> _Columns:
    if row.record != name_of(erased.kind):
        return _Columns({}, {})
    specs = {**specs_of(erased.kind), **ctx.kernel.records.custom.every(ctx, erased.kind)}
    goals = {int(place): name for place, name in row.mapping["columns"].items()}
    orders = {int(place): order for place, order in row.mapping.get("orders", {}).items()}

    def read(place: int) -> Read:
        spec = specs[goals[place]]
        return _reader(ctx, erased.kind, spec, row.header[place], orders.get(place, ""))

    matched = [name for name in row.matched_by.split(",") if name]
    keys = {place: name for place, name in goals.items() if name in matched and name in specs}
    return _Columns(
        {
            place: (erased.values[name], read(place))
            for place, name in goals.items()
            if name in erased.values and name in specs
        },
        {
            place: (stood(connection, erased.kind, erased.record_id, name), read(place))
            for place, name in keys.items()
        }
        if len(keys) == len(matched)
        else {},
    )


def _reader(
    ctx: KernelContext, kind: type[Record], spec: FieldSpec, column: str, order: str
) -> Read:
    rule = rule_of(ctx, spec, column, order, currency_default(kind))

    def read(cell: Any) -> Any:
        try:
            value = plain(rule.value(cell))
        except TenorError:
            return None
        return value if isinstance(value, (str, int)) else None

    return read
