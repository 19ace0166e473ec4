"""How the commands add themselves to the parser."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenor.cli.place import Place

Commands = Any
Run = Callable[["Place", argparse.Namespace], int]


def command(commands: Commands, name: str, run: Run, help: str) -> argparse.ArgumentParser:
    """A command with its function; its arguments are added to what is returned."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(run=run)
    return parser


def group(commands: Commands, name: str, help: str) -> Commands:
    """A command that has commands: ``tenor plugin list``."""
    parser = commands.add_parser(name, help=help, description=help)
    return parser.add_subparsers(dest=f"{name}_command", metavar="COMMAND", required=True)


def as_of(parser: argparse.ArgumentParser) -> None:
    """The option that says on which day dated facts are to have stood."""
    parser.add_argument(
        "--as-of",
        action=_AsOf,
        default={},
        metavar="AXIS=DAY",
        help="dated facts as they stood: valid=, issued= or known=2026-05-31 or today; may be repeated",
    )


class _AsOf(argparse.Action):
    """Gathers the days as a list's address says them."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        from tenor.records.standing import AXES

        axis, sign, day = str(values).partition("=")
        if f"{axis}_as_of" not in AXES or not sign:
            parser.error("--as-of takes valid=, issued= or known= and a day")
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, {**before, f"{axis}_as_of": [day]})


def as_person(parser: argparse.ArgumentParser, *, default: str | None = "system") -> None:
    """The option that says who acts."""
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="LOGIN",
        default=default,
        required=default is None,
        help="who acts" if default is None else f"who acts (by default {default})",
    )
