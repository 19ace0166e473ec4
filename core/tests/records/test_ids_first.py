"""A page whose ids are found in an index first: the same rows in the same order as without, by the same rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Index, func, select

from core.tests.records.conftest import LIN
from tenor.kernel import Kernel
from tenor.records import Page, PageQuery, paging
from tenor.records.covering import covered
from tenor_sdk.testing import as_actor
from tenor_test_support.statements import asking

Keep = Callable[..., Sequence[int]]
#: ties, nulls, both cases, and a few to be put away
PARTS = (
    ("bolt", "B"), ("Bolt", None), ("nut", "a"), ("nut", None), ("nut", "a"), ("axle", ""), ("bolt", "b"),
)  # fmt: skip


@pytest.fixture
def parts(keep: Keep) -> None:
    """Parts of Lin's unit, and one of another that comes before them all."""
    from tenor_depot import Part

    keep(Part(name="AAA", label="AAA"), of="shen.bai")
    keep(*(Part(name=name, label=label) for name, label in PARTS))
    keep(Part(name="axle", label="B", archived=True))


def _page(institution: Kernel, login: str = LIN, **asked: Any) -> Page:
    from tenor_depot import Part

    ctx: Any
    with as_actor(institution, login, write=False) as ctx:
        view = institution.views.list_view(Part)
        found: Page = institution.records.page(ctx, view, PageQuery(**{"size": 2, **asked}))
        return found


def _turned(institution: Kernel, **asked: Any) -> Iterator[list[int]]:
    """The ids of every page, to the end and back again."""
    page = _page(institution, **asked)
    yield [record.id for record in page.records]
    for direction in ("following", "preceding"):
        while cursor := getattr(page, direction):
            page = _page(institution, **asked, cursor=cursor)
            yield [record.id for record in page.records]


ASKED: dict[str, dict[str, Any]] = {
    "sorted": {"sort": "name"},
    "sorted down": {"sort": "-name"},
    "by what may lack": {"sort": "label"},
    "by what may lack, down": {"sort": "-label"},
    "by the id, searched": {"search": "bo"},
    "searched": {"search": "nU", "sort": "name"},
    "filtered": {"filter": "label = empty", "sort": "-name"},
    "with archived": {"sort": "name", "archived": True},
}


@pytest.mark.both_databases
@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("name", ASKED)
def test_every_page_is_what_it_is_when_rows_are_read_at_once(
    institution: Kernel, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first = list(_turned(institution, **ASKED[name]))
    monkeypatch.setattr(paging, "covered", lambda *_asked: False)
    assert first == list(_turned(institution, **ASKED[name]))
    assert len(first) > 1


@pytest.mark.both_databases
@pytest.mark.usefixtures("parts")
def test_ids_are_chosen_within_a_persons_rows(institution: Kernel) -> None:
    # were the guard's condition on the rows alone, another unit's part would take a place on the page
    assert [getattr(each, "label", "") for each in _page(institution, sort="label").records] == [
        "",
        "B",
    ]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ({"sort": "name"}, True),
        ({"search": "nu", "sort": "-label"}, True),
        ({"sort": "price"}, False),
        ({"sort": "name", "filter": "pieces > 3"}, False),
        ({"sort": "maker.name"}, False),
    ],
)
def test_ids_come_first_only_where_an_index_holds_all(
    institution: Kernel, asked: dict[str, Any], first: bool
) -> None:
    with asking(institution.db.reader) as statements:
        _page(institution, count=False, shown=False, **asked)
    (rows,) = (each for each in statements if "FROM depot_part" in each)
    # the ids of the page and its rows are as many
    assert rows.count("LIMIT ?") == (2 if first else 1)


@pytest.mark.usefixtures("parts")
def test_the_database_finds_the_ids_without_the_table(institution: Kernel) -> None:
    with asking(institution.db.reader) as statements:
        _page(institution, count=False, search="u", sort="name")
    (rows,) = (each for each in statements if "FROM depot_part" in each)
    with institution.db.raw(write=False) as connection:
        wanted = rows.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {rows}", (1,) * wanted).all()
    assert any("USING COVERING INDEX ix_depot_part_unit_id_name" in line[3] for line in plan), plan


@pytest.mark.usefixtures("depot")
def test_an_index_of_some_rows_or_of_other_values_holds_nothing() -> None:
    from tenor_depot import Maker, Part

    assert covered(Part, [func.lower(Part.name).like("%a%")])
    assert not covered(Part, [Part.name == "a", Part.price == 1])
    assert not covered(Part, [Part.id.in_(select(Maker.id))])
    assert not covered(Maker, [Maker.name == "a"])
    table = Maker.__table__
    for index in (
        Index("some", "name", "id", sqlite_where=Maker.name != ""),
        Index("other", func.lower(Maker.name), "id"),
    ):
        table.append_constraint(index)
        try:
            assert not covered(Maker, [Maker.name == "a"])
        finally:
            table.indexes.discard(index)
