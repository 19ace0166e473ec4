"""``tenor workflow``: where cases stand, moving those in flight, what a version would have made of last year's."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from tenor.base.recounting import committee_counted, simulate_committee
from tenor.base.replaying import definition_counted, strands
from tenor.base.simulating import counted, simulate_authority, simulate_rules
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.workflow.access import see_workflows
from tenor.workflow.committee_rules import in_words, whence
from tenor.workflow.records import AuthorityVersion, CommitteeVersion, TaskRuleVersion
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow
    from tenor.workflow.migrating import Standing


def add(commands: Commands) -> None:
    workflow = group(commands, "workflow", "where cases stand")
    showing = command(workflow, "cases", _cases, "how many cases stand in which state")
    showing.add_argument("name", nargs="?", default="", help="only this one: plugin.record")
    deciding = command(
        workflow, "committees", _committees, "by which rule each committee decides what comes before it"
    )  # fmt: skip
    deciding.add_argument("--on", type=date.fromisoformat, help="on another day than today")
    moving = command(
        workflow, "migrate", _migrate, "what would become of cases on the newest workflow; with --apply, move them"
    )  # fmt: skip
    moving.add_argument("name", help="plugin.record")
    moving.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="a state that takes another's place",
    )
    moving.add_argument("--apply", action="store_true", help="move them")
    moving.add_argument("--reason", default="", help="why, for the ledger; needed with --apply")
    simulating = command(
        workflow, "simulate", _simulate, "over last year's cases: how many would have gone another way"
    )  # fmt: skip
    simulating.add_argument("what", choices=("authority", "tasks", "committee", "definition"))
    simulating.add_argument(
        "which", help="the version, by the number in its address; of a definition plugin.record"
    )
    as_person(simulating, default=None)


def _cases(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        flows = [_named(kernel, options.name)] if options.name else kernel.workflow.flows.values()
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            found = [
                (flow, one) for flow in flows for one in kernel.workflow.migrating.plan(ctx, flow)
            ]
    rows = [(flow.name, one.hash[:8], _age(one), one.state, str(one.count)) for flow, one in found]
    place.table((_("Workflow"), _("Version"), _("Which"), _("State"), _("Cases")), rows)
    return 0


def _committees(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        rules = kernel.workflow.committee_rules
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            day = options.on or ctx.today
            found = [(key, rules.on(ctx, key, day)) for key in rules.declared]
    rows = [(key, in_words(rule), whence(rule)) for key, rule in found]
    place.table((_("Committee"), _("Committee rule"), _("Version")), rows)
    return 0


def _age(one: Standing) -> Text:
    return _("newest") if one.newest else _("earlier")


def _migrate(place: Place, options: argparse.Namespace) -> int:
    mapping = _mapping(options.map)
    with place.kernel() as kernel:
        flow = _named(kernel, options.name)
        if options.apply and not options.reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            plan = kernel.workflow.migrating.plan(ctx, flow, mapping)
        _show(place, plan)
        if options.apply:
            moved = kernel.workflow.migrating.apply(flow, mapping, options.reason.strip())
            place.say(_("{n} moved.", n=moved))
    return 0


def _show(place: Place, plan: Sequence[Standing]) -> None:
    rows = [
        (one.hash[:8], one.state, str(one.count), _becomes(one)) for one in plan if not one.newest
    ]
    place.table((_("Version"), _("State"), _("Cases"), _("What becomes of them")), rows)
    place.table((_("Open cases"), _("How many")), [(words, str(n)) for words, n in strands(plan)])


def _becomes(one: Standing) -> Text:
    if one.ended:
        return _("ended, stays as it is")
    if not one.target:
        return _("stranded: say with --map {state}=… which state takes its place", state=one.state)
    if one.target == one.state:
        return _("stays in its state")
    return _("goes to {state}", state=one.target)


def _mapping(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in given:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise Invalid("invalid", {"map": Invalid("not-a-state-for-a-state")})
        found[old] = new
    return found


def _named(kernel: Kernel, name: str) -> Flow:
    flow = next((one for one in kernel.workflow.flows.values() if one.name == name), None)
    if flow is None:
        raise NotFound("no-such-workflow", what=name)
    return flow


def _simulate(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        rows = [(words, str(n)) for words, n in _simulated(ctx, options.what, options.which)]
    place.table((_("Cases of last year"), _("How many")), rows)
    return 0


def _simulated(ctx: KernelContext, what: str, which: str) -> Sequence[tuple[Text, int]]:
    if what == "definition":
        return _definition(ctx, which)
    if not which.isdecimal():
        raise Invalid("invalid", {"which": Invalid("not-a-whole-number")})
    records, identity = ctx.kernel.records, int(which)
    if what == "authority":
        found = simulate_authority(ctx, records.get(ctx, AuthorityVersion, identity))
    elif what == "tasks":
        found = simulate_rules(ctx, records.get(ctx, TaskRuleVersion, identity))
    else:
        found = simulate_committee(ctx, records.get(ctx, CommitteeVersion, identity))
    if found is None:
        raise NotFound("nothing-to-simulate")
    return committee_counted(found) if what == "committee" else counted(found)


def _definition(ctx: KernelContext, name: str) -> Sequence[tuple[Text, int]]:
    """As on the page of the workflow: who may see how cases go may ask."""
    flow = _named(ctx.kernel, name)
    ctx.kernel.access.check_use(ctx, see_workflows)
    return definition_counted(ctx, flow, ctx.kernel.workflow.replaying.definition(ctx, flow))
