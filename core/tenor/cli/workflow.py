"""``tenor workflow``: what a version would have made of last year's cases, before it is published."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tenor.base.simulating import counted, simulate_authority, simulate_rules
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.workflow.records import AuthorityVersion, TaskRuleVersion
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.simulate import Simulated


def add(commands: Commands) -> None:
    words = group(
        commands, "workflow", "what a new version of authority or task rules would change"
    )
    simulating = command(
        words, "simulate", _simulate, "over last year's cases: how many would have gone another way"
    )
    simulating.add_argument("what", choices=("authority", "tasks"))
    simulating.add_argument("id", type=int, help="the version, by the number in its address")
    as_person(simulating, default=None)


def _simulate(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        found = _found(ctx, options.what, options.id)
        rows = [(words, str(n)) for words, n in counted(found)]
    place.table((_("Cases of last year"), _("How many")), rows)
    return 0


def _found(ctx: KernelContext, what: str, identity: int) -> Simulated:
    records = ctx.kernel.records
    if what == "authority":
        found = simulate_authority(ctx, records.get(ctx, AuthorityVersion, identity))
    else:
        found = simulate_rules(ctx, records.get(ctx, TaskRuleVersion, identity))
    if found is None:
        raise NotFound("nothing-to-simulate")
    return found
