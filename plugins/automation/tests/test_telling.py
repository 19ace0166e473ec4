"""What rules did and what they ask for is told to each reader as they may see it, and goes on with its task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from plugins.automation.tests.conftest import AUDITOR, CLERK, WRITER
from plugins.automation.tests.test_rules import user_id
from tenor_sdk.testing import Institution, as_actor, make_user
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Change = Callable[..., None]
Runs = Callable[[], list[tuple[str, str]]]


def test_runs_and_to_dos_tell_a_record_only_to_who_may_read_it(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    from tenor_automation.records import Rule, Run, ToDo
    from tenor_automation.sheets import about, runs_of

    made = rule(act="field", field_name="colour", field_value="name")
    rule(name="Ask", act="task")
    change(locker(name="Petersen"))

    def told(login: str) -> tuple[str, str]:
        with as_actor(institution, login, write=False) as ctx:
            sheet = runs_of(ctx, ctx.session.get_one(Rule, made))
            asked = [about(ctx, one) for one in ctx.session.scalars(select(ToDo))]
            kept = [(run.display(), run.said) for run in ctx.session.scalars(select(Run))]
            return str(sheet.rows), str((asked, kept))

    assert "Petersen" in told(WRITER)[0]
    sheet, others = told(AUDITOR)
    assert "#1" in sheet
    assert "Facts" in others
    assert "Petersen" not in sheet + others
    assert "Petersen" in told(CLERK)[1]


def test_what_a_rule_asked_goes_on_with_its_task(
    institution: Any, locker: Made, rule: Made, change: Change
) -> None:
    from tenor.workflow.records import Task
    from tenor_automation.records import ToDo
    from tenor_automation.workflow import done

    make_user(institution, "heir", positions=[("relationship-manager", "YZ")])
    rule(act="task")
    change(locker())
    clerk, heir = user_id(institution, CLERK), user_id(institution, "heir")
    with as_actor(institution, CLERK, write=False) as ctx:
        asked = ctx.session.scalars(select(ToDo)).one().id
    with as_actor(institution, "heir", write=False) as ctx:
        assert ctx.session.get(ToDo, asked) is None
    with as_actor(institution, "ding.ning") as ctx:
        institution.workflow.handing.hand_over_all(ctx, clerk, heir, reason="has left")
    with as_actor(institution, "heir") as ctx:
        task = ctx.session.scalars(select(Task)).one()
        assert (task.record_id, task.assignee_id) == (asked, heir)
        transition(ctx, ctx.session.get_one(ToDo, asked), done, reason="It is locked")


def test_a_notice_for_somebody_who_has_left_has_failed_and_isnt_done(
    institution: Any, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    from tenor.access.records import User

    rule()
    one = locker()
    with institution.db.raw() as connection:
        users = User.__table__
        connection.execute(users.update().where(users.c.login == CLERK).values(active=False))
    change(one)
    assert [outcome for outcome, _said in runs()] == ["failed"]


def test_a_dry_run_says_where_nobody_is_there_to_be_told(
    institution: Any, locker: Made, rule: Made, change: Change
) -> None:
    from tenor_automation.public import Rule, dry_run

    change(locker())
    made = rule(until="draft", position="legal-counsel")
    with as_actor(institution, WRITER, write=False) as ctx:
        (tried,) = dry_run(ctx, ctx.session.get_one(Rule, made))
    assert tried.would is not None
    assert tried.why is not None


@pytest.mark.parametrize(("value", "fits"), [('"many"', False), ("pieces + 1", True)])
def test_a_dry_run_says_where_the_field_doesnt_take_the_value(
    institution: Any, locker: Made, rule: Made, change: Change, value: str, fits: bool
) -> None:
    from tenor_lockers import Locker

    from tenor_automation.public import Rule, dry_run

    one = locker(pieces=3)
    change(one)
    made = rule(until="draft", act="field", field_name="pieces", field_value=value)
    with as_actor(institution, WRITER, write=False) as ctx:
        (tried,) = dry_run(ctx, ctx.session.get_one(Rule, made))
        assert (tried.why is None, ctx.session.get_one(Locker, one).pieces) == (fits, 3)
