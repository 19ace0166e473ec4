"""``tenor export``: the records that a person may take out, as CSV or JSON, by the same rules as the API."""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command
from tenor.records.conditions import Conditions, Joins
from tenor.records.filters import parse, written
from tenor_sdk.errors import Forbidden, NotFound
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tenor.context import KernelContext
    from tenor.declarations import Declarations


_CHUNK: Final = 500
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def add(commands: Commands) -> None:
    parser = command(commands, "export", _export, "take records out as a file, as a person who may")
    parser.add_argument("record", help="plugin.record, such as notes.note")
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    parser.add_argument("--filter", default="", help="such as 'state = draft and amount >= 2000万'")
    as_person(parser, default=None)


def _export(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        record = record_of(ctx.kernel.declarations, options.record)
        rows = list(exported(ctx, record, options.filter))
        ctx.kernel.audit.note(
            ctx, "export", of=record.__tablename__, format=options.format, rows=len(rows),
            fields=_fields(rows), filter=_canonical(ctx, record, options.filter),
        )  # fmt: skip
    _write(rows, options.format)
    return 0


def exported(
    ctx: KernelContext, record: type[Record], filter: str = ""
) -> Iterator[Mapping[str, Any]]:
    """The records that the person may take out, each as the API gives it, hidden and masked fields as there.

    Args:
        filter: in the filter language; empty: all.

    Raises:
        Forbidden: ``not-permitted``.
        Invalid: a filter that isn't understood, or speaks of what the person may not know.
    """
    if not ctx.may(record, "export"):
        raise Forbidden("not-permitted", what=record.called())
    allowed = ctx.kernel.access.rights(ctx.actor).criteria(record, "export")
    statement = select(record).order_by(record.id)
    if allowed is not None:
        statement = statement.where(allowed)
    tree = parse(filter)
    if tree is not None:
        joins = Joins(record)
        condition = Conditions(ctx, record, joins).of(tree)
        statement = joins.onto(statement).where(condition)
    last = 0
    while True:
        chunk = ctx.session.scalars(statement.where(record.id > last).limit(_CHUNK)).all()
        for each in chunk:
            yield ctx.kernel.records.dump(ctx, each, lines=False)
        if len(chunk) < _CHUNK:
            return
        last = chunk[-1].id
        ctx.session.expunge_all()


def _canonical(ctx: KernelContext, record: type[Record], filter: str) -> str:
    """A filter that is understood, as everybody writes it: by keys, not in the words of a language."""
    tree = parse(filter)
    return "" if tree is None else written(Conditions(ctx, record, Joins(record)).canonical(tree))


def record_of(declarations: Declarations, name: str) -> type[Record]:
    """The record called ``plugin.record``.

    Raises:
        NotFound: ``no-record``.
    """
    plugin, _dot, slug = name.replace("/", ".").partition(".")
    for record in declarations.records:
        if (record.__plugin__, record.slug()) == (plugin, slug.replace("_", "-")):
            return record
    raise NotFound("no-record", name=name)


def _write(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    if form == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1, default=str)
        print()
        return
    if rows:
        writer = csv.DictWriter(sys.stdout, _fields(rows))
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in _flat(row).items()} for row in rows)


def _fields(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of all columns: a rule may hide a field of some rows alone, as long as they are in some state."""
    return list(dict.fromkeys(name for row in rows for name in _flat(row)))


def _flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The institution's own fields as columns beside the others: ``custom.<key>``."""
    if "custom" not in row:
        return row
    own = {f"custom.{key}": value for key, value in row["custom"].items()}
    return {**{key: value for key, value in row.items() if key != "custom"}, **own}


def _cell(value: object) -> object:
    """A value in a line; what a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
