"""Statements that would read past a person's rows, or say SQL of their own: every one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    case,
    cast,
    column,
    delete,
    desc,
    exists,
    extract,
    func,
    insert,
    inspect,
    join,
    lambda_stmt,
    literal,
    literal_column,
    select,
    table,
    tablesample,
    text,
    true,
    type_coerce,
    types,
    union_all,
    update,
    values,
)  # fmt: skip
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import (
    aliased,
    contains_eager,
    joinedload,
    lazyload,
    selectinload,
    with_expression,
    with_loader_criteria,
)  # fmt: skip
from sqlalchemy.sql import operators, quoted_name
from sqlalchemy.sql.elements import UnaryExpression
from tenor_guarded import Fact, Folder, Sheet

from tenor.access.records import User
from tenor_sdk.superseded import Superseded

Statement = Callable[[], Any]
OTHER = aliased(Folder)
TABLE = Folder.__table__


class _Spoken(types.UserDefinedType[str]):
    """A type whose name in SQL goes on."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "TEXT), (select max(subject) from guarded_folder"


class _Asking(types.TypeDecorator[int]):
    """A type that turns a value into a question."""

    impl = Integer
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        return select(func.max(TABLE.c.subject)).scalar_subquery()

    def column_expression(self, column: Any) -> Any:
        return select(func.max(TABLE.c.subject)).scalar_subquery()


def _told() -> Any:
    """A select that SQLAlchemy doesn't take for one over records: it would add no criteria."""
    return select(case((literal(True), OTHER.subject), else_="").label("subject"))


TABLES: dict[str, Statement] = {
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

#: SQLAlchemy sees no record in these inner ones
UNSEEN: dict[str, Statement] = {
    "an arm of a case, in a scalar subquery": lambda: select(
        Folder.id, select(case((literal(True), func.max(OTHER.subject)), else_="")).scalar_subquery()
    ),
    "the value of a case, in a scalar subquery": lambda: select(
        Folder.id, select(func.max(case({"theirs": 1}, value=OTHER.subject, else_=0))).scalar_subquery()
    ),
    "the filter of a count, in a scalar subquery": lambda: select(
        Folder.id, select(func.count().filter(OTHER.subject == "theirs")).scalar_subquery()
    ),
    "a part of a date, in a scalar subquery": lambda: select(
        Folder.id, select(extract("year", OTHER.created_at)).limit(1).scalar_subquery()
    ),
    "the order of a window, in a subquery": lambda: select(func.count()).select_from(
        select(func.row_number().over(order_by=OTHER.id).label("n")).subquery()
    ),
    "a part of a date, in a union": lambda: union_all(
        select(Folder.id), select(extract("year", OTHER.created_at))
    ),
    "an arm of a case, in a union": lambda: union_all(select(Folder.subject), _told()),
    "an arm of a case, joined as a subquery": lambda: (lambda q: select(Folder.id, q.c.subject).join(q, true()))(
        _told().subquery()
    ),
    "an arm of a case, joined as a table expression": lambda: (
        lambda q: select(Folder.id, q.c.subject).join(q, true())
    )(_told().cte()),
    "an arm of a case, as a list of values": lambda: select(Folder.id).where(literal("theirs").in_(_told())),
    "an arm of a case, as what exists": lambda: select(Folder.id).where(exists(_told())),
    "an arm of a case, beside nothing": lambda: select(_told().subquery()),
    "an arm of a case, as a limit": lambda: select(Folder.id).limit(
        select(case((literal(True), func.count(OTHER.id)), else_=0)).scalar_subquery()
    ),
}  # fmt: skip

#: what is read along with a record
LOADED: dict[str, Statement] = {
    "lines on condition of another record": lambda: select(Folder).options(
        selectinload(Folder.sheets.and_(OTHER.subject == "theirs"))
    ),
    "joined lines on condition of another record": lambda: select(Folder).options(
        joinedload(Folder.sheets.and_(OTHER.subject == "theirs"))
    ),
    "lazy lines on condition of the table": lambda: select(Folder).options(
        lazyload(Folder.sheets.and_(exists().where(TABLE.c.subject == "theirs")))
    ),
    "joined lines on condition of the table": lambda: select(Folder).options(
        joinedload(Folder.sheets.and_(Sheet.id.in_(select(TABLE.c.id))))
    ),
    "everything joined": lambda: select(Sheet).options(joinedload("*")),
    "an expression in place of a field": lambda: select(Folder).options(
        with_expression(Folder.subject, select(TABLE.c.subject).limit(1).scalar_subquery())
    ),
}  # fmt: skip

#: SQL where a value, a name or a type is meant
SPOKEN: dict[str, Statement] = {
    "a type that speaks": lambda: select(cast(Folder.id, _Spoken())),
    "a type that asks, of a value": lambda: select(Folder.id, literal(1, _Asking())),
    "a type that asks, of a function": lambda: select(func.max(Folder.id, type_=_Asking())),
    "a type that asks, of a column": lambda: select(type_coerce(Folder.id, _Asking())),
    "text in a condition": lambda: select(Folder.id).where(text("1 = 1")),
    "text compared with": lambda: select(Folder.id).where(Folder.subject.is_(text("null or 1 = 1"))),
    "text as the order's direction": lambda: select(Folder.id).order_by(desc(text("1"))),
    "text as a group": lambda: select(func.count(Folder.id)).group_by(text("1")),
    "text as what a group has": lambda: select(Folder.id).having(text("1 = 1")),
    "text as a source": lambda: select(Folder.id).select_from(text("guarded_folder")),
    "text with columns": lambda: select(text("select 1 as id").columns(column("id", Integer)).subquery()),
    "a condition by an operator of one's own": lambda: select(Folder.id).where(
        Folder.subject.bool_op("|| (select 1) =")("x")
    ),
    "a suffix": lambda: select(Folder.id).suffix_with("x"),
    "a hint of the whole": lambda: select(Folder.id).with_statement_hint("x"),
    "a prefix of a table expression": lambda: (lambda q: select(q.c.id))(select(Folder.id).cte().prefix_with("x")),
    "a function of a package": lambda: select(Folder.id, func.pg_catalog.count(Folder.id)),
    "a function that reads files": lambda: select(Folder.id, func.pg_read_file("x")),
    "a function as a table": lambda: select(func.json_each("[1]").table_valued("value")),
    "a function as a column": lambda: select(func.json_each("[1]").column_valued("value")),
    "an order within a group": lambda: select(func.percentile_cont(0.5).within_group(Folder.id)),
}  # fmt: skip

#: other names for the table, and writing within a select
DISGUISED: dict[str, Statement] = {
    "a table of that name": lambda: select(table("guarded_folder", column("id"))),
    "a column said to be of the table": lambda: select(Fact.id, column("subject", _selectable=TABLE)),
    "a column said to be another record's": lambda: select(
        Fact.id, TABLE.c.subject._annotate({"parententity": inspect(Fact)})
    ),
    "a table said to be another record's": lambda: select(Fact.id).select_from(
        TABLE.join(Sheet.__table__, true())
    ),
    "a record over another's table": lambda: select(aliased(Fact, TABLE.alias())),
    "a record that adapts to another's": lambda: select(
        aliased(Fact, select(Folder.id, Folder.unit_id.label("value")).subquery(), adapt_on_names=True)
    ),
    "a sample": lambda: select(tablesample(Folder, 10)),
    "the mapper's own column in an order": lambda: select(Fact.id).order_by(TABLE.c.id),
    "only the table's columns": lambda: select(Fact).with_only_columns(TABLE.c.subject),
    "a union with the table": lambda: union_all(select(Folder.id), select(TABLE.c.id)),
    "a union with the table in a list": lambda: select(Fact.id).where(
        Fact.id.in_(union_all(select(Fact.id), select(TABLE.c.id)))
    ),
    "a lambda over the table": lambda: lambda_stmt(lambda: select(TABLE)),
    "an order of a window by another record": lambda: select(Fact.id + func.rank().over(order_by=Folder.id)),
    "a bulk update by key": lambda: update(Folder).where(Folder.id == 2).values(subject="a"),
    "an update as a table expression": lambda: (lambda q: select(q.c.id))(
        update(TABLE).values(subject="a").returning(TABLE.c.id).cte()
    ),
    "a removal beside a select": lambda: select(Folder.id).add_cte(delete(TABLE).cte()),
    "a cast of the table's column": lambda: select(Fact.id, cast(TABLE.c.id, String)),
}  # fmt: skip

#: types that bring SQL along by what they are made with or of
_VARIANT = Integer().with_variant(_Asking(), "postgresql", "sqlite")
_GOES_ON: Any = "9)) || (select max(subject) from guarded_folder) || cast('' as varchar(9"
TYPES: dict[str, Statement] = {
    "a length that speaks": lambda: select(cast(Folder.id, String(_GOES_ON))),
    "a number of digits that speaks": lambda: select(cast(Folder.id, types.Numeric(_GOES_ON))),
    "an order of texts that speaks": lambda: select(cast(Folder.id, String(9, collation='C" || (select 1) || "'))),
    "a variant that asks, of a column": lambda: select(type_coerce(Folder.id, _VARIANT)),
    "a variant that asks, of a value": lambda: select(Folder.id, literal(1, _VARIANT)),
    "a variant that asks, of a function": lambda: select(func.max(Folder.id, type_=_VARIANT)),
    "a variant that speaks": lambda: select(
        cast(Folder.id, String(77).with_variant(_Spoken(), "postgresql", "sqlite"))
    ),
    "a list of what speaks": lambda: select(cast(Folder.id, types.ARRAY(_Spoken()))),
    "an object that is kept as what asks": lambda: select(literal(1, types.PickleType(impl=_Asking))),
    "fields of a span of time that speak": lambda: select(
        cast("1", postgresql.INTERVAL(fields="), (select max(subject) from guarded_folder)"))
    ),
    "a domain": lambda: select(cast(Folder.id, postgresql.DOMAIN("a), (select 1", types.Text()))),
}  # fmt: skip


def _raw(sql: str) -> quoted_name:
    """A name that is written out as it stands."""
    return quoted_name(sql, quote=False)


def _said_to_be(record: Any) -> Any:
    """A table of others that says of itself that it is a record."""
    return table("base_user")._annotate({"parententity": inspect(record)})


NAMED: dict[str, Statement] = {
    "SQL as the name of what is locked": lambda: select(Folder.id).with_for_update(
        of=table(_raw("guarded_folder limit (select count(*) from base_user)"))
    ),
    "a table that isn't read as what is locked": lambda: select(Folder.id).with_for_update(of=User.__table__),
    "SQL as the name of a column": lambda: select(Folder.id.label(_raw("x, (select 1 from base_user)"))),
    "SQL as the name of a value": lambda: select(Folder.id, literal(1).label(_raw("x, (select 1 from base_user)"))),
    "SQL as the name of an alias": lambda: select(literal(1)).select_from(
        aliased(Fact, name=_raw("a right join base_user on true"))
    ),
    "SQL as the name of a subquery": lambda: select(func.count()).select_from(
        select(Folder.id).subquery(_raw("s, base_user"))
    ),
    "SQL as the name of a table expression": lambda: select(func.count()).select_from(
        select(Folder.id).cte(_raw("s as (select 1), t"))
    ),
    "a table that says that it is a record": lambda: select(literal(1)).select_from(_said_to_be(Fact)),
    "facts that aren't read, asked whether they were corrected": lambda: select(Folder.id).where(
        Superseded(Fact, None)
    ),
}  # fmt: skip

HOSTILE = {**TABLES, **UNSEEN, **LOADED, **SPOKEN, **TYPES, **DISGUISED, **NAMED}
