"""What fails a rule and what doesn't: a program's fault is its own, the database's trouble nobody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.automation.tests.conftest import WRITER
from plugins.automation.tests.test_rules import locker_of, state_of
from tenor_sdk.testing import Institution, as_actor, on_date, run_jobs

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Change = Callable[..., None]
Runs = Callable[[], list[tuple[str, str]]]


def test_a_fault_of_another_plugin_fails_its_own_record_alone(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    rule(occasion="daily", event_name="", act="transition", transition_name="force")
    run_jobs(institution)
    first, jammed, last = locker(), locker(colour="jammed"), locker()
    with on_date(institution, date(2026, 7, 1)):
        run_jobs(institution)
    states = [locker_of(institution, one)["state"] for one in (first, jammed, last)]
    assert states == ["taken", "empty", "taken"]
    assert [outcome for outcome, _said in runs()] == ["done", "failed", "done"]
    error = runs()[1][1]
    assert "ZeroDivisionError" in error
    assert "Petersen" not in error


def test_a_rule_that_leads_to_faults_is_paused_and_automation_is_not(
    institution: Any, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    from tenor.jobs.records import PausedPlugin

    made = rule(act="transition", transition_name="force")
    for _time in range(4):
        change(locker(colour="jammed"))
    assert [outcome for outcome, _said in runs()] == ["failed"] * 3
    assert state_of(institution, made) == "paused"
    with as_actor(institution, "ding.ning", write=False) as ctx:
        assert ctx.session.scalars(select(PausedPlugin)).all() == []


def test_trouble_of_the_database_is_no_failure_of_a_rule(
    institution: Any, locker: Made, rule: Made, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError
    from tenor_lockers import tell

    from tenor_automation import running

    def deadlocked(*_arguments: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("deadlock detected"))

    rule()
    one = locker()
    with monkeypatch.context() as patched:
        patched.setattr(running, "act", deadlocked)
        with as_actor(institution, WRITER) as ctx:
            tell(ctx, one)
        run_jobs(institution)
    assert runs() == []
    institution.clock.move(institution.clock.now() + timedelta(hours=1))
    run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["done"]


def test_an_event_that_says_something_else_since_an_upgrade_fails_its_rule_alone(
    institution: Any, locker: Made, rule: Made, runs: Runs
) -> None:
    from tenor_lockers import tell

    from tenor.jobs.leases import job

    rule()
    one = locker()
    with as_actor(institution, WRITER) as ctx:
        tell(ctx, one)
    told = {"rule_id": 1, "record_id": one, "told": {"locker_id": one, "mood": "of before"}}
    with institution.db.raw() as connection:
        acting = job.c.name == "automation.act_on_event"
        connection.execute(job.update().where(acting).values(arguments=told))
    run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["failed"]
    with institution.db.raw(write=False) as connection:
        assert connection.execute(select(job.c.name).where(job.c.failures > 0)).all() == []


def test_a_date_that_an_upgrade_took_away_fails_its_rule_alone(
    institution: Any, locker: Made, rule: Made, runs: Runs
) -> None:
    from tenor.jobs.leases import job
    from tenor_automation.records import Rule

    rule(occasion="date", date_field="rented_until")
    locker(rented_until=date(2026, 7, 1))
    run_jobs(institution)
    with institution.db.raw() as connection:
        connection.execute(Rule.__table__.update().values(date_field="lent_until"))
    with on_date(institution, date(2026, 7, 1)):
        run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["failed"]
    with institution.db.raw(write=False) as connection:
        assert connection.execute(select(job.c.name).where(job.c.failures > 0)).all() == []
