"""An institution with automation, and the depot of the tests: parts that are handed out, with owners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tenor_sdk.testing import Institution, as_actor, make_user, run_jobs
from tenor_sdk.workflow import transition
from tenor_test_support.plugins import installed

PLUGINS = Path(__file__).parent / "plugins"
#: who writes rules, and who puts them in force
WRITER, APPROVER, CLERK = "writer", "approver-of-rules", "lin.xiaowen"
#: who sees rules and no lockers
AUDITOR = "auditor-of-rules"


@pytest.fixture(scope="session")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``lockers``, as pip would have installed it."""
    with installed(PLUGINS, "lockers", tmp_path_factory.mktemp("automation-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(depot: str) -> tuple[str, ...]:
    return ("automation", depot)


@pytest.fixture
def people(institution: Institution) -> None:
    """A writer with rights on lockers, and an approver of rules."""
    make_user(institution, WRITER, positions=[("risk-officer", "HQ")], roles=["lockers.keeper"])
    make_user(institution, APPROVER, positions=[("approver", "HQ")], roles=["lockers.reader"])
    make_user(institution, AUDITOR, positions=[("auditor", "HQ")])


@pytest.fixture
def locker(institution: Institution, people: None) -> Callable[..., int]:
    """Make a locker of the clerk's; its id."""

    def made(**values: Any) -> int:
        from tenor_lockers import Locker

        with as_actor(institution, CLERK) as ctx:
            unit, owner = ctx.actor.unit_id, ctx.actor.id
        with as_actor(institution, WRITER) as ctx:
            one = Locker(**{"name": "A1", "unit_id": unit, "owner_id": owner, **values})
            ctx.session.add(one)
            ctx.session.flush()
            return one.id

    return made


@pytest.fixture
def rule(institution: Institution, people: None) -> Callable[..., int]:
    """Write a rule, propose it and put it in force; its id."""

    def made(*, until: str = "active", **values: Any) -> int:
        from tenor_automation.records import Rule
        from tenor_automation.workflow import enable, propose

        given = {
            "name": "Watch lockers", "about": "lockers.locker", "occasion": "event",
            "event_name": "lockers.LockerChanged", "act": "notice", "words": "Look at this locker", **values,
        }  # fmt: skip
        with as_actor(institution, WRITER) as ctx:
            one = Rule(**given, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            ctx.session.add(one)
            ctx.session.flush()
            if until != "draft":
                transition(ctx, one, propose)
            identity = one.id
        if until == "active":
            with as_actor(institution, APPROVER) as ctx:
                transition(ctx, ctx.session.get_one(Rule, identity), enable)
        return identity

    return made


@pytest.fixture
def change(institution: Institution) -> Callable[..., None]:
    """Have something happen to a locker, and let the jobs run."""

    def happened(identity: int, login: str = WRITER, **values: Any) -> None:
        from tenor_lockers import tell

        with as_actor(institution, login) as ctx:
            tell(ctx, identity, **values)
        run_jobs(institution)

    return happened


@pytest.fixture
def runs(institution: Institution) -> Callable[[], list[tuple[str, str]]]:
    """Outcomes of all runs with what they did or why not, oldest first."""

    def found() -> list[tuple[str, str]]:
        from sqlalchemy import select

        from tenor_automation.records import Run

        with as_actor(institution, WRITER, write=False) as ctx:
            rows = ctx.session.scalars(select(Run).order_by(Run.id))
            return [(run.outcome.value, run.said or run.error) for run in rows]

    return found


@pytest.fixture
def not_met(institution: Institution) -> Callable[[], int]:
    """How often the condition of a rule, whichever, wasn't met."""

    def found() -> int:
        from sqlalchemy import select

        from tenor_automation.records import Rule
        from tenor_automation.running import times_not_met

        with as_actor(institution, WRITER, write=False) as ctx:
            return sum(times_not_met(ctx, one) for one in ctx.session.scalars(select(Rule)))

    return found
