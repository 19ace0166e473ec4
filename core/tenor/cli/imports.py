"""``tenor import``: a file of records, by the rules of forms and API, as a person who may."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.imports import Entry
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

_SHOWN = 10


def add(commands: Commands) -> None:
    parser = command(commands, "import", _import, "take records in from a CSV or XLSX file")
    parser.add_argument("record", help="plugin.record, such as notes.note")
    parser.add_argument("file", type=Path, help="CSV (UTF-8, UTF-16, GB 18030) or XLSX")
    parser.add_argument(
        "--match", metavar="FIELD[,FIELD]", default=None,
        help="known again by it, and changed: a field, id, or external_ids.SOURCE; otherwise each row is new",
    )  # fmt: skip
    parser.add_argument(
        "--map", metavar="COLUMN=FIELD", action="append", default=[],
        help="where a column goes (nowhere: COLUMN=); FIELD.KEY finds a link by the other record's key",
    )  # fmt: skip
    parser.add_argument("--sheet", default="", help="of an XLSX; by default the first")
    parser.add_argument("--dry-run", action="store_true", help="say what would become of it")
    parser.add_argument(
        "--resume", action="store_true", help="go on with an import of this file that stopped"
    )
    parser.add_argument(
        "--refused", type=Path, metavar="FILE", help="where refused rows go (by default beside it)"
    )
    as_person(parser, default=None)


def _import(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.stage import actor_of

    path: Path = options.file
    if not path.is_file():
        raise NotFound("no-such-file", name=str(path))
    with place.kernel() as kernel, path.open("rb") as file:
        actor = actor_of(kernel, options.actor)
        record = record_of(kernel.declarations, options.record)
        entry = _entry(place, kernel, actor, record, file, options)
        done = kernel.imports.go(actor, entry.id, file=file)
        return _report(place, kernel, actor, done, options)


def _entry(
    place: Place, kernel: Kernel, actor: ActorData, record: type[Record], file: BinaryIO,
    options: argparse.Namespace,
) -> Entry:  # fmt: skip
    """The import that is to go on its way: a new one, or the one that stopped."""
    from tenor.imports.heads import hash_of
    from tenor.records.custom import name_of

    room = kernel.imports
    with kernel.context(actor, write=True) as ctx:
        digest, _size = hash_of(file)
        stopped = room.journal.unfinished(ctx, name_of(record), digest)
        if options.resume:
            if stopped is None:
                raise NotFound("nothing-to-resume", name=options.file.name)
            place.say(_("It goes on after row {row}.", row=stopped.reached))
            room.resume(ctx, stopped)
            return stopped
        if stopped is not None and stopped.reached and not options.dry_run:
            raise Conflict("import-unfinished", row=stopped.reached)
        entry = room.propose(
            ctx, record, options.file.name, file,
            sheet=options.sheet, mapping=_mapping(options.map),
            matched_by=options.match.split(",") if options.match is not None else None,
        )  # fmt: skip
        _show_mapping(place, entry)
        room.begin(ctx, entry, dry=options.dry_run)
        return entry


def _mapping(given: list[str]) -> dict[str, str]:
    mapping = {}
    for word in given:
        column, equals, field = word.rpartition("=")
        if not equals:
            raise Invalid("not-a-mapping", None, given=word)
        mapping[column.strip()] = field.strip()
    return mapping


def _show_mapping(place: Place, entry: Entry) -> None:
    columns = entry.columns
    rows = [
        (name or f"#{number + 1}", columns.get(number, "—"))
        for number, name in enumerate(entry.header)
    ]
    place.table((_("Column"), _("Goes to")), rows)


def _report(
    place: Place, kernel: Kernel, actor: ActorData, entry: Entry, options: argparse.Namespace
) -> int:
    place.say()
    if options.dry_run:
        place.say(_("A dry run: nothing was written."))
    for warning in entry.warnings:
        place.say(_("Warning: {text}", text=warning))
    place.say(
        _(
            "{rows} rows: {made} new, {changed} changed, {unchanged} as they were, {refused} refused.",
            rows=entry.rows, made=entry.made, changed=entry.changed, unchanged=entry.unchanged,
            refused=entry.refused,
        )
    )  # fmt: skip
    if entry.refused:
        _give_refused(place, kernel, actor, entry, options)
    if entry.problem:
        place.say(_("It stopped: {problem}", problem=entry.problem))
        return 1
    return 0


def _give_refused(
    place: Place, kernel: Kernel, actor: ActorData, entry: Entry, options: argparse.Namespace
) -> None:
    from tenor.imports.rejects import refused_name, write_refused

    path: Path = options.refused or options.file.with_name(refused_name(entry))
    with kernel.context(actor, write=False) as ctx:
        connection = kernel.db.connection_of(ctx.session)
        with kernel.db.marked(connection):
            first = list(kernel.imports.journal.refused(connection, entry.id, limit=_SHOWN))
        place.table((_("Row"), _("Why")), [(str(row.row), row.reasons) for row in first])
        with path.open("wb") as out:
            count = write_refused(ctx, entry, out)
    place.say(
        ngettext(
            "{n} refused row, with the reason beside it: {path}",
            "{n} refused rows, each with its reason beside it: {path}",
            count, path=path.name,
        )
    )  # fmt: skip
