"""``tenor access``: what each position may do from the start, and why somebody may or may not."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import Commands, command, group
from tenor.db.numbers import BEYOND
from tenor.loader.stage import actor_of
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access.explain import Explanation, Reason
    from tenor.context import KernelContext
    from tenor_sdk.records import Record


def add(commands: Commands) -> None:
    access = group(commands, "access", "what positions may do, and why somebody may or may not")
    table = command(access, "matrix", _matrix, "what each position may do with each record")
    table.add_argument("--position", help="only this one")
    table.add_argument("--record", help="only this one: plugin.record, such as loans.loan")
    why = command(access, "explain", _explain, "why a person may or may not")
    why.add_argument("login")
    why.add_argument("record", help="plugin.record, such as loans.loan")
    why.add_argument("id", nargs="?", type=int, help="one of them")


def _matrix(place: Place, options: argparse.Namespace) -> int:
    """R read, C create, U change, D remove, E export, each with how far it reaches."""
    from tenor.access.explain import cell_text, matrix

    with place.kernel() as kernel:
        found = matrix(kernel.access.roles.values(), kernel.declarations.records)
    rows = [
        (record, position, cell_text(cell))
        for record, row in sorted(found.items())
        for position, cell in row.items()
        if options.position in (None, position) and options.record in (None, record)
    ]
    place.table((_("Record"), _("Position"), _("May")), rows)
    return 0


def _explain(place: Place, options: argparse.Namespace) -> int:
    from tenor.access.explain import explain, name_of

    with place.kernel() as kernel:
        actor = actor_of(kernel, options.login)
        with kernel.context(actor, write=False) as ctx:
            record = record_of(ctx.kernel.declarations, options.record)
            found = explain(ctx, record, options.id)
            inherited = name_of(found.inherited) if found.inherited else ""
            known = options.id is not None and 0 < options.id < BEYOND
            steps = kernel.workflow.forbidden(ctx, record(id=options.id)) if known else []
            decides = _decides(ctx, record, options.id if known else None)
    verbs = ", ".join(found.verbs) or "–"
    place.say(_("{login} may: {verbs}", login=options.login, verbs=verbs))
    if inherited:
        place.say(_("The rights are those of {record}.", record=inherited))
    _tell_reasons(place, found)
    for step, rule, giver in steps:
        place.say(_tell_step(step, rule, giver))
    for said in decides:
        place.say(said)
    for name in found.unknown:
        place.say(_("{name} brings nothing: no plugin in service knows it.", name=name))
    return 0


def _tell_step(step: str, rule: Text, giver: str) -> Text:
    if giver:
        return _("May not {step} in the place of {name}: {rule}", step=step, name=giver, rule=rule)
    return _("May not {step}: {rule}", step=step, rule=rule)


def _tell_source(reason: Reason) -> Text | str:
    by = ", ".join(reason.by)
    if reason.until is None:
        return by or _("given")
    day = reason.until.isoformat()
    return _(
        "{position}, delegated by {name} until {day}", position=by, name=reason.lent_by, day=day
    )


def _decides(ctx: KernelContext, record: type[Record], identity: int | None) -> Sequence[Text]:
    """What the authorities say of one that the person can read."""
    one = ctx.session.get(record, identity) if identity is not None else None
    return ctx.kernel.workflow.authority_words(ctx, one) if one is not None else ()


def _tell_reasons(place: Place, found: Explanation) -> None:
    said: dict[bool | None, Text | str] = {
        None: "",
        True: _("reaches it"),
        False: _("doesn't reach it"),
    }
    rows: list[tuple[Text | str, ...]] = [
        (each.verb, each.scope, each.role, _tell_source(each), said[each.holds])
        for each in found.reasons
    ]
    if rows:
        place.table((_("Verb"), _("Reach"), _("Role"), _("By position"), ""), rows)
    if found.rules and found.allowed_by_rules is not None:
        figures = {"n": found.allowed_by_rules, "rules": found.rules}
        place.say(_("{n} of {rules} restrictions let it through.", **figures))
    elif found.rules:
        place.say(_("Restrictions on it: {rules}", rules=found.rules))
    for name, effect in sorted(found.fields.items()) if found.verbs else ():
        place.say(f"{name}: {effect}")
