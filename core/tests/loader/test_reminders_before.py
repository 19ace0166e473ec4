"""Task rules that said by yes or no whether a task reminds: after the migration they say the same in lines."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from sqlalchemy import Connection, text

from tenor.kernel import Kernel
from tenor.loader.manifest import BASE, find
from tenor.loader.migrations import downgrade, migrate
from tenor.workflow.records import TaskReminder, TaskRule, TaskRuleVersion
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
LINES = "select stage, way, amount, whom from base_task_reminder order by stage"
RULES = "select stage, remind from base_task_rule order by stage"


def rows(institution: Kernel, statement: str) -> list[tuple[Any, ...]]:
    def found(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(statement))]

    with institution.db.raw(write=False) as connection:
        return found(connection)


def test_yes_becomes_a_line_at_half_time_and_no_becomes_none(institution: Kernel) -> None:
    with (
        as_actor(institution, "zhou.qiming") as ctx,
        institution.access.procedure(cast("Any", ctx), "base", "draft"),
    ):
        version = TaskRuleVersion(workflow="errands.errand", effective_from=date(2026, 7, 1))
        version.entries = [
            TaskRule(stage="asked", position="approver", working_days=2),
            TaskRule(stage="doubted", position="approver", working_days=3),
        ]
        version.reminders = [TaskReminder(stage="asked", way="share", amount=50, whom="person")]
        ctx.session.add(version)
        ctx.session.flush()
    base, url = find()[0][BASE], institution.settings.database_url
    downgrade(url, base, "0024")
    assert [(stage, bool(remind)) for stage, remind in rows(institution, RULES)] == [
        ("asked", True), ("doubted", False),
    ]  # fmt: skip
    migrate(url, [base], backup=False)
    assert rows(institution, LINES) == [("asked", "share", 50, "person")]
