"""What stands on the command line, and which function does it. Errors are one line in the person's language."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tenor.cli import (
    access,
    audit,
    authority,
    backup,
    delegations,
    demo,
    dev,
    doctor,
    export,
    imports,
    institution,
    jobs,
    listing,
    mail,
    people,
    plugins,
    records,
    safe_mode,
    search,
    serve,
    workflow,
)
from tenor.cli.place import Place
from tenor.cli.plugin_command import run_plugin_command
from tenor.i18n import Translator
from tenor.loader.failures import BootError
from tenor.loader.migrations import MigrationRefused
from tenor.settings import KernelSettings, SettingsError
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

#: each adds its words to the parser, in the order of ``tenor --help``
_GROUPS = (
    serve,
    demo,
    institution,
    backup,
    plugins,
    people,
    access,
    authority,
    workflow,
    delegations,
    jobs,
    mail,
    audit,
    listing,
    export,
    imports,
    records,
    search,
    safe_mode,
    doctor,
    dev,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 done, 1 refused, 2 misspelt, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    translator, language = Translator(), _language()
    options, rest = _common().parse_known_args(given)
    parser, names = parser_of()
    known = not rest or rest[0] in names or rest[0].startswith("-")
    if known:
        options = parser.parse_args(rest, options)
    _log(options.verbose)
    try:
        settings = KernelSettings.load(options.config)
        place = Place(settings, translator, language)
        return int(options.run(place, options) if known else run_plugin_command(place, given))
    except KeyboardInterrupt:
        return 130
    except TenorError as error:
        place_translator = Place.last_translator or translator
        return _fail(place_translator.error(error, language))
    except MigrationRefused as refused:
        words = _("Nothing was changed. {problem}", problem=str(refused))
        return _fail(translator.text(words, language))
    except (SettingsError, BootError) as error:
        return _fail(str(error).partition("\n")[0])


def parser_of() -> tuple[argparse.ArgumentParser, set[str]]:
    """All words of the command, and which of them can come first; any other is the name of a plugin."""
    parser = argparse.ArgumentParser(
        prog="tenor",
        description="A plugin platform for institutions that lend.",
        parents=[_common()],
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for group in _GROUPS:
        group.add(commands)
    return parser, set(commands.choices)


def _common() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", type=Path, help="the TOML file (by default tenor.toml)")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more of what happens")
    return parser


def _language() -> str:
    """The person's language: ``TENOR_LANG``, else that of their terminal."""
    said = os.environ.get("TENOR_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh-CN" if said.startswith("zh") else "en"


def _log(verbose: bool) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def _fail(message: str) -> int:
    print(f"tenor: {message}", file=sys.stderr)
    return 1
