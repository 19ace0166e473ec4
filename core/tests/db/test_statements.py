"""Which statements a guarded session lets through: honest ones with the person's rows, hostile ones not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import (
    Connection,
    Integer,
    case,
    column,
    delete,
    event,
    exists,
    extract,
    func,
    insert,
    join,
    literal_column,
    select,
    text,
    tuple_,
    update,
    values,
)  # fmt: skip
from sqlalchemy.orm import (
    Bundle,
    aliased,
    contains_eager,
    joinedload,
    load_only,
    make_transient_to_detached,
    scoped_session,
    selectinload,
    with_loader_criteria,
)  # fmt: skip
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression
from tenor_guarded import Fact, Folder, Pointer, Sheet
from tenor_visitor import Visits

from tenor.access.records import User
from tenor.db import Unguarded
from tenor_sdk import Amount

if TYPE_CHECKING:
    from .conftest import Folders, House

Statement = Callable[[], Any]
OTHER = aliased(Folder)
TABLE = Folder.__table__

#: each yields one row of Ann's, or says how many
HONEST: dict[str, tuple[Statement, int]] = {
    "an entity": (lambda: select(Folder), 1),
    "an alias": (lambda: select(OTHER).where(OTHER.subject != "a"), 1),
    "a count": (lambda: select(func.count()).select_from(Folder), 1),
    "a subquery of ids": (lambda: select(Folder.subject).where(Folder.id.in_(select(Sheet.parent_id))), 1),
    "a grouped subquery": (
        lambda: (lambda q: select(q.c.subject, func.count()).group_by(q.c.subject))(
            select(Folder.subject, Folder.id).subquery()
        ),
        1,
    ),
    "any of the lines": (lambda: select(Folder).where(Folder.sheets.any(Sheet.text == "first")), 1),
    "a join through a relationship": (lambda: select(Folder).join(Folder.sheets.of_type(aliased(Sheet))), 1),
    "an explicit join": (
        lambda: select(Folder.id, Sheet.id).select_from(
            join(Folder, Sheet, Sheet.parent_id == Folder.id)
        ),
        1,
    ),
    "a case": (lambda: select(case((Folder.amount > Amount(5), "a"), else_="b")), 1),
    "a union": (lambda: select(Folder.id).union_all(select(Sheet.id + 100)), 2),
    "a common table expression": (lambda: select(select(Folder.id).cte()), 1),
    "an alias over its own subquery": (
        lambda: (lambda q: select(aliased(Folder, q)))(
            select(Folder).where(Folder.id > 0).subquery()
        ),
        1,
    ),
    "a search": (lambda: select(Folder).where(func.lower(Folder.subject).like("%min%")), 1),
    "a bundle": (lambda: select(Bundle("b", Folder.id, Folder.subject)), 1),
    "a maximum": (lambda: select(func.max(Folder.created_at)), 1),
    "some columns of an entity": (lambda: select(Folder).options(load_only(Folder.subject)), 1),
    "eager lines": (lambda: select(Folder).options(selectinload(Folder.sheets)), 1),
    "an eager parent": (lambda: select(Pointer).options(joinedload(Pointer.folder)), 0),
    "other columns after a join": (
        lambda: select(Folder)
        .outerjoin(Visits, Visits.id == Folder.id)
        .with_only_columns(Folder.id, Visits.visits),
        1,
    ),
    "a count over a joined list": (
        lambda: select(func.count()).select_from(
            select(Folder)
            .outerjoin(OTHER, OTHER.id == Folder.id)
            .add_columns(OTHER.subject)
            .with_only_columns(Folder.id)
            .subquery()
        ),
        1,
    ),
    "an alias joined by a condition": (
        lambda: select(OTHER.id).select_from(Folder).join(OTHER, OTHER.id != Folder.id),
        0,
    ),
    "an alias beside its line": (
        lambda: select(Sheet.id).outerjoin(OTHER, OTHER.id == Sheet.parent_id),
        1,
    ),
    "rows to lock": (lambda: select(Folder).with_for_update(), 1),
    "distinct values": (lambda: select(Folder.subject).distinct().limit(3).offset(0), 1),
    "a row comparison": (lambda: select(Folder).where(tuple_(Folder.subject, Folder.id) > ("a", 0)), 1),
    "an extension beside its host": (
        lambda: select(Folder, Visits)
        .outerjoin(Visits, Visits.id == Folder.id)
        .order_by(Visits.visits.desc().nulls_last(), Folder.id),
        1,
    ),
    "contains_eager along a join": (
        lambda: select(Sheet).join(Sheet.parent).options(contains_eager(Sheet.parent)),
        1,
    ),
    "contains_eager along a join of an alias": (
        lambda: select(Sheet).join(Sheet.parent.of_type(OTHER)).options(
            contains_eager(Sheet.parent.of_type(OTHER))
        ),
        1,
    ),
    "contains_eager of lines": (
        lambda: select(Folder).join(Folder.sheets).options(contains_eager(Folder.sheets)),
        1,
    ),
    "an expression over two joined records": (
        lambda: select(func.sum(Folder.id * Sheet.id)).join(Sheet, Sheet.parent_id == Folder.id),
        1,
    ),
    "a function over a joined record": (
        lambda: select(Sheet.id).join(Sheet.parent).where(func.lower(Folder.subject) == "mine"),
        1,
    ),
    "a condition between two records": (
        lambda: select(Sheet.id).where(Sheet.parent_id == Folder.id),
        1,
    ),
    "a year": (lambda: select(Folder.id, extract("year", Folder.created_at)), 1),
    "loaded through a join": (lambda: select(Folder.id).join(Folder.sheets).options(), 1),
}  # fmt: skip

HOSTILE: dict[str, Statement] = {
    "a bare table": lambda: select(TABLE),
    "an alias of the table": lambda: select(Folder.id, TABLE.alias().c.subject),
    "text": lambda: text("select 1"),
    "text among the columns": lambda: select(Folder.id, text("(select count(*) from guarded_folder)")),
    "a literal column": lambda: select(Folder.id, literal_column("(select count(*) from guarded_folder)")),
    "a scalar subquery over the table": lambda: select(Folder.id, select(TABLE.c.subject).limit(1).scalar_subquery()),
    "a statement from text": lambda: select(Folder).from_statement(text("select * from guarded_folder")),
    "a function that runs SQL": lambda: select(Folder.id, func.query_to_xml("select 1")),
    "an operator of one's own": lambda: select(Folder.subject.op("||(select 1)||")("x")),
    "a prefix": lambda: select(Folder).prefix_with("x"),
    "a hint": lambda: select(Folder).with_hint(Folder, "x"),
    "an update": lambda: update(Folder).values(subject="a"),
    "a delete": lambda: delete(Folder),
    "an insert from a select": lambda: insert(Folder).from_select(["subject"], select(Folder.subject)),
    "an entity over another subquery": lambda: select(aliased(Folder, select(TABLE).subquery())),
    "criteria of one's own": lambda: select(Folder).options(with_loader_criteria(Folder, text("1=1"))),
    "a join of the table": lambda: select(Folder.id).join(TABLE, TABLE.c.id == Folder.id),
    "exists over the table": lambda: select(Folder.id).where(exists(select(TABLE.c.id))),
    "an order by text": lambda: select(Folder.id).order_by(text("1")),
    "text in a loader option": lambda: select(Folder).options(selectinload(Folder.sheets.and_(text("1=1")))),
    "a table of values": lambda: select(values(column("a", Integer), name="v").data([(1,)])),
    "a column of another table": lambda: select(Folder.id, User.__table__.c.password),
    "a table expression over the table": lambda: (lambda q: select(Folder.id, q.c.subject))(select(TABLE).cte()),
    "other columns after a join of the table": lambda: (
        select(Folder).join(TABLE, TABLE.c.id == Folder.id).with_only_columns(Folder.id)
    ),
    "contains_eager from the table": lambda: (
        select(Sheet)
        .join(TABLE, TABLE.c.id == Sheet.parent_id)
        .options(contains_eager(Sheet.parent))
    ),
    "contains_eager of what isn't joined": lambda: select(Sheet).options(contains_eager(Sheet.parent)),
    "contains_eager from an alias that isn't joined": lambda: select(Sheet).options(
        contains_eager(Sheet.parent.of_type(OTHER))
    ),
    "a second record in an expression": lambda: select(Fact.value + Folder.id),
    "a second record in a function": lambda: select(func.coalesce(Fact.value, Folder.id)),
    "a record within a function of WHERE": lambda: select(Fact.id).where(func.lower(Folder.subject) == "theirs"),
    "a record within a list of WHERE": lambda: select(Fact.id).where(Fact.id.in_([Folder.id])),
    "the right of a join in select_from": lambda: select(Fact.id).select_from(
        join(Fact, Folder, Folder.id > 0)
    ),
    "what was joined before other columns": lambda: (
        select(Folder).outerjoin(Fact, Fact.id > 0).with_only_columns(func.count())
    ),
    "a full join": lambda: select(Fact.id, Folder.subject).join(Folder, Folder.id == Fact.id, full=True),
    "a full join in select_from": lambda: select(Fact.id, Folder.subject).select_from(
        join(Fact, Folder, Folder.id == Fact.id, full=True)
    ),
    "a column of the table that the select around it may name": lambda: select(
        Folder.id, TABLE.c.id, select(func.count(TABLE.c.id)).correlate(None).scalar_subquery()
    ),
    "criteria of one's own in a subquery": lambda: select(func.count()).select_from(
        select(Folder.id).options(with_loader_criteria(Folder, text("1=1"))).subquery()
    ),
    "an operator of one's own as modifier": lambda: select(Folder.id).order_by(
        UnaryExpression(Folder.id, modifier=operators.custom_op("desc, (select 1)"))
    ),
    "SQL as part of a date": lambda: select(
        Folder.id, extract("year from now()) + (select 1) + extract(year", Folder.created_at)
    ),
    "contains_eager from an alias of the table": lambda: select(Sheet).options(
        contains_eager(Sheet.parent, alias=TABLE.alias())
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_statement_yields_the_rows_of_whoever_asks(
    house: House, folders: Folders, name: str
) -> None:
    statement, rows = HONEST[name]
    with house.as_(house.ann) as ctx:
        assert len(ctx.session.execute(statement()).unique().all()) == rows


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_statement_is_refused(house: House, folders: Folders, name: str) -> None:
    with house.as_(house.ann) as ctx, pytest.raises(Unguarded):
        ctx.session.execute(HOSTILE[name]())


DOORS: dict[str, Callable[[Any], object]] = {
    "connection": lambda session: session.connection(),
    "get_bind": lambda session: session.get_bind(),
    "commit": lambda session: session.commit(),
    "rollback": lambda session: session.rollback(),
    "close": lambda session: session.close(),
    "begin_nested": lambda session: session.begin_nested(),
    "get_transaction": lambda session: session.get_transaction(),
    "bulk_insert_mappings": lambda session: session.bulk_insert_mappings(Folder, [{}]),
    "bulk_update_mappings": lambda session: session.bulk_update_mappings(Folder, [{"id": 1}]),
    "bulk_save_objects": lambda session: session.bulk_save_objects([]),
    "merge": lambda session: session.merge(Folder(id=2, subject="x")),
    "reset": lambda session: session.reset(),
    "a front of SQLAlchemy's": lambda session: scoped_session(
        cast("Any", lambda: session)
    ).connection(),
    "with": lambda session: session.__enter__(),
}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_round_the_guard_is_shut(house: House, name: str) -> None:
    with house.as_(house.ann) as ctx, pytest.raises(Unguarded):
        DOORS[name](ctx.session)


#: each would copy what Ben keeps into Ann's folder
SMUGGLED: dict[str, Callable[[int], Any]] = {
    "a subquery": lambda hidden: select(OTHER.subject).where(OTHER.id == hidden).scalar_subquery(),
    "a subquery over the table": lambda hidden: (
        select(TABLE.c.subject).where(TABLE.c.id == hidden).scalar_subquery()
    ),
    "text": lambda _hidden: text("(select max(subject) from guarded_folder)"),
    "another record's field": lambda hidden: Fact.value + hidden,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_field_is_not_set_to_what_another_row_holds(
    house: House, folders: Folders, name: str
) -> None:
    with pytest.raises(Unguarded), house.as_(house.ann) as ctx:
        mine = ctx.session.get_one(Folder, folders.anns)
        mine.subject = SMUGGLED[name](folders.bens)
        ctx.session.flush()


def test_a_new_record_is_not_filled_from_what_another_row_holds(
    house: House, folders: Folders
) -> None:
    hidden = select(Folder.subject).where(Folder.id == folders.bens).scalar_subquery()
    with pytest.raises(Unguarded), house.as_(house.ann) as ctx:
        ctx.session.add(Folder(subject=hidden, unit_id=house.ann.unit_id, owner_id=house.ann.id))


def test_a_field_may_be_set_to_an_expression_over_its_own_record(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        mine = ctx.session.get_one(Folder, folders.anns)
        mine.subject = func.upper(Folder.subject)
        ctx.session.flush()
        assert mine.subject == "MINE"


def test_a_count_over_a_list_counts_the_rows_of_whoever_asks(
    house: House, folders: Folders
) -> None:
    listed = select(Folder).outerjoin(OTHER, OTHER.id == Folder.id).with_only_columns(Folder.id)
    with house.as_(house.ann) as ctx:
        counted = ctx.session.scalar(select(func.count()).select_from(listed.subquery()))
    assert counted == 1


def test_a_hidden_row_is_not_found_by_its_id(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        assert ctx.session.get(Folder, folders.bens) is None


def test_a_made_up_object_does_not_read_a_hidden_row(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        made_up = Folder(id=folders.bens)
        make_transient_to_detached(made_up)
        with pytest.raises(Unguarded):
            ctx.session.add(made_up)


def test_a_hidden_parent_reads_as_nothing(house: House, folders: Folders) -> None:
    with house.as_(house.ben) as ctx:
        ctx.session.add(Pointer(folder_id=folders.bens))
    with house.as_(house.ann) as ctx:
        assert ctx.session.scalars(select(Pointer)).all() == []


def test_a_session_is_dead_after_its_request(house: House) -> None:
    with house.as_(house.ann) as ctx:
        kept = ctx.session
    with pytest.raises(Unguarded):
        kept.execute(select(Folder))


def test_a_connection_that_a_listener_was_handed_in_a_flush_writes_nothing(
    house: House, folders: Folders
) -> None:
    def rename_all(_mapper: object, connection: Connection, _fact: object) -> None:
        connection.execute(update(TABLE).values(subject="by nobody"))

    event.listen(Fact, "after_insert", rename_all)
    try:
        with pytest.raises(Unguarded), house.as_(house.ann) as ctx:
            ctx.session.add(Fact(value=1))
    finally:
        event.remove(Fact, "after_insert", rename_all)


def test_a_raw_statement_on_the_engine_lacks_the_mark(house: House) -> None:
    with pytest.raises(Unguarded), house.kernel.db.writer.connect() as connection:
        connection.execute(text("select 1"))
