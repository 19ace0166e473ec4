"""``tenor export``: the records that a person may take out, as CSV, XLSX or JSON, by the same rules as the API."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_of, as_person, command
from tenor.exports import FORMATS, export_of
from tenor.records.paging import PageQuery
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor_sdk.records import Record


def add(commands: Commands) -> None:
    parser = command(commands, "export", _export, "take records out as a file, as a person who may")
    parser.add_argument("record", help="plugin.record, such as notes.note")
    parser.add_argument("--format", choices=sorted(FORMATS), default="csv")
    parser.add_argument("--filter", default="", help="such as 'state = draft and amount >= 2000万'")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where it goes (by default here)")
    as_of(parser)
    as_person(parser, default=None)


def _export(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx, ExitStack() as opened:
        record = record_of(ctx.kernel.declarations, options.record)
        query = PageQuery(filters=options.as_of, filter=options.filter, archived=True)
        made = export_of(ctx, record, options.format, query=query)
        out: BinaryIO = (
            opened.enter_context(options.to.open("wb")) if options.to else sys.stdout.buffer
        )
        out.writelines(made.content())
        out.flush()
    return 0


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
