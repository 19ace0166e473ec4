"""Who may do what, asked and enforced: by the session at each flush, by web, API, CLI and jobs before an act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, inspect, select
from sqlalchemy.orm import Session

from tenor.access import oneself, people, sight, tree
from tenor.access.actors import ActorData, Actors, positions_of, service_actor
from tenor.access.asks import Asks
from tenor.access.bulk import Bulk
from tenor.access.inside import Inside
from tenor.access.judging import Judge, covers, reaches, row_in
from tenor.access.rights import Rights, RoleBook, of_parent, parent_of
from tenor.access.standing import Standing
from tenor.db.state import Procedure, SessionState, state_of
from tenor_sdk.access import FieldRule, Permission, Role, RowRule, Scope, Through
from tenor_sdk.errors import Forbidden
from tenor_sdk.i18n import Text
from tenor_sdk.records import Owned, Record, formulas_of, info_of
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_MOST_RIGHTS = 2048
#: The roles of each who looks at records: what isn't lifted for one of them isn't lifted.
Looking = tuple[frozenset[str], ...]
_BY_ID = people.with_epoch(select(bindparam("id", type_=BigInteger)))
#: What a rule does to a field, the mildest first.
_STRENGTH = {"freeze": 0, "mask": 1, "hide": 2}


class Access:
    """The room of rights.

    Attributes:
        asks: what plugins may do beyond their own records.
        counted: the number of ``AccessEpoch`` that was read last, with a person or a job.
    """

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.bulk = Bulk(kernel)
        self.standing = Standing(covers)
        self.judging = Judge(self.standing)
        self.asks = Asks()

    def load(self, declarations: Declarations) -> None:
        """Take in roles, restrictions and field rules.

        Raises:
            TypeError: a scope that says nothing of its record, a field rule with an effect that there isn't, or in
                states that its record hasn't; with the place of the declaration.
        """
        self.asks.load(self.kernel, declarations)
        self.roles: dict[str, Role] = {}
        for role in declarations.of(Role):
            _check_grants(role, self.roles.get(role.key))
            self.roles[role.key] = role
        rules: dict[type[Record], list[RowRule]] = {}
        for rule in declarations.of(RowRule):
            rules.setdefault(rule.record, []).append(rule)
        grants = {key: role.grants for key, role in self.roles.items()}
        self.book = RoleBook(grants, rules, self.kernel.db.dialect)
        self.field_rules = declarations.of(FieldRule)
        for field_rule in self.field_rules:
            _check_field_rule(field_rule)
        self._rights: dict[ActorData, Rights] = {}
        self._actors = Actors(0, date.min)
        self.counted: int | None = None
        self._field_effects: dict[Any, Mapping[str, str]] = {}

    # -- actors -----------------------------------------------------------------------------------------------------

    def actor(self, connection: Connection, user_id: int) -> ActorData | None:
        """The user with this id, if active; on a connection of ``Database.raw``."""
        return self.actor_of(connection, _BY_ID, {"id": user_id})

    def actor_of(
        self, connection: Connection, user: Select[Any], parameters: Mapping[str, Any]
    ) -> ActorData | None:
        """The active user whose id a statement finds; None where it finds none.

        One statement as long as nothing changed that rights depend on.

        Args:
            user: made by ``people.with_epoch``.
        """
        found = people.user_and_epoch(connection, user, parameters)
        if found is None:
            return None
        user_id, epoch = found
        self.counted = epoch
        actors, today = self._actors, self.kernel.clock.today()
        if epoch is None or actors.epoch != epoch or actors.day != today:
            actors = self._actors = Actors(epoch, today)
        if user_id not in actors.known:
            actor = people.actor(connection, today, user_id=user_id)
            actors.known[user_id] = self._with_roles(actor)
        return actors.known[user_id]

    def actor_by_login(
        self, connection: Connection, login: str, *, on: date | None = None
    ) -> ActorData | None:
        """The user with this login, if active.

        Args:
            on: another business date than the clock's.
        """
        self.counted = people.epoch(connection)
        return self._with_roles(
            people.actor(connection, on or self.kernel.clock.today(), login=login)
        )

    def service(self, plugin: str) -> ActorData:
        """The service actor of a plugin's jobs."""
        actor = self._with_roles(service_actor(plugin))
        assert actor is not None
        return actor

    def system_actor(self) -> ActorData:
        """The kernel's own, for its jobs and set-up."""
        return self.service("base")

    def _with_roles(self, found: ActorData | None) -> ActorData | None:
        if found is None:
            return None
        held = positions_of(found.positions) if found.is_person else found.positions
        return replace(
            found,
            roles=self._by_position(held) | found.roles,
            stands_in=tuple(
                replace(giver, roles=self._by_position(giver.positions))
                for giver in found.stands_in
            ),
        )

    def _by_position(self, held: frozenset[str]) -> frozenset[str]:
        return frozenset(key for key, role in self.roles.items() if role.positions & held)

    def rights(self, actor: ActorData) -> Rights:
        """What an actor's grants come to; kept as long as the actor's data are the same."""
        if actor not in self._rights:
            if len(self._rights) >= _MOST_RIGHTS:
                self._rights.clear()
            self._rights[actor] = Rights(actor, self.book)
        return self._rights[actor]

    def admit(self, ctx: KernelContext) -> None:
        """Give a fresh session its actor."""
        state = state_of(ctx.session)
        state.ctx, state.rights = ctx, self.rights(ctx.actor)

    def holders(self, ctx: KernelContext, position: str, unit: int | None) -> Sequence[int]:
        """Who holds a position: in the unit, else in the nearest above it with a holder; None: anywhere."""
        return people.holders(state_of(ctx.session).connection, position, unit, ctx.today)

    def holders_and_unit(
        self, ctx: KernelContext, position: str, unit: int
    ) -> tuple[Sequence[int], int | None]:
        """Who holds a position in a unit, else in the nearest above it, and which unit that is."""
        connection = state_of(ctx.session).connection
        return people.holders_and_unit(connection, position, unit, ctx.today)

    def names(self, ctx: KernelContext, users: Sequence[int]) -> Mapping[int, str]:
        """The names of users."""
        return people.names(state_of(ctx.session).connection, users)

    # -- procedures and elevation -----------------------------------------------------------------------------------

    def procedure(
        self, ctx: KernelContext, plugin: str, name: str, by: Permission | None = None
    ) -> AbstractContextManager[None]:
        """Go through a plugin's door: inside, that plugin's records may be written, and no others.

        Flushed before and after: what was pending is judged as the outer's, what is pending at the end as this one's.

        Args:
            by: the right to enter: where it was delegated, what is done inside is done in the giver's place.
        """
        inside = Inside(ctx, Procedure(plugin, name))
        return inside if by is None else self._in_place(ctx, by, inside)

    @contextmanager
    def _in_place(self, ctx: KernelContext, by: Permission, inside: Inside) -> Iterator[None]:
        with self.standing.taken(ctx, self.giver(ctx, by)), inside:
            yield

    @contextmanager
    def elevated(self, ctx: KernelContext, reason: str) -> Iterator[Session]:
        """Reading beyond the person's rows, on record."""
        self.kernel.audit.note_elevation(ctx, reason)
        with self.kernel.db.sibling(ctx.session, elevation=reason) as session:
            yield session

    # -- questions --------------------------------------------------------------------------------------------------

    def may(
        self,
        ctx: KernelContext,
        what: type[Record] | Permission | Transition,
        verb: str = "",
        record: Record | None = None,
    ) -> bool:
        """Whether the actor may; with a record, on that one."""
        return self._by(ctx, what, verb, record) is not None

    def would(
        self,
        ctx: KernelContext,
        actor: ActorData,
        what: type[Record] | Permission | Transition,
        verb: str,
        record: Record,
    ) -> bool:
        """Whether somebody else may, on a record, by what they hold themselves."""
        return self._may(ctx, self.rights(actor).worn[0], what, verb, record)

    def reads(self, ctx: KernelContext, actor: ActorData, record: Record) -> bool:
        """Whether somebody else may read a record, also by what was delegated to them."""
        worn = self.rights(actor).worn
        return any(self._may(ctx, each, type(record), "read", record) for each in worn)

    def would_read_with_task(self, ctx: KernelContext, actor: ActorData, record: Record) -> bool:
        """Whether somebody else would read a record if they had a task on it: a grant of what is assigned to them
        would reach it then, unless a restriction keeps it from them."""
        if self.would(ctx, actor, type(record), "read", record):
            return True
        rights, kind = self.rights(actor).worn[0], type(record)
        given = any(each.scope is Scope.ASSIGNED for each in rights.granted(kind, "read"))
        return given and row_in(state_of(ctx.session).connection, record, rights.rules(kind))

    def giver(
        self,
        ctx: KernelContext,
        what: type[Record] | Permission | Transition,
        verb: str = "",
        record: Record | None = None,
    ) -> ActorData | None:
        """In whose place the actor may; None where they may by themselves, or not at all."""
        rights = self._by(ctx, what, verb, record)
        return rights.giver if rights is not None else None

    def givers(self, ctx: KernelContext, how: Transition, record: Record) -> list[ActorData | None]:
        """All in whose place the actor may carry out a transition, first None where they may by themselves."""
        worn = self.rights(ctx.actor).worn
        return [each.giver for each in worn if self._may(ctx, each, how, "use", record)]

    def _by(
        self,
        ctx: KernelContext,
        what: type[Record] | Permission | Transition,
        verb: str,
        record: Record | None,
    ) -> Rights | None:
        """The rights that allow it by themselves: the actor's own before those that were delegated to them."""
        worn = self.rights(ctx.actor).worn
        return next((each for each in worn if self._may(ctx, each, what, verb, record)), None)

    def _may(
        self,
        ctx: KernelContext,
        rights: Rights,
        what: type[Record] | Permission | Transition,
        verb: str,
        record: Record | None,
    ) -> bool:
        if isinstance(what, (Permission, Transition)):
            return self._may_use(ctx, rights, what, record)
        verb = verb or "read"
        if record is not None:
            return covers(state_of(ctx.session), rights, record, verb)
        if verb == "export" and not self._may(ctx, rights, what, "read", None):
            return False  # these rights take out what they read themselves
        parent = parent_of(what)
        if parent is not None and not rights.granted(what, verb):
            return self._may(ctx, rights, parent, of_parent(verb), None)
        return bool(rights.granted(what, verb))

    def _may_use(
        self,
        ctx: KernelContext,
        rights: Rights,
        door: Permission | Transition,
        record: Record | None,
    ) -> bool:
        grants = rights.granted(door, "use")
        if record is None or not grants:
            return bool(grants)
        state = state_of(ctx.session)
        # neither one's own right on what only another sees, nor the other way round
        if ctx.actor.stands_in and not covers(state, rights, record, "read"):
            return False
        if any(grant.scope is Scope.ALL for grant in grants):
            return True
        return any(reaches(state, rights, record, grant.scope) for grant in grants)

    def check_use(
        self, ctx: KernelContext, door: Permission | Transition, record: Record | None = None
    ) -> None:
        """Raise where the actor may not use a permission, or a transition on that record.

        Raises:
            Forbidden: ``not-permitted``.
        """
        if not self.may(ctx, door, "use", record):
            raise Forbidden("not-permitted", what=Text(door.title, module=door.origin.module))

    def field_effects(
        self,
        ctx: KernelContext,
        record: type[Record],
        state: str | None = "",
        row: Record | None = None,
    ) -> Mapping[str, str]:
        """For each field that isn't simply shown and changed: ``hide``, ``mask`` or ``freeze``.

        Args:
            state: of the record's workflow, for rules that hold in some states; None: as if all of them held, where
                records in any state are asked about together.
            row: the record that is asked about, where it is one alone.
        """
        asked = (record, state, self._looking(ctx, record, row))
        known = self._field_effects.get(asked)
        if known is None:
            if len(self._field_effects) >= _MOST_RIGHTS:
                self._field_effects.clear()
            known = self._field_effects[asked] = self._strongest(*asked)
        return known

    def _looking(self, ctx: KernelContext, record: type[Record], row: Record | None) -> Looking:
        """The roles of each by whose rights the person sees records of a kind: a rule is lifted where each of them has
        a role that lifts it, so that a role that was delegated shows nothing of rows that its giver doesn't see.

        Of one row they are known, and whoever sees it sees it by themselves.
        """
        if not ctx.actor.stands_in:
            return (ctx.actor.roles,)
        worn = self.rights(ctx.actor).worn
        if not self._differ(worn):
            return (ctx.actor.roles,)
        if row is not None and inspect(row).persistent:
            by = sight.seen_by(state_of(ctx.session), worn, row)
            return (frozenset().union(*(each.actor.roles for each in by)),)
        seen = [each for each in worn if self._may(ctx, each, record, "read", None)]
        return tuple(each.actor.roles for each in seen or worn[:1])

    def _differ(self, worn: Sequence[Rights]) -> bool:
        """Whether rules about fields are lifted for some of those for whom one acts and not for others."""
        return len({each.actor.roles & self._lifting for each in worn}) > 1

    def look(self, ctx: KernelContext, rows: Iterable[Record]) -> None:
        """Get ready to ask what becomes of the fields of many rows, each by itself, with as many statements as for
        few."""
        worn = self.rights(ctx.actor).worn
        if self._differ(worn):
            sight.look(state_of(ctx.session), worn, rows)

    def _strongest(
        self, record: type[Record], state: str | None, looking: Looking
    ) -> dict[str, str]:
        effects: dict[str, str] = {}
        for key, effect in self._effects(record, state, looking):
            # no rule lifts what another forbids: of several the strongest holds
            if _STRENGTH[effect] > _STRENGTH.get(effects.get(key, ""), -1):
                effects[key] = effect
        for key in formulas_of(record):
            if self._tells(record, state, looking, key):
                effects[key] = "hide"
        return effects

    def _tells(self, record: type[Record], state: str | None, looking: Looking, name: str) -> bool:
        """Whether a computed field would tell what a rule hides or masks."""
        found = self._effects(record, state, looking)
        if any(key == name and effect != "freeze" for key, effect in found):
            return True
        formula = formulas_of(record).get(name)
        for path in formula.depends_on if formula else ():
            first, _dot, rest = path.partition(".")
            relation = record.__mapper__.relationships.get(first)
            if relation is None:
                tells = self._tells(record, state, looking, first)
            else:
                # rows in all states
                tells = bool(rest) and self._tells(relation.mapper.class_, None, looking, rest)
            if tells:
                return True
        return False

    def frozen_fields(
        self,
        ctx: KernelContext,
        record: type[Record],
        state: str | None = "",
        row: Record | None = None,
    ) -> frozenset[str]:
        """The fields that a rule freezes, whatever else is done to them."""
        found = self._effects(record, state, self._looking(ctx, record, row))
        return frozenset(key for key, effect in found if effect == "freeze")

    def _effects(
        self, record: type[Record], state: str | None, looking: Looking
    ) -> Iterator[tuple[str, str]]:
        for attribute in record.__mapper__.column_attrs:
            info = info_of(attribute.columns[0])
            if info.secret:
                yield attribute.key, "hide"
            elif info.mask:
                yield attribute.key, "mask"
        for rule in self.field_rules:
            if rule.in_states and state is not None and state not in rule.in_states:
                continue
            lifting = {role.key for role in rule.unless}
            if all(roles & lifting for roles in looking):
                continue
            for attribute in rule.fields:
                if attribute.class_ is record:
                    yield attribute.key, rule.effect

    def may_sort(self, ctx: KernelContext, attribute: Any) -> bool:
        """Whether a list may be sorted, filtered or searched by a field: not by what is hidden or masked."""
        effect = self.field_effects(ctx, attribute.class_, None).get(attribute.key)
        return effect not in ("hide", "mask")

    @property
    def _lifting(self) -> frozenset[str]:
        """The roles that lift a rule about fields."""
        return frozenset(role.key for rule in self.field_rules for role in rule.unless)

    def hides_way(self, ctx: KernelContext, steps: Sequence[Any]) -> bool:
        """Whether a rule hides or masks a link on the way to a column: then so is what it leads to."""
        return any(
            self.field_effects(ctx, step.class_, None).get(link_of(step)) in ("hide", "mask")
            for step in steps[:-1]
        )

    # -- the judge of writes ----------------------------------------------------------------------------------------

    def judge(self, state: SessionState, record: Record, verb: str) -> ActorData | None:
        """See ``Judge.judge``; nobody settles what they may do themselves.

        Raises:
            Forbidden: besides, ``own-rights``.
        """
        giver = self.judging.judge(state, record, verb)
        oneself.check(state, record, giver)
        return giver


