"""``tenor doctor``: what runs here, and what should be looked at."""

from __future__ import annotations

import argparse
import platform
from importlib.metadata import version

from sqlalchemy.engine import make_url

from tenor.cli import calls
from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor.loader.failures import BootError, failed_trial
from tenor.loader.ledger_rights import open_tables
from tenor.loader.loader import Loader
from tenor.loader.manifest import BASE
from tenor.loader.state import connected, read_state
from tenor.loader.trying import rehearse
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import Text, _


def add(commands: Commands) -> None:
    command(commands, "doctor", _doctor, "what runs here, and what should be looked at")


def _doctor(place: Place, options: argparse.Namespace) -> int:
    del options
    settings = place.settings
    shown = make_url(settings.database).render_as_string(hide_password=True)
    place.say(f"tenor {version('tenor')}, tenor-sdk {version('tenor-sdk')}")
    place.say(f"Python {platform.python_version()}, {platform.platform(terse=True)}")
    place.say(_("Database: {url}", url=shown))
    place.say(_("Mode: {mode}", mode=settings.mode))
    found = _findings(place)
    for finding in found:
        place.say(finding)
    if not found:
        place.say(_("Nothing to complain of."))
    return 1 if found else 0


def _findings(place: Place) -> list[Text]:
    settings = place.settings
    try:
        state = read_state(settings.database)
    except BootError as error:
        return [error.said if isinstance(error.said, Text) else Text(error.said)]
    if not state.generation:
        return [_("There is no institution here yet; tenor init makes one.")]
    found: list[Text] = []
    if not settings.secret_key and not (settings.data_dir / "secret.key").is_file():
        found.append(_("There is no secret key in {folder}.", folder=str(settings.data_dir)))
    if settings.mode == "distributed" and not settings.redis_url:
        found.append(_("The distributed mode needs redis_url."))
    loader = Loader(settings)
    return [*found, *_ledger(place), *_plugins(loader), *_left_out(place, loader)]


def _ledger(place: Place) -> list[Text]:
    """Whether the role of the site could change what only another one, which owns the tables, should."""
    settings = place.settings
    if settings.owner == settings.database:
        return []
    with connected(settings.database) as connection:
        role, tables = open_tables(connection)
    if not tables:
        return []
    return [
        _(
            "The role {role} could change {tables}: run tenor migrate.",
            role=role,
            tables=", ".join(tables),
        )
    ]


def _left_out(place: Place, loader: Loader) -> list[Text]:
    return [
        _(
            "{plugin}: {callback} keeps failing and is left out: {error} To have it called again: "
            "tenor plugin again {plugin}",
            plugin=each.plugin,
            callback=each.name,
            error=each.error,
        )
        for each in calls.left_out(place, loader.installed)
    ]


def _plugins(loader: Loader) -> list[Text]:
    """What keeps enabled plugins from running: what can be read of them, and what shows when they are tried."""
    loader.examine()
    _try(loader)
    return [
        _("{plugin}: {cause} {remedy}", plugin=each.plugin, cause=each.cause, remedy=each.remedy)
        for each in (*loader.unreadable, *loader.failures)
    ]


def _try(loader: Loader) -> None:
    """Start those that would run in a process of their own, again without each that fails, until all that are left
    come into service."""
    while names := [name for name in loader.order.names if name != BASE]:
        try:
            rehearse(names, loader.settings.start_timeout)
        except Refused as refused:
            name = str(refused.values["plugin"])
            if name not in names:
                raise
            loader.broken[name] = failed_trial(name, str(refused.values["cause"]))
            loader.order = loader.arranged()
        else:
            return
