"""``tenor init`` and ``tenor migrate``."""

from __future__ import annotations

import argparse
import json

from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor.loader.founding import found
from tenor.loader.loader import Loader
from tenor.loader.migrations import migrate
from tenor.loader.order import order
from tenor.loader.revisions import Step
from tenor.loader.state import read_state
from tenor.settings import settings_file
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    parser = command(commands, "init", _init, "make an institution here: folders, key, database")
    parser.add_argument("plugins", nargs="*", metavar="PLUGIN", help="the plugins to begin with")
    parser.add_argument("--settings", action="store_true", help="write a tenor.toml as well")
    command(commands, "migrate", _migrate, "bring the tables up to the installed versions")


def _init(place: Place, options: argparse.Namespace) -> int:
    if read_state(place.settings.database).generation:
        place.say(_("There is an institution here already."))
        return 1
    found(place.settings, options.plugins)
    if options.settings:
        _write_settings(place)
    place.say(_("Made in {folder}.", folder=str(place.settings.data_dir)))
    place.say(_("Next: tenor user add LOGIN NAME --position administrator, then tenor serve"))
    return 0


def _write_settings(place: Place) -> None:
    file = settings_file()
    if not file.exists():
        # a string of JSON is one of TOML as well
        said = {"institution": place.settings.institution, "time_zone": place.settings.time_zone}
        lines = [
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()
        ]
        file.write_text("".join(lines), "utf-8")


def _migrate(place: Place, options: argparse.Namespace) -> int:
    del options
    loader = Loader(place.settings)
    wanted = order(loader.enabled, loader.installed).plugins
    steps = migrate(place.settings.owner, [each for each in wanted if each.migrations.is_dir()])
    show_steps(place, steps)
    return 0


def show_steps(place: Place, steps: list[Step] | tuple[Step, ...]) -> None:
    """What ran, or would run."""
    if not steps:
        place.say(_("All tables are those of the installed versions."))
    for step in steps:
        for revision, sentence in step.revisions:
            place.say(f"{step.plugin} {revision}: {sentence.strip().partition(chr(10))[0]}")
