"""``tenor plugin``: what is installed, what a change would bring, and the change. ``list`` and ``plan`` import no
plugin; a change is rehearsed in a process of its own first, and takes effect as running processes are replaced."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.cli.institution import show_steps
from tenor.cli.place import Place
from tenor.cli.scaffold import write_plugin
from tenor.cli.words import Commands, as_person, command, group
from tenor.loader import grants, lifecycle, locking
from tenor.loader.grants import UNSAID, Decision
from tenor.loader.lifecycle import ChangePlan, PluginRow
from tenor.loader.loader import Loader
from tenor.loader.manifest import find
from tenor.loader.stage import actor_of
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenor.context import KernelContext

_STATUS: dict[str, Text] = {
    "running": _("enabled"),
    "waiting": _("enabled"),
    "failed": _("failed"),
    "disabled": _("disabled"),
}


def add(commands: Commands) -> None:
    plugin = group(commands, "plugin", "list, plan, enable and disable plugins")
    command(plugin, "list", _list, "every installed plugin; imports none")
    _named(plugin, "show", _show, "one plugin in full")
    parser = _named(plugin, "plan", _plan, "what enabling (or --disable: disabling) would bring")
    parser.add_argument("--disable", action="store_true", help="plan to disable it")
    enable = _named(plugin, "enable", _enable, "enable a plugin with those that it needs")
    as_person(_deciding(enable))
    for verb, run, what in (
        ("grant", _grant, "let a plugin do"),
        ("deny", _deny, "keep a plugin from"),
    ):
        parser = _named(plugin, verb, run, f"{what} what it asks for beyond its own records")
        parser.add_argument(
            "what", nargs="+", metavar="WHAT", help="such as files; all: everything it asks for"
        )
        as_person(parser)
    as_person(_named(plugin, "disable", _disable, "disable a plugin; nothing is lost"))
    new = _named(plugin, "new", _new, "write a new plugin, with tests that pass, into this folder")
    new.add_argument("--title", default="", help="in English; by default made of the name")
    new.add_argument("--title-zh", default="", help="in Chinese; by default as in English")
    lock = command(plugin, "lock", _lock, "from now on let only these versions run, byte for byte")
    lock.add_argument("--check", action="store_true", help="only say what isn't as it was locked")
    upgrade = command(
        plugin, "upgrade", _upgrade, "migrate to the versions that pip installed, all or nothing"
    )
    as_person(_deciding(upgrade))


def _named(
    plugin: Commands, name: str, run: Callable[[Place, argparse.Namespace], int], help: str
) -> argparse.ArgumentParser:
    parser = command(plugin, name, run, help)
    parser.add_argument("name", metavar="PLUGIN")
    return parser


def _deciding(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The options that say what plugins may do beyond their own records."""
    for name, what in (("--grant", "let them do"), ("--deny", "keep them from doing")):
        parser.add_argument(
            name,
            nargs="+",
            default=[],
            metavar="WHAT",
            help=f"{what} what they ask for: files, or documents:files of one, or all",
        )
    return parser


def _decision(
    place: Place, options: argparse.Namespace, open_: Sequence[tuple[str, str]]
) -> Decision:
    """What the options say, and, at a terminal, what the person answers where they say nothing."""
    said = Decision(tuple(options.grant), tuple(options.deny))
    if said != UNSAID or not sys.stdin.isatty():
        return said
    granted: list[str] = []
    denied: list[str] = []
    for plugin, kind in open_:
        place.say(grants.asking(plugin, kind))
        answer = input(place.text(_("Grant it? (y/n) "))).strip().lower()
        (granted if answer == "y" else denied).append(f"{plugin}:{kind}")
    return Decision(tuple(granted), tuple(denied))


def _list(place: Place, options: argparse.Namespace) -> int:
    del options
    rows = _rows(place)
    heads = (_("Plugin"), _("Title"), _("Version"), _("State"))
    place.table(heads, [(row.name, row.title, row.version, _state(row)) for row in rows])
    return 0


def _rows(place: Place) -> list[PluginRow]:
    loader = Loader(place.settings)
    loader.examine()
    return loader.overview()


def _state(row: PluginRow) -> Text:
    if row.failure is not None:
        return _("{state}: {cause}", state=_STATUS[row.status], cause=row.failure.cause)
    return _STATUS[row.status]


