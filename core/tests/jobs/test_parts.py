"""Work in parts: split once, each part by itself, a final step once all are done, resumed at what failed."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.clock import StoppedClock
from tenor.jobs.leases import Lease, job
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Conflict, Refused

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


def _parts(institution: Kernel, whole: int) -> list[Any]:
    statement = select(job).where(job.c.parent_id == whole).order_by(job.c.number)
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(statement))


def _later(institution: Kernel, **distance: float) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(**distance))


def _step(institution: Kernel, times: int = 1) -> None:
    institution.jobs.run_due(times)


def test_it_is_split_done_in_parts_and_ended_once(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    whole = enqueue(chores.clean_up, count=4)
    run_jobs(institution)
    assert Counter(effects()) == Counter(
        ["rooms counted", "room 0", "room 1", "room 2", "room 3", "all clean"]
    )
    assert effects()[0] == "rooms counted"
    assert effects()[-1] == "all clean"
    assert (row(whole).state, row(whole).result) == ("done", 0 + 10 + 20 + 30)


def test_how_far_it_is_is_how_many_parts_are_done(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=4)
    _step(institution, 3)
    assert row(whole).state == "parts"
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        (view,) = institution.jobs.overview(ctx, "parts").jobs
    assert (view.id, view.progress, view.progress_of) == (whole, 2, 4)


def test_parts_act_as_whoever_asked_for_the_whole(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=2)
    _step(institution)
    assert {part.actor_id for part in _parts(institution, whole)} == {row(whole).actor_id}
    assert {part.queue for part in _parts(institution, whole)} == {row(whole).queue}


def test_no_parts_at_all_go_on_to_the_final_step(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    whole, alone = enqueue(chores.clean_up, count=0), enqueue(chores.clean_alone)
    run_jobs(institution)
    assert effects() == ["rooms counted", "all clean"]
    assert (row(whole).state, row(alone).state) == ("done", "done")


def test_a_part_that_fails_is_parked_by_itself_and_resumed_by_itself(
    institution: Kernel,
    chores: Any,
    enqueue: Enqueue,
    row: Row,
    effects: Effects,
    tmp_path: Path,
) -> None:
    breaks = tmp_path / "vase"
    breaks.touch()
    whole = enqueue(chores.clean_up, count=5, breaks=str(breaks))
    for _ in range(2):
        run_jobs(institution)
        _later(institution, hours=1)
    states = [part.state for part in _parts(institution, whole)]
    assert states == ["done", "done", "parked", "done", "done"]
    assert (row(whole).state, row(whole).parts_done) == ("parts", 4)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        (view,) = institution.jobs.overview(ctx, "parts").jobs
    assert "1" in str(view.why)
    breaks.unlink()
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
    run_jobs(institution)
    assert row(whole).state == "done"
    assert effects().count("room 2") == 1
    assert [name for name in effects() if name != "looked round"][-1] == "all clean"
    assert Counter(effects())["room 0"] == 1


def test_of_two_last_parts_at_once_one_is_the_last(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    for _ in range(5):
        whole = enqueue(chores.clean_up, count=2)
        _step(institution)
        leases = institution.jobs._claim(institution.jobs._ready(), 2)
        threads = [Thread(target=institution.jobs.runner.run, args=(lease,)) for lease in leases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (row(whole).state, row(whole).parts_done) == ("ready", 2)
        run_jobs(institution)
        assert row(whole).state == "done"
    assert effects().count("all clean") == 5


def test_a_part_whose_lease_was_taken_over_isnt_counted(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=2)
    _step(institution)
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    with institution.db.raw() as connection:
        connection.execute(
            update(job).where(job.c.id == lease.id).values(attempt=job.c.attempt + 1)
        )
    assert not institution.jobs.runner.run(lease)
    assert row(whole).parts_done == 0


def test_a_final_step_that_fails_is_tried_again_and_parts_arent(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    whole = enqueue(chores.clean_up, count=2)
    _step(institution, 3)
    kind = institution.jobs.kinds.named("chores.clean_up")
    assert kind is not None
    assert kind.chunks is not None

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError("no")

    with monkeypatch.context() as patch:
        patch.setattr("tenor.jobs.parts._final", broken)
        run_jobs(institution)
    assert (row(whole).state, row(whole).failures) == ("ready", 1)
    _later(institution, minutes=2)
    run_jobs(institution)
    assert row(whole).state == "done"
    assert Counter(effects())["room 1"] == 1


def test_a_whole_that_is_cancelled_takes_its_parts_along_and_goes_on_where_it_was(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    whole = enqueue(chores.clean_up, count=3)
    _step(institution, 2)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.jobs.cancel(ctx, whole) == "cancelled"
    run_jobs(institution)
    assert [part.state for part in _parts(institution, whole)] == [
        "done", "cancelled", "cancelled",
    ]  # fmt: skip
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
        with pytest.raises(Conflict):
            institution.jobs.again(ctx, whole)
    run_jobs(institution)
    assert row(whole).state == "done"
    assert Counter(effects())["room 0"] == 1


def test_a_part_that_was_cancelled_with_its_whole_is_not_run_again_by_itself(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=2)
    _step(institution)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.cancel(ctx, whole)
    part = _parts(institution, whole)[0].id
    with as_actor(institution, ADMINISTRATOR) as ctx, pytest.raises(Conflict) as refused:
        institution.jobs.again(ctx, part)
    assert (refused.value.key, row(part).state) == ("job-not-parked", "cancelled")


def test_a_part_is_not_cancelled_by_itself(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    """The whole would wait for it for ever."""
    whole = enqueue(chores.clean_up, count=2)
    _step(institution)
    part = _parts(institution, whole)[0].id
    with as_actor(institution, ADMINISTRATOR) as ctx, pytest.raises(Conflict) as refused:
        institution.jobs.cancel(ctx, part)
    assert refused.value.key == "job-is-a-part"
    run_jobs(institution)
    assert row(whole).state == "done"


def test_a_part_whose_worker_died_between_cancelling_and_running_again_is_done(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=2)
    _step(institution)
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    for act in (institution.jobs.cancel, institution.jobs.again):
        with as_actor(institution, ADMINISTRATOR) as ctx:
            act(ctx, whole)
    with institution.db.raw() as connection:
        gone = institution.clock.now() - timedelta(days=40_000)
        connection.execute(update(job).where(job.c.id == lease.id).values(until=gone))
    run_jobs(institution)
    assert row(whole).state == "done"


def test_a_part_that_was_at_work_when_the_whole_was_cancelled_counts_when_it_goes_on(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=1)
    _step(institution)
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    seen = institution.jobs.runner._row(lease)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.cancel(ctx, whole)
    institution.jobs.runner._row = lambda lease: seen  # type: ignore[method-assign]  # read before that
    institution.jobs.runner.run(lease)
    del institution.jobs.runner._row
    assert (row(lease.id).state, row(whole).state) == ("done", "cancelled")
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
    run_jobs(institution)
    assert row(whole).state == "done"


def test_two_wholes_for_the_same_never_mix_their_parts_and_those_of_one_run_at_once(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    """A second one, though it is urgent for somebody, waits until the first has taken its final step."""
    first, second = (enqueue(chores.clean_floor, floor=1) for _each in range(2))
    other = enqueue(chores.clean_floor, floor=2)
    _step(institution, 2)  # both floors are split
    assert [row(one).state for one in (first, second, other)] == ["parts", "ready", "parts"]
    held = institution.jobs._claim(institution.jobs._ready(), 10)
    assert {row(lease.id).parent_id for lease in held} == {first, other}
    assert len(held) == 4
    for lease in held:
        institution.jobs.runner.run(lease)
    with institution.db.raw() as connection:
        connection.execute(update(job).where(job.c.id == second).values(rank=0))
    run_jobs(institution)
    assert [row(one).state for one in (first, second, other)] == ["done"] * 3
    said = [one for one in effects() if "floor 1" in one]
    once = ["floor 1 counted", "floor 1: room", "floor 1: room", "floor 1 clean"]
    assert said == [*once, *once]


def test_a_whole_that_waits_for_another_of_its_words_says_for_which(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    first, second = (enqueue(chores.clean_floor, floor=1) for _each in range(2))
    _step(institution)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        seen = {one.id: one for one in institution.jobs.overview(ctx).jobs}
    assert seen[second].why is not None
    assert seen[second].why.values["job"] == first


def test_a_whole_that_is_cancelled_while_it_is_split_has_no_parts(
    institution: Kernel,
    chores: Any,
    enqueue: Enqueue,
    row: Row,
    effects: Effects,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is asked of it in that moment isn't kept for its final step, after all parts were done."""
    whole = enqueue(chores.clean_up, count=3)
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    runner = institution.jobs.runner
    seen = runner._row(lease)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.jobs.cancel(ctx, whole) == "leased"
    with monkeypatch.context() as before:
        before.setattr(runner, "_row", lambda lease: seen)  # read before that
        runner.run(lease)
    run_jobs(institution)
    assert (row(whole).state, effects(), _parts(institution, whole)) == ("cancelled", [], [])
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
    run_jobs(institution)
    assert (row(whole).state, len(_parts(institution, whole))) == ("done", 3)


