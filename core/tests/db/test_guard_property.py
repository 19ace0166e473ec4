"""Random units, roles, grants, restrictions and rows: the session returns what a plain reading of the rules says.

The evaluator below knows nothing of SQL. It asks of each row whether a person may see it: grants are OR-ed,
restrictions AND-ed, a line goes with its parent, a link with ``through`` with its target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, func, select, union_all
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload, subqueryload
from tenor_guarded import Folder, Pointer, Sheet
from tenor_visitor import Visits

from tenor.access import ActorData
from tenor.access.records import Unit
from tenor.access.rights import RoleBook
from tenor.db.state import state_of
from tenor_sdk import Amount, Scope, can
from tenor_sdk.access import Grant, RowRule, through
from tenor_test_support.examples import examples

if TYPE_CHECKING:
    from tenor.context import KernelContext

    from .conftest import House

UNITS = 6
_CODES = count()
SCOPES = (Scope.OWN, Scope.UNIT, Scope.BELOW, Scope.ALL)


@dataclass(frozen=True)
class Row:
    """A folder as it was written: its unit and owner by their places in the lists."""

    unit: int
    owner: int
    amount: int
    sheets: int
    visits: bool


@dataclass(frozen=True)
class World:
    """What one example is made of.

    Args:
        above: for each unit but the first the place of the one above it.
        rows: the folders.
        pointers: places of folders that are pointed at.
        grants: of the person's roles: a scope each, on folders.
        pointing: whether pointers may be read: not at all, as far as their folder, or all.
        limits: restrictions: amounts below which a folder is seen.
        held: units in which the person holds a position.
        person: the person's place among the owners.
    """

    above: tuple[int, ...]
    rows: tuple[Row, ...]
    pointers: tuple[int, ...]
    grants: tuple[Scope, ...]
    pointing: str
    limits: tuple[int, ...]
    held: frozenset[int]
    person: int

    # -- the naive evaluator --------------------------------------------------------------------------------------

    def below(self, unit: int) -> set[int]:
        """The unit and all below it."""
        found = {unit}
        for place, above in enumerate(self.above, start=1):
            if above in found:
                found.add(place)
        return found

    def reaches(self, scope: Scope, row: Row) -> bool:
        if scope is Scope.ALL:
            return True
        if scope is Scope.OWN:
            return row.owner == self.person
        if scope is Scope.UNIT:
            return row.unit in self.held
        return any(row.unit in self.below(unit) for unit in self.held)

    def sees(self, row: Row) -> bool:
        granted = any(self.reaches(scope, row) for scope in self.grants)
        return granted and all(row.amount < limit for limit in self.limits)

    @property
    def folders(self) -> list[int]:
        """Places of the folders that the person sees."""
        return [place for place, row in enumerate(self.rows) if self.sees(row)]

    @property
    def pointed(self) -> list[int]:
        """For each pointer that the person sees, the place of its folder."""
        if self.pointing == "all":
            return list(self.pointers)
        return [
            place
            for place in self.pointers
            if self.pointing == "through" and self.sees(self.rows[place])
        ]


ROWS = st.builds(
    Row,
    unit=st.integers(0, UNITS - 1),
    owner=st.integers(0, 1),
    amount=st.integers(0, 9),
    sheets=st.integers(0, 2),
    visits=st.booleans(),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    rows = tuple(draw(st.lists(ROWS, min_size=1, max_size=8)))
    places = st.integers(0, len(rows) - 1)
    return World(
        above=tuple(draw(st.integers(0, place - 1)) for place in range(1, UNITS)),
        rows=rows,
        pointers=tuple(draw(st.lists(places, max_size=4))),
        grants=tuple(draw(st.lists(st.sampled_from(SCOPES), max_size=3))),
        pointing=draw(st.sampled_from(("none", "through", "all"))),
        limits=tuple(draw(st.lists(st.integers(0, 10), max_size=2))),
        held=frozenset(draw(st.sets(st.integers(0, UNITS - 1), max_size=3))),
        person=draw(st.integers(0, 1)),
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
            for _sheet in range(row.sheets):
                _insert(connection, sheets, parent_id=made, text="t")
            if row.visits:
                _insert(connection, visits, id=made, visits=number)
        for place in world.pointers:
            _insert(connection, pointers, folder_id=ids[place])
    held = frozenset(units[unit] for unit in world.held)
    below = frozenset(units[each] for unit in world.held for each in world.below(unit))
    roles = frozenset({"guarded.made-up"})
    actor = ActorData(owners[world.person], "p", "P", units=held, units_below=below, roles=roles)
    kernel.access.book = _book(world)
    kernel.access._rights.clear()
    return Laid(world, ids, actor)


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


def _book(world: World) -> RoleBook:
    grants: list[Grant] = [
        grant for scope in world.grants for grant in can.read(Folder, scope=scope)
    ]
    if world.pointing == "through":
        grants += can.read(Pointer, scope=through(Pointer.folder_id))
    elif world.pointing == "all":
        grants += can.read(Pointer)
    rules = [_limit(limit) for limit in world.limits]
    return RoleBook({"guarded.made-up": grants}, {Folder: rules})


def _limit(limit: int) -> RowRule:
    return RowRule(record=Folder, allows=lambda _actor: Folder.amount < Amount(limit))


# -- the query surface -----------------------------------------------------------------------------------------------

Asked = Callable[[Any, "Laid"], Any]
OTHER = aliased(Folder)


def _places(found: Any, laid: Laid) -> list[int]:
    return sorted(laid.place[folder.id] for folder in found)


def _sheets(world: World) -> dict[int, int]:
    return {place: world.rows[place].sheets for place in world.folders}


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


@pytest.mark.hypothesis
@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_the_session_returns_what_the_rules_say(house: House, world: World) -> None:
    laid = lay(house, world)
    with house.as_(laid.actor, write=False) as ctx:
        assert _rights_are_the_worlds(ctx)
        differing = [
            (name, said, plain) for name, said, plain in surface(ctx.session, laid) if said != plain
        ]
    assert differing == []


def _rights_are_the_worlds(ctx: KernelContext) -> bool:
    return state_of(ctx.session).rights is not None
