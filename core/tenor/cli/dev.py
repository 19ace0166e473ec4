"""``tenor dev``: for authors of plugins. Alone it serves, and starts anew as the source changes."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor.loader.imported import imported
from tenor.loader.messages import untranslated
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    words = (
        "for authors of plugins; alone: serve with a toolbar, and start anew as the source changes"
    )
    parser = commands.add_parser("dev", help=words, description=words)
    parser.set_defaults(run=_serve)
    dev = parser.add_subparsers(dest="dev_command", metavar="COMMAND")
    migration = command(
        dev, "migration", _migration, "write a plugin's next migration from its records"
    )
    migration.add_argument("plugin")
    migration.add_argument(
        "-m", "--message", default="Make the tables", help="one sentence on what it does"
    )
    migration.add_argument(
        "--check", action="store_true", help="write nothing; 1 where they differ"
    )
    messages = command(dev, "messages", _messages, "list a plugin's untranslated strings")
    messages.add_argument("plugin")
    messages.add_argument(
        "--language", action="append", help="by default zh-CN, and en for what errors say"
    )


def _serve(place: Place, options: argparse.Namespace) -> int:
    """The institution of this place; where there are no settings, that of ``tenor demo``."""
    from tenor.cli.restarting import Restarting
    from tenor.settings import KernelSettings

    demo = Path(os.environ.get("TENOR_HOME") or ".demo").absolute() / "tenor.toml"
    config = options.config or (demo if demo.is_file() else None)
    place.settings = KernelSettings.load(config)
    place.there_is_one()
    supervisor = Restarting(place, ["--config", str(config)] if config else [])

    def ready() -> None:
        place.say(_("Tenor serves at {url} (Ctrl-C stops it)", url=supervisor.url))

    return supervisor.run(ready)


def _migration(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.autogenerate import unwritten, write_revision

    order = imported(options.plugin)
    manifest = next(each for each in order if each.name == options.plugin)
    if options.check:
        found = unwritten(manifest, order)
        for line in found:
            place.say(line)
        return 1 if found else 0
    path = write_revision(manifest, order, options.message)
    place.say(str(path) if path else _("Migrations and records agree; nothing to write."))
    return 0


def _messages(place: Place, options: argparse.Namespace) -> int:
    order = imported(options.plugin)
    languages: Sequence[str] = options.language or ("zh-CN", "en")
    missing = [
        f"{language}: {line}"
        for language in languages
        for line in untranslated(order, options.plugin, language)
    ]
    for line in missing:
        place.say(line)
    return 1 if missing else 0
