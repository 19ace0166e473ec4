"""What a rule asks of a group waits for whoever takes it; whoever has it looks after it; it isn't lost with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from plugins.automation.tests.conftest import CLERK
from tenor_sdk import Conflict
from tenor_sdk.testing import as_actor, make_user, run_jobs
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
ANN, BEN = "ann.legal", "ben.legal"
Made = Callable[..., int]
Change = Callable[..., None]


@pytest.fixture
def asked(institution: Any, locker: Made, rule: Made, change: Change) -> None:
    """A to-do of two people's position."""
    for login in (ANN, BEN):
        make_user(institution, login, positions=[("legal", "HQ")])
    rule(act="task", words="Look into this locker", position="legal")
    change(locker(), CLERK)


def id_of(institution: Any, login: str) -> int:
    with as_actor(institution, login, write=False) as ctx:
        return int(ctx.actor.id)


def before(institution: Any, login: str) -> list[Any]:
    """What is before somebody of what rules ask."""
    with as_actor(institution, login, write=False) as ctx:
        found = institution.workflow.desk.page(ctx).tasks
        return [one for one in found if one.table_name == "automation_to_do"]


def owner(institution: Any) -> int | None:
    """Who looks after the to-do, whoever asks."""
    from tenor_automation.records import ToDo

    with institution.db.raw(write=False) as connection:
        found: int | None = connection.execute(select(ToDo.__table__.c.owner_id)).scalar_one()
        return found


def take(institution: Any, login: str) -> int:
    (task,) = before(institution, login)
    with as_actor(institution, login) as ctx:
        institution.workflow.claim(ctx, task.id)
    return int(task.id)


def test_a_to_do_of_a_position_waits_for_whoever_takes_it(institution: Any, asked: None) -> None:
    ((of_ann,), (of_ben,)) = before(institution, ANN), before(institution, BEN)
    assert (of_ann.id, of_ann.assignee_id, owner(institution)) == (of_ben.id, None, None)
    task = take(institution, ANN)
    assert (owner(institution), before(institution, BEN)) == (id_of(institution, ANN), [])
    with as_actor(institution, BEN) as ctx, pytest.raises(Conflict):
        institution.workflow.claim(ctx, task)


def test_its_owner_is_whoever_has_it(institution: Any, asked: None) -> None:
    task, ben = take(institution, ANN), id_of(institution, BEN)
    with as_actor(institution, ANN) as ctx:
        institution.workflow.hand_over(ctx, task, ben)
    handed = owner(institution)
    with as_actor(institution, BEN) as ctx:
        institution.workflow.handing.put_back(ctx, task)
    assert (handed, owner(institution)) == (ben, None)


def test_what_nobody_took_is_whose_who_does_it(institution: Any, asked: None) -> None:
    from tenor_automation.records import ToDo
    from tenor_automation.workflow import done

    with as_actor(institution, BEN) as ctx:
        transition(ctx, ctx.session.scalars(select(ToDo)).one(), done, reason="It is locked")
    assert owner(institution) == id_of(institution, BEN)


def test_it_goes_on_to_another_when_who_took_it_leaves(institution: Any, asked: None) -> None:
    from tenor.access.records import User
    from tenor.workflow.records import Task

    take(institution, ANN)
    ann = id_of(institution, ANN)
    with as_actor(institution, "system") as ctx:
        ctx.session.scalars(select(User).where(User.login == ANN)).one().active = False
    with institution.context(institution.access.system_actor(), write=True) as ctx:
        institution.workflow.leaving.run(ctx)
    run_jobs(institution)
    with institution.db.raw(write=False) as connection:
        which = (Task.table_name == "automation_to_do", Task.state == "open")
        has_it = connection.execute(select(Task.assignee_id).where(*which)).scalar_one()
    assert has_it not in (None, ann)
    assert owner(institution) == has_it


def test_a_to_do_of_one_person_follows_its_task_too(
    institution: Any, locker: Made, rule: Made, change: Change
) -> None:
    make_user(institution, ANN, positions=[("legal", "HQ")])
    rule(act="task", words="Look after this locker")
    change(locker())
    (task,) = before(institution, CLERK)
    ann = id_of(institution, ANN)
    with as_actor(institution, CLERK) as ctx:
        institution.workflow.hand_over(ctx, task.id, ann)
    assert owner(institution) == ann


def test_a_position_that_nobody_holds_is_a_failure_of_the_rule(
    institution: Any, locker: Made, rule: Made, change: Change, runs: Any
) -> None:
    rule(act="task", words="Look into this locker", position="night-watch")
    change(locker(), CLERK)
    assert [outcome for outcome, _said in runs()] == ["failed"]
