"""``tenor <plugin> <command>``: what plugins add."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tenor.cli.place import Place
from tenor.declarations import Labelled
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.i18n import _


def run_plugin_command(place: Place, given: Sequence[str]) -> int:
    """Run the command that a plugin brings, as the person named by ``--as``."""
    parser = argparse.ArgumentParser(prog="tenor", add_help=False)
    parser.add_argument("--config")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--as", dest="actor", default="system")
    options, words = parser.parse_known_args(given)
    plugin, name, arguments = words[0], "".join(words[1:2]), words[2:]
    with place.kernel() as kernel:
        found = _commands(kernel, plugin)
        act = next((each for each in found if each.label.name == name), None)
        if act is None:
            return _unknown(place, plugin, found)
        actor = actor_of(kernel, options.actor)
        with (
            kernel.context(actor, write=True) as ctx,
            kernel.access.procedure(ctx, plugin, name),
        ):
            said = act.function(ctx, *arguments)
    if said:
        place.say(str(said))
    return 0


def _commands(kernel: Kernel, plugin: str) -> list[Labelled]:
    found = kernel.declarations.labelled("__tenor_command__")
    return sorted(
        (each for each in found if each.plugin == plugin), key=lambda each: str(each.label.name)
    )


def _unknown(place: Place, plugin: str, found: Sequence[Labelled]) -> int:
    if not found:
        place.say(_("There is no command {name}; see tenor --help", name=plugin))
    for each in found:
        place.say(f"tenor {plugin} {each.label.name}: {each.label.help}")
    return 2
