"""``tenor plugin remove``, ``restore`` and ``purge``: what takes a plugin's data away, and brings it back. No plugin is
imported for any of them: the package may be gone already."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.cli.words import Commands, as_person, command
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.cli.place import Place
    from tenor.kernel import Kernel
    from tenor.loader.removing import Removal


def add(plugin: Commands) -> None:
    """The words below ``tenor plugin``."""
    remove = command(
        plugin, "remove", _remove, "export a disabled plugin's data, then take it away"
    )
    restore = command(plugin, "restore", _restore, "bring a removed plugin back from its export")
    restore.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="the export, where it was moved"
    )
    purge = command(
        plugin, "purge", _purge, "destroy a plugin's data, exports too; asks for its name"
    )
    for parser in (remove, restore, purge):
        parser.add_argument("name", metavar="PLUGIN")
        as_person(parser)


def plan_of(place: Place, name: str, verb: str) -> int:
    """Say what one of these would do; the exit status."""
    from tenor.loader.bringing_back import plan_restore
    from tenor.loader.removing import plan_purge, plan_remove

    place.there_is_one()
    plans = {"remove": plan_remove, "restore": plan_restore, "purge": plan_purge}
    return _tell(place, plans[verb](place.settings, name))


def _tell(place: Place, change: Removal) -> int:
    for refusal in change.refusals:
        place.say(refusal)
    if change.refusals:
        return 1
    for text in said_of(change):
        place.say(text)
    return 0


def said_of(change: Removal) -> Iterator[Text]:
    """What would go, or come, in words."""
    words = {
        "remove": _("It is exported first; tenor plugin restore {plugin} brings it back.", plugin=change.plugin),
        "restore": _("It comes back as it was, disabled."),
        "purge": _("It can't be brought back. The ledger keeps what it says of it."),
    }  # fmt: skip
    yield words[change.verb]
    for name, count in change.tables:
        yield _("{table}, with {n} rows", table=name, n=count)
    for name, count in change.rows:
        yield _("{n} rows about it in {table}", table=name, n=count)
    if change.verb == "purge":
        for export in change.exports:
            yield _("the export {file}", file=export.name)


def _remove(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.removing import remove

    with bare_kernel(place, options.actor) as (kernel, actor):
        removed = remove(kernel, actor, options.name)
    for digest in removed.missing:
        place.say(_("The file {digest} isn't in the store.", digest=digest))
    place.say(_("Removed; exported to {file}.", file=str(removed.file)))
    place.say(_("Keep it as you keep backups: tenor plugin restore {plugin}", plugin=options.name))
    return 0


def _restore(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.bringing_back import bring_back

    with bare_kernel(place, options.actor) as (kernel, actor):
        about = bring_back(kernel, actor, options.name, options.source)
        taken = datetime.fromisoformat(about.taken_at).astimezone(kernel.clock.zone)
    said = {"plugin": about.plugin, "at": f"{taken:%Y-%m-%d %H:%M}"}
    place.say(_("{plugin} is back as it was at {at}, disabled.", **said))
    place.say(_("Next: tenor plugin enable {plugin}", plugin=about.plugin))
    return 0


def _purge(place: Place, options: argparse.Namespace) -> int:
    from tenor.loader.removing import purge

    status = plan_of(place, options.name, "purge")
    if status:
        return status
    place.say(_("Type its name to destroy all this:"))
    if sys.stdin.readline().strip() != options.name:
        place.say(_("That isn't its name; nothing was changed."))
        return 1
    with bare_kernel(place, options.actor) as (kernel, actor):
        purge(kernel, actor, options.name)
    place.say(_("{plugin} is destroyed.", plugin=options.name))
    return 0


@contextmanager
def bare_kernel(place: Place, login: str) -> Iterator[tuple[Kernel, ActorData]]:
    """The kernel's own part alone, and who acts."""
    from tenor.boot import boot
    from tenor.loader.stage import actor_of

    place.there_is_one()
    kernel = boot(place.settings, plugins=())
    try:
        yield kernel, actor_of(kernel, login)
    finally:
        kernel.db.dispose()
