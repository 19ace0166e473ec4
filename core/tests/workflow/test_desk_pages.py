"""The pages of somebody's tasks: each task once, in its order, and no statement more for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from tenor_petitions.workflow import Assessment, assess, submit

from core.tests.workflow.acts import refused
from core.tests.workflow.desks import LIN, ZHOU, of, row, shelf
from tenor.workflow.records import Task
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases


def many(acts: Any, n: int) -> list[int]:
    """So many tasks of 周启明, some without a deadline and of several priorities; in the order in which they stand."""
    identity = of(acts, ZHOU)
    given = {key: value for key, value in row(acts, identity)._mapping.items() if key != "id"}
    due = given["due_at"]
    rows = [
        {**given, "due_at": None if each % 3 == 0 else due, "priority": each % 2}
        for each in range(n - 1)
    ]
    with acts.kernel.db.raw() as connection:
        connection.execute(insert(Task.__table__), rows)
    tasks = [one for one in acts.rows(Task) if one.stage == "review"]
    tasks.sort(key=lambda one: (-one.priority, one.due_at is None, one.id))
    return [one.id for one in tasks]


def pages(acts: Any, size: int) -> Sequence[list[int]]:
    found, after = [], ""
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        while True:
            page = acts.engine.desk.page(ctx, size=size, after=after)
            found.append([one.id for one in page.tasks])
            after = page.next
            if not after:
                return found


def test_pages_hold_every_task_once_in_order(acts: Any) -> None:
    expected = many(acts, 23)
    found = pages(acts, 5)
    assert [len(one) for one in found] == [5, 5, 5, 5, 3]
    assert [identity for page in found for identity in page] == expected


def test_a_priority_goes_before_any_deadline(acts: Any) -> None:
    many(acts, 3)
    first, second, third = (one.id for one in acts.rows(Task) if one.stage == "review")
    urgent = {first: (1, 9), second: (2, None), third: (1, 1)}
    with acts.kernel.db.raw() as connection:
        for identity, (priority, days) in urgent.items():
            due = acts.kernel.clock.now() + timedelta(days=days) if days else None
            table = Task.__table__
            changed = update(table).where(table.c.id == identity)
            connection.execute(changed.values(priority=priority, due_at=due))
    assert shelf(acts, ZHOU) == [second, third, first]


def behind_what_jack_decides_not(acts: Any, n: int) -> list[int]:
    """So many tasks that wait for approvers, on a petition that Jack assessed, so that he may not decide on it; behind
    them three on one that he did nothing on. Those three, by their ids."""
    make_user(acts.kernel, "jack", positions=[("risk-officer", "HQ"), ("approver", "HQ")])
    for assessor in ("jack", ZHOU):
        petition = acts.file()
        acts.go(LIN, petition, submit)
        acts.go(assessor, petition, assess, Assessment(opinion="sound"))
    his, other = (one._mapping for one in acts.rows(Task) if one.stage == "approval")
    free = {"assignee_id": None, "id": None}
    rows = [{**his, **free, "priority": 9}] * n + [{**other, **free}] * 3
    with acts.kernel.db.raw() as connection:
        connection.execute(delete(Task.__table__).where(Task.stage == "approval"))
        for row in rows:
            given = {key: value for key, value in row.items() if key != "id"}
            connection.execute(insert(Task.__table__), given)
    return [one.id for one in acts.rows(Task)][-3:]


def test_a_page_is_full_though_others_stand_before_that_somebody_can_not_do(acts: Any) -> None:
    first, second, third = behind_what_jack_decides_not(acts, 7)
    with as_actor(acts.kernel, "jack", write=False) as ctx:
        page = acts.engine.desk.page(ctx, size=2)
        rest = acts.engine.desk.page(ctx, size=2, after=page.next)
    assert [one.id for one in page.tasks] == [first, second]
    assert ([one.id for one in rest.tasks], rest.next) == ([third], "")


def test_a_page_ends_where_nothing_more_can_be_done(acts: Any) -> None:
    behind_what_jack_decides_not(acts, 7)
    with as_actor(acts.kernel, "jack", write=False) as ctx:
        page = acts.engine.desk.page(ctx, size=3)
    assert (len(page.tasks), page.next) == (3, "")


def test_what_is_read_past_takes_no_statement_for_each(acts: Any) -> None:
    behind_what_jack_decides_not(acts, 200)
    with asking(acts.kernel.db.reader) as found:
        assert len(shelf(acts, "jack", size=2)) == 2
    assert len(found) < 20


def test_a_page_takes_as_many_statements_among_many_tasks_as_among_few(acts: Any) -> None:
    def asked() -> int:
        with asking(acts.kernel.db.reader) as found:
            assert shelf(acts, ZHOU, size=20)
        return len(found)

    many(acts, 3)
    few = asked()
    many(acts, 60)
    assert asked() == few


@pytest.mark.parametrize("after", ["x", "~~", "2026~1", "1~yesterday~1", "1~~99999999999999999999"])
def test_a_cursor_that_is_none_is_refused(acts: Any, after: str) -> None:
    assert refused(Invalid, shelf, acts, ZHOU, after=after).fields["after"].key == "unknown-cursor"
