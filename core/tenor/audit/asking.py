"""What somebody asks the ledger for, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Table, and_, cast, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from tenor.audit.records import LedgerEntry
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Dated, Record, host_of

if TYPE_CHECKING:
    from tenor.db.capture import Dependants

_entries: Any = LedgerEntry.__table__
#: what a plain comparison answers
_EQUAL: Final = ("actor_id", "behalf_of_id", "request_id", "kind", "procedure")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Every part that is said holds.

    Args:
        person_id: who did it, or in whose place it was done.
        table: of the record.
        record_id: with ``table``; entries of set-based work that name it are among them.
        whole_case: with a record: its lines and extensions too, those that were removed included, and the facts about
            it.
        field: that it is about, by its name in the ledger; with ``table``.
        since, until: instants; ``until`` itself isn't among them.
        before: an entry's id: only older ones, for the next page.
    """

    person_id: int | None = None
    actor_id: int | None = None
    behalf_of_id: int | None = None
    table: str = ""
    record_id: int | None = None
    whole_case: bool = False
    field: str = ""
    request_id: str = ""
    procedure: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def conditions(
    asked: Asked, dialect: str, kinds: Mapping[str, type[Record]], dependants: Dependants
) -> list[ColumnElement[bool]]:
    """The conditions on entries.

    Args:
        kinds: the records by their tables.
        dependants: the lines and extensions of each.
    """
    where = [
        _entries.c[name] == getattr(asked, name)
        for name in _EQUAL
        if getattr(asked, name) not in (None, "")
    ]
    if asked.person_id is not None:
        person = asked.person_id
        where.append(or_(_entries.c.actor_id == person, _entries.c.behalf_of_id == person))
    if asked.since is not None:
        where.append(_entries.c.at >= asked.since)
    if asked.until is not None:
        where.append(_entries.c.at < asked.until)
    if asked.before is not None:
        where.append(_entries.c.id < asked.before)
    if asked.field:
        where.append(_about(asked.field, dialect))
    if asked.table:
        where.append(_of_record(asked, dialect, kinds, dependants))
    return where


def rows_asked(
    asked: Asked, kinds: Mapping[str, type[Record]], dependants: Dependants
) -> dict[Table, list[ColumnElement[bool]]]:
    """For each journal that may have rows that fit, the conditions on them. A row of a journal says what an entry of
    kind ``create`` would have said."""
    if asked.kind not in ("", "create"):
        return {}
    found: dict[Table, list[ColumnElement[bool]]] = {}
    for name, kind in sorted(kinds.items()):
        rows: Any = kind.__table__
        if not is_journal(kind) or (asked.field and asked.field not in rows.c):
            continue
        which = _which_rows(asked, name, kinds, dependants)
        if which is not None:
            found[rows] = [*which, *_said_by_rows(asked, rows)]
    return found


def _which_rows(
    asked: Asked, name: str, kinds: Mapping[str, type[Record]], dependants: Dependants
) -> list[ColumnElement[bool]] | None:
    """The conditions by the record that is asked for; None: no row of this journal is about it."""
    kind: Any = kinds[name]
    rows: Any = kind.__table__
    if not asked.table:
        return []
    if asked.table == name:
        return [] if asked.record_id is None else [rows.c.id == asked.record_id]
    if asked.record_id is None or not asked.whole_case or asked.table not in kinds:
        return None
    if kind in dependants.lines.get(kinds[asked.table], ()):
        return [rows.c.parent_id == asked.record_id]
    if kind in dependants.extensions.get(kinds[asked.table], ()):
        return [rows.c.id == asked.record_id]
    return None


def _said_by_rows(asked: Asked, rows: Any) -> Iterator[ColumnElement[bool]]:
    """What a row says of itself, against what is asked of people, times and requests."""
    who, behalf = rows.c.created_by_id, rows.c.behalf_of_id
    equal = (
        (who, asked.actor_id),
        (behalf, asked.behalf_of_id),
        (rows.c.request_id, asked.request_id or None),
        (rows.c.procedure, asked.procedure or None),
    )
    yield from (column == wanted for column, wanted in equal if wanted is not None)
    if asked.person_id is not None:
        yield or_(who == asked.person_id, behalf == asked.person_id)
    if asked.since is not None:
        yield rows.c.created_at >= asked.since
    if asked.until is not None:
        yield rows.c.created_at < asked.until
    if asked.field:
        yield rows.c[asked.field].is_not(None)


def _of_record(
    asked: Asked, dialect: str, kinds: Mapping[str, type[Record]], dependants: Dependants
) -> ColumnElement[bool]:
    if asked.record_id is None:
        whole: ColumnElement[bool] = _entries.c.table_name == asked.table
        return whole
    parts = [of_record(asked.table, asked.record_id, dialect)]
    if asked.whole_case and asked.table in kinds:
        kind = kinds[asked.table]
        parts += _dependent(kind, asked.record_id, dialect, dependants)
        parts += (_of_facts(each, asked.record_id, dialect) for each in _dated(kind, kinds))
    return or_(*parts)


