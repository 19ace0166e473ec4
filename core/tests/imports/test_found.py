"""What a file brought is found at once, and by how it sounds as soon as a job has keyed it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from tenor.kernel import Kernel
from tenor.search.behind import stood
from tenor.search.records import SearchKey, SearchState
from tenor_sdk.testing import as_actor, run_jobs

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases

HEAD = ("Credit code", "Name")


@pytest.fixture
def known(desk: Desk) -> None:
    """A firm of before, whose keys were made when somebody put it down."""
    kind: Any = desk.kind("firm")
    with as_actor(desk.kernel, LIN, write=True) as ctx:
        ctx.session.add(
            kind(code="K1", name="泽远水泥", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        )


def found(desk: Desk, typed: str) -> list[str]:
    """The names that somebody finds, in the search box and in a list alike."""
    room = desk.kernel.search
    kind: Any = desk.kind("firm")
    ctx: Any
    with as_actor(desk.kernel, LIN, write=False) as ctx:
        rows: Any = kind.__table__.c
        ids = room.find(ctx, kind, typed, 50).ids
        names = {one.id: one.name for one in ctx.session.scalars(select(kind))}
        condition = room.condition(ctx, kind, typed)
        if condition is not None:
            listed = ctx.session.scalars(select(kind).where(condition).order_by(rows.id.desc()))
            assert {one.id for one in listed} == set(ids)
    return [names[one] for one in ids]


def test_a_firm_is_found_as_soon_as_it_was_imported(desk: Desk) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "海岳机械")))
    assert found(desk, "机械") == ["海岳机械"]


def test_a_firm_is_found_by_its_sound_once_jobs_have_run(desk: Desk) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "海岳机械")))
    run_jobs(desk.kernel)
    assert found(desk, "haiyue") == ["海岳机械"]


def test_what_was_keyed_before_is_found_by_its_sound_while_others_are_keyed(
    desk: Desk, known: None
) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "海岳水泥")))
    assert found(desk, "zeyuan") == ["泽远水泥"]
    assert sorted(found(desk, "水泥")) == ["泽远水泥", "海岳水泥"]


def test_only_what_was_imported_is_keyed_afterwards(desk: Desk, known: None) -> None:
    keys: Any = SearchKey.__table__
    desk.take("firm", as_csv(HEAD, ("A1", "海岳机械")))
    with desk.kernel.db.raw() as connection:
        connection.execute(delete(keys))
    run_jobs(desk.kernel)
    with desk.kernel.db.raw(write=False) as connection:
        assert len(connection.execute(select(keys)).all()) == 1


def test_keys_made_afterwards_are_those_of_a_rebuild(desk: Desk, known: None) -> None:
    desk.take("firm", as_csv(HEAD, *((f"A{n}", f"海岳机械{n}") for n in range(1200))))
    run_jobs(desk.kernel)
    kept = _keys(desk.kernel)
    desk.kernel.search.keeping.rebuild(desk.kernel.search.kinds[desk.kind("firm")])
    assert _keys(desk.kernel) == kept
    assert len(kept) > 1200


def test_a_dry_run_leaves_search_as_it_was(desk: Desk, known: None) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "海岳机械")), dry=True)
    kind = desk.kernel.search.kinds[desk.kind("firm")]
    ctx: Any
    with as_actor(desk.kernel, LIN, write=False) as ctx:
        now = desk.kernel.search.keeping.now(ctx, kind)
        assert stood(desk.kernel.db.connection_of(ctx.session), kind.record) == now


def test_where_nobody_saw_to_keys_an_import_claims_nothing(desk: Desk, known: None) -> None:
    with desk.kernel.db.raw() as connection:
        connection.execute(delete(SearchState.__table__))
        connection.execute(delete(SearchKey.__table__))
    desk.kernel.search.keeping._settled.clear()
    desk.take("firm", as_csv(HEAD, ("A1", "海岳机械")))
    assert found(desk, "泽远") == ["泽远水泥"]
    run_jobs(desk.kernel)
    assert found(desk, "zeyuan") == ["泽远水泥"]


def _keys(kernel: Kernel) -> dict[int, str]:
    table: Any = SearchKey.__table__
    with kernel.db.raw(write=False) as connection:
        return {row.id: row.document for row in connection.execute(select(table))}
