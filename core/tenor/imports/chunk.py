"""One chunk of rows: read column by column, matched with what is there, written, and what couldn't be is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tenor.audit.entries import plain
from tenor.db.arrays import among
from tenor.imports.heads import Row
from tenor.imports.links import by_external_id, linked, text_for
from tenor.imports.masks import Masks, attribute_of
from tenor.imports.plan import Column, Plan, currency_default
from tenor.records.specs import FieldSpec, value_of
from tenor.records.values import currency_of
from tenor_sdk.columns import CustomValues
from tenor_sdk.errors import Conflict, Forbidden, Invalid, Refused, TenorError
from tenor_sdk.records import Record
from tenor_sdk.values import Amount

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.imports.seen import Seen


#: the fields that may be written, and those that are hidden or masked
Rules = tuple[frozenset[str], frozenset[str]]


@dataclass
class Fault:
    """Why a row is refused.

    Args:
        column: the name of the column at fault; empty: the row as a whole.
    """

    column: str
    error: TenorError


@dataclass
class Item:
    """A row on its way to the database.

    Args:
        place: in the chunk.
        values: by field, those that were given.
        ids: of other systems, by source.
        existing: the record that it changes; None where it is new.
    """

    place: int
    values: dict[str, Any]
    ids: dict[str, str]
    existing: Record | None = None


@dataclass
class Taken:
    """What became of a chunk.

    Args:
        faults: by the place of the row.
        scales: for fields with amounts how many changed a thousandfold, of how many.
    """

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    scales: dict[str, list[int]] = field(default_factory=dict)


class Chunk:
    """Takes rows in, within one transaction of the person's.

    Args:
        rows: with their numbers.
        seen: the keys of the rows before.
        strict: whether each must have as many cells as the head.
        merged: rows with merged cells, with the area.
    """

    def __init__(
        self,
        ctx: KernelContext,
        plan: Plan,
        rows: Sequence[Row],
        seen: Seen,
        *,
        strict: bool = False,
        merged: Mapping[int, str] | None = None,
    ) -> None:
        self.ctx, self.plan, self.rows, self.seen = ctx, plan, rows, seen
        self.taken = Taken()
        self._strict, self._merged = strict, merged or {}
        self._currency = currency_default(plan.record)
        #: the places of cells that say what stands there as it is shown masked, by row and column
        self._as_shown: set[tuple[int, int]] = set()

    def take(self) -> Taken:
        """Write what can be written."""
        self._check_shape()
        keys, key_values = self._keys()
        existing = self._existing(keys)
        self._look_for_masks(existing)
        read = self._read(existing, key_values)
        items = [item for item in self._items(existing, read) if item is not None]
        self._put(items)
        return self.taken

    def remember(self) -> None:
        """Note by what the rows are known again, and nothing else: of those that were taken in before."""
        self._check_shape()
        self._keys()

    def fault(self, place: int, column: str, error: TenorError) -> None:
        """A row is refused."""
        self.taken.faults.setdefault(place, []).append(Fault(column, error))

    # -- the shape of rows ------------------------------------------------------------------------------------------

    def _check_shape(self) -> None:
        width = len(self.plan.course.header)
        for place, (number, cells) in enumerate(self.rows):
            if number in self._merged:
                self.fault(place, "", Invalid("merged-cells", None, area=self._merged[number]))
            if any(cell not in (None, "") for cell in cells[width:]):
                self.fault(place, "", Invalid("too-many-cells", None, n=len(cells), columns=width))
            elif self._strict and len(cells) < width:
                self.fault(place, "", Invalid("too-few-cells", None, n=len(cells), columns=width))

    def _cells(self, column: Column) -> list[Any]:
        place = column.place
        cells = [cells[place] if place < len(cells) else None for _number, cells in self.rows]
        for row, its in self._as_shown:
            if its == place:
                cells[row] = None
        return cells

    def _look_for_masks(self, existing: Mapping[int, Record]) -> None:
        masks = Masks(self.ctx, self.plan)
        for column in masks.columns:
            for place, cell in enumerate(self._cells(column)):
                try:
                    shown = masks.comes_back(column, cell, existing.get(place))
                except Invalid as error:
                    self.fault(place, column.name, error)
                    shown = True  # nothing else is wrong with it
                if shown:
                    self._as_shown.add((place, column.place))

    # -- which record a row is --------------------------------------------------------------------------------------

    def _keys(self) -> tuple[list[tuple[Any, ...] | None], dict[int, list[Any]]]:
        """For each row by what it is known again, None where that can't be read; and what was read for it."""
        read = {column.place: self._column(column) for column in self.plan.keys}
        keys: list[tuple[Any, ...] | None] = [None] * len(self.rows)
        for place, (number, _cells) in enumerate(self.rows):
            key = tuple(read[column.place][place] for column in self.plan.keys)
            if not key or place in self.taken.faults:
                continue
            if any(part is None or part == "" for part in key):
                empty = next(
                    c for c, part in zip(self.plan.keys, key, strict=True) if part in (None, "")
                )
                self.fault(place, empty.name, TenorError("required"))
                continue
            first = self.seen.first(key, number)
            if first is not None:
                self.fault(place, self.plan.keys[0].name, Invalid("row-twice", None, row=first))
                continue
            keys[place] = key
        return keys, read

    def _existing(self, keys: Sequence[tuple[Any, ...] | None]) -> dict[int, Record]:
        wanted = {key for key in keys if key is not None}
        if not wanted:
            return {}
        found = self._matched(wanted)
        records: dict[int, Record] = {}
        for place, key in enumerate(keys):
            fitting = found.get(key, []) if key is not None else []
            if len(fitting) > 1:
                self.fault(
                    place, self.plan.keys[0].name, Invalid("match-ambiguous", None, n=len(fitting))
                )
            elif fitting:
                records[place] = fitting[0]
        return records

    def _matched(self, wanted: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[Record]]:
        record: Any = self.plan.record
        named = select(record.id)
        outside: dict[int, dict[int, str]] = {}
        for position, column in enumerate(self.plan.keys):
            parts = {key[position] for key in wanted}
            goal = column.goal
            if goal.source:
                ids = by_external_id(self.ctx, record, goal.source, parts)
                outside[position] = {identity: text for text, identity in ids.items()}
                named = named.where(record.id.in_(list(ids.values())))
            else:
                assert goal.spec is not None
                self._check_may_ask(goal.spec)
                named = named.where(among(goal.spec.attribute, parts, self.ctx.kernel.db.dialect))
        # found by their key alone, whoever may see them; then the guard says which of them are there
        candidates = self.ctx.kernel.db.execute(self.ctx.guarded, named).scalars().all()
        if not candidates:
            return {}
        found: dict[tuple[Any, ...], list[Record]] = {}
        for each in self.ctx.session.scalars(select(record).where(record.id.in_(candidates))):
            key = tuple(
                outside[position][each.id] if column.goal.source else value_of(each, _spec(column))
                for position, column in enumerate(self.plan.keys)
            )
            if key in wanted:
                found.setdefault(key, []).append(each)
        return found

    def _check_may_ask(self, spec: FieldSpec) -> None:
        """What is hidden or masked for a person isn't told by a match either."""
        kernel = self.ctx.kernel
        if spec.is_custom:
            known = {
                each.key for each in kernel.records.custom.searched(self.ctx, self.plan.record)
            }
            if spec.key not in known:
                raise Invalid("not-matched-by", None, name=spec.key)
        elif not kernel.access.may_sort(self.ctx, spec.attribute):
            raise Invalid("not-matched-by", None, name=spec.key)

    # -- reading columns --------------------------------------------------------------------------------------------

    def _read(
        self, existing: Mapping[int, Record], keys: Mapping[int, list[Any]]
    ) -> dict[int, list[Any]]:
        """What each column says, a value a row; faults are noted."""
        read = dict(keys)
        currencies = self._currencies(existing)
        for column in self.plan.values:
            if column.place in read:
                continue
            if column.goal.spec is not None and column.goal.spec.kind == "amount":
                read[column.place] = self._amounts(column, currencies)
            else:
                read[column.place] = self._column(column)
        return read

    def _column(self, column: Column) -> list[Any]:
        if column.goal.source:
            return self._external(column)
        if column.goal.is_link:
            return self._links(column)
        return self._ruled(column, self._cells(column), range(len(self.rows)), self._currency)

    def _ruled(
        self, column: Column, cells: Sequence[Any], places: Sequence[int], currency: str
    ) -> list[Any]:
        made = self.plan.rule(column, currency).column(cells)
        for index, error in made.faults.items():
            self.fault(places[index], column.name, error)
        return made.values

    def _external(self, column: Column) -> list[Any]:
        values: list[Any] = []
        for place, cell in enumerate(self._cells(column)):
            text = text_for(cell)
            try:
                values.append(self.ctx.kernel.records.external.check(column.goal.source, text)[1])
            except TenorError as error:
                self.fault(place, column.name, error)
                values.append(None)
        return values

    def _links(self, column: Column) -> list[Any]:
        spec = _spec(column)
        assert spec.target is not None
        texts = [text_for(cell) for cell in self._cells(column)]
        found = linked(self.ctx, spec.target, column.goal.by, texts)
        for place, text in enumerate(texts):
            if text in found.faults:
                self.fault(place, column.name, found.faults[text])
        return [found.ids.get(text) for text in texts]

    def _currencies(self, existing: Mapping[int, Record]) -> list[str]:
        """The currency of each row's amounts: of its own column, else of the record that is there."""
        named = self.plan.record.__currency__
        column = next((c for c in self.plan.columns if c.goal.name == named), None)
        cells = self._cells(column) if column is not None else [None] * len(self.rows)
        return [
            cell.strip().upper()
            if isinstance(cell, str) and len(cell.strip()) == 3
            else (currency_of(existing[place]) if place in existing else self._currency)
            for place, cell in enumerate(cells)
        ]

    def _amounts(self, column: Column, currencies: Sequence[str]) -> list[Any]:
        cells, values = self._cells(column), [None] * len(self.rows)
        for currency in set(currencies):
            places = [place for place, each in enumerate(currencies) if each == currency]
            read = self._ruled(column, [cells[place] for place in places], places, currency)
            for place, value in zip(places, read, strict=True):
                values[place] = value
        return values

    # -- rows as they shall be --------------------------------------------------------------------------------------

    def _items(
        self, existing: Mapping[int, Record], read: Mapping[int, list[Any]]
    ) -> list[Item | None]:
        columns = self.plan.values
        fields = [(c.goal.spec, read[c.place]) for c in columns if c.goal.spec is not None]
        systems = [(c.goal.source, read[c.place]) for c in columns if c.goal.source]
        new = self.plan.new_values()
        may_make = self.ctx.may(self.plan.record, "create")
        rules: dict[Any, Rules] = {}
        items: list[Item | None] = []
        for place in range(len(self.rows)):
            record = existing.get(place)
            if place in self.taken.faults:
                if record is None:
                    self._lacking(place)
                continue
            values = {spec.key: column[place] for spec, column in fields}
            ids = {source: column[place] for source, column in systems if column[place]}
            if record is None:
                items.append(self._new(place, {**new, **values}, ids, may_make))
            else:
                items.append(self._change(place, record, values, ids, rules))
        return items

    def _lacking(self, place: int) -> None:
        """What a row lacks in which something is wrong already: it is told with all its reasons."""
        told = {fault.column for fault in self.taken.faults[place]}
        if "" in told:
            return  # its cells aren't where they should be
        for column in self.plan.columns:
            spec = column.goal.spec
            if spec is None or not spec.required or spec.key == "id" or column.name in told:
                continue
            cells = self.rows[place][1]
            if column.place >= len(cells) or cells[column.place] in (None, ""):
                self.fault(place, column.name, TenorError("required"))

    def _new(
        self, place: int, values: dict[str, Any], ids: dict[str, str], may_make: bool
    ) -> Item | None:
        plan = self.plan
        if not may_make:
            self.fault(place, "", Forbidden("not-permitted", what=plan.record.called()))
            return None
        for lacking in plan.missing:
            self.fault(place, lacking.key, TenorError("required"))
        for column in plan.columns:
            spec = column.goal.spec
            if spec is None or values.get(spec.key) not in (None, "") or spec.key == "id":
                continue
            if spec.required:
                self.fault(place, column.name, TenorError("required"))
            elif not spec.is_custom and values.get(spec.key) is None:
                values[spec.key] = plan.default(spec.key)
        self._check_whens(place, None, values)
        if place in self.taken.faults:
            return None
        return Item(place, _with_custom(None, values), ids)

    def _change(
        self,
        place: int,
        record: Record,
        values: dict[str, Any],
        ids: dict[str, str],
        known: dict[Any, Rules],
    ) -> Item | None:
        """What of a row differs from its record; an item without values where nothing does."""
        room = self.ctx.kernel.records
        writable, unseen = self._rules_for(record, known)
        differing: dict[str, Any] = {}
        for column in self.plan.values:
            spec = column.goal.spec
            if spec is None or (place, column.place) in self._as_shown:
                continue
            value = values[spec.key]
            if attribute_of(spec) in unseen:
                # whether it differs would tell what stands there; an empty cell says nothing
                if value not in (None, ""):
                    differing[spec.key] = value
                continue
            now = value_of(record, spec)
            if value in (None, "") and spec.required:
                self.fault(place, column.name, TenorError("required"))
            elif value is None and not spec.is_custom and not _nullable(spec):
                continue  # an empty cell doesn't take away what must be there
            elif value != now:
                differing[spec.key] = value
                self._note_scale(spec.key, now, value)
        said = room.external.of(self.ctx, record) if ids else {}
        ids = {source: text for source, text in ids.items() if said.get(source) != text}
        self._check_whens(place, record, differing, unseen)
        if place in self.taken.faults:
            return None
        shut = [key for key in differing if key not in writable]
        if shut:
            self.fault(place, "", Refused("frozen-field", field=", ".join(shut)))
            return None
        if (differing or ids) and self.ctx.kernel.workflow.frozen(self.ctx, record):
            self.fault(place, "", Refused("frozen", what=self.plan.record.called()))
            return None
        return Item(place, _with_custom(record, differing), ids, record)

    def _check_whens(
        self, place: int, record: Record | None, values: Mapping[str, Any], unseen: AbstractSet[str] = frozenset()
    ) -> None:  # fmt: skip
        """What is required or read-only of the record as it would be; a column that isn't in the file has no name."""
        whens, kind = self.ctx.kernel.expressions.whens, self.plan.record
        columns = {c.goal.name: c.name for c in self.plan.columns}
        for key, error in whens.faults(self.ctx, kind, record, values, unseen).items():
            self.fault(place, columns.get(key, key), error)

    def _rules_for(self, record: Record, known: dict[Any, Rules]) -> Rules:
        """Those of a record: alike for all in a state, but where rights of several are told apart row by row."""
        ctx, kind, room = self.ctx, self.plan.record, self.ctx.kernel.records
        asked = (room.state_of(record), record.id if ctx.actor.stands_in else None)
        if asked not in known:
            specs = (
                *room.writable(ctx, kind, record),
                *room.custom.writable(ctx, kind, record),
            )
            effects = room.effects(ctx, record)
            known[asked] = (
                frozenset(spec.key for spec in specs),
                frozenset(key for key, effect in effects.items() if effect in ("hide", "mask")),
            )
        return known[asked]

    def _note_scale(self, key: str, now: Any, value: Any) -> None:
        if isinstance(now, Amount) and isinstance(value, Amount) and now and value:
            told = self.taken.scales.setdefault(key, [0, 0])
            told[1] += 1
            a, b = abs(now.minor), abs(value.minor)
            told[0] += a >= 1000 * b or b >= 1000 * a

    # -- writing ----------------------------------------------------------------------------------------------------

    def _put(self, items: list[Item]) -> None:
        """Write items together; where that fails, the halves by themselves, down to those that are at fault."""
        if not items:
            return
        try:
            with self.ctx.kernel.db.savepoint(self.ctx.guarded):
                made, changed = self._write(items)
        except (TenorError, DBAPIError) as error:
            if len(items) > 1:
                middle = len(items) // 2
                self._put(items[:middle])
                self._put(items[middle:])
                return
            said = error if isinstance(error, TenorError) else Conflict("not-consistent")
            fields: Mapping[str, TenorError] = said.fields if isinstance(said, Invalid) else {}
            for name, one in (fields or {"": said}).items():
                self.fault(items[0].place, name, one)
            return
        self.taken.made += made
        self.taken.changed += changed
        self.taken.unchanged += len(items) - made - changed

    def _write(self, items: Sequence[Item]) -> tuple[int, int]:
        """Returns how many are new, and how many were changed."""
        new = [item for item in items if item.existing is None]
        write: Callable[[Sequence[Item]], None] = self._insert if self.plan.bulk else self._add
        if new:
            write(new)
        changed = 0
        for item in items:
            record = item.existing
            if record is not None and (item.values or item.ids):
                changed += 1
                for key, value in item.values.items():
                    setattr(record, key, value)
        self.ctx.session.flush()
        for item in items:
            if item.existing is not None and item.ids:
                self.ctx.kernel.records.external.set_all(self.ctx, item.existing, item.ids)
        return len(new), changed

    def _insert(self, new: Sequence[Item]) -> None:
        kernel, record = self.ctx.kernel, self.plan.record
        in_order = any(item.ids for item in new)
        ids = kernel.access.bulk.create(
            self.ctx, record, [item.values for item in new], in_order=in_order
        )
        for source in {source for item in new for source in item.ids}:
            values = {
                identity: item.ids[source]
                for identity, item in zip(ids, new, strict=True)
                if source in item.ids
            }
            kernel.records.external.set_new(self.ctx, record, source, values)

    def _add(self, new: Sequence[Item]) -> None:
        made = [(self.plan.record(**item.values), item.ids) for item in new]
        self.ctx.session.add_all([record for record, _ids in made])
        self.ctx.session.flush()
        for record, ids in made:
            self.ctx.kernel.records.external.set_all(self.ctx, record, ids)


def _spec(column: Column) -> FieldSpec:
    assert column.goal.spec is not None
    return column.goal.spec


def _nullable(spec: FieldSpec) -> bool:
    return bool(spec.attribute.property.columns[0].nullable)


def _with_custom(record: Record | None, values: dict[str, Any]) -> dict[str, Any]:
    """Values with those of the institution's own fields in their one column."""
    own = {key: value for key, value in values.items() if key.startswith("custom.")}
    rest = {key: value for key, value in values.items() if key not in own and key != "id"}
    if own:
        fresh = {key.removeprefix("custom."): plain(value) for key, value in own.items()}
        before = dict(getattr(record, "custom", None) or {})
        rest["custom"] = CustomValues(
            {key: value for key, value in {**before, **fresh}.items() if value is not None}
        )
    return rest
