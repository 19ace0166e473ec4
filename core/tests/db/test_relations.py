"""A pointer that all may read leads to a folder that Ann may not: however it is loaded, she reads nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import (
    aliased,
    contains_eager,
    defaultload,
    immediateload,
    joinedload,
    lazyload,
    noload,
    raiseload,
    selectinload,
    subqueryload,
)  # fmt: skip
from sqlalchemy.orm.util import identity_key
from tenor_guarded import Folder, Pointer, Sheet, Track, Trail, all_pointers, clerk

from tenor.declarations import Declarations

if TYPE_CHECKING:
    from .conftest import Folders, House

OTHER = aliased(Folder)
STRATEGIES: dict[str, Callable[[], Any]] = {
    "when asked for": lambda: lazyload(Pointer.folder),
    "by a join": lambda: joinedload(Pointer.folder),
    "by an inner join": lambda: joinedload(Pointer.folder, innerjoin=True),
    "by a list of ids": lambda: selectinload(Pointer.folder),
    "by a subquery": lambda: subqueryload(Pointer.folder),
    "at once": lambda: immediateload(Pointer.folder),
    "with its lines": lambda: joinedload(Pointer.folder).joinedload(Folder.sheets),
    "with its lines by ids": lambda: selectinload(Pointer.folder).selectinload(Folder.sheets),
    "with a part of it": lambda: joinedload(Pointer.folder).load_only(Folder.subject),
    "never": lambda: noload(Pointer.folder),
    "as it is declared": lambda: defaultload(Pointer.folder),
}


@pytest.fixture
def pointed(house: House, folders: Folders) -> House:
    """A pointer at each folder, for everybody's eyes."""
    declared = Declarations(values=[clerk, all_pointers], records=house.kernel.declarations.records)
    for actor, folder in ((house.ann, folders.anns), (house.ben, folders.bens)):
        with house.as_(actor) as ctx:
            ctx.session.add(Pointer(folder_id=folder))
    house.kernel.access.load(declared)
    with house.kernel.db.raw(write=False) as connection:
        ann = house.kernel.access.actor_by_login(connection, "clerk1")
    assert ann is not None
    house.ann = ann
    return house


@pytest.mark.filterwarnings("ignore:.*noload")
@pytest.mark.parametrize("name", STRATEGIES)
def test_a_hidden_parent_is_nothing(pointed: House, folders: Folders, name: str) -> None:
    read = select(Pointer).where(Pointer.folder_id == folders.bens).options(STRATEGIES[name]())
    with pointed.as_(pointed.ann, write=False) as ctx:
        found = ctx.session.scalars(read).unique().all()
        assert [pointer.folder for pointer in found] in ([None], [])  # an inner join drops it
        assert ctx.session.identity_map.get(identity_key(Folder, folders.bens)) is None


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name != "never"])
def test_a_parent_in_sight_is_there(pointed: House, folders: Folders, name: str) -> None:
    read = select(Pointer).where(Pointer.folder_id == folders.anns).options(STRATEGIES[name]())
    with pointed.as_(pointed.ann, write=False) as ctx:
        (pointer,) = ctx.session.scalars(read).unique()
        assert pointer.folder.subject == "mine"


def test_what_may_not_be_loaded_is_not_loaded_past_the_guard(
    pointed: House, folders: Folders
) -> None:
    read = select(Pointer).where(Pointer.folder_id == folders.bens).options(raiseload("*"))
    with pointed.as_(pointed.ann, write=False) as ctx:
        pointer = ctx.session.scalars(read).one()
        with pytest.raises(InvalidRequestError, match="raise"):
            _ = pointer.folder


@pytest.mark.parametrize("target", [Folder, OTHER], ids=["itself", "an alias"])
def test_a_hidden_parent_is_not_filled_from_a_join(
    pointed: House, folders: Folders, target: Any
) -> None:
    relation = Pointer.folder if target is Folder else Pointer.folder.of_type(OTHER)
    read = select(Pointer).outerjoin(relation).options(contains_eager(relation))
    with pointed.as_(pointed.ann, write=False) as ctx:
        behind = {one.folder_id: one.folder for one in ctx.session.scalars(read).unique()}
    assert behind[folders.bens] is None
    assert behind[folders.anns] is not None


def test_a_refreshed_pointer_does_not_bring_its_hidden_folder(
    pointed: House, folders: Folders
) -> None:
    with pointed.as_(pointed.ann, write=False) as ctx:
        pointer = ctx.session.scalars(
            select(Pointer).where(Pointer.folder_id == folders.bens)
        ).one()
        ctx.session.refresh(pointer)
        ctx.session.refresh(pointer, ["folder"])
        assert pointer.folder is None
        ctx.session.expire(pointer)
        assert pointer.folder is None
        assert inspect(pointer).attrs.folder.loaded_value is None


@pytest.mark.parametrize("relation", ["by_join", "by_ids", "by_subquery", "at_once"])
def test_a_relation_that_loads_itself_brings_no_hidden_folder(
    pointed: House, folders: Folders, relation: str
) -> None:
    kind: Any = Track if relation == "by_join" else Trail
    with pointed.kernel.context(pointed.kernel.access.system_actor(), write=True) as ctx:
        laid = kind.__table__.insert().values(
            version=1, created_at=ctx.now, changed_at=ctx.now, folder_id=folders.bens
        )
        pointed.kernel.db.execute(ctx.session, laid)
    with pointed.as_(pointed.ann, write=False) as ctx:
        found = ctx.session.scalars(select(kind)).unique().one()
        assert getattr(found, relation) is None
        ctx.session.refresh(found)
        assert getattr(found, relation) is None
        ctx.session.refresh(found, [relation])
        assert getattr(found, relation) is None


def test_lines_of_a_hidden_parent_are_not_there(pointed: House, folders: Folders) -> None:
    with pointed.as_(pointed.ann, write=False) as ctx:
        assert ctx.session.scalars(select(Sheet.parent_id)).all() == [folders.anns]
        through = select(Sheet).join(Pointer, Pointer.folder_id == Sheet.parent_id)
        assert [one.parent_id for one in ctx.session.scalars(through)] == [folders.anns]
