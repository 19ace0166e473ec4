"""Random units, roles, grants, restrictions and rows: the session returns what a plain reading of the rules says.

The evaluator below knows nothing of SQL. It asks of each row whether a person may see it: grants are OR-ed,
restrictions AND-ed, on lines as well, a line goes with its parent, a link with ``through`` with its target. What was
delegated counts beside one's own rights and never together with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, func, select, true, union_all
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload, subqueryload
from tenor_guarded import Folder, Pointer, Sheet
from tenor_visitor import Visits

from tenor.access import Access, ActorData, actors
from tenor.access.actors import Lent
from tenor.access.records import Unit
from tenor.access.rights import RoleBook
from tenor.db.state import state_of
from tenor_sdk import Amount, Role, Scope, can
from tenor_sdk.access import Effect, FieldRule, Grant, Reach, RowRule, through
from tenor_test_support.examples import examples

if TYPE_CHECKING:
    from tenor.context import KernelContext

    from .conftest import House

UNITS = 6
_CODES = count()
ROLES = ("guarded.made-up", "guarded.lent")
DAY = date(2026, 7, 31)


def _small(_actor: Any) -> Any:
    """A scope of a plugin's own."""
    return Folder.amount < Amount(5)


SCOPES: tuple[Reach, ...] = (
    Scope.OWN, Scope.UNIT, Scope.BELOW, Scope.ASSIGNED, Scope.ALL, _small,
)  # fmt: skip
EFFECTS: tuple[Effect, ...] = ("hide", "mask", "freeze")


@dataclass(frozen=True)
class Row:
    """A folder as it was written: its unit and owner by their places in the lists.

    Args:
        sheets: of each whether it is secret.
        assigned: places of the people to whom it is assigned.
    """

    unit: int
    owner: int
    amount: int
    sheets: tuple[bool, ...]
    visits: bool
    assigned: frozenset[int]


@dataclass(frozen=True)
class Side:
    """What somebody may by themselves.

    Args:
        person: their place among the owners.
        grants: of their role: a scope each, on folders.
        pointing: whether pointers may be read: not at all, as far as their folder, or all.
        held: units in which they hold a position.
    """

    person: int
    role: str
    grants: tuple[Reach, ...]
    pointing: str
    held: frozenset[int]


