"""``tenor plugin``: what is installed, what a change would bring, and the change. ``list`` and ``plan`` import no
plugin, and ``list`` not even the ORM; a change is rehearsed in a process of its own first, and takes effect as running
processes are replaced."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.cli import calls, granting, removing
from tenor.cli.words import Commands, as_person, command, group
from tenor.loader.survey import Survey
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenor.cli.place import Place
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.loader.lifecycle import ChangePlan
    from tenor.loader.survey import PluginRow

_STATUS: dict[str, Text] = {
    "running": _("enabled"),
    "waiting": _("enabled"),
    "failed": _("failed"),
    "disabled": _("disabled"),
}

_REMOVALS = ("remove", "restore", "purge")


def add(commands: Commands) -> None:
    plugin = group(commands, "plugin", "list, plan, enable, disable and remove plugins")
    command(plugin, "list", _list, "every installed plugin; imports none")
    _named(plugin, "show", _show, "one plugin in full")
    parser = command(
        plugin, "plan", _plan, "what enabling, or one of these, would bring; imports none"
    )
    parser.add_argument("name", metavar="PLUGIN", nargs="?", default="")
    verbs = parser.add_mutually_exclusive_group()
    for verb in ("disable", *_REMOVALS):
        verbs.add_argument(f"--{verb}", action="store_true", help=f"plan to {verb} it")
    verbs.add_argument(
        "--upgrade", action="store_true", help="plan to migrate to what pip installed"
    )
    parser.add_argument(
        "--on-clone", action="store_true", help="rehearse it on a copy of the database"
    )
    _mapping_option(parser)
    enable = _named(plugin, "enable", _enable, "enable a plugin with those that it needs")
    as_person(granting.deciding(enable))
    granting.add(plugin)
    calls.add(plugin)
    as_person(_named(plugin, "disable", _disable, "disable a plugin; nothing is lost"))
    removing.add(plugin)
    new = _named(plugin, "new", _new, "write a new plugin, with tests that pass, into this folder")
    new.add_argument("--title", default="", help="in English; by default made of the name")
    new.add_argument("--title-zh", default="", help="in Chinese; by default as in English")
    _named(plugin, "docs", _docs, "print a plugin's reference page, in Markdown")
    rung = _named(
        plugin, "check", _check, "which rung a plugin stands on, and what it lacks for the next"
    )
    rung.add_argument("--at-least", choices=("sound", "explained", "proven"), default="sound")
    lock = command(plugin, "lock", _lock, "from now on let only these versions run, byte for byte")
    lock.add_argument("--check", action="store_true", help="only say what isn't as it was locked")
    upgrade = command(
        plugin, "upgrade", _upgrade, "migrate to the versions that pip installed, all or nothing"
    )
    _mapping_option(upgrade)
    as_person(granting.deciding(upgrade))


def _mapping_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map", action="append", default=[], metavar="WORKFLOW:OLD=NEW",
        help="a state that takes the place of one that an upgrade does away with",
    )  # fmt: skip


def _named(
    plugin: Commands, name: str, run: Callable[[Place, argparse.Namespace], int], help: str
) -> argparse.ArgumentParser:
    parser = command(plugin, name, run, help)
    parser.add_argument("name", metavar="PLUGIN")
    return parser


def _list(place: Place, options: argparse.Namespace) -> int:
    del options
    survey = _surveyed(place)
    heads = (_("Plugin"), _("Title"), _("Version"), _("State"))
    states = [(row, _state(survey, row)) for row in survey.overview()]
    place.table(heads, [(row.name, row.title, row.version, state) for row, state in states])
    if survey.put_into_safe_mode:
        place.say(_("Safe mode: {reason}", reason=survey.put_into_safe_mode))
    elif survey.safe_mode:
        place.say(_("Safe mode: a critical plugin doesn't run."))
    return 0


def _surveyed(place: Place) -> Survey:
    survey = Survey(place.settings)
    survey.examine()
    return survey


def _state(survey: Survey, row: PluginRow) -> Text:
    if row.failure is not None:
        return _("{state}: {cause}", state=_STATUS[row.status], cause=row.failure.cause)
    if survey.safe_mode and row.status == "waiting":
        return _("left out in safe mode")
    return _STATUS[row.status]


def _show(place: Place, options: argparse.Namespace) -> int:
    survey = _surveyed(place)
    rows = [row for row in survey.overview() if row.name == options.name]
    if not rows:
        place.say(_("{plugin} isn't installed.", plugin=options.name))
        return 1
    row = rows[0]
    nothing = "–"
    place.say(f"{row.title} ({row.name} {row.version})")
    place.say(row.summary)
    place.say(_("State: {state}", state=_state(survey, row)))
    place.say(_("Needs: {names}", names=", ".join(row.requires) or nothing))
    place.say(_("Needed by: {names}", names=", ".join(row.needed_by) or nothing))
    place.say(_("Asks for: {names}", names=", ".join(row.asks) or nothing))
    place.say(_("Granted: {names}", names=", ".join(row.granted) or nothing))
    if row.failure is not None:
        place.say(row.failure.remedy)
    calls.tell(place, row.name)
    return 0


def _plan(place: Place, options: argparse.Namespace) -> int:
    if bool(options.name) == options.upgrade:
        raise Invalid("invalid", {"plugin": Invalid("required")})
    for verb in _REMOVALS:
        if getattr(options, verb):
            return removing.plan_of(place, options.name, verb)
    return _plan_change(place, options)


def _plan_change(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader import lifecycle
    from tenor.loader.cloning import on_clone
    from tenor.loader.loader import Loader

    place.there_is_one()
    loader, mapping = Loader(place.settings), _mapping(options.map)
    if options.upgrade:
        plan = lifecycle.plan_upgrade(loader)
    else:
        way = lifecycle.plan_disable if options.disable else lifecycle.plan_enable
        plan = way(loader, options.name)
    change = lifecycle.foreseen(loader, plan, mapping)
    status = _tell(place, change)
    if options.on_clone and not status:
        steps = on_clone(loader, change, mapping)
        rows = [(each.what, f"{each.seconds:.1f} s") for each in steps]
        place.table((_("On a copy, which is gone again"), _("Took")), rows)
    return status


def _mapping(given: list[str]) -> dict[str, dict[str, str]]:
    """``origination.application:old=new``, several of them, by workflow."""
    found: dict[str, dict[str, str]] = {}
    for each in given:
        workflow, colon, pair = each.partition(":")
        old, equals, new = pair.partition("=")
        if not (workflow and colon and old and equals and new):
            raise Invalid("invalid", {"map": Invalid("not-a-state-for-a-state")})
        found.setdefault(workflow, {})[old] = new
    return found


def _tell(place: Place, change: ChangePlan) -> int:
    from tenor.cli.institution import show_steps
    from tenor.loader.consequences import told

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
    for text in told(change.brings):
        place.say(text)
    if change.steps or not change.disables:
        show_steps(place, change.steps)
    return 0


def _new(place: Place, options: argparse.Namespace) -> int:
    from tenor.cli.scaffold import write_plugin

    made = write_plugin(options.name, options.title, options.title_zh, Path.cwd())
    place.say(_("Written to {folder}; its README says how to go on.", folder=made.name))
    return 0


def _docs(place: Place, options: argparse.Namespace) -> int:
    from tenor.cli.reference import page
    from tenor.loader.imported import imported

    order = imported(options.name)
    place.say(page(next(each for each in order if each.name == options.name)).rstrip())
    return 0


def _check(place: Place, options: argparse.Namespace) -> int:
    from tenor.cli.quality import check

    return check(place, options)


def _lock(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader import locking
    from tenor.loader.manifest import find

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
    from tenor.loader import lifecycle
    from tenor.loader.loader import Loader

    place.there_is_one()
    plan = lifecycle.plan_enable(Loader(place.settings), options.name)
    decision = granting.decision(place, options, plan.undecided)
    return _change(
        place,
        options.actor,
        lambda ctx: ctx.kernel.loader.enable(ctx, options.name, decision),
        _("Enabled."),
    )


def _disable(place: Place, options: argparse.Namespace) -> int:
    return _change(
        place, options.actor, lambda ctx: ctx.kernel.loader.disable(ctx, options.name), _("Disabled; nothing was lost.")
    )  # fmt: skip


def _change(place: Place, login: str, do: Callable[[KernelContext], ChangePlan], done: Text) -> int:
    from tenor.cli.institution import show_steps

    with place.acting(login, write=True) as ctx:
        change = do(ctx)
    show_steps(place, change.steps) if change.steps else None
    place.say(done)
    return 0


def _upgrade(place: Place, options: argparse.Namespace) -> int:
    """Tables first, in one transaction; then the versions are put on record and every process is replaced."""
    from tenor.cli.institution import show_steps
    from tenor.loader import lifecycle
    from tenor.loader.loader import Loader
    from tenor.loader.manifest import BASE
    from tenor.loader.removing import may_manage
    from tenor.loader.stage import actor_of

    place.there_is_one()
    loader, mapping = Loader(place.settings), _mapping(options.map)
    change = lifecycle.foreseen(loader, lifecycle.plan_upgrade(loader), mapping)
    if change.refusals:
        return _tell(place, change)
    if not any(step.plugin == BASE for step in change.steps):
        # with tables of the kernel's own to come, nobody can be asked who it is before they are there
        with removing.bare_kernel(place, options.actor) as (kernel, actor):
            may_manage(kernel, actor)
    decided = lifecycle.settled(loader, change, granting.decision(place, options, change.undecided))
    show_steps(place, lifecycle.upgrade_tables(loader, loader.enabled))
    with place.kernel() as kernel:
        may_manage(kernel, actor_of(kernel, options.actor))
        with kernel.context(actor_of(kernel, options.actor), write=True) as ctx:
            lifecycle.record_state(kernel, ctx, decided=decided)
        _follow(place, kernel, mapping)
    return 0


def _follow(place: Place, kernel: Kernel, mapping: Mapping[str, Mapping[str, str]]) -> None:
    """Put the cases whose state an upgrade did away with into the one that takes its place."""
    reason = place.text(_("An upgrade did away with the state."))
    for flow in kernel.workflow.flows.values():
        moved = kernel.workflow.migrating.follow(flow, mapping.get(flow.name, {}), reason)
        if moved:
            place.say(_("{workflow}: {n} moved.", workflow=flow.name, n=moved))
