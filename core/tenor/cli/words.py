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
