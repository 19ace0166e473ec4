"""Statements that an author honestly writes for lists, dashboards and sums, with what Ann is told.

Ann's folder is 1, *mine*, of 100 minor units; Ben's is 2, *theirs*, of 200. Each has a sheet, a visit counter and a
pointer of the same number. The one fact, of value 7, is everybody's. An answer that speaks of 2, 200 or *theirs* is a
leak.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    String,
    and_,
    bindparam,
    case,
    cast,
    desc,
    distinct,
    except_,
    exists,
    extract,
    func,
    intersect,
    join,
    literal,
    null,
    nulls_last,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
    union,
    union_all,
)  # fmt: skip
from sqlalchemy.orm import (
    Bundle,
    aliased,
    contains_eager,
    defer,
    immediateload,
    joinedload,
    lazyload,
    load_only,
    raiseload,
    selectinload,
    subqueryload,
    undefer,
    with_parent,
)  # fmt: skip
from tenor_guarded import Fact, Folder, Pointer, Sheet
from tenor_visitor import Visits

from tenor_sdk import Amount, Rate

Statement = Callable[[], Any]
OTHER = aliased(Folder)
LINE = aliased(Sheet)


def _sheets_a_folder() -> Any:
    counted = select(Sheet.parent_id.label("folder"), func.count().label("n"))
    return counted.group_by(Sheet.parent_id)


def _from_one_to_the_next() -> Any:
    tree = select(Folder.id).cte(recursive=True)
    return select(tree.union(select(OTHER.id).join(tree, OTHER.id == tree.c.id + 1)))


def _of(made: Any, ask: Callable[[Any], Any]) -> Any:
    return ask(made)


RECORDS: dict[str, tuple[Statement, list[Any]]] = {
    "an entity": (lambda: select(Folder), [1]),
    "an alias": (lambda: select(OTHER).where(OTHER.subject != "a"), [1]),
    "an alias with a name": (lambda: select(aliased(Folder, name="one")), [1]),
    "some columns of an entity": (lambda: select(Folder).options(load_only(Folder.subject)), [1]),
    "without a column": (lambda: select(Folder).options(defer(Folder.subject)), [1]),
    "with every column": (lambda: select(Folder).options(undefer("*")), [1]),
    "nothing loaded by accident": (lambda: select(Folder).options(raiseload("*")), [1]),
    "loaded when asked for": (lambda: select(Folder).options(lazyload(Folder.sheets)), [1]),
    "loaded at once": (lambda: select(Sheet).options(immediateload(Sheet.parent)), [1]),
    "eager lines": (lambda: select(Folder).options(selectinload(Folder.sheets)), [1]),
    "some eager lines": (
        lambda: select(Folder).options(selectinload(Folder.sheets.and_(Sheet.text == "first"))),
        [1],
    ),
    "eager lines by a subquery": (lambda: select(Folder).options(subqueryload(Folder.sheets)), [1]),
    "an eager parent": (lambda: select(Pointer).options(joinedload(Pointer.folder)), [1]),
    "a part of an eager parent": (
        lambda: select(Sheet).options(joinedload(Sheet.parent).load_only(Folder.subject)),
        [1],
    ),
    "eager lines of an eager parent": (
        lambda: select(Pointer).options(selectinload(Pointer.folder).selectinload(Folder.sheets)),
        [1],
    ),
    "contains_eager along a join": (
        lambda: select(Sheet).join(Sheet.parent).options(contains_eager(Sheet.parent)),
        [1],
    ),
    "contains_eager along a join of an alias": (
        lambda: select(Sheet)
        .join(Sheet.parent.of_type(OTHER))
        .options(contains_eager(Sheet.parent.of_type(OTHER))),
        [1],
    ),
    "contains_eager of lines": (
        lambda: select(Folder).join(Folder.sheets).options(contains_eager(Folder.sheets)),
        [1],
    ),
    "the lines of one": (lambda: select(Sheet).where(with_parent(Folder(id=1), Folder.sheets)), [1]),
    "rows to lock": (lambda: select(Folder).with_for_update(), [1]),
    "rows to lock that nobody has": (lambda: select(Folder).with_for_update(skip_locked=True), [1]),
    "an entity of a table expression": (lambda: _of(select(Folder).cte(), lambda c: select(aliased(Folder, c))), [1]),
    "an alias over its own subquery": (
        lambda: _of(select(Folder).where(Folder.id > 0).subquery(), lambda q: select(aliased(Folder, q))),
        [1],
    ),
    "an entity of a union": (
        lambda: _of(
            union_all(select(Folder).where(Folder.id < 2), select(Folder).where(Folder.id >= 2)).subquery(),
            lambda q: select(aliased(Folder, q)),
        ),
        [1],
    ),
    "a bundle": (lambda: select(Bundle("b", Folder.id, Folder.subject)), [(1, "mine")]),
    "an entity beside a sum": (
        lambda: select(Folder, func.count(Sheet.id)).outerjoin(Folder.sheets).group_by(Folder.id),
        [(1, 1)],
    ),
    "a property of both worlds": (lambda: select(Folder.id, Folder.large).where(Folder.large), [(1, True)]),
}  # fmt: skip

FIGURES: dict[str, tuple[Statement, list[Any]]] = {
    "a count": (lambda: select(func.count()).select_from(Folder), [1]),
    "a count of one": (lambda: select(func.count(1)).select_from(Folder), [1]),
    "a count by a condition alone": (lambda: select(func.count()).where(Folder.id > 0), [1]),
    "a count of what differs": (lambda: select(func.count(distinct(Folder.unit_id))), [1]),
    "a count with a filter": (lambda: select(func.count().filter(Folder.amount > Amount(5))), [1]),
    "a count of a column with a filter": (lambda: select(func.count(Folder.id).filter(Folder.amount > Amount(5))), [1]),
    "a count over joined lines with a filter": (
        lambda: select(func.count(Folder.id).filter(Sheet.text == "first")).outerjoin(Folder.sheets),
        [1],
    ),
    "a maximum": (lambda: select(func.max(Folder.amount), func.min(Folder.subject)), [(100, "mine")]),
    "a sum or nothing": (lambda: select(func.coalesce(func.sum(Folder.amount), Amount(0))), [100]),
    "an amount or nothing": (lambda: select(func.coalesce(Folder.amount, Amount(0))), [100]),
    "a sum of what a case leaves": (
        lambda: select(func.sum(case((Folder.amount > Amount(5), Folder.amount), else_=Amount(0)))),
        [100],
    ),
    "a ratio": (lambda: select(func.sum(Folder.id) * 100 / func.count()).select_from(Folder), [100]),
    "a spread": (lambda: select(func.max(Folder.id) - func.min(Folder.id)), [0]),
    "a sum by group, the largest first": (
        lambda: select(Folder.subject, func.sum(Folder.amount).label("total"))
        .group_by(Folder.subject)
        .order_by(desc("total")),
        [("mine", 100)],
    ),
    "groups by their size": (
        lambda: select(Folder.subject).group_by(Folder.subject).order_by(func.count().desc()),
        ["mine"],
    ),
    "groups that are large enough": (
        lambda: select(Folder.subject).group_by(Folder.subject).having(func.sum(Folder.amount) > Amount(0)),
        ["mine"],
    ),
    "a sum over two joined records": (
        lambda: select(func.sum(Folder.id * Sheet.id)).join(Sheet, Sheet.parent_id == Folder.id),
        [1],
    ),
    "figures of two records": (
        lambda: select(
            select(func.count()).select_from(Folder).scalar_subquery().label("folders"),
            select(func.count(Sheet.id)).scalar_subquery().label("sheets"),
        ),
        [(1, 1)],
    ),
    "the lines of each": (
        lambda: select(
            Folder.id, select(func.count(Sheet.id)).where(Sheet.parent_id == Folder.id).scalar_subquery()
        ),
        [(1, 1)],
    ),
    "the lines of each, said to be of it": (
        lambda: select(
            Folder.id,
            select(func.count(Sheet.id)).where(Sheet.parent_id == Folder.id).correlate(Folder).scalar_subquery(),
        ),
        [(1, 1)],
    ),
    "the largest": (
        lambda: select(Folder.id).where(Folder.amount == select(func.max(OTHER.amount)).scalar_subquery()),
        [1],
    ),
    "the largest of its unit": (
        lambda: select(Folder.id).where(
            Folder.amount
            == select(func.max(OTHER.amount)).where(OTHER.unit_id == Folder.unit_id).scalar_subquery()
        ),
        [1],
    ),
    "a count over a joined list": (
        lambda: select(func.count()).select_from(
            select(Folder)
            .outerjoin(OTHER, OTHER.id == Folder.id)
            .add_columns(OTHER.subject)
            .with_only_columns(Folder.id)
            .subquery()
        ),
        [1],
    ),
    "a grouped subquery": (
        lambda: _of(
            select(Folder.subject, Folder.id).subquery(),
            lambda q: select(q.c.subject, func.count()).group_by(q.c.subject),
        ),
        [("mine", 1)],
    ),
    "a number in a row": (lambda: select(func.row_number().over(order_by=Folder.id)), [1]),
    "a rank": (lambda: select(Folder.id, func.rank().over(order_by=Folder.amount.desc())), [(1, 1)]),
    "a running sum": (
        lambda: select(Folder.id, func.sum(Folder.amount).over(order_by=Folder.id, rows=(None, 0))),
        [(1, 100)],
    ),
    "a share of its unit": (
        lambda: select(Folder.id, func.sum(Folder.amount).over(partition_by=Folder.unit_id)),
        [(1, 100)],
    ),
    "quarters": (lambda: select(Folder.id, func.ntile(4).over(order_by=Folder.id)), [(1, 1)]),
    "the one before": (lambda: select(Folder.id, func.lag(Folder.amount).over(order_by=Folder.id)), [(1, None)]),
    "a year": (lambda: select(Folder.id, extract("year", Folder.created_at)), [(1, 2026)]),
    "a year alone": (lambda: select(extract("year", Folder.created_at)), [2026]),
    "a count by month": (
        lambda: select(extract("month", Folder.created_at).label("month"), func.count()).group_by("month"),
        [(6, 1)],
    ),
    "names in one": (lambda: select(func.aggregate_strings(Folder.subject, ",")), ["mine"]),
}  # fmt: skip

CONDITIONS: dict[str, tuple[Statement, list[Any]]] = {
    "whether there is one": (lambda: select(exists().where(Folder.subject == "theirs")), [False]),
    "whether one of its own is there": (lambda: select(exists().where(Folder.subject == "mine")), [True]),
    "whether it has lines": (
        lambda: select(Folder.id, exists().where(Sheet.parent_id == Folder.id).label("has")),
        [(1, True)],
    ),
    "words for whether it has lines": (
        lambda: select(Folder.id, case((exists().where(Sheet.parent_id == Folder.id), "yes"), else_="no")),
        [(1, "yes")],
    ),
    "those with another beside them": (
        lambda: select(Folder.id).where(exists().where(OTHER.id != Folder.id)),
        [],
    ),
    "those without an extension": (lambda: select(Folder.id).where(~exists().where(Visits.id == Folder.id)), []),
    "any of the lines": (lambda: select(Folder).where(Folder.sheets.any(Sheet.text == "first")), [1]),
    "none of the lines": (lambda: select(Folder).where(~Folder.sheets.any(Sheet.text == "second")), [1]),
    "lines whose parent is so": (lambda: select(Sheet.id).where(Sheet.parent.has(Folder.subject == "mine")), [1]),
    "a subquery of ids": (lambda: select(Folder.subject).where(Folder.id.in_(select(Sheet.parent_id))), ["mine"]),
    "not in a subquery": (lambda: select(Folder.id).where(Folder.id.not_in(select(Sheet.parent_id + 5))), [1]),
    "ids that are given": (
        lambda: select(Folder.id).where(Folder.id.in_(bindparam("ids", [1, 2], expanding=True))),
        [1],
    ),
    "pairs": (lambda: select(Folder.id).where(tuple_(Folder.id, Folder.subject).in_([(1, "mine"), (2, "b")])), [1]),
    "a row comparison": (lambda: select(Folder).where(tuple_(Folder.subject, Folder.id) > ("a", 0)), [1]),
    "a search": (lambda: select(Folder).where(func.lower(Folder.subject).like("%i%")), [1]),
    "a search whatever the case": (lambda: select(Folder).where(Folder.subject.icontains("I", autoescape=True)), [1]),
    "a range": (lambda: select(Folder.id).where(Folder.amount.between(Amount(1), Amount(900))), [1]),
    "one of several conditions": (
        lambda: select(Folder.id).where(or_(and_(Folder.id > 0, ~Folder.archived), Folder.archived.is_(True))),
        [1],
    ),
    "an amount or nothing in a condition": (
        lambda: select(Folder.id).where(func.coalesce(Folder.amount, Amount(0)) > Amount(0)),
        [1],
    ),
    "a condition between two records": (lambda: select(Sheet.id).where(Sheet.parent_id == Folder.id), [1]),
    "a function over a joined record": (
        lambda: select(Sheet.id).join(Sheet.parent).where(func.lower(Folder.subject) == "mine"),
        [1],
    ),
    "a case": (lambda: select(case((Folder.amount > Amount(5), "much"), else_="little")), ["much"]),
    "a case by value": (lambda: select(case({"mine": "m", "theirs": "t"}, value=Folder.subject, else_="-")), ["m"]),
    "a cast": (lambda: select(cast(Folder.id, String)), ["1"]),
    "another type": (lambda: select(type_coerce(Folder.id, String)), [1]),
    "a value": (lambda: select(literal(1)), [1]),
    "a rate": (lambda: select(literal(Rate.of("0.5"))), ["0.5"]),
    "a value beside a column": (lambda: select(literal("folder"), null(), Folder.id), [("folder", None, 1)]),
    "distinct values": (lambda: select(Folder.subject).distinct().limit(3).offset(0), ["mine"]),
    "empty ones last": (lambda: select(Folder.id).order_by(nulls_last(desc(Folder.amount)), Folder.id), [1]),
    "one kind first": (lambda: select(Folder.id).order_by(case((Folder.subject == "mine", 0), else_=1)), [1]),
}  # fmt: skip

JOINS: dict[str, tuple[Statement, list[Any]]] = {
    "a join through a relationship": (lambda: select(Folder).join(Folder.sheets.of_type(LINE)), [1]),
    "a join with a condition of its own": (
        lambda: select(Folder.id).join(Folder.sheets.and_(Sheet.text == "first")),
        [1],
    ),
    "an explicit join": (
        lambda: select(Folder.id, Sheet.id).select_from(join(Folder, Sheet, Sheet.parent_id == Folder.id)),
        [(1, 1)],
    ),
    "a join from": (
        lambda: select(Folder.id, Sheet.id).join_from(Folder, Sheet, Sheet.parent_id == Folder.id),
        [(1, 1)],
    ),
    "those without a line": (lambda: select(Folder.id).outerjoin(Folder.sheets).where(Sheet.id.is_(None)), []),
    "others of its unit": (lambda: select(Folder.id, OTHER.id).join(OTHER, OTHER.unit_id == Folder.unit_id), [(1, 1)]),
    "an alias joined by a condition": (
        lambda: select(OTHER.id).select_from(Folder).join(OTHER, OTHER.id != Folder.id),
        [],
    ),
    "an alias beside its line": (lambda: select(Sheet.id).outerjoin(OTHER, OTHER.id == Sheet.parent_id), [1]),
    "an extension beside its host": (
        lambda: select(Folder.id, Visits.visits)
        .outerjoin(Visits, Visits.id == Folder.id)
        .order_by(Visits.visits.desc().nulls_last(), Folder.id),
        [(1, 3)],
    ),
    "a figure of the extension or nothing": (
        lambda: select(func.coalesce(Visits.visits, Folder.id))
        .select_from(Folder)
        .outerjoin(Visits, Visits.id == Folder.id),
        [3],
    ),
    "other columns after a join": (
        lambda: select(Folder)
        .outerjoin(Visits, Visits.id == Folder.id)
        .with_only_columns(Folder.id, Visits.visits),
        [(1, 3)],
    ),
    "a joined subquery": (
        lambda: _of(
            _sheets_a_folder().subquery(),
            lambda q: select(Folder.id, func.coalesce(q.c.n, 0)).outerjoin(q, q.c.folder == Folder.id),
        ),
        [(1, 1)],
    ),
    "a joined table expression": (
        lambda: _of(
            _sheets_a_folder().cte(),
            lambda q: select(Folder.id, q.c.n).join(q, q.c.folder == Folder.id),
        ),
        [(1, 1)],
    ),
    "a common table expression": (lambda: select(select(Folder.id).cte()), [1]),
    "a walk from one to the next": (_from_one_to_the_next, [1]),
    "a union": (lambda: union(select(Folder.id), select(Sheet.id)), [1]),
    "a union in order": (lambda: union_all(select(Folder.id), select(Sheet.id)).order_by("id").limit(9), [1]),
    "a count over a union": (
        lambda: _of(
            union_all(select(Folder.id), select(Sheet.id)).subquery(),
            lambda q: select(func.count()).select_from(q),
        ),
        [2],
    ),
    "what both have": (lambda: intersect(select(Folder.id), select(Sheet.parent_id)), [1]),
    "what only one has": (lambda: except_(select(Folder.id), select(Sheet.parent_id)), []),
    "everybody's beside one's own": (lambda: select(Fact.value, Folder.id).join(Folder, true()), [(7, 1)]),
    "loaded through a join": (lambda: select(Folder.id).join(Folder.sheets).options(), [1]),
}  # fmt: skip

HONEST = {**RECORDS, **FIGURES, **CONDITIONS, **JOINS}
