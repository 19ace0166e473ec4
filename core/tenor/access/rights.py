"""What an actor's grants come to: for each record and verb one expression, built once per set of rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, inspect, or_, select, true
from sqlalchemy.orm import Mapper, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.elements import True_

from tenor.access.actors import ActorData
from tenor.db.arrays import one_of
from tenor_sdk.access import Grant, Reach, RowRule, Scope, Through
from tenor_sdk.records import Dated, Extension, Line, Owned, Record, host_of, info_of

_ALL = object()


def parent_of(record: type[Record]) -> type[Record] | None:
    """The record whose access this one inherits: a line's parent, an extension's host, a dated fact's parent."""
    for base in (Line, Extension, Dated):
        if issubclass(record, base):
            return host_of(record, base)
    return None


def of_parent(verb: str) -> str:
    """What of its parent a part goes by: who changes that makes, changes and removes its parts."""
    return verb if verb in ("read", "export") else "update"


class _Adapting:
    """Criteria that speak of whichever alias of their record a statement has.

    SQLAlchemy adapts an expression to an alias that is joined along a relationship, but not to one that is joined by a
    condition: that alias would be read unguarded. Its deferred criteria are asked for each entity; this is one of
    them, without the lambda of which SQLAlchemy would remember the values of whoever asked first.
    """

    def __init__(self, criteria: ColumnElement[bool]) -> None:
        self._criteria = criteria

    def __getattr__(self, name: str) -> Any:
        """For all else, such as the key of the cache, it is the expression."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._criteria, name)

    def _resolve_with_args(self, entity: Any) -> ColumnElement[bool]:
        found = inspect(entity)
        if not found.is_aliased_class:
            return self._criteria
        adapted: ColumnElement[bool] = found._adapter.traverse(  # noqa: SLF001 -- as the guard, decision 5
            self._criteria
        )
        return adapted


def _criteria_option(record: type[Record], criteria: ColumnElement[bool]) -> LoaderCriteriaOption:
    made = with_loader_criteria(record, criteria, include_aliases=True)
    made.deferred_where_criteria = True
    made.where_criteria = _Adapting(criteria)  # type: ignore[assignment]  # answers what is asked of deferred ones
    return made


@dataclass(frozen=True)
class RoleBook:
    """The grants of all roles and the restrictions of all plugins, by what they are about.

    Args:
        grants: for a role's key its grants.
        rules: for a record its restrictions.
        dialect: of the database that is asked by them.
    """

    grants: Mapping[str, Sequence[Grant]]
    rules: Mapping[type[Record], Sequence[RowRule]]
    dialect: str = ""


class Rights:
    """One actor's rights, beside which stand those of each for whom they act: never mixed, so that a grant of one
    reaches no further by the units or the roles of another.

    Args:
        actor: whose.
        book: of all roles.
        worn_by: who acts for them, by what was delegated.
    """

    def __init__(self, actor: ActorData, book: RoleBook, worn_by: ActorData | None = None) -> None:
        self.actor = actor
        #: these, and those that were delegated, each by itself; one's own come first
        self.worn: tuple[Rights, ...] = (
            self, *(Rights(giver, book, actor) for giver in actor.stands_in),
        )  # fmt: skip
        self._watched = (actor,) if worn_by is None else (actor, worn_by.wearing(actor))
        self.book = book
        self.grants: tuple[Grant, ...] = tuple(
            grant for role in sorted(actor.roles) for grant in book.grants.get(role, ())
        )
        self._criteria: dict[tuple[type[Record], str], ColumnElement[bool] | None] = {}
        self._alone: dict[tuple[type[Record], str], ColumnElement[bool] | None] = {}
        self._rules: dict[type[Record], ColumnElement[bool] | None] = {}
        self._landings: dict[Any, ColumnElement[bool] | None] = {}
        self._options: dict[Mapper[Any], LoaderCriteriaOption | None] = {}
        self._ones: dict[tuple[type[Record], str], Select[Any]] = {}
        self._issued: set[LoaderCriteriaOption] = set()

    @property
    def giver(self) -> ActorData | None:
        """Who delegated these rights; None for those that are one's own."""
        return self.actor if self.actor.lent is not None else None

    # -- reading ----------------------------------------------------------------------------------------------------

    def option(self, mapper: Mapper[Any]) -> LoaderCriteriaOption | None:
        """The criteria that a statement over this mapper gets; None where every row may be read."""
        if mapper not in self._options:
            criteria = self.criteria(mapper.class_, "read")
            made = None
            if criteria is not None:
                made = _criteria_option(mapper.class_, criteria)
                self._issued.add(made)
            self._options[mapper] = made
        return self._options[mapper]

    def one(self, record: type[Record], verb: str) -> Select[Any]:
        """The statement that finds a row that may be read, by its number ``its_id``, and whether the verb is allowed on
        it. Made once: to put it together costs as much as to run it."""
        key = (record, verb)
        if key not in self._ones:
            asked = [] if verb == "read" else [holds(self.criteria(record, verb))]
            made: Any = select(record, *asked)
            self._ones[key] = made.where(
                record.id == bindparam("its_id"), holds(self.criteria(record, "read"))
            )
        return self._ones[key]

    def issued(self, option: LoaderCriteriaOption) -> bool:
        """Whether these criteria are of these rights' own making."""
        return option in self._issued

    # -- expressions ------------------------------------------------------------------------------------------------

    def criteria(self, record: type[Record], verb: str) -> ColumnElement[bool] | None:
        """The rows of ``record`` that grants and restrictions leave for ``verb``; None for all, ``false`` for none."""
        key = (record, verb)
        if key not in self._criteria:
            parts = [each.alone(record, verb) for each in self.worn]
            self._criteria[key] = _either(parts)
        return self._criteria[key]

    def alone(self, record: type[Record], verb: str) -> ColumnElement[bool] | None:
        """The same by these rights only, without those of others for whom their person acts."""
        key = (record, verb)
        if key not in self._alone:
            self._alone[key] = self._build(record, verb)
        return self._alone[key]

    def _build(self, record: type[Record], verb: str) -> ColumnElement[bool] | None:
        parent = parent_of(record)
        if parent is not None and not self.granted(record, verb):
            allowed = self._inherited(record, parent, of_parent(verb))
        else:
            allowed = self._any_of(record, [grant.scope for grant in self.granted(record, verb)])
        found = _both(allowed, self.rules(record))
        # only what these rights let be read by themselves may they let be taken out
        return _within(self.alone(record, "read"), found) if verb == "export" else found

    def rules(self, record: type[Record]) -> ColumnElement[bool] | None:
        """The rows of ``record`` that restrictions leave; None for all.

        What was delegated lifts none of them: neither the giver's nor that of who acts.
        """
        if record not in self._rules:
            rules = [
                rule.allows(actor)
                for rule in self.book.rules.get(record, ())
                for actor in self._watched
            ]
            asked = [rule for rule in rules if not isinstance(rule, True_)]
            self._rules[record] = and_(*asked) if asked else None
        return self._rules[record]

    def landing(
        self, record: type[Record], scopes: tuple[Reach, ...]
    ) -> ColumnElement[bool] | None:
        """The rows of ``record`` that one of some scopes reaches, and no restriction hides; None for all.

        Args:
            scopes: empty where it is known otherwise that a grant reaches the row.
        """
        key = (record, scopes)
        if key not in self._landings:
            allowed = self._any_of(record, scopes) if scopes else None
            self._landings[key] = _both(allowed, self.rules(record))
        return self._landings[key]

    def _inherited(
        self, record: Any, parent: type[Record], verb: str
    ) -> ColumnElement[bool] | None:
        criteria = self.alone(parent, verb)
        if criteria is None:
            return None
        key = record.id if issubclass(record, Extension) else record.parent_id
        return key.in_(select(parent.id).where(criteria))  # type: ignore[no-any-return]  # a column of any record

    def _any_of(self, record: type[Record], scopes: Iterable[Reach]) -> ColumnElement[bool] | None:
        return _either([self.reach(record, scope) for scope in scopes])

    def reach(self, record: type[Record], scope: Reach) -> ColumnElement[bool] | None:
        """The rows of ``record`` that a scope reaches; None for all."""
        if scope is Scope.ALL:
            return None
        if scope is Scope.ASSIGNED:
            return record.id.in_(self.actor.assigned(record))
        if isinstance(scope, Through):
            target = info_of(scope.link).target
            assert target is not None  # checked when roles are loaded
            criteria = self.alone(target, "read")
            return None if criteria is None else scope.link.in_(select(target.id).where(criteria))
        if isinstance(scope, Scope):
            return _owned(record, scope, self.actor, self.book.dialect)
        return scope(self.actor)

    # -- grants -----------------------------------------------------------------------------------------------------

    def granted(self, target: object, verb: str) -> list[Grant]:
        """The grants of a verb on a record, permission or transition."""
        return [grant for grant in self.grants if grant.target is target and verb in grant.verbs]


