"""Events in a running institution: recorded, handled in load order, followed by jobs, in one transaction."""

from typing import Any

import pytest
from sqlalchemy import select

from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Refused

pytestmark = pytest.mark.both_databases

CLERK = "lin.xiaowen"


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores", "witness")


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


def _rows(institution: Kernel, statement: Any) -> list[Any]:
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(statement))


def _ask(institution: Kernel, chores: Any, name: str = "bread", mood: str = "fine") -> int:
    with as_actor(institution, CLERK) as ctx:
        return int(chores.ask(ctx, name, mood))


def _read(institution: Kernel, what: Any) -> list[Any]:
    with as_actor(institution, CLERK, write=False) as ctx:
        return list(ctx.session.scalars(what))


def test_an_event_is_on_record_with_who_told_it(institution: Kernel, chores: Any) -> None:
    chore_id = _ask(institution, chores)
    (told,) = _rows(institution, select(table_of(OutboxEvent)))
    assert told.name == "chores.ChoreAsked"
    assert told.payload["chore_id"] == chore_id
    assert told.payload["due"] == {"$date": "2026-06-30"}
    assert told.actor_id > 0


def test_handlers_of_several_plugins_write_their_own_records(
    institution: Kernel, chores: Any
) -> None:
    import tenor_witness

    chore_id = _ask(institution, chores)
    assert _read(institution, select(chores.Chore.runs)) == [1]
    assert _read(institution, select(tenor_witness.Sighting.what)) == [f"chore {chore_id}"]
    ledger = [entry.procedure for entry in _entries(institution) if entry.kind == "create"]
    assert "witness.tenor_witness.see" in ledger


def _entries(institution: Kernel) -> list[Any]:
    with as_actor(institution, "song.qing", write=False) as ctx:
        return list(institution.audit.search(ctx, limit=200))


def test_a_job_that_follows_runs_once_the_event_is_committed(
    institution: Kernel, chores: Any
) -> None:
    chore_id = _ask(institution, chores)
    assert _read(institution, select(chores.Effect.name)) == []
    assert run_jobs(institution) >= 1
    assert _read(institution, select(chores.Effect.name)) == [f"chore {chore_id}"]
    (done,) = _rows(institution, select(job).where(job.c.name == "chores.run_chore"))
    assert done.result == "2026-06-30 fine Mood"
    assert run_jobs(institution) == 0


def test_a_handler_that_refuses_undoes_the_whole_act(institution: Kernel, chores: Any) -> None:
    with pytest.raises(Refused, match="no-chores-today"):
        _ask(institution, chores, mood="refusing")
    assert _read(institution, select(chores.Chore.name)) == []
    assert _rows(institution, select(table_of(OutboxEvent))) == []
    assert run_jobs(institution) == 0


def test_a_required_handler_that_fails_undoes_the_whole_act(
    institution: Kernel, chores: Any
) -> None:
    with pytest.raises(ValueError, match="out of order"):
        _ask(institution, chores, mood="strict")
    assert _read(institution, select(chores.Chore.name)) == []


@pytest.mark.parametrize("mood", ["clumsy", "leaving"])
def test_a_handler_that_fails_is_undone_alone_and_put_on_record(
    institution: Kernel, chores: Any, mood: str
) -> None:
    import tenor_witness

    _ask(institution, chores, mood=mood)
    assert _read(institution, select(chores.Chore.runs)) == [0]
    assert len(_read(institution, select(tenor_witness.Sighting.what))) == 1
    (note,) = [entry for entry in _entries(institution) if entry.kind == "handler-failed"]
    assert note.changes["handler"] == [None, "tenor_chores.count_run"]


def test_a_handler_that_failed_is_tried_again_as_a_job(institution: Kernel, chores: Any) -> None:
    chore_id = _ask(institution, chores, mood="clumsy")
    with as_actor(institution, CLERK) as ctx:
        ctx.session.get(chores.Chore, chore_id).name = "mended"
    run_jobs(institution)
    assert _read(institution, select(chores.Chore.runs)) == [1]
    (again,) = _rows(institution, select(job).where(job.c.name.like("on:%")))
    assert again.name == "on:tenor_chores.count_run"
    assert again.state == "done"


def test_callbacks_are_timed_by_plugin(institution: Kernel, chores: Any) -> None:
    _ask(institution, chores)
    _ask(institution, chores, mood="clumsy")
    timings = institution.events.timings
    counted = {timing.name: timing for timing in timings.of_plugin("chores")}
    assert counted["tenor_chores.count_run"].calls == 2
    assert counted["tenor_chores.count_run"].failed == 1
    assert [timing.calls for timing in timings.of_plugin("witness")] == [2]


def test_a_hook_collects_what_plugins_answer_and_leaves_out_those_that_fail(
    institution: Kernel, chores: Any
) -> None:
    import tenor_witness

    chore_id = _ask(institution, chores)
    with as_actor(institution, CLERK) as ctx:
        parts = chores.price(ctx, chore_id)
    assert parts == [100, chore_id]
    assert "priced" in _read(institution, select(tenor_witness.Sighting.what))
    assert "never" not in _read(institution, select(tenor_witness.Sighting.what))
    assert _read(institution, select(chores.Chore.runs)) == [1]
    failed = [
        entry.changes["hook"][1] for entry in _entries(institution) if entry.kind == "hook-failed"
    ]
    assert failed == ["chores__price_parts"] * 2


def test_a_hook_asked_while_reading_leaves_its_failures_on_record(
    institution: Kernel, chores: Any
) -> None:
    with as_actor(institution, CLERK, write=False) as ctx:
        parts = institution.events.call_hook(ctx, "chores__price_parts", {"chore_id": 5})
    assert parts == [5]
    failed = [entry for entry in _entries(institution) if entry.kind == "hook-failed"]
    assert len(failed) == 3


def test_an_implementation_that_refuses_is_heard(institution: Kernel, chores: Any) -> None:
    with as_actor(institution, CLERK) as ctx, pytest.raises(Refused, match="unlucky"):
        institution.events.call_hook(ctx, "chores__price_parts", {"chore_id": 13})
