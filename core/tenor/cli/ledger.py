"""``tenor audit list`` and ``tenor audit export``: the ledger read, and taken out with its proof."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import as_person, command
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenor.audit import Asked, Entry
    from tenor.context import KernelContext

#: entries that one statement reads
_CHUNK: Final = 200


def add(audit: Any) -> None:
    """The words below ``tenor audit``."""
    for name, run, says in (
        ("list", _list, "read the ledger, newest first, as a person who may"),
        ("export", _export, "entries as a file that proves itself, as a person who may"),
    ):
        parser = command(audit, name, run, says)
        parser.add_argument("--record", default="", help="plugin.record, or plugin.record/5")
        parser.add_argument(
            "--case", action="store_true", help="the record with its lines and extensions"
        )
        parser.add_argument("--field", default="", help="of the record")
        parser.add_argument(
            "--who", default="", metavar="LOGIN", help="who did it, or in whose place"
        )
        parser.add_argument("--kind", default="", help="such as update, reveal, export")
        parser.add_argument("--request", default="", metavar="NUMBER", help="of one request")
        parser.add_argument("--from", dest="first", default="", metavar="YYYY-MM-DD", help="a day")
        parser.add_argument(
            "--to", dest="last", default="", metavar="YYYY-MM-DD", help="that day included"
        )
        as_person(parser, default=None)
        if name == "list":
            parser.add_argument(
                "--limit", type=int, default=50, metavar="N", help="entries (by default 50)"
            )
            parser.add_argument("--format", choices=("table", "jsonl"), default="table")
    command(audit, "checker", _checker, "print the program with which others check an export")


def asked(ctx: KernelContext, options: argparse.Namespace) -> Asked:
    """What the words ask for.

    Raises:
        NotFound: ``no-record``, ``no-user``.
        Invalid: ``unknown-field``, ``not-a-date``.
    """
    from tenor.audit.words import asked_of
    from tenor.loader.stage import actor_of

    words = {"kind": options.kind, "request": options.request, "case": "1" if options.case else ""}
    name, _slash, identity = options.record.partition("/")
    if name:
        record = record_of(ctx.kernel.declarations, name)
        words |= {"what": record.__tablename__, "record": identity, "field": options.field}
    if options.who:
        words["who"] = str(actor_of(ctx.kernel, options.who).id)
    words |= {"from": options.first, "to": options.last}
    found = asked_of(ctx, words)
    if options.field and not found.field:
        raise Invalid("unknown-field", None, name=options.field)
    for word, day in ((options.first, found.since), (options.last, found.until)):
        if word and day is None:
            raise Invalid("not-a-date")
    if identity and found.record_id is None:
        raise NotFound("no-record", name=options.record)
    return found


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        entries = list(_read(ctx, asked(ctx, options), options.limit))
        if options.format == "jsonl":
            for entry in entries:
                labels = _labels(place, ctx, entry)
                told = {**vars(entry), "at": entry.at.isoformat(), "labels": labels}
                print(json.dumps(told, ensure_ascii=False))
            return 0
        _table(place, ctx, entries)
    return 0


def _labels(place: Place, ctx: KernelContext, entry: Entry) -> dict[str, str]:
    """What the fields of an entry are called, by their keys, in the language of whoever reads."""
    from tenor.web.show import Show
    from tenor.web.timeline import label_of

    kind = ctx.kernel.records.by_table.get(entry.table_name)
    specs = ctx.kernel.records.in_ledger(ctx, kind) if kind is not None else {}
    show = Show(ctx, place.language)
    return {name: label_of(show, name, kind, specs) for name in entry.changes}


def _read(ctx: KernelContext, wanted: Asked, limit: int) -> Iterator[Entry]:
    from dataclasses import replace

    while limit > 0:
        page = ctx.kernel.audit.search(ctx, wanted, limit=min(limit, _CHUNK))
        yield from page
        if len(page) < min(limit, _CHUNK):
            return
        limit -= len(page)
        wanted = replace(wanted, before=page[-1].id)


def _table(place: Place, ctx: KernelContext, entries: list[Entry]) -> None:
    from tenor.web.pages.audit import linked
    from tenor.web.show import Show
    from tenor.web.steps import step_of
    from tenor.web.timeline import changes_of, did, who_of

    show = Show(ctx, place.language)
    names = show.names(linked(ctx, entries))
    records = ctx.kernel.records
    rows = []
    for entry in entries:
        kind = records.by_table.get(entry.table_name)
        specs = records.in_ledger(ctx, kind) if kind is not None else {}
        changes = changes_of(show, entry, kind, specs, names)
        told = [
            f"{one['label']}: {one.get('old') or '–'} → {one.get('new') or '–'}" for one in changes
        ]
        name = names.get((entry.table_name, entry.record_id or 0))
        what = f"{show.title(kind)} {name or entry.record_id or ''}" if kind else entry.table_name
        act = step_of(ctx.kernel, show, kind, entry) or did(show, entry.kind)
        when = f"{show.local(entry.at):%Y-%m-%d %H:%M:%S}"
        said = "; ".join(told)
        rows.append([str(entry.id), when, who_of(show, entry), act, what.strip(), said])
    heads = (_("Number"), _("When"), _("Who"), _("Act"), _("Record"), _("Change"))
    place.table(heads, rows)


def _export(place: Place, options: argparse.Namespace) -> int:
    # the file goes out from a reading transaction, lest all who write wait for whoever reads it
    with place.acting(options.actor, write=False) as ctx:
        for line in ctx.kernel.audit.export(ctx, asked(ctx, options)):
            sys.stdout.write(line)
    sys.stdout.flush()
    return 0


def _checker(place: Place, options: argparse.Namespace) -> int:
    del place, options
    from tenor.audit import checking_export

    sys.stdout.write(inspect.getsource(checking_export))
    return 0