def link_of(relation: Any) -> str:
    """The field that a relation to one record leads along."""
    column = next(iter(relation.property.local_columns))
    return str(relation.class_.__mapper__.get_property_by_column(column).key)


def _check_field_rule(rule: FieldRule) -> None:
    if rule.effect not in _STRENGTH:
        raise TypeError(f"{rule.origin}: {rule.effect!r} isn't one of {', '.join(_STRENGTH)}")
    for attribute in rule.fields if rule.in_states else ():
        columns = attribute.class_.__mapper__.columns
        if not any(info_of(column).widget == "state" for column in columns):
            raise TypeError(
                f"{rule.origin}: {attribute.class_.__name__} has no state, so a rule in some states would never hold"
            )


def _check_grants(role: Role, before: Role | None) -> None:
    if before is not None:
        raise TypeError(f"{role.origin}: a role {role.title!r} is there already: {before.origin}")
    for grant in role.grants:
        target = grant.target
        if not isinstance(target, (Permission, Transition)) and not (
            isinstance(target, type) and issubclass(target, Record)
        ):
            raise TypeError(
                f"{role.origin}: can grants a record's class, a permission or a transition, not {target!r}"
            )
    _check_scopes(role)


def _check_scopes(role: Role) -> None:
    for grant in role.grants:
        record = grant.target  # of a transition its workflow's record isn't known from here
        scope = grant.scope
        if isinstance(scope, Through) and info_of(scope.link).target is None:
            raise TypeError(
                f"{role.origin}: through() takes a link, made by link(), not {scope.link}"
            )
        by_owner = scope in (Scope.OWN, Scope.UNIT, Scope.BELOW)
        if by_owner and isinstance(record, type) and not issubclass(record, Owned):
            raise TypeError(
                f"{role.origin}: {record.__name__} isn't Owned, so {scope!r} says nothing of it"
            )


# wherever access is judged, the units' paths are true
tree.listen()