def of_record(table: str, record_id: int, dialect: str) -> ColumnElement[bool]:
    """The entries of one record, those of set-based work included: such a chunk names its records among its changes,
    and between which numbers they lie in columns of its own."""
    of_table = _entries.c.table_name == table
    around = and_(_entries.c.first_id <= record_id, _entries.c.last_id >= record_id)
    alone = select(_entries.c.id).where(of_table, _entries.c.record_id == record_id)
    among = select(_entries.c.id).where(of_table, around, _in_bulk(record_id, dialect))
    # each from an index of its own, which no database would see in one condition
    found: ColumnElement[bool] = _entries.c.id.in_(union_all(alone, among))
    return found


def _dependent(
    kind: type[Record], record_id: int, dialect: str, dependants: Dependants
) -> Iterator[ColumnElement[bool]]:
    for extension in dependants.extensions.get(kind, ()):
        yield of_record(extension.__tablename__, record_id, dialect)
    for line in dependants.lines.get(kind, ()):
        rows: Any = line.__table__
        gone = select(_entries.c.record_id).where(
            _entries.c.table_name == line.__tablename__,
            _entries.c.kind == "delete",
            _before("parent_id", dialect) == record_id,
        )
        here = select(rows.c.id).where(rows.c.parent_id == record_id)
        yield and_(
            _entries.c.table_name == line.__tablename__,
            or_(
                _entries.c.record_id.in_(here),
                _entries.c.record_id.in_(gone),
                _until_it_left(line.__tablename__, record_id, dialect),
                _in_bulk_of(rows, record_id, dialect),
            ),
        )


def _until_it_left(table: str, record_id: int, dialect: str) -> ColumnElement[bool]:
    """Of a line that was moved to another record, what became of it until then, the move itself included: that stands
    in the ledger of both."""
    moves = _entries.alias()
    left = (
        moves.c.table_name == table,
        moves.c.kind == "update",
        _before("parent_id", dialect, moves) == record_id,
    )
    of_it = (moves.c.record_id == _entries.c.record_id, moves.c.id >= _entries.c.id)
    return and_(
        _entries.c.record_id.in_(select(moves.c.record_id).where(*left)),
        select(moves.c.id).where(*left, *of_it).correlate(_entries).exists(),
    )


def _dated(kind: type[Record], kinds: Mapping[str, type[Record]]) -> Iterator[type[Record]]:
    """The kinds of dated facts about a kind of record."""
    for each in kinds.values():
        if issubclass(each, Dated) and host_of(each, Dated) is kind:
            yield each


def _of_facts(kind: type[Record], record_id: int, dialect: str) -> ColumnElement[bool]:
    """Of dated facts, which neither go nor change their parent."""
    rows: Any = kind.__table__
    here = select(rows.c.id).where(rows.c.parent_id == record_id)
    told = or_(_entries.c.record_id.in_(here), _in_bulk_of(rows, record_id, dialect))
    return and_(_entries.c.table_name == rows.name, told)


def _about(field: str, dialect: str) -> ColumnElement[bool]:
    """Whether an entry is about a field: its hash stays when its values are erased."""
    if dialect == "postgresql":
        there: ColumnElement[bool] = cast(_entries.c.hashes, JSONB).has_key(field)
        return there
    path = '$."' + field.replace('"', "") + '"'
    return func.json_type(_entries.c.hashes, path).is_not(None)


def _before(field: str, dialect: str, entries: Any = _entries) -> ColumnElement[Any]:
    if dialect == "postgresql":
        value: ColumnElement[Any] = cast(entries.c.changes, JSONB)[field][0].as_integer()
        return value
    return func.json_extract(entries.c.changes, f'$."{field}"[0]')


def _in_bulk_of(rows: Any, parent_id: int, dialect: str) -> ColumnElement[bool]:
    """Of an entry of set-based work, whether one of the rows that lie under a parent is among its records."""
    around = rows.c.id.between(_entries.c.first_id, _entries.c.last_id)
    under = select(rows.c.id).where(rows.c.parent_id == parent_id, around)
    if dialect == "postgresql":
        among: ColumnElement[bool] = cast(_entries.c.changes, JSONB)["ids"][1].contains(
            func.to_jsonb(rows.c.id)
        )
    else:
        ids = func.json_each(_entries.c.changes, "$.ids[1]").table_valued("value")
        among = rows.c.id.in_(select(ids.c.value).correlate(_entries))
    return under.where(among).correlate(_entries).exists()


def _in_bulk(record_id: int, dialect: str) -> ColumnElement[bool]:
    if dialect == "postgresql":
        return cast(_entries.c.changes, JSONB)["ids"][1].contains([record_id])
    ids = func.json_each(_entries.c.changes, "$.ids[1]").table_valued("value")
    return select(ids.c.value).where(ids.c.value == record_id).exists()
