"""Effects beyond the database: once, as far as that can be had; a person looks where it can't."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.jobs.records import OutsideCall
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Refused
from tenor_sdk.jobs import outside, own_transaction

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


def _calls(folder: Path, key: str) -> int:
    return len((folder / f"{key}.calls").read_text().splitlines())


def _state(institution: Kernel, key: str) -> str | None:
    call = table_of(OutsideCall)
    with institution.db.raw(write=False) as connection:
        state: str | None = connection.execute(
            select(call.c.state).where(call.c.key == f"chores:{key}")
        ).scalar_one_or_none()
        return state


def _die_after_the_call(
    institution: Kernel, folder: Path, enqueue: Enqueue, pay: Any, **more: Any
) -> int:
    """A job that ends with its process once the provider has done its part."""
    dies = folder / "dies"
    dies.touch()
    job_id = enqueue(pay, folder=str(folder), reference="k1", dies=str(dies), **more)
    with pytest.raises(KeyboardInterrupt):
        run_jobs(institution)
    _let_leases_run_out(institution)
    return job_id


def _let_leases_run_out(institution: Kernel) -> None:
    with institution.db.raw() as connection:
        connection.execute(
            update(job)
            .where(job.c.state == "leased")
            .values(until=institution.clock.now() - timedelta(days=400))
        )


def test_a_call_is_made_with_no_transaction_open_and_its_outcome_kept(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects, tmp_path: Path
) -> None:
    job_id = enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    assert row(job_id).result == {"length": 2}
    assert effects() == ['paid k1 {"length": 2}']
    assert _calls(tmp_path, "k1") == 1
    assert _state(institution, "k1") == "done"


def test_no_transaction_is_open_while_the_call_is_made(
    institution: Kernel,
    chores: Any,
    enqueue: Enqueue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bool] = []
    real = chores.provider

    def provider(folder: str, key: str) -> Any:
        seen.append(institution.db.writing_here())
        with institution.db.raw() as connection:  # on SQLite: would wait for itself
            connection.execute(select(job.c.id))
        return real(folder, key)

    monkeypatch.setattr(chores, "provider", provider)
    enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    assert seen == [False]


def test_what_was_loaded_before_the_call_is_still_of_use(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    with as_actor(institution, CLERK) as ctx:
        chore_id = chores.ask(ctx, "bread")
    job_id = enqueue(chores.keep_a_record_over_a_call, chore_id=chore_id, folder=str(tmp_path))
    run_jobs(institution)
    assert row(job_id).result == 11
    with as_actor(institution, CLERK) as ctx:
        assert ctx.session.get(chores.Chore, chore_id).runs == 11


def test_after_a_crash_the_provider_is_asked_before_the_call_is_made_again(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects, tmp_path: Path
) -> None:
    job_id = _die_after_the_call(institution, tmp_path, enqueue, chores.pay)
    run_jobs(institution)
    assert row(job_id).state == "done"
    assert _calls(tmp_path, "k1") == 1
    assert effects() == ['paid k1 {"length": 2}']


def test_after_a_crash_a_provider_that_knows_of_nothing_is_called(
    institution: Kernel, chores: Any, enqueue: Enqueue, tmp_path: Path
) -> None:
    _die_after_the_call(institution, tmp_path, enqueue, chores.pay)
    (tmp_path / "k1.calls").unlink()
    run_jobs(institution)
    assert _calls(tmp_path, "k1") == 1


def test_a_provider_isnt_asked_of_a_call_that_was_never_meant(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    chores.provider(str(tmp_path), "k1")  # somebody else's, of the same name
    job_id = enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    assert row(job_id).state == "done"
    assert _calls(tmp_path, "k1") == 2


def test_after_a_crash_without_anybody_to_ask_a_person_has_to_look(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    job_id = _die_after_the_call(institution, tmp_path, enqueue, chores.pay, asks=False)
    run_jobs(institution)
    assert row(job_id).state == "parked"
    assert "needs-a-person" in row(job_id).error
    assert _state(institution, "k1") == "unknown"
    assert _calls(tmp_path, "k1") == 1


def test_a_person_who_found_out_that_nothing_was_done_has_it_done(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    job_id = _die_after_the_call(institution, tmp_path, enqueue, chores.pay, asks=False)
    run_jobs(institution)
    (tmp_path / "k1.calls").unlink()
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, job_id)
    run_jobs(institution)
    assert row(job_id).state == "done"
    assert _calls(tmp_path, "k1") == 1


def test_a_second_job_of_the_same_key_gets_the_outcome_of_the_first(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    second = enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    assert row(second).result == {"length": 2}
    assert _calls(tmp_path, "k1") == 1


def test_a_provider_that_says_no_leaves_nothing_on_its_way(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects, tmp_path: Path
) -> None:
    job_id = enqueue(chores.pay_what_is_refused, folder=str(tmp_path))
    run_jobs(institution)
    assert row(job_id).state == "parked"
    assert _state(institution, "refusable") is None
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, job_id)
    run_jobs(institution)
    assert effects() == ["paid after all"]


def test_a_job_that_writes_before_it_calls_outside_is_told_so(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects, tmp_path: Path
) -> None:
    job_id = enqueue(chores.write_then_pay, folder=str(tmp_path))
    run_jobs(institution)
    assert "calls outside first and writes afterwards" in row(job_id).error
    assert effects() == []
    assert not list(tmp_path.glob("*.calls"))


def test_a_lease_lost_before_the_call_keeps_it_from_being_made(
    institution: Kernel,
    chores: Any,
    enqueue: Enqueue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    row = institution.jobs.runner._row(lease)
    monkeypatch.setattr(institution.jobs.runner, "_row", lambda lease: row)
    with institution.db.raw() as connection:
        connection.execute(update(job).values(attempt=job.c.attempt + 1))
    assert not institution.jobs.runner.run(lease)
    assert not list(tmp_path.glob("*.calls"))


def test_a_call_of_another_job_that_is_under_way_isnt_made_beside_it(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    first = _die_after_the_call(institution, tmp_path, enqueue, chores.pay, asks=False)
    with institution.db.raw() as connection:  # its worker lives after all
        alive = {"until": institution.clock.now() + timedelta(days=36500)}
        connection.execute(update(job).where(job.c.id == first).values(alive))
    second = enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    assert (row(second).state, row(second).failures) == ("ready", 1)
    assert "outside-under-way" in row(second).error


def test_outside_is_refused_in_a_request(institution: Kernel) -> None:
    with as_actor(institution, CLERK) as ctx, pytest.raises(RuntimeError, match="for jobs"):
        outside(ctx, "k1", lambda key: key)


def test_a_transaction_isnt_ended_from_within_a_savepoint(institution: Kernel) -> None:
    from tenor.db import Unguarded

    with as_actor(institution, CLERK) as ctx:
        session: Any = ctx.session
        with (
            pytest.raises(Unguarded),
            institution.db.savepoint(session),
            institution.db.pause(session),
        ):
            raise Refused("never-reached")


def test_the_clock_of_a_job_goes_on_over_a_call(
    institution: Kernel,
    chores: Any,
    enqueue: Enqueue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    real = chores.provider

    def provider(folder: str, key: str) -> Any:
        clock.move(clock.instant + timedelta(days=1))
        return real(folder, key)

    monkeypatch.setattr(chores, "provider", provider)
    enqueue(chores.pay, folder=str(tmp_path), reference="k1")
    run_jobs(institution)
    with as_actor(institution, CLERK) as ctx:
        made = ctx.session.scalars(select(chores.Effect)).first()
        assert made.created_at == clock.instant


# -- a provider that keeps its books in the institution's own database -------------------------------------------------


def test_a_provider_writes_its_books_in_a_transaction_of_its_own(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.keep_own_books, name="bread")
    run_jobs(institution)
    assert row(job_id).result == "bread"
    assert effects() == ["bread in its books"]


def test_what_a_provider_wrote_stays_though_its_worker_is_gone_and_is_found_when_asked(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects, tmp_path: Path
) -> None:
    dies = tmp_path / "dies"
    dies.touch()
    job_id = enqueue(chores.keep_own_books, name="bread", dies=str(dies))
    with pytest.raises(KeyboardInterrupt):
        run_jobs(institution)
    assert effects() == ["bread in its books"]
    _let_leases_run_out(institution)
    run_jobs(institution)
    assert row(job_id).state == "done"
    assert effects() == ["bread in its books"]


def test_no_second_transaction_is_opened_beside_a_jobs_own(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.keep_books_too_early)
    run_jobs(institution)
    assert "own_transaction() is for the call that outside() makes" in row(job_id).error
    assert effects() == []


def test_a_person_who_looks_at_a_page_opens_no_transaction_of_their_own(
    institution: Kernel,
) -> None:
    with as_actor(institution, CLERK, write=False) as ctx, pytest.raises(RuntimeError):
        own_transaction(ctx)
