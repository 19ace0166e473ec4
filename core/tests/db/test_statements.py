"""Which statements a guarded session lets through: honest ones with the person's rows, hostile ones not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import (
    Connection,
    Integer,
    create_engine,
    event,
    func,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import (
    aliased,
    make_transient,
    make_transient_to_detached,
    object_session,
    scoped_session,
)
from sqlalchemy.orm.util import identity_key
from tenor_guarded import Fact, Folder, Pointer
from tenor_visitor import visit

from tenor.db import Unguarded
from tenor_sdk import Amount, Rate
from tenor_sdk.records import Record

from .conftest import add_folder, opened
from .honest import HONEST
from .hostile import HOSTILE, _Asking

if TYPE_CHECKING:
    from .conftest import Folders, House

OTHER = aliased(Folder)
TABLE = Folder.__table__


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def peopled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house that the statements only read: see ``honest.py`` for what is in it."""
    with opened(request, tmp_path_factory.mktemp("house")) as house:
        for actor, subject, amount, visits in (
            (house.ann, "mine", 100, 3),
            (house.ben, "theirs", 200, 5),
        ):
            identity = add_folder(house, actor, subject, amount)
            with house.as_(actor) as ctx:
                ctx.session.add(Pointer(folder_id=identity))
                for _visit in range(visits):
                    visit(ctx, identity)
        with house.as_(house.ben) as ctx:
            ctx.session.add(Fact(value=7))
        yield house


def told(rows: Iterable[Any]) -> list[Any]:
    """Rows in words that both databases agree on: of a record its id, of an amount its minor units."""
    return sorted((_one(row) for row in rows), key=str)


def _one(row: Any) -> Any:
    parts = tuple(_value(value) for value in row)
    return parts[0] if len(parts) == 1 else parts


def _value(value: Any) -> Any:
    if isinstance(value, Record):
        return value.id
    if isinstance(value, Amount):
        return value.minor
    if isinstance(value, tuple):  # a bundle
        return _one(value)
    return (
        int(value)
        if isinstance(value, Decimal)
        else str(value)
        if isinstance(value, Rate)
        else value
    )


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_statement_yields_the_rows_of_whoever_asks(peopled: House, name: str) -> None:
    statement, rows = HONEST[name]
    with peopled.as_(peopled.ann) as ctx:
        assert told(ctx.session.execute(statement()).unique()) == rows


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_statement_is_refused(peopled: House, name: str) -> None:
    with peopled.as_(peopled.ann) as ctx, pytest.raises(Unguarded):
        ctx.session.execute(HOSTILE[name]())


def test_a_hostile_statement_is_not_taken_for_an_honest_one_of_the_same_structure(
    house: House, folders: Folders
) -> None:
    """SQLAlchemy knows a statement again by a key in which the variants of its types don't count."""
    kinds = [Integer(), Integer().with_variant(_Asking(), "postgresql", "sqlite")]
    honest, hostile = (select(type_coerce(Folder.id, kind)) for kind in kinds)
    with house.as_(house.ann) as ctx:
        assert told(ctx.session.execute(honest)) == [folders.anns]
        with pytest.raises(Unguarded):
            ctx.session.execute(hostile, execution_options={"compiled_cache": None})


@pytest.mark.parametrize("beside", [True, False], ids=["beside it", "within it"])
def test_a_statement_is_not_led_to_tables_of_another_schema(house: House, beside: bool) -> None:
    options: Any = {"schema_translate_map": {None: "elsewhere"}}
    read = select(Folder) if beside else select(Folder).execution_options(**options)
    with house.as_(house.ann) as ctx, pytest.raises(Unguarded, match="schema_translate_map"):
        ctx.session.execute(read, execution_options=options if beside else {})


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
    "merge_all": lambda session: session.merge_all([Folder(id=2, subject="x")]),
    "reset": lambda session: session.reset(),
    "connect of the bind": lambda session: session.get_bind().connect(),
    "execution on the bind": lambda session: session.get_bind().execute(text("select 1")),
    "the session of a record": lambda session: object_session(
        session.scalars(select(Folder)).one()
    ).connection(),
    "an update by the old style": lambda session: session.query(Folder).update({"subject": "x"}),
    "a removal by the old style": lambda session: session.query(Folder).delete(),
    "the old style from text": lambda session: (
        session.query(Folder).from_statement(text("select * from guarded_folder")).all()
    ),
    "a bind that is handed in": lambda session: session.execute(
        select(TABLE), bind_arguments={"bind": create_engine("sqlite://")}
    ),
    "a front of SQLAlchemy's": lambda session: scoped_session(
        cast("Any", lambda: session)
    ).connection(),
    "with": lambda session: session.__enter__(),
}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_round_the_guard_is_shut(house: House, folders: Folders, name: str) -> None:
    with house.as_(house.ann) as ctx, pytest.raises(Unguarded):
        DOORS[name](ctx.session)


class Turning(str):
    """A text to whoever looks at it, SQL to SQLAlchemy."""

    __slots__ = ()

    def __clause_element__(self) -> Any:
        return select(TABLE.c.subject).order_by(TABLE.c.id.desc()).limit(1).scalar_subquery()


#: each would copy what Ben keeps into Ann's folder
SMUGGLED: dict[str, Callable[[int], Any]] = {
    "a subquery": lambda hidden: select(OTHER.subject).where(OTHER.id == hidden).scalar_subquery(),
    "a subquery over the table": lambda hidden: (
        select(TABLE.c.subject).where(TABLE.c.id == hidden).scalar_subquery()
    ),
    "text": lambda _hidden: text("(select max(subject) from guarded_folder)"),
    "another record's field": lambda hidden: Fact.value + hidden,
    "another record's field, bare": lambda _hidden: Fact.value,
    "a text that turns into SQL": lambda _hidden: Turning("x"),
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


def test_nor_from_a_text_that_turns_into_sql(house: House, folders: Folders) -> None:
    with pytest.raises(Unguarded, match="subject is set to a Turning"), house.as_(house.ann) as ctx:
        ctx.session.add(Folder(subject=Turning("x"), unit_id=house.ann.unit_id))


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


def test_a_made_up_copy_of_a_hidden_row_is_not_merged(house: House, folders: Folders) -> None:
    """Its IntegrityError, or that there was none, would tell whether the row is there."""
    for identity in (folders.bens, 99_999):
        with house.as_(house.ann) as ctx, pytest.raises(Unguarded):
            ctx.session.merge(Folder(id=identity, subject="x"))


def test_a_new_record_with_the_id_of_a_hidden_one_is_refused_as_with_any_other(
    house: House, folders: Folders
) -> None:
    said = set()
    for number in (folders.bens, folders.anns, 1_000_000):
        with pytest.raises(Unguarded) as refused, house.as_(house.ann) as ctx:
            ctx.session.add(
                Folder(id=number, subject="x", unit_id=house.ann.unit_id, owner_id=house.ann.id)
            )
        said.add(str(refused.value))
    assert len(said) == 1


def test_what_elevated_work_loaded_is_not_in_the_persons_session(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        with ctx.elevated("look") as high:
            theirs = high.get_one(Folder, folders.bens)
            assert theirs.subject == "theirs"
        assert ctx.session.get(Folder, folders.bens) is None
        assert theirs not in ctx.session
        assert ctx.session.identity_map.get(identity_key(Folder, folders.bens)) is None
        make_transient(theirs)
        make_transient_to_detached(theirs)
        with pytest.raises(Unguarded):
            ctx.session.add(theirs)


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
