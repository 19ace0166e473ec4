"""``tenor plugin grant`` and ``deny``, and what ``enable`` and ``upgrade`` are told of them: what plugins may do beyond
their own records."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tenor.cli.words import Commands, as_person, command
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.cli.place import Place
    from tenor.loader.grants import Decision


def add(plugin: Commands) -> None:
    """The words below ``tenor plugin``."""
    for verb, run, what in (
        ("grant", _grant, "let a plugin do"),
        ("deny", _deny, "keep a plugin from"),
    ):
        parser = command(plugin, verb, run, f"{what} what it asks for beyond its own records")
        parser.add_argument("name", metavar="PLUGIN")
        parser.add_argument(
            "what", nargs="+", metavar="WHAT", help="such as files; all: everything it asks for"
        )
        as_person(parser)


def deciding(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options of a change that say what plugins may do beyond their own records."""
    for name, what in (("--grant", "let them do"), ("--deny", "keep them from doing")):
        parser.add_argument(
            name,
            nargs="+",
            default=[],
            metavar="WHAT",
            help=f"{what} what they ask for: files, or documents:files of one, or all",
        )
    return parser


def decision(
    place: Place, options: argparse.Namespace, undecided: Sequence[tuple[str, str]]
) -> Decision:
    """What the options say, and, at a terminal, what the person answers where they say nothing."""
    from tenor.loader.grants import UNSAID, Decision, asking

    said = Decision(_words(options.grant), _words(options.deny))
    if said != UNSAID or not sys.stdin.isatty():
        return said
    granted: list[str] = []
    denied: list[str] = []
    for plugin, kind in undecided:
        place.say(asking(plugin, kind))
        answer = input(place.text(_("Grant it? (y/n) "))).strip().lower()
        (granted if answer == "y" else denied).append(f"{plugin}:{kind}")
    return Decision(tuple(granted), tuple(denied))


def _words(given: Sequence[str]) -> tuple[str, ...]:
    """What was named, with commas between or without."""
    return tuple(word for each in given for word in each.split(",") if word)


def _grant(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.grants import Decision

    return _decide(place, options, Decision(grant=_words(options.what)), _("Granted."))


def _deny(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.grants import Decision

    return _decide(place, options, Decision(deny=_words(options.what)), _("Denied."))


def _decide(place: Place, options: argparse.Namespace, said: Decision, done: Text) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.loader.decide(ctx, options.name, said)
    place.say(done)
    return 0
