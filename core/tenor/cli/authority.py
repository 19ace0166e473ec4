"""``tenor authority``: who decides what kind of case, as it is in force."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from tenor.cli.place import Place
from tenor.cli.words import Commands, command, group
from tenor.workflow.definitions import titled
from tenor.workflow.limit_text import limits_text, who_text
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.workflow.authorities import InForce
    from tenor_sdk.authority import Authority


def add(commands: Commands) -> None:
    authority = group(commands, "authority", "who decides what kind of case, up to what")
    showing = command(authority, "show", _show, "what is in force")
    showing.add_argument("key", nargs="?", default="", help="only this one: plugin.name")
    showing.add_argument("--on", type=date.fromisoformat, help="on another day than today")


def _show(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        authorities = kernel.workflow.authorities
        wanted = [authorities.named(options.key)] if options.key else authorities.declared.values()
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            found = [(each, authorities.in_force(ctx, each, options.on)) for each in wanted]
    for authority, in_force in found:
        place.say(_head(authority, in_force))
        if in_force is not None:
            rows = [(who_text(one), limits_text(one, authority)) for one in in_force.lines]
            place.table((_("Who decides"), _("Up to")), rows)
    return 0


def _head(authority: Authority, in_force: InForce | None) -> Text:
    named = {"title": titled(authority.title, authority.plugin), "key": authority.key}
    if in_force is None:
        return _("{title} ({key}): nothing is in force, so nobody decides", **named)
    if not in_force.number:
        return _("{title} ({key}): as it came with the plugin", **named)
    return _(
        "{title} ({key}): version {n}, in force from {since}",
        n=in_force.number, since=in_force.since, **named,
    )  # fmt: skip