@dataclass(frozen=True)
class World:
    """What one example is made of.

    Args:
        above: for each unit but the first the place of the one above it.
        rows: the folders.
        pointers: places of folders that are pointed at.
        own: what the person may by themselves.
        lent: what another delegated to them.
        limits: restrictions: amounts below which a folder is seen; with the place of a person for whom it isn't one.
        secrets: whether a restriction hides secret sheets.
        fields: what rules do to the amount, with the roles that lift them.
    """

    above: tuple[int, ...]
    rows: tuple[Row, ...]
    pointers: tuple[int, ...]
    own: Side
    lent: Side | None
    limits: tuple[tuple[int, int | None], ...]
    secrets: bool
    fields: tuple[tuple[Effect, frozenset[str]], ...]

    # -- the naive evaluator --------------------------------------------------------------------------------------

    @property
    def sides(self) -> tuple[Side, ...]:
        return (self.own,) if self.lent is None else (self.own, self.lent)

    def below(self, unit: int) -> set[int]:
        """The unit and all below it."""
        found = {unit}
        for place, above in enumerate(self.above, start=1):
            if above in found:
                found.add(place)
        return found

    def reaches(self, side: Side, scope: Reach, row: Row) -> bool:
        if scope is Scope.ALL:
            return True
        if scope is Scope.OWN:
            return row.owner == side.person
        if scope is Scope.UNIT:
            return row.unit in side.held
        if scope is Scope.ASSIGNED:
            return side.person in row.assigned
        if scope is Scope.BELOW:
            return any(row.unit in self.below(unit) for unit in side.held)
        return row.amount < 5

    def side_sees(self, side: Side, row: Row) -> bool:
        """Whether these rights show it by themselves: what was delegated lifts no restriction of whoever acts."""
        granted = any(self.reaches(side, scope, row) for scope in side.grants)
        watched = {side.person, self.own.person}
        return granted and all(
            row.amount < limit or watched == {free} for limit, free in self.limits
        )

    def sees(self, row: Row) -> bool:
        return any(self.side_sees(side, row) for side in self.sides)

    def effect(self, row: Row) -> str:
        """What becomes of the amount of a row that is seen: no rule lifts what another forbids, and a role lifts one on
        the rows that are seen by its rights."""
        roles = {side.role for side in self.sides if self.side_sees(side, row)}
        return self._strongest([effect for effect, unless in self.fields if not roles & unless])

    def effect_in_a_list(self) -> str:
        """What becomes of it where rows are asked about together: whoever sees some of them must lift the rule."""
        looking = [side for side in self.sides if side.grants] or [self.own]
        bare = [
            effect
            for effect, unless in self.fields
            if not all(side.role in unless for side in looking)
        ]
        return self._strongest(bare)

    def _strongest(self, effects: list[Effect]) -> str:
        return next((each for each in EFFECTS if each in effects), "")

    @property
    def folders(self) -> list[int]:
        """Places of the folders that the person sees."""
        return [place for place, row in enumerate(self.rows) if self.sees(row)]

    @property
    def pointed(self) -> list[int]:
        """For each pointer that the person sees, the place of its folder."""
        return [
            place
            for place in self.pointers
            if any(
                side.pointing == "all"
                or (side.pointing == "through" and self.side_sees(side, self.rows[place]))
                for side in self.sides
            )
        ]

    def sheets(self, row: Row) -> int:
        """How many sheets of a folder are seen by whoever sees the folder."""
        return sum(not (secret and self.secrets) for secret in row.sheets)


ROWS = st.builds(
    Row,
    unit=st.integers(0, UNITS - 1),
    owner=st.integers(0, 1),
    amount=st.integers(0, 9),
    sheets=st.lists(st.booleans(), max_size=3).map(tuple),
    visits=st.booleans(),
    assigned=st.frozensets(st.integers(0, 1)),
)


def sides(person: int, role: str) -> st.SearchStrategy[Side]:
    return st.builds(
        Side,
        person=st.just(person),
        role=st.just(role),
        grants=st.lists(st.sampled_from(SCOPES), max_size=3).map(tuple),
        pointing=st.sampled_from(("none", "through", "all")),
        held=st.frozensets(st.integers(0, UNITS - 1), max_size=3),
    )


