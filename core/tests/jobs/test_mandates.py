"""Jobs in a person's name, that the person let a plugin do; and of what things came."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.jobs.leases import job
from tenor.jobs.records import Mandate
from tenor.kernel import Kernel
from tenor.testing import as_actor, make_user, run_jobs
from tenor_sdk.errors import Forbidden, NotFound, Refused
from tenor_sdk.mandates import (
    change_record,
    end_mandate,
    enqueue_under,
    give_mandate,
    mandate_stands,
)

pytestmark = pytest.mark.both_databases
LIN, SHEN = "lin.xiaowen", "shen.bai"


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores", "witness")


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


@pytest.fixture
def mandate(institution: Kernel, chores: Any) -> int:
    """Of Lin's, for chores."""
    with as_actor(institution, LIN) as ctx:
        return int(chores.let(ctx))


def jobs(institution: Kernel, name: str) -> list[Any]:
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(select(job).where(job.c.name == name).order_by(job.c.id)))


def test_what_another_enqueues_is_done_in_the_name_of_who_gave_the_mandate(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    with as_actor(institution, SHEN) as ctx:
        enqueue_under(ctx, mandate, chores.as_whoever)
    run_jobs(institution)
    (done,) = jobs(institution, "chores.as_whoever")
    assert (done.state, done.result) == ("done", LIN)


def test_a_record_is_changed_by_the_persons_own_grant(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    with as_actor(institution, LIN) as ctx:
        chore = chores.ask(ctx, "bread")
        enqueue_under(ctx, mandate, chores.rename, chore_id=chore, name="butter")
    run_jobs(institution)
    with as_actor(institution, LIN, write=False) as ctx:
        found = ctx.session.get_one(chores.Chore, chore)
        assert (found.name, found.changed_by_id) == ("butter", ctx.actor.id)


def test_without_a_mandate_no_record_is_changed_so(institution: Kernel, chores: Any) -> None:
    with as_actor(institution, LIN) as ctx:
        chore = chores.ask(ctx, "bread")
        ctx.enqueue(chores.rename, chore_id=chore, name="butter")
    run_jobs(institution)
    (tried,) = jobs(institution, "chores.rename")
    assert (tried.state, tried.error) == ("ready", "Forbidden: no-mandate")
    with as_actor(institution, LIN) as ctx, pytest.raises(Forbidden, match="no-mandate"):
        change_record(ctx, ctx.session.get_one(chores.Chore, chore), {"name": "butter"})


def test_a_right_that_the_person_lacks_isnt_theirs_under_a_mandate(
    institution: Kernel, chores: Any
) -> None:
    make_user(institution, "guest")
    with as_actor(institution, "guest") as ctx:
        given = chores.let(ctx)
    with as_actor(institution, LIN) as ctx:
        chore = chores.ask(ctx, "bread")
        enqueue_under(ctx, given, chores.rename, chore_id=chore, name="butter")
    run_jobs(institution)
    with as_actor(institution, LIN, write=False) as ctx:
        assert ctx.session.get_one(chores.Chore, chore).name == "bread"


def test_a_mandate_ends_when_its_giver_or_its_plugin_ends_it(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    with as_actor(institution, SHEN) as ctx, pytest.raises(NotFound):
        end_mandate(ctx, mandate)
    with as_actor(institution, LIN) as ctx:
        end_mandate(ctx, mandate)
        end_mandate(ctx, mandate)
    with as_actor(institution, LIN) as ctx, pytest.raises(Refused, match="mandate-over"):
        enqueue_under(ctx, mandate, chores.as_whoever)


def test_what_waits_under_a_mandate_isnt_done_once_it_is_ended(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    with as_actor(institution, LIN) as ctx:
        chore = chores.ask(ctx, "bread")
    with as_actor(institution, SHEN) as ctx:
        enqueue_under(ctx, mandate, chores.as_whoever)
        enqueue_under(ctx, mandate, chores.rename, chore_id=chore, name="butter")
    with as_actor(institution, LIN) as ctx:
        end_mandate(ctx, mandate)
    run_jobs(institution)
    for name in ("chores.as_whoever", "chores.rename"):
        (waited,) = jobs(institution, name)
        assert (waited.state, waited.error) == ("parked", "Refused: mandate-over")
    with as_actor(institution, LIN, write=False) as ctx:
        assert ctx.session.get_one(chores.Chore, chore).name == "bread"


def test_a_mandate_is_over_when_its_giver_has_left(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    from tenor.access.records import User

    with as_actor(institution, "system") as ctx:
        ctx.session.scalars(select(User).where(User.login == LIN)).one().active = False
    with as_actor(institution, SHEN) as ctx, pytest.raises(Refused, match="mandate-over"):
        enqueue_under(ctx, mandate, chores.as_whoever)


def test_a_mandate_is_for_one_plugins_jobs_and_given_inside_its_doors(
    institution: Kernel, mandate: int
) -> None:
    scheduled = institution.jobs.kinds.scheduled
    other = next(kind.function for kind in scheduled if kind.plugin != "chores")
    with as_actor(institution, LIN) as ctx, pytest.raises(Forbidden):
        enqueue_under(ctx, mandate, other)
    with as_actor(institution, LIN) as ctx, pytest.raises(Forbidden, match="outside-a-procedure"):
        give_mandate(ctx, "nothing")


def test_no_service_gives_a_mandate(institution: Kernel, chores: Any) -> None:
    with as_actor(institution, "system") as ctx, pytest.raises(Forbidden, match="no-person"):
        chores.let(ctx)


def test_whose_a_mandate_is_is_seen_by_them(institution: Kernel, chores: Any, mandate: int) -> None:
    def seen(login: str) -> list[int]:
        with as_actor(institution, login, write=False) as ctx:
            return list(ctx.session.scalars(select(Mandate.id)))

    assert (seen(LIN), seen(SHEN)) == ([mandate], [])


def test_causes_are_carried_from_job_to_event_to_job(institution: Kernel, chores: Any) -> None:
    with as_actor(institution, LIN) as ctx:
        ctx.enqueue(chores.ask_for_another, name="bread")
    run_jobs(institution)
    (asked,) = jobs(institution, "chores.ask_for_another")
    (followed,) = jobs(institution, "chores.run_chore")
    assert (asked.causes, asked.result, followed.causes) == (None, [], ["another"])


def test_whether_a_mandate_stands_is_known_before_anything_is_asked_of_it(
    institution: Kernel, chores: Any, mandate: int
) -> None:
    with as_actor(institution, SHEN, write=False) as ctx:
        assert [mandate_stands(ctx, one) for one in (mandate, mandate + 1)] == [True, False]
    with as_actor(institution, LIN) as ctx:
        end_mandate(ctx, mandate)
        assert not mandate_stands(ctx, mandate)
