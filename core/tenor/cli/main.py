"""What stands on the command line, and which function does it. Errors are one line in the person's language."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from select import POLLERR, poll
from typing import Final

from tenor.cli.place import Place
from tenor.i18n import Translator
from tenor.loader.failures import BootError, MigrationRefused
from tenor.settings import KernelSettings, SettingsError
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

log = logging.getLogger(__name__)

#: as a shell says of a program that SIGPIPE ended
_NOBODY_READS: Final = 141
#: modules of this package, in the order of ``tenor --help``, and the words with which what each of them does begins: a
#: module is imported where one of its words is typed, or all of them are asked for
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "serve": ("serve", "worker", "relay", "child"),
    "demo": ("demo",),
    "institution": ("init", "migrate"),
    "backup": ("backup", "restore"),
    "plugins": ("plugin",),
    "people": ("user", "token"),
    "access": ("access",),
    "authority": ("authority",),
    "workflow": ("workflow",),
    "delegations": ("delegation",),
    "jobs": ("jobs",),
    "mail": ("mail",),
    "callbacks": ("callbacks",),
    "audit": ("audit",),
    "listing": ("list",),
    "export": ("export",),
    "imports": ("import",),
    "records": ("records",),
    "search": ("search",),
    "safe_mode": ("safe-mode",),
    "doctor": ("doctor",),
    "reports": ("report",),
    "dev": ("dev",),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 done, 1 refused, 2 misspelt, 130 interrupted, 141 nobody reads on."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return _run(given)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        # what is left in the buffer would be complained of at the end of the process
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS


def _nobody_reads() -> bool:
    """Whether it was what is said here that nobody takes any more, as after ``tenor … | head``."""
    output = poll()
    output.register(sys.stdout.fileno(), 0)
    return any(event & POLLERR for _file, event in output.poll(0))


def _run(given: Sequence[str]) -> int:
    translator, language = Translator(), _language()
    options, rest = _common().parse_known_args(given)
    known = (
        not rest or rest[0].startswith("-") or any(rest[0] in words for words in GROUPS.values())
    )
    if known:
        options = parser_of(rest[0] if rest else "").parse_args(rest, options)
    _log(options.verbose)
    try:
        settings = KernelSettings.load(options.config)
        place = Place(settings, translator, language)
        if known:
            return int(options.run(place, options))
        from tenor.cli.plugin_command import run_plugin_command

        return run_plugin_command(place, given)
    except KeyboardInterrupt:
        return 130
    except TenorError as error:
        place_translator = Place.last_translator or translator
        return _fail(place_translator.error(error, language))
    except MigrationRefused as refused:
        words = _("Nothing was changed. {problem}", problem=refused.told)
        return _fail(translator.text(words, language))
    except BootError as error:
        log.info("%s", error)
        return _fail(translator.text(error.said, language).partition("\n")[0])
    except SettingsError as error:
        return _fail(str(error).partition("\n")[0])


def parser_of(first: str = "") -> argparse.ArgumentParser:
    """The words of the command.

    Args:
        first: what was typed first; where it says of which module the command is, only that one's words.
    """
    parser = argparse.ArgumentParser(
        prog="tenor",
        description="A plugin platform for institutions that lend.",
        parents=[_common()],
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    its = [module for module, words in GROUPS.items() if first in words]
    for module in its or GROUPS:
        import_module(f"tenor.cli.{module}").add(commands)
    return parser


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
