"""Why somebody may, or may not: the grants that count, where they come from, and what they say of one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.actors import ActorData, positions_of
from tenor.access.rights import Rights, holds, parent_of
from tenor_sdk.access import EVERYBODY, VERBS, Grant, Reach, Role, Scope, Through
from tenor_sdk.records import Record, info_of

if TYPE_CHECKING:
    from tenor.access.access import Access
    from tenor.context import KernelContext

#: how a verb stands in a cell of the matrix
_LETTERS: Final = {"read": "R", "create": "C", "update": "U", "delete": "D", "export": "E"}
#: widest first
_WIDTH: Final = {Scope.ALL: 0, Scope.BELOW: 1, Scope.UNIT: 2, Scope.ASSIGNED: 3, Scope.OWN: 4}


@dataclass(frozen=True)
class Reason:
    """A grant that somebody has.

    Args:
        verb: ``read``, ``create``, ``update``, ``delete``, ``export``.
        scope: how far it reaches, as ``scope_text``.
        role: the key of the role.
        by: the positions that bring the role; empty where it was given to the person.
        lent_by: who delegated these positions; empty where they are the person's own.
        until: the last day of that.
        holds: whether it reaches the record that was asked about; None where none was.
    """

    verb: str
    scope: str
    role: str
    by: tuple[str, ...]
    holds: bool | None = None
    lent_by: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Explanation:
    """Why somebody may or may not.

    Args:
        reasons: the grants, in the order of verbs.
        inherited: the record whose rights these are, where this one has no grant of its own.
        rules: how many restrictions lie on the record, and how many of them let the row through; None without a row.
        fields: what field rules do to fields.
        verbs: the verbs that come out of it; of the row where one was asked about.
        unknown: what the person was given or holds, and brings nothing: roles of no plugin in service, positions that
            no role names.
    """

    reasons: Sequence[Reason]
    inherited: type[Record] | None
    rules: int
    allowed_by_rules: int | None
    fields: Mapping[str, str]
    verbs: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def explain(ctx: KernelContext, record: type[Record], identity: int | None = None) -> Explanation:
    """Why the actor of ``ctx`` may or may not do something with a kind of record, or with one of it.

    What a row holds is read past the actor's own rows: whoever asks is an administrator who explains.
    """
    access = ctx.kernel.access
    rights = access.rights(ctx.actor)
    source = record
    while not _granted(rights, source) and parent_of(source):
        source = parent_of(source) or source
    reasons = list(_reasons(ctx, access, source, None if source is not record else identity))
    rules = access.book.rules.get(record, ())
    return Explanation(
        reasons=reasons,
        inherited=source if source is not record else None,
        rules=len(rules),
        allowed_by_rules=None
        if identity is None
        else sum(_holds(ctx, record, rule.allows(ctx.actor), identity) for rule in rules),
        fields=access.field_effects(ctx, record, None),
        verbs=tuple(verb for verb in VERBS if _may(ctx, record, verb, identity)),
        unknown=tuple(_unknown(access, ctx.actor)),
    )


def _granted(rights: Rights, record: type[Record]) -> bool:
    return any(grant.target is record for each in rights.worn for grant in each.grants)


def _unknown(access: Access, actor: ActorData) -> Iterator[str]:
    known = {position for role in access.roles.values() for position in role.positions}
    for each in (actor, *actor.stands_in):
        yield from sorted(each.roles - access.roles.keys())
        yield from sorted(each.positions - known if actor.is_person else ())


def _reasons(
    ctx: KernelContext, access: Access, record: type[Record], identity: int | None
) -> Iterator[Reason]:
    for verb in VERBS:
        for rights in access.rights(ctx.actor).worn:
            for key, grant in _grants(access, rights, record, verb):
                reach = rights.reach(record, grant.scope)
                yield Reason(
                    verb,
                    scope_text(grant.scope),
                    key,
                    by_positions(access.roles.get(key), rights.actor),
                    None if identity is None else _holds(ctx, record, reach, identity),
                    rights.actor.name if rights.actor.lent else "",
                    rights.actor.lent.until if rights.actor.lent else None,
                )


def _grants(
    access: Access, rights: Rights, record: type[Record], verb: str
) -> Iterator[tuple[str, Grant]]:
    for key in sorted(rights.actor.roles):
        for grant in access.book.grants.get(key, ()):
            if grant.target is record and verb in grant.verbs:
                yield key, grant


def by_positions(role: Role | None, actor: ActorData) -> tuple[str, ...]:
    """The positions that bring somebody a role; of one who delegated, only those that were delegated."""
    own = actor.is_person and actor.lent is None
    held = positions_of(actor.positions) if own else actor.positions
    return tuple(sorted(role.positions & held)) if role else ()


def _may(ctx: KernelContext, record: type[Record], verb: str, identity: int | None) -> bool:
    if identity is None:
        return ctx.may(record, verb)
    criteria = ctx.kernel.access.rights(ctx.actor).criteria(record, verb)
    return _holds(ctx, record, criteria, identity)


def _holds(ctx: KernelContext, record: Any, criteria: Any, identity: int) -> bool:
    statement = select(record.id).where(record.id == identity, holds(criteria))
    with ctx.kernel.db.system(ctx.session) as session:
        return session.scalar(statement) is not None


def scope_text(scope: Reach) -> str:
    """A scope as people write it: ``own``, ``unit``, ``below``, ``assigned``, ``all``, ``through loan``, ``rule``."""
    if isinstance(scope, Scope):
        return scope.value
    if isinstance(scope, Through):
        target = info_of(scope.link).target
        return f"through {target.__name__.lower() if target else '?'}"
    return "rule"


# -- the matrix -------------------------------------------------------------------------------------------------------


def matrix(
    roles: Iterable[Role], records: Sequence[type[Record]]
) -> dict[str, dict[str, dict[str, str]]]:
    """For each record (``plugin.record``) and position what its roles allow from the start: verbs with their scopes.

    ``{"customers.customer": {"relationship-manager": {"read": "own", …}}}``. What everybody has stands under
    ``everybody``. Of several scopes the widest that is one of the five stands there, with what is beside it.
    """
    grants = [(role, grant) for role in roles for grant in role.grants]
    found: dict[str, dict[str, dict[str, str]]] = {}
    for record in records:
        row: dict[str, dict[str, list[Grant]]] = {}
        for role, grant in grants:
            if grant.target is record:
                for position in role.positions:
                    for verb in grant.verbs:
                        row.setdefault(position, {}).setdefault(verb, []).append(grant)
        found[name_of(record)] = {
            position: {verb: _scopes(cell[verb]) for verb in VERBS if verb in cell}
            for position, cell in sorted(
                row.items(), key=lambda pair: (pair[0] != EVERYBODY, pair[0])
            )
        }
    return found


def cell_text(cell: Mapping[str, str]) -> str:
    """A cell of the matrix, verbs of one scope together: ``RCU own, E all``."""
    return ", ".join(
        "".join(_LETTERS[verb] for verb, each in cell.items() if each == scope) + f" {scope}"
        for scope in dict.fromkeys(cell.values())
    )


def name_of(record: type[Record]) -> str:
    """``plugin.record``, as the command line says it."""
    return f"{record.__plugin__}.{record.slug()}"


def _scopes(grants: Sequence[Grant]) -> str:
    plain = [grant.scope for grant in grants if isinstance(grant.scope, Scope)]
    kept = [min(plain, key=_WIDTH.__getitem__)] if plain else []
    if Scope.ALL in kept:
        return Scope.ALL.value
    if Scope.ASSIGNED in plain and kept != [Scope.ASSIGNED]:
        kept.append(Scope.ASSIGNED)
    others = sorted(
        {scope_text(grant.scope) for grant in grants if not isinstance(grant.scope, Scope)}
    )
    return " or ".join([*(scope.value for scope in kept), *others])