#: what a rule does to a field, and the roles that lift it
RULES = st.tuples(
    st.sampled_from(EFFECTS),
    st.sampled_from([frozenset({role}) for role in ROLES] + [frozenset(), frozenset(ROLES)]),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    rows = tuple(draw(st.lists(ROWS, min_size=1, max_size=8)))
    places = st.integers(0, len(rows) - 1)
    person = draw(st.integers(0, 1))
    limits = st.tuples(st.integers(0, 10), st.none() | st.integers(0, 1))
    return World(
        above=tuple(draw(st.integers(0, place - 1)) for place in range(1, UNITS)),
        rows=rows,
        pointers=tuple(draw(st.lists(places, max_size=4))),
        own=draw(sides(person, ROLES[0])),
        lent=draw(st.one_of(sides(1 - person, ROLES[1]), st.none())),
        limits=tuple(draw(st.lists(limits, max_size=2))),
        secrets=draw(st.booleans()),
        fields=tuple(draw(st.lists(RULES, max_size=2))),
    )


# -- the same world in the database -----------------------------------------------------------------------------------


@dataclass
class Laid:
    """A world in the database: the ids of its folders, and the person."""

    world: World
    ids: list[int]
    actor: ActorData
    place: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = {identity: place for place, identity in enumerate(self.ids)}


def lay(house: House, world: World) -> Laid:
    """Write it, and give the person their grants."""
    kernel = house.kernel
    owners = (house.ann.id, house.ben.id)
    with (
        kernel.context(kernel.access.system_actor(), write=True) as ctx,
        kernel.db.system(ctx.session) as session,
    ):
        units = _units(session, world)
    # the rows are the kernel's doing: who may write them is another test's question
    with kernel.db.raw() as connection:
        folders, sheets, pointers, visits = (
            _table(each) for each in (Folder, Sheet, Pointer, Visits)
        )
        for table in (visits, pointers, sheets, folders):
            connection.execute(table.delete())
        ids = []
        for number, row in enumerate(world.rows):
            made = _insert(
                connection, folders, number=str(number), subject=f"s{number}", amount=Amount(row.amount),
                unit_id=units[row.unit], owner_id=owners[row.owner], archived=False,
            )  # fmt: skip
            ids.append(made)
            for secret in row.sheets:
                _insert(connection, sheets, parent_id=made, text="secret" if secret else "open")
            if row.visits:
                _insert(connection, visits, id=made, visits=number)
        for place in world.pointers:
            _insert(connection, pointers, folder_id=ids[place])
    people = [_actor(world, side, owners[side.person], units) for side in world.sides]
    actor, givers = people[0], people[1:]
    actor = replace(actor, stands_in=tuple(replace(one, lent=Lent(1, DAY)) for one in givers))
    assigned = {
        person: [ids[place] for place, row in enumerate(world.rows) if number in row.assigned]
        for number, person in enumerate(owners)
    }
    actors.assigned_by(lambda who, _record: _ids(assigned[who.id]))
    _declare(kernel.access, world, owners)
    return Laid(world, ids, actor)


def _actor(world: World, side: Side, identity: int, units: list[int]) -> ActorData:
    held = frozenset(units[unit] for unit in side.held)
    below = frozenset(units[each] for unit in side.held for each in world.below(unit))
    roles = frozenset({side.role})
    return ActorData(identity, "p", "P", units=held, units_below=below, roles=roles)


def _ids(ids: list[int]) -> Any:
    """As the room of workflow finds them: rows of a table of its own."""
    other = Folder.__table__.alias()
    return select(other.c.id).where(other.c.id.in_(ids))


def _declare(access: Access, world: World, owners: tuple[int, ...]) -> None:
    grants = {side.role: _grants(side) for side in world.sides}
    rules: dict[Any, list[RowRule]] = {
        Folder: [
            _limit(limit, None if free is None else owners[free]) for limit, free in world.limits
        ]
    }
    if world.secrets:
        rules[Sheet] = [RowRule(record=Sheet, allows=lambda _actor: Sheet.text != "secret")]
    access.book = RoleBook(grants, rules)
    access.field_rules = [
        FieldRule(fields=(Folder.amount,), effect=effect, unless=[_Role(key) for key in unless])
        for effect, unless in world.fields
    ]
    access._rights.clear()
    access._field_effects.clear()


class _Role(Role):
    """One that is known by its key alone."""

    key = ""

    def __init__(self, key: str) -> None:
        object.__setattr__(self, "key", key)


def _units(session: Any, world: World) -> list[int]:
    ids: list[int] = []
    for place in range(UNITS):
        unit = Unit(code=f"W{next(_CODES)}", name=f"U{place}")
        session.add(unit)
        session.flush()
        ids.append(unit.id)
    return ids


def _table(record: Any) -> Any:
    return record.__table__


def _insert(connection: Any, table: Any, **values: Any) -> int:
    from datetime import UTC, datetime

    now = datetime(2026, 6, 30, tzinfo=UTC)
    done = connection.execute(
        table.insert().values(version=1, created_at=now, changed_at=now, **values)
    )
    return int(done.inserted_primary_key[0])


def _grants(side: Side) -> list[Grant]:
    grants = [grant for scope in side.grants for grant in can.read(Folder, scope=scope)]
    if side.pointing == "through":
        grants += can.read(Pointer, scope=through(Pointer.folder_id))
    elif side.pointing == "all":
        grants += can.read(Pointer)
    return grants


def _limit(limit: int, free: int | None) -> RowRule:
    def allows(actor: Any) -> Any:
        return true() if actor.id == free else Folder.amount < Amount(limit)

    return RowRule(record=Folder, allows=allows)


# -- the query surface -----------------------------------------------------------------------------------------------

Asked = Callable[[Any, "Laid"], Any]
OTHER = aliased(Folder)


def _places(found: Any, laid: Laid) -> list[int]:
    return sorted(laid.place[folder.id] for folder in found)


def _sheets(world: World) -> dict[int, int]:
    return {place: world.sheets(world.rows[place]) for place in world.folders}


def _having_sheets(world: World) -> list[int]:
    return [place for place, number in _sheets(world).items() if number]


def _through_pointers(option: Any) -> Asked:
    """The folder behind each pointer, None where it can't be seen."""

    def ask(session: Any, laid: Laid) -> Counter[int | None]:
        found = session.scalars(select(Pointer).options(option(Pointer.folder))).unique().all()
        behind = [pointer.folder for pointer in found]
        return Counter(None if folder is None else laid.place[folder.id] for folder in behind)

    return ask


def _behind_pointers(world: World) -> Counter[int | None]:
    return Counter(place if world.sees(world.rows[place]) else None for place in world.pointed)


#: for each form of asking: what the session says, and what the plain reading says
SURFACE: dict[str, tuple[Asked, Callable[[World], Any]]] = {
    "all": (lambda s, laid: _places(s.scalars(select(Folder)), laid), lambda w: w.folders),
    "an alias": (lambda s, laid: _places(s.scalars(select(OTHER)), laid), lambda w: w.folders),
    "one by id, each": (
        lambda s, laid: [
            place for place, identity in enumerate(laid.ids) if s.get(Folder, identity)
        ],
        lambda w: w.folders,
    ),
    "a count": (
        lambda s, _laid: s.scalar(select(func.count()).select_from(Folder)),
        lambda w: len(w.folders),
    ),
    "a sum": (
        lambda s, _laid: s.scalar(select(func.sum(Folder.amount))) or Amount(0),
        lambda w: Amount(sum(w.rows[place].amount for place in w.folders)),
    ),
    "whether there is one": (
        lambda s, _laid: bool(
            s.scalars(select(Folder.id).where(Folder.amount >= Amount(0)).limit(1)).all()
        ),
        lambda w: bool(w.folders),
    ),
    "sorted and cut": (
        lambda s, laid: [
            laid.place[one.id]
            for one in s.scalars(select(Folder).order_by(Folder.id.desc()).limit(2))
        ],
        lambda w: w.folders[::-1][:2],
    ),
    "those with a sheet": (
        lambda s, laid: _places(
            s.scalars(select(Folder).where(exists().where(Sheet.parent_id == Folder.id))), laid
        ),
        _having_sheets,
    ),
    "those whose id a subquery has": (
        lambda s, laid: _places(
            s.scalars(select(Folder).where(Folder.id.in_(select(Sheet.parent_id)))), laid
        ),
        _having_sheets,
    ),
    "lines": (
        lambda s, _laid: s.scalar(select(func.count()).select_from(Sheet)),
        lambda w: sum(_sheets(w).values()),
    ),
    "lines of a join": (
        lambda s, laid: Counter(
            laid.place[row.id]
            for row in s.execute(select(Folder.id).join(Sheet, Sheet.parent_id == Folder.id))
        ),
        lambda w: Counter({place: number for place, number in _sheets(w).items() if number}),
    ),
    "a count by unit": (
        lambda s, _laid: sorted(
            s.execute(select(func.count(Folder.id)).group_by(Folder.unit_id)).scalars()
        ),
        lambda w: sorted(Counter(w.rows[place].unit for place in w.folders).values()),
    ),
    "a union": (
        lambda s, laid: sorted(
            laid.place[row[0]] for row in s.execute(union_all(select(Folder.id), select(Folder.id)))
        ),
        lambda w: sorted(w.folders * 2),
    ),
    "an extension": (
        lambda s, laid: _places(s.scalars(select(Visits)), laid),
        lambda w: [place for place in w.folders if w.rows[place].visits],
    ),
    "pointers": (
        lambda s, _laid: s.scalar(select(func.count()).select_from(Pointer)),
        lambda w: len(w.pointed),
    ),
    **{
        f"the folder behind a pointer, {option.__name__}": (
            _through_pointers(option),
            _behind_pointers,
        )
        for option in (joinedload, selectinload, subqueryload, lazyload)
    },
    "lines loaded with their folder": (
        lambda s, laid: {
            laid.place[one.id]: len(one.sheets)
            for one in s.scalars(select(Folder).options(selectinload(Folder.sheets)))
        },
        _sheets,
    ),
}


def surface(session: Any, laid: Laid) -> Iterator[tuple[str, Any, Any]]:
    """Each form of asking, with both answers."""
    for name, (ask, plain) in SURFACE.items():
        session.expunge_all()
        yield name, ask(session, laid), plain(laid.world)


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has which task is said here; the room of workflow says it again to others."""
    monkeypatch.setattr(actors, "_sources", list(actors._sources))


@pytest.mark.hypothesis
@settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_the_session_returns_what_the_rules_say(house: House, world: World) -> None:
    laid = lay(house, world)
    with house.as_(laid.actor, write=False) as ctx:
        assert _rights_are_the_worlds(ctx)
        told = [*surface(ctx.session, laid), *asked_of_one(ctx, laid), *fields(ctx, laid)]
    assert [each for each in told if each[1] != each[2]] == []


def asked_of_one(ctx: KernelContext, laid: Laid) -> Iterator[tuple[str, Any, Any]]:
    """What is told of a row that is known by its number alone, and of its lines."""
    seen = [place for place, one in enumerate(laid.ids) if ctx.may(Folder, "read", Folder(id=one))]
    yield "whether one may be read", seen, laid.world.folders
    with ctx.kernel.db.sibling(ctx.session, elevation="look") as high:
        lines = [(one.id, one.parent_id) for one in high.scalars(select(Sheet))]
    readable = Counter(
        laid.place[parent]
        for line, parent in lines
        if ctx.may(Sheet, "read", Sheet(id=line, parent_id=parent))
    )
    plain = {place: number for place, number in _sheets(laid.world).items() if number}
    yield "whether a line may be read", dict(readable), plain


def fields(ctx: KernelContext, laid: Laid) -> Iterator[tuple[str, Any, Any]]:
    """What becomes of a field: row by row, looked at before or not, and where a list is sorted or filtered by it."""
    access, world = ctx.kernel.access, laid.world
    rows = list(ctx.session.scalars(select(Folder).order_by(Folder.id)))
    plain = [world.effect(world.rows[place]) for place in world.folders]
    for looked in (False, True):
        state_of(ctx.session).seen_by.clear()
        if looked:
            access.look(ctx, rows)
        said = [access.field_effects(ctx, Folder, row=row).get("amount", "") for row in rows]
        yield f"a field of each row, looked at before: {looked}", said, plain
    together = access.field_effects(ctx, Folder, None).get("amount", "")
    yield "a field of a list", together, world.effect_in_a_list()
    sorts = world.effect_in_a_list() in ("", "freeze")
    yield "whether a list is sorted by it", access.may_sort(ctx, Folder.amount), sorts


def _rights_are_the_worlds(ctx: KernelContext) -> bool:
    return state_of(ctx.session).rights is not None
