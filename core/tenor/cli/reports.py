"""``tenor report``: what the pages kept of an error, by the number that the person was told; no database is asked."""

from __future__ import annotations

import argparse

from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor.reports import words
from tenor.reports.kept import Report, Reports
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    parser = command(commands, "report", _run, "what is known of an error, by its request number")
    parser.add_argument("number", nargs="?", help="without one, the latest are listed")


def _run(place: Place, options: argparse.Namespace) -> int:
    reports = Reports.of(place.settings)
    if not options.number:
        return _list(place, reports.all())
    found = reports.get(options.number)
    if found is None:
        raise NotFound("no-report", number=options.number)
    place.say(words.text(found, place.text).rstrip("\n"))
    return 0


def _list(place: Place, found: list[Report]) -> int:
    if not found:
        place.say(_("Nothing has failed here lately."))
        return 0
    heads = (_("Request number"), _("When"), _("Error"), _("Address"))
    place.table(heads, [(each.number, each.at, _error(each), each.asked) for each in found[:50]])
    return 0


def _error(report: Report) -> str:
    return str(report.errors[0][0]["error"]) if report.errors else "-"
