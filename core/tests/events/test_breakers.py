"""A callback that keeps failing is left out where it may be, loudly; tried again by itself; called again by hand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenor.audit.records import LedgerEntry
from tenor.clock import StoppedClock
from tenor.events.breakers import Open, read_open
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.loader.left_out import call_again, left_out
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Forbidden, NotFound

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
FAILING, STRANGER = "tenor_witness.a_part_that_fails", "tenor_witness.another_plugins_record"
entries = table_of(LedgerEntry)


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores", "witness")


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


@pytest.fixture(autouse=True)
def soon(institution: Kernel) -> None:
    """Three are enough."""
    institution.events.breakers.most = 3


def _ask(institution: Kernel, chores: Any, mood: str = "fine", times: int = 1) -> int:
    asked = []
    for _ in range(times):
        with as_actor(institution, CLERK) as ctx:
            asked.append(int(chores.ask(ctx, "bread", mood)))
    return asked[-1]


def _price(institution: Kernel, chores: Any, times: int = 1) -> None:
    chore = _ask(institution, chores)
    for _ in range(times):
        with as_actor(institution, CLERK) as ctx:
            assert chores.price(ctx, chore) == [100, chore]


def _out(institution: Kernel) -> Sequence[Open]:
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        return left_out(ctx)


def _calls(institution: Kernel, name: str) -> int:
    return sum(each.calls for each in institution.events.timings.all() if each.name == name)


def _noted(institution: Kernel, kind: str) -> list[Any]:
    with institution.db.raw(write=False) as connection:
        wanted = select(entries.c.changes).where(entries.c.kind == kind)
        return list(connection.execute(wanted).scalars())


def _later(institution: Kernel, **delta: int) -> None:
    assert isinstance(institution.clock, StoppedClock)
    institution.clock.move(institution.clock.now() + timedelta(**delta))


def test_a_part_in_a_hook_that_keeps_failing_is_not_called_and_the_others_are(
    institution: Kernel, chores: Any
) -> None:
    _price(institution, chores, times=3)
    assert [each.name for each in _out(institution)] == [FAILING, STRANGER]
    _price(institution, chores, times=5)
    assert _calls(institution, FAILING) == 3
    assert _calls(institution, "tenor_witness.a_fixed_part") == 8
    assert institution.events.breakers.skipped["hook", "witness", FAILING] == 5


def test_administrators_are_told_once_and_it_is_on_record(institution: Kernel, chores: Any) -> None:
    _price(institution, chores, times=6)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        told = [each for each in institution.notify.inbox(ctx) if "witness" in each.title]
    assert len(told) == 2
    noted = [each["callback"][1] for each in _noted(institution, "callback-left-out")]
    assert sorted(noted) == [f"hook {FAILING}", f"hook {STRANGER}"]
    with as_actor(institution, CLERK, write=False) as ctx:
        assert [each for each in institution.notify.inbox(ctx) if "witness" in each.title] == []


def test_what_goes_well_now_and_then_counts_against_what_fails(
    institution: Kernel, chores: Any
) -> None:
    for _ in range(6):
        _ask(institution, chores, "clumsy")
        _ask(institution, chores)
    assert _out(institution) == []


def test_a_handler_that_is_left_out_hears_of_it_as_a_job_so_that_nothing_is_lost(
    institution: Kernel, chores: Any
) -> None:
    _ask(institution, chores, "clumsy", times=3)
    assert [each.kind for each in _out(institution)] == ["handler"]
    chore = _ask(institution, chores)
    with as_actor(institution, CLERK, write=False) as ctx:
        assert ctx.session.get_one(chores.Chore, chore).runs == 0
    run_jobs(institution)
    with as_actor(institution, CLERK, write=False) as ctx:
        assert ctx.session.get_one(chores.Chore, chore).runs == 1
    with institution.db.raw(write=False) as connection:
        again = connection.execute(select(job).where(job.c.name.like("on:%"))).all()
    assert len(again) == 4


def test_what_is_required_is_never_left_out(institution: Kernel, chores: Any) -> None:
    for _ in range(6):
        with pytest.raises(ValueError, match="out of order"):
            _ask(institution, chores, "strict")
    assert _out(institution) == []
    assert _calls(institution, "tenor_chores.keep_order") == 6


def test_what_is_refused_is_an_answer(institution: Kernel, chores: Any) -> None:
    for _ in range(6):
        with pytest.raises(Exception, match="no-chores-today"):
            _ask(institution, chores, "refusing")
    assert _out(institution) == []


def test_after_a_rest_one_call_is_let_through_and_if_it_goes_well_all_are(
    institution: Kernel, chores: Any
) -> None:
    _ask(institution, chores, "clumsy", times=3)
    _later(institution, minutes=4)
    _ask(institution, chores)
    assert len(_out(institution)) == 1
    _later(institution, minutes=2)
    chore = _ask(institution, chores)
    assert _out(institution) == []
    with as_actor(institution, CLERK, write=False) as ctx:
        assert ctx.session.get_one(chores.Chore, chore).runs == 1
    assert [each["callback"][1] for each in _noted(institution, "callback-again")] == [
        "handler tenor_chores.count_run"
    ]
    _ask(institution, chores, "clumsy", times=2)
    assert _out(institution) == []


def test_if_it_fails_again_the_rest_is_twice_as_long(institution: Kernel, chores: Any) -> None:
    _ask(institution, chores, "clumsy", times=3)
    began = institution.clock.now()
    for rest in (10, 20, 40, 60, 60):
        (out,) = _out(institution)
        _later(institution, seconds=int((out.until - institution.clock.now()).total_seconds()))
        _ask(institution, chores, "clumsy", times=3)
        (out,) = _out(institution)
        assert out.until - institution.clock.now() == timedelta(minutes=rest)
        assert out.since == began
    assert _calls(institution, "tenor_chores.count_run") == 3 + 5


def test_a_trial_that_was_given_up_is_no_trial(institution: Kernel, chores: Any) -> None:
    _ask(institution, chores, "clumsy", times=3)
    _later(institution, minutes=6)
    with pytest.raises(ValueError, match="out of order"):
        _ask(institution, chores, "strict")
    assert _out(institution) == []


def test_an_administrator_has_it_called_again_on_record(institution: Kernel, chores: Any) -> None:
    _price(institution, chores, times=3)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert call_again(ctx, "witness", "hook", FAILING) == 1
    assert [each.name for each in _out(institution)] == [STRANGER]
    _price(institution, chores, times=2)
    assert _calls(institution, FAILING) == 5
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert call_again(ctx, "witness") == 1
        with pytest.raises(NotFound, match="not-left-out"):
            call_again(ctx, "witness")
    assert len(_noted(institution, "callback-reset")) == 2


def test_nobody_else_does(institution: Kernel, chores: Any) -> None:
    _price(institution, chores, times=3)
    with as_actor(institution, CLERK) as ctx, pytest.raises(Forbidden):
        call_again(ctx, "witness")


def test_another_process_knows_at_once(institution: Kernel, chores: Any) -> None:
    from tenor.events.breakers import Breakers

    other = Breakers(institution)
    with as_actor(institution, CLERK, write=False) as ctx:
        assert not other.open(ctx)
    _price(institution, chores, times=3)
    with as_actor(institution, CLERK, write=False) as ctx:
        assert other.leaves_out(ctx, "hook", "witness", FAILING)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        call_again(ctx, "witness")
    with as_actor(institution, CLERK, write=False) as ctx:
        assert not other.open(ctx)


def test_another_version_of_the_plugin_is_called_again(institution: Kernel, chores: Any) -> None:
    _price(institution, chores, times=3)
    with institution.db.raw(write=False) as connection:
        installed = institution.loader.installed["witness"].version
        assert len(read_open(connection, {"witness": installed})) == 2
        assert read_open(connection, {"witness": f"{installed}.1"}) == {}
        assert read_open(connection, {}) == {}


def test_it_is_kept_though_what_was_done_is_undone(institution: Kernel, chores: Any) -> None:
    chore = _ask(institution, chores)
    with pytest.raises(RuntimeError, match="changed my mind"), as_actor(institution, CLERK) as ctx:
        for _ in range(3):
            chores.price(ctx, chore)
        raise RuntimeError("changed my mind")
    assert [each.name for each in _out(institution)] == [FAILING, STRANGER]
