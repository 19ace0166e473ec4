"""``tenor export``: the records that a person may take out, as CSV or JSON, by the same rules as the API."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command
from tenor_sdk.errors import NotFound
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tenor.context import KernelContext


def add(commands: Commands) -> None:
    parser = command(commands, "export", _export, "take records out as a file, as a person who may")
    parser.add_argument("record", help="plugin.record, such as notes.note")
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    as_person(parser, default=None)


def _export(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        record = record_of(ctx, options.record)
        rows = ctx.kernel.records.export(ctx, record)
        _write(rows, options.format)
    return 0


def record_of(ctx: KernelContext, name: str) -> type[Record]:
    """The record called ``plugin.record``.

    Raises:
        NotFound: ``no-record``.
    """
    plugin, _dot, slug = name.replace("/", ".").partition(".")
    for record in ctx.kernel.declarations.records:
        if (record.__plugin__, record.slug()) == (plugin, slug.replace("_", "-")):
            return record
    raise NotFound("no-record", name=name)


def _write(rows: Iterator[Mapping[str, Any]], form: str) -> None:
    if form == "json":
        json.dump(list(rows), sys.stdout, ensure_ascii=False, indent=1, default=str)
        print()
        return
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row))
            writer.writeheader()
        writer.writerow({key: "" if value is None else value for key, value in row.items()})
