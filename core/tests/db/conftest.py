"""A kernel of three rooms (database, access, ledger) with two plugins, on each database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenor.access import Access, ActorData
from tenor.access.records import Unit, User, UserPosition
from tenor.audit import Audit
from tenor.clock import Clock
from tenor.context import KernelContext
from tenor.db import Database
from tenor.declarations import Declarations
from tenor.expressions import Expressions
from tenor.kernel import Kernel
from tenor.search import Search
from tenor_sdk.records import metadata

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer

sys.path.insert(0, str(Path(__file__).parent / "plugins"))
import tenor_guarded as guarded
import tenor_visitor as visitor


class _NoWorkflow:
    def on_created(self, *_: object) -> None:
        """These records have none."""


class _NoEvents:
    @property
    def watches(self) -> _NoEvents:
        """Nobody watches these records."""
        return self

    def concern(self, *_: object) -> bool:
        return False


@dataclass
class House:
    """The kernel, and two people of two branches."""

    kernel: Kernel
    ann: ActorData
    ben: ActorData

    def as_(self, actor: ActorData, *, write: bool = True) -> AbstractContextManager[KernelContext]:
        return self.kernel.context(actor, write=write)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """Two branches, a clerk in each: Ann in the first, Ben in the second."""
    with opened(request, tmp_path) as house:
        yield house


@contextmanager
def opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[House]:
    """A house in a database of the kind that the request's parameter names."""
    if request.param == "sqlite":
        with _house(f"sqlite:///{folder / 'house.db'}") as house:
            yield house
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as database, _house(database.url) as house:
        yield house


@contextmanager
def _house(url: str) -> Iterator[House]:
    kernel = _kernel(url)
    records = [
        guarded.Folder,
        guarded.Sheet,
        guarded.Pointer,
        guarded.Fact,
        guarded.Receipt,
        guarded.Badge,
        guarded.Ballot,
        guarded.Trail,
        guarded.Track,
        visitor.Visits,
        visitor.Stamp,
        Unit,
        User,
    ]
    declarations = Declarations(values=[guarded.clerk], records=records)
    kernel.declarations = declarations
    for room in (kernel.db, kernel.access, kernel.audit, kernel.expressions):
        room.attach(kernel)
        room.load(declarations)
    kernel.search.attach(kernel)
    kernel.search.load(Declarations(values=[], records=[]))  # nothing here is searched
    with kernel.db.raw() as connection:
        # not those of plugins that other tests have imported
        mine = {"base", "guarded", "visitor"}
        tables = [one for one in metadata.tables.values() if one.info.get("plugin") in mine]
        metadata.create_all(connection, tables=tables)
    people = _people(kernel)
    try:
        yield House(kernel, *people)
    finally:
        kernel.db.dispose()


def _kernel(url: str) -> Kernel:
    empty: dict[str, Any] = dict.fromkeys(Kernel.__dataclass_fields__)
    return Kernel(
        **{
            **empty,
            "db": Database(url),
            "access": Access(),
            "audit": Audit(),
            "clock": Clock(business_date=date(2026, 6, 30)),
            "search": Search(),
            "expressions": Expressions(),
            "workflow": _NoWorkflow(),
            "events": _NoEvents(),
        }
    )


def _people(kernel: Kernel) -> list[ActorData]:
    system = ActorData(0, "system", "system")
    with kernel.context(system, write=True) as ctx, kernel.db.system(ctx.session) as session:
        for n in (1, 2):
            unit = Unit(code=str(n), name=f"Branch {n}")
            session.add(unit)
            session.flush()
            unit.path = f"/{unit.id}/"
            user = User(login=f"clerk{n}", name=f"Clerk {n}", unit_id=unit.id)
            session.add(user)
            session.flush()
            session.add(UserPosition(user_id=user.id, position="clerk", unit_id=unit.id))
    with kernel.db.raw(write=False) as connection:
        found = [kernel.access.actor_by_login(connection, f"clerk{n}") for n in (1, 2)]
    return [actor for actor in found if actor is not None]


def add_folder(house: House, actor: ActorData, subject: str, amount: int = 100) -> int:
    """A folder of somebody with one sheet; its id."""
    from tenor_sdk import Amount

    with house.as_(actor) as ctx:
        folder = guarded.Folder(
            subject=subject,
            amount=Amount(amount),
            unit_id=actor.unit_id,
            owner_id=actor.id,
            sheets=[guarded.Sheet(text="first")],
        )
        ctx.session.add(folder)
        ctx.session.flush()
        return int(folder.id)


@dataclass
class Folders:
    """One folder of Ann's, one of Ben's."""

    anns: int
    bens: int


@pytest.fixture
def folders(house: House) -> Folders:
    """A folder in each branch."""
    return Folders(add_folder(house, house.ann, "mine"), add_folder(house, house.ben, "theirs"))
