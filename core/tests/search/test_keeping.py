"""Keys are true, whichever way a record was written: compared with those that are made anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from tenor.clock import StoppedClock
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.search.records import SearchKey, SearchState
from tenor_sdk.access import FieldRule
from tenor_sdk.custom_fields import add_custom_field, set_custom_fields
from tenor_sdk.services import savepoint
from tenor_sdk.testing import as_actor, run_jobs

LIN = "lin.xiaowen"
pytestmark = pytest.mark.both_databases


def keys(kernel: Kernel) -> Mapping[int, str]:
    table: Any = SearchKey.__table__
    with kernel.db.raw(write=False) as connection:
        return {row.id: row.document for row in connection.execute(select(table))}


def are_true(kernel: Kernel) -> bool:
    """Whether the keys are those that a rebuild makes."""
    kept = keys(kernel)
    for kind in kernel.search.kinds.values():
        kernel.search.keeping.rebuild(kind)
    return keys(kernel) == kept


def let_jobs_run(kernel: Kernel) -> None:
    """Those of a schedule too."""
    run_jobs(kernel)
    clock = kernel.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(minutes=6))
    run_jobs(kernel)


def unsettle(kernel: Kernel) -> None:
    """As after an upgrade from before there were keys."""
    with kernel.db.raw() as connection:
        connection.execute(delete(SearchState.__table__))
        connection.execute(delete(SearchKey.__table__))
    kernel.search.keeping._settled.clear()


def test_keys_follow_a_change_and_a_removal(
    institution: Kernel, keep: Any, seen: Any, head: str
) -> None:
    from tenor_registry import Company

    one, other = keep(Company(name="海岳"), Company(name="海岳二"))
    with as_actor(institution, head) as ctx:
        ctx.session.get_one(Company, one).name = "泽远"
        ctx.session.delete(ctx.session.get_one(Company, other))
    assert seen("zeyuan") == ["泽远"]
    assert seen("海岳") == []
    assert are_true(institution)


def test_keys_follow_extensions(institution: Kernel, keep: Any, seen: Any, head: str) -> None:
    from tenor_registry import Company, CompanyTag

    (one,) = keep(Company(name="海岳"))
    keep(CompanyTag(id=one, tag="水泥行业"))
    assert seen("shuini") == ["海岳"]
    with as_actor(institution, head) as ctx:
        ctx.session.get_one(CompanyTag, one).tag = "钢铁行业"
    assert seen("水泥") == [] != seen("gangtie")
    assert are_true(institution)


def test_keys_follow_what_is_written_many_at_once(
    institution: Kernel, keep: Any, seen: Any, head: str
) -> None:
    from tenor_registry import rename_all, take_in

    lin = actor_of(institution, LIN)
    rows = [{"name": f"海岳{n}", "unit_id": lin.unit_id, "owner_id": lin.id} for n in range(700)]
    with as_actor(institution, head) as ctx:
        take_in(ctx, rows)
    assert seen("海岳0", most=2) == ["海岳0"]
    assert are_true(institution)
    with as_actor(institution, head) as ctx:
        rename_all(ctx, "泽远")
    assert seen("海岳") == [] != seen("泽远")
    assert are_true(institution)


def test_keys_of_what_was_undone_are_undone(
    institution: Kernel, keep: Any, seen: Any, head: str
) -> None:
    from tenor_registry import Company

    (one,) = keep(Company(name="海岳"))
    with as_actor(institution, head) as ctx, pytest.raises(ZeroDivisionError), savepoint(ctx):
        ctx.session.get_one(Company, one).name = "泽远"
        ctx.session.flush()
        raise ZeroDivisionError
    assert seen("海岳") == ["海岳"]
    assert are_true(institution)


def test_a_field_of_the_institutions_own_is_searched_at_once_and_keyed_by_the_next_job(
    institution: Kernel, keep: Any, seen: Any, head: str
) -> None:
    from tenor_registry import Company

    (one,) = keep(Company(name="海岳"))
    with as_actor(institution, "system") as ctx:
        add_custom_field(ctx, Company, key="alias", label="别名", kind="text", searched=True)
    with as_actor(institution, head) as ctx:
        set_custom_fields(ctx, ctx.session.get_one(Company, one), {"alias": "泽远"})
    assert seen("海岳") == ["海岳"]
    let_jobs_run(institution)
    assert seen("zeyuan") == ["海岳"] == seen("haiyue")
    assert are_true(institution)


def test_what_has_no_keys_yet_is_looked_through_and_keyed_by_the_next_job(
    institution: Kernel, keep: Any, seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_registry import Company

    from tenor.search import keeping

    monkeypatch.setattr(keeping, "_CHUNK", 2)
    keep(*(Company(name=f"海岳{n}") for n in range(5)))
    unsettle(institution)
    keep(Company(name="海岳新"))
    assert len(seen("海岳")) == 6
    assert seen("haiyue") == []
    let_jobs_run(institution)
    assert len(seen("haiyue")) == 6
    assert are_true(institution)


def test_what_has_no_keys_yet_is_not_found_by_texts_that_are_not_its_own(
    institution: Kernel, keep: Any, seen: Any
) -> None:
    from tenor_registry import Company

    own = (Company.number, Company.name, Company.code, Company.phone, Company.rumour)
    institution.access.field_rules.append(FieldRule(fields=own, effect="hide"))
    institution.access._field_effects.clear()
    keep(Company(name="海岳"), Company(name="泽远"))
    unsettle(institution)
    assert seen("whatever") == []


def test_keys_without_a_record_go(institution: Kernel, keep: Any, head: str) -> None:
    from tenor_registry import Company

    (one,) = keep(Company(name="海岳"))
    kept = keys(institution)
    key = institution.search.kinds[Company].first + one
    with institution.db.raw() as connection:
        stray = "INSERT INTO base_search_key (id, document, version, created_at, changed_at)"
        for place in (key + 1, key + 7000):
            connection.execute(
                text(f"{stray} VALUES ({place}, ' x:y ', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
            )
    institution.search.keeping.rebuild(institution.search.kinds[Company])
    assert keys(institution) == kept


def test_a_sqlite_without_fts5_finds_the_same(institution: Kernel, keep: Any, seen: Any) -> None:
    from tenor_registry import Company

    keep(Company(name="泽远水泥有限公司"), Company(name="海岳"))
    if institution.db.dialect == "sqlite":
        with institution.db.raw() as connection:
            for verb in ("insert", "update", "delete"):
                connection.execute(text(f"DROP TRIGGER base_search_key_{verb}"))
            connection.execute(text("DROP TABLE tenor_search"))
    keep(Company(name="泽远钢铁"))
    assert seen("zy") == ["泽远钢铁", "泽远水泥有限公司"]