def _show(place: Place, options: argparse.Namespace) -> int:
    rows = [row for row in _rows(place) if row.name == options.name]
    if not rows:
        place.say(_("{plugin} isn't installed.", plugin=options.name))
        return 1
    row = rows[0]
    nothing = "–"
    place.say(f"{row.title} ({row.name} {row.version})")
    place.say(row.summary)
    place.say(_("State: {state}", state=_state(row)))
    place.say(_("Needs: {names}", names=", ".join(row.requires) or nothing))
    place.say(_("Needed by: {names}", names=", ".join(row.needed_by) or nothing))
    place.say(_("Asks for: {names}", names=", ".join(row.asks) or nothing))
    place.say(_("Granted: {names}", names=", ".join(row.granted) or nothing))
    if row.failure is not None:
        place.say(row.failure.remedy)
    return 0


def _plan(place: Place, options: argparse.Namespace) -> int:
    loader = Loader(place.settings)
    change = (loader.plan_disable if options.disable else loader.plan_enable)(options.name)
    return _tell(place, change)


def _tell(place: Place, change: ChangePlan) -> int:
    for refusal in change.refusals:
        place.say(refusal)
    if change.refusals:
        return 1
    for name in change.enables:
        place.say(_("enable {plugin}", plugin=name))
    for name in change.disables:
        place.say(_("disable {plugin}; its tables and rows stay", plugin=name))
    for name, asked in change.asks:
        place.say(_("{plugin} asks for {what}", plugin=name, what=asked))
    if change.undecided:
        words = " ".join(f"{name}:{asked}" for name, asked in change.undecided)
        place.say(_("Still to be granted or denied: {words}", words=words))
    if change.steps or not change.disables:
        show_steps(place, change.steps)
    return 0


def _new(place: Place, options: argparse.Namespace) -> int:
    made = write_plugin(options.name, options.title, options.title_zh, Path.cwd())
    place.say(_("Written to {folder}; its README says how to go on.", folder=made.name))
    return 0


def _lock(place: Place, options: argparse.Namespace) -> int:
    file, (installed, _unreadable) = locking.lock_file(place.settings), find()
    if not options.check:
        place.there_is_one()
        locked = locking.write(file, installed)
        place.say(_("{n} plugins are locked in {file}.", n=len(locked), file=str(file)))
        return 0
    kept = locking.read(file)
    if kept is None:
        place.say(_("Nothing is locked here."))
        return 1
    found = locking.differences(kept, installed, {*installed})
    for name, how in found.items():
        place.say(_("{plugin}: {cause}", plugin=name, cause=how))
    if not found:
        place.say(_("Everything that is installed is as it was locked."))
    return 1 if found else 0


def _enable(place: Place, options: argparse.Namespace) -> int:
    loader = Loader(place.settings)
    decision = _decision(place, options, loader.plan_enable(options.name).undecided)
    return _change(
        place,
        options.actor,
        lambda ctx: ctx.kernel.loader.enable(ctx, options.name, decision),
        _("Enabled."),
    )


def _grant(place: Place, options: argparse.Namespace) -> int:
    return _decide(place, options, Decision(grant=tuple(options.what)), _("Granted."))


def _deny(place: Place, options: argparse.Namespace) -> int:
    return _decide(place, options, Decision(deny=tuple(options.what)), _("Denied."))


def _decide(place: Place, options: argparse.Namespace, decision: Decision, done: Text) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.loader.decide(ctx, options.name, decision)
    place.say(done)
    return 0


def _disable(place: Place, options: argparse.Namespace) -> int:
    return _change(
        place, options.actor, lambda ctx: ctx.kernel.loader.disable(ctx, options.name), _("Disabled; nothing was lost.")
    )  # fmt: skip


def _change(place: Place, login: str, do: Callable[[KernelContext], ChangePlan], done: Text) -> int:
    with place.acting(login, write=True) as ctx:
        change = do(ctx)
    show_steps(place, change.steps) if change.steps else None
    place.say(done)
    return 0


def _upgrade(place: Place, options: argparse.Namespace) -> int:
    """Tables first, in one transaction; then the versions are put on record and every process is replaced."""
    loader = Loader(place.settings)
    change = lifecycle.plan_upgrade(loader)
    if change.refusals:
        return _tell(place, change)
    decided = lifecycle.settled(loader, change, _decision(place, options, change.undecided))
    lifecycle.rehearse(sorted(loader.enabled))
    show_steps(place, lifecycle.upgrade_tables(loader, loader.enabled))
    with (
        place.kernel() as kernel,
        kernel.context(actor_of(kernel, options.actor), write=True) as ctx,
    ):
        lifecycle.record_state(kernel, ctx, decided=decided)
    return 0