def _owned(record: Any, scope: Scope, actor: ActorData, dialect: str) -> ColumnElement[bool]:
    if not issubclass(record, Owned):
        raise TypeError(
            f"{record.__name__} isn't Owned: the scope {scope.value!r} says nothing of it"
        )
    if scope is Scope.OWN:
        return and_(record.owner_id == actor.id)
    units = actor.units if scope is Scope.UNIT else actor.units_below
    return one_of(record.unit_id, units, dialect) if units else false()


def _either(parts: Sequence[ColumnElement[bool] | None]) -> ColumnElement[bool] | None:
    """What any of the parts leaves; None where one leaves all, ``false`` where there is none."""
    if len(parts) == 1:
        return parts[0]
    given = [part for part in parts if part is not None]
    if len(given) < len(parts):
        return None
    return or_(*given) if given else false()


def _both(
    some: ColumnElement[bool] | None, others: ColumnElement[bool] | None
) -> ColumnElement[bool] | None:
    """What each of two leaves; None for all."""
    if some is None or others is None:
        return others if some is None else some
    return and_(some, others)


def _within(
    outer: ColumnElement[bool] | None, inner: ColumnElement[bool] | None
) -> ColumnElement[bool] | None:
    """What each of two leaves; the outer itself where they say the same, so that nobody asks twice."""
    if outer is None or inner is None or not outer.compare(inner):
        return _both(outer, inner)
    return outer


def holds(criteria: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """An expression that is always there."""
    return true() if criteria is None else criteria
