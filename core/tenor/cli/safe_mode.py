"""``tenor safe-mode``: the kernel's own part alone, for administrators; whatever a plugin does at its import."""

from __future__ import annotations

import argparse

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.loader.state import read_state
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    mode = group(commands, "safe-mode", "run the kernel's own part alone, or all again")
    command(mode, "show", _show, "whether it is on, and why")
    on = command(mode, "on", _on, "no plugin, no job; nobody but administrators is let in")
    on.add_argument("--reason", required=True, help="for those who are kept out")
    as_person(on)
    as_person(command(mode, "off", _off, "everything that is enabled runs again"))


def _show(place: Place, options: argparse.Namespace) -> int:
    del options
    place.there_is_one()
    reason = read_state(place.settings.database).safe_mode
    place.say(_("Safe mode: {reason}", reason=reason) if reason else _("All that is enabled runs."))
    return 0


def _on(place: Place, options: argparse.Namespace) -> int:
    switch(place, options.actor, options.reason)
    return _show(place, options)


def _off(place: Place, options: argparse.Namespace) -> int:
    switch(place, options.actor, "")
    return _show(place, options)


def switch(place: Place, login: str, reason: str) -> None:
    """Put the institution into safe mode, or out of it; no plugin is imported.

    Args:
        login: who does it.
        reason: empty: out of it.
    """
    from tenor.boot import boot
    from tenor.loader.lifecycle import set_safe_mode
    from tenor.loader.stage import actor_of

    place.there_is_one()
    kernel = boot(place.settings, plugins=())
    try:
        with kernel.context(actor_of(kernel, login), write=True) as ctx:
            set_safe_mode(kernel, ctx, reason)
    finally:
        kernel.db.dispose()
