"""How the callbacks of a plugin fare: what the running site says of their times, and which of them are left out."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any, Final

from tenor.cli.words import Commands, as_person, command
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenor.cli.place import Place
    from tenor.events.breakers import Open
    from tenor.loader.manifest import Manifest

#: seconds for the site to answer
_PATIENCE: Final = 3.0
_MILLI: Final = 1000


def add(plugin: Commands) -> None:
    """The words below ``tenor plugin``."""
    parser = command(plugin, "again", _again, "call what is left out of a plugin again")
    parser.add_argument("name", metavar="PLUGIN")
    as_person(parser)


def _again(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.left_out import call_again

    with place.acting(options.actor, write=True) as ctx:
        number = call_again(ctx, options.name)
    place.say(ngettext("{n} part is called again.", "{n} parts are called again.", number))
    return 0


def tell(place: Place, name: str) -> None:
    """What is left out of a plugin, and how long its callbacks take in the site that runs here."""
    from tenor.loader.manifest import find

    for each in left_out(place, find()[0], name):
        place.say(
            _("Left out since {since}, tried again at {until}: {callback}: {error}",
              callback=each.name, error=each.error, since=_minute(place, each.since),
              until=_minute(place, each.until))
        )  # fmt: skip
    timings = _asked(place, name)
    if timings is None:
        place.say(_("No site answers here, so how long its callbacks take isn't known."))
        return
    heads = (_("Callback"), _("Calls"), _("Errors"), _("Half within"), _("95% within"), _("Slowest"))  # fmt: skip
    rows = [
        (
            f"{each['kind']} {each['name']}",
            str(each["calls"]),
            str(each["failed"]),
            *(f"{each[one] * _MILLI:.1f} ms" for one in ("median", "p95", "slowest")),
        )
        for each in timings
        if each["calls"]
    ]
    number = sum(each["calls"] for each in timings)
    place.say(_("Calls in the last hour, in the process that serves the site: {n}", n=number))
    if rows:
        place.table(heads, rows)


def _minute(place: Place, instant: Any) -> str:
    from zoneinfo import ZoneInfo

    return f"{instant.astimezone(ZoneInfo(place.settings.time_zone)):%Y-%m-%d %H:%M}"


def left_out(place: Place, installed: Mapping[str, Manifest], name: str = "") -> Sequence[Open]:
    """The callbacks that are left out, of one plugin or of all; no plugin is imported."""
    from sqlalchemy.exc import SQLAlchemyError

    from tenor.events.breakers import read_open
    from tenor.loader.state import connected, is_there, read_state

    if not is_there(place.settings.database) or not read_state(place.settings.database).generation:
        return []
    versions = {each: manifest.version for each, manifest in installed.items()}
    with connected(place.settings.database) as connection:
        try:
            found = read_open(connection, versions).values()
        except SQLAlchemyError:  # a database from before there was such a table
            return []
    return [each for each in found if name in ("", each.plugin)]


def _asked(place: Place, name: str) -> list[dict[str, Any]] | None:
    """What the site that runs here says; None where none does."""
    from contextlib import closing
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import quote

    from tenor.settings import SettingsError

    settings = place.settings
    site = HTTPConnection(settings.host, settings.port, timeout=_PATIENCE)
    try:
        headers = {"Authorization": f"Bearer {settings.own_metrics_token}"}
        with closing(site):
            site.request("GET", f"/metrics?plugin={quote(name)}", headers=headers)
            found: list[dict[str, Any]] = json.load(site.getresponse())["timings"]
    except (OSError, HTTPException, ValueError, KeyError, SettingsError):
        return None
    return found