def _cancelled_amid_a_part(institution: Kernel, whole: int) -> tuple[Lease, Any]:
    """Somebody cancels a job while one of its parts is being done: the part's lease and row."""
    _step(institution)
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    seen = institution.jobs.runner._row(lease)
    assert seen is not None
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.cancel(ctx, whole)
    return lease, seen


def test_a_part_that_failed_after_the_whole_was_cancelled_is_done_when_that_goes_on(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    whole = enqueue(chores.clean_up, count=2)
    lease, seen = _cancelled_amid_a_part(institution, whole)
    kind = institution.jobs.kinds.named(seen.name)
    institution.jobs.runner._failed(seen, lease, kind, RuntimeError("no water"))
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
    _later(institution, days=1)
    run_jobs(institution)
    assert row(whole).state == "done"


def test_a_part_that_fails_for_good_after_the_whole_was_cancelled_is_cancelled_with_it(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    """It isn't parked, so that nobody runs it again by itself."""
    whole = enqueue(chores.clean_up, count=2)
    lease, seen = _cancelled_amid_a_part(institution, whole)
    institution.jobs.runner._park(seen, lease, Refused("no-water"))
    assert row(lease.id).state == "cancelled"
    with as_actor(institution, ADMINISTRATOR) as ctx, pytest.raises(Conflict):
        institution.jobs.again(ctx, lease.id)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, whole)
    run_jobs(institution)
    assert row(whole).state == "done"
