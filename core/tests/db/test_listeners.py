"""What a plugin hears of SQLAlchemy's events: nothing that runs after the judge, or changes what it judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Mapper, Session
from tenor_guarded import Folder

from tenor.access.fetching import fetch
from tenor.db import Unguarded

from .conftest import add_folder

if TYPE_CHECKING:
    from .conftest import Folders, House


@contextmanager
def listening(target: Any, name: str, listener: Callable[..., object]) -> Iterator[None]:
    event.listen(target, name, listener)
    try:
        yield
    finally:
        event.remove(target, name, listener)


def _row(house: House, identity: int) -> tuple[str, int]:
    table = Folder.__table__.c
    with house.kernel.db.raw(write=False) as connection:
        row = connection.execute(
            select(table.subject, table.unit_id).where(table.id == identity)
        ).one()
    return row.subject, row.unit_id


@pytest.mark.parametrize("target", [Folder, Mapper], ids=["of a record", "of all"])
def test_a_record_is_not_changed_while_it_is_written(
    house: House, folders: Folders, target: type
) -> None:
    """The judge has seen a change of one field; the listener moves it out of the unit."""

    def move(_mapper: object, _connection: object, folder: Folder) -> None:
        folder.unit_id, folder.subject = house.ben.unit_id, "moved"

    with (
        listening(target, "before_update", move),
        pytest.raises(Unguarded, match=r"move listens to before_update"),
        house.as_(house.ann) as ctx,
    ):
        ctx.session.get_one(Folder, folders.anns).archived = True
    assert _row(house, folders.anns) == ("mine", house.ann.unit_id)


def test_what_a_session_writes_is_not_changed_after_it_was_looked_at(
    house: House, folders: Folders
) -> None:
    """Its links and its expressions are looked at before the flush."""

    def ask(session: Session, _context: object, _instances: object) -> None:
        for folder in session.dirty:
            folder.subject = select(Folder.__table__.c.subject).limit(1).scalar_subquery()

    with pytest.raises(Unguarded, match="ask listens to before_flush"), house.as_(house.ann) as ctx:
        event.listen(ctx.session, "before_flush", ask)
        ctx.session.get_one(Folder, folders.anns).archived = True
    assert _row(house, folders.anns)[0] == "mine"


def test_a_statement_is_not_exchanged_after_the_guard_let_it_through(
    house: House, folders: Folders
) -> None:
    def look_elsewhere(execution: Any) -> None:
        execution.statement = select(Folder.__table__.c.subject)

    with (
        listening(Session, "do_orm_execute", look_elsewhere),
        house.as_(house.ann, write=False) as ctx,
        pytest.raises(Unguarded, match="look_elsewhere listens to do_orm_execute"),
    ):
        ctx.session.scalars(select(Folder.subject)).all()


@pytest.mark.parametrize("verb", ["read", "update"])
def test_nor_is_the_one_that_fetches_a_row_by_its_number(
    house: House, folders: Folders, verb: str
) -> None:
    def look_elsewhere(execution: Any) -> None:
        execution.statement = select(Folder)

    with (
        listening(Session, "do_orm_execute", look_elsewhere),
        house.as_(house.ann) as ctx,
        pytest.raises(Unguarded, match="look_elsewhere listens to do_orm_execute"),
    ):
        fetch(ctx, Folder, folders.anns, verb)


def test_what_listens_to_a_field_being_set_comes_before_the_judge(house: House) -> None:
    """It is on record as if the person had set it."""

    def shorten(folder: Folder, value: str, _old: object, _initiator: object) -> str:
        return value[:3]

    mine = add_folder(house, house.ann, "mine")
    event.listen(Folder.subject, "set", shorten, retval=True)
    try:
        with house.as_(house.ann) as ctx:
            ctx.session.get_one(Folder, mine).subject = "another"
    finally:
        event.remove(Folder.subject, "set", shorten)
    assert _row(house, mine)[0] == "ano"
