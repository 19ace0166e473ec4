"""What staff say of tasks: who gets them, how urgent they are, until when; in versions, simulated before they count."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update
from tenor_petitions.records import Petition
from tenor_petitions.workflow import submit

from core.tests.workflow.acts import refused
from core.tests.workflow.standing_in import change_user
from tenor.access.records import User
from tenor.base.simulating import counted, simulate_rules
from tenor.base.task_rules import DraftedRules, draft_rules, propose, publish
from tenor.workflow.records import Task, TaskRule, TaskRuleVersion, UserSkill
from tenor.workflow.simulate import DEADLINE, POSITION, PRIORITY, WHO
from tenor_sdk.errors import Blocked, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import transition
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases
ZONE = ZoneInfo("Asia/Shanghai")
ZHOU, HE, LIN, DING, QIN = "zhou.qiming", "he.lei", "lin.xiaowen", "ding.ning", "qin.feng"
TODAY = date(2026, 6, 30)
FLOW = "petitions.petition"


class Rules:
    """Versions of the rules of petitions: 周启明 proposes, 丁宁 publishes."""

    def __init__(self, acts: Any) -> None:
        self.kernel, self.acts = acts.kernel, acts

    def draft(
        self, day: date = TODAY, *, login: str = ZHOU, reminders: Any = None, **changes: Any
    ) -> int:
        """A draft in which the rule of the review is otherwise, and its reminders, where some are given."""
        with as_actor(self.kernel, login) as ctx:
            place = draft_rules(ctx, None, DraftedRules(FLOW, day, "resolved"))
            version = ctx.session.get_one(TaskRuleVersion, int(place.rpartition("/")[2]))
            rows = [
                {"id": one.id, **(changes if one.stage == "review" else {})}
                for one in version.entries
            ]
            lines = [one for one in version.reminders if one.stage != "review"]
            said: list[dict[str, Any]] = [{"id": one.id} for one in lines]
            said += [{"stage": "review", **one} for one in reminders or ()]
            changed = (
                {"entries": rows} if reminders is None else {"entries": rows, "reminders": said}
            )
            self.kernel.records.update(ctx, version, changed)
            return version.id

    def go(self, login: str, version: int, how: Any) -> None:
        with as_actor(self.kernel, login) as ctx:
            transition(ctx, ctx.session.get_one(TaskRuleVersion, version), how)

    def publish(self, day: date = TODAY, **changes: Any) -> int:
        version = self.draft(day, **changes)
        self.go(ZHOU, version, propose)
        self.go(DING, version, publish)
        return version

    def simulated(self, version: int, login: str = ZHOU) -> Any:
        with as_actor(self.kernel, login, write=False) as ctx:
            return simulate_rules(cast("Any", ctx), ctx.session.get_one(TaskRuleVersion, version))


@pytest.fixture
def rules(acts: Any) -> Rules:
    at(acts, "2026-06-30T10:00")
    return Rules(acts)


def at(acts: Any, text: str) -> None:
    acts.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def review(acts: Any, **values: Any) -> Any:
    """The task of a petition that is submitted."""
    acts.go(LIN, acts.file(**values), submit)
    return next(one for one in reversed(acts.rows(Task)) if one.stage == "review")


def name(acts: Any, user_id: int | None) -> str:
    return next((one.login for one in acts.rows(User) if one.id == user_id), "")


def why(acts: Any, task: Any) -> str:
    with as_actor(acts.kernel, task_login(acts, task), write=False) as ctx:
        return str(next(one.why for one in acts.engine.tasks(ctx) if one.id == task.id))


def task_login(acts: Any, task: Any) -> str:
    return name(acts, task.assignee_id) or ZHOU


def skill(acts: Any, login: str, what: str) -> None:
    with as_actor(acts.kernel, DING) as ctx:
        ctx.session.add(UserSkill(user_id=acts.user(login), skill=what))


# -- in versions ------------------------------------------------------------------------------------------------------


def test_until_there_is_a_version_what_the_plugin_declares_counts(acts: Any) -> None:
    task = review(acts)
    assert (task.rules_id, task.priority, task.position) == (None, 0, "risk-officer")


def test_a_draft_begins_with_what_counts(acts: Any, rules: Rules) -> None:
    version = rules.draft()
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        lines = ctx.session.get_one(TaskRuleVersion, version).entries
        found = {one.stage: (one.position, one.working_days, one.escalate_to) for one in lines}
    assert found["review"] == ("risk-officer", 2, "approver")
    assert found["draft"] == ("", None, "")


def test_a_version_goes_before_what_is_declared_and_the_task_says_which(
    acts: Any, rules: Rules
) -> None:
    version = rules.publish(priority=5, working_days=3, escalate_to="branch-head")
    task = review(acts)
    assert (task.rules_id, task.priority, task.escalate_to) == (version, 5, "branch-head")
    assert task.due_at.astimezone(ZONE).date() == date(2026, 7, 3)


def test_one_proposes_and_another_publishes(acts: Any, rules: Rules) -> None:
    version = rules.draft()
    rules.go(ZHOU, version, propose)
    refused(Forbidden, rules.go, ZHOU, version, publish)
    make_user(
        acts.kernel, "both", positions=[("risk-officer", "HQ"), ("branch-head", "HQ")], unit="HQ"
    )
    refused(Forbidden, rules.go, "both", version, publish)
    rules.go(DING, version, publish)
    changed = [
        one for one in acts.ledger("transition") if one.table_name == "base_task_rule_version"
    ]
    assert [one.actor_name for one in changed] == ["丁宁", "周启明"]


def test_who_wrote_a_line_does_not_publish(acts: Any, rules: Rules) -> None:
    version = rules.draft()
    with acts.kernel.db.raw() as connection:
        table = TaskRule.__table__
        connection.execute(update(table).values(changed_by_id=acts.user(DING)))
    rules.go(ZHOU, version, propose)
    refused(Blocked, rules.go, DING, version, publish)


def test_a_version_that_is_in_force_is_changed_by_nobody(acts: Any, rules: Rules) -> None:
    version = rules.publish()
    with as_actor(acts.kernel, ZHOU) as ctx:
        found = ctx.session.get_one(TaskRuleVersion, version)
        refused(Refused, acts.kernel.records.update, ctx, found, {"purpose": "another"})


def test_a_version_counts_from_its_day_on(acts: Any, rules: Rules) -> None:
    rules.publish(date(2026, 7, 2), priority=5)
    assert review(acts).priority == 0
    at(acts, "2026-07-02T09:00")
    assert review(acts).priority == 5


def test_what_is_in_force_is_read_again_only_once_something_was_counted(
    acts: Any, rules: Rules
) -> None:
    rules.publish(priority=5)
    review(acts)
    with asking(acts.kernel.db.writer) as asked:
        assert review(acts).priority == 5
    assert not [one for one in asked if "FROM base_task_rule" in one]


@pytest.mark.parametrize(
    ("change", "priority"),
    [
        (update(TaskRule).values(priority=7), 7),
        (update(TaskRuleVersion).values(state="discarded"), 0),
    ],
    ids=["of a line", "of a version"],
)
def test_a_change_that_another_process_makes_counts_at_once(
    acts: Any, rules: Rules, change: Any, priority: int
) -> None:
    rules.publish(priority=5)
    assert review(acts).priority == 5
    with acts.kernel.db.raw() as connection:
        connection.execute(change)
    assert review(acts).priority == priority


def test_what_is_published_counts_in_its_own_transaction_and_nowhere_else_until_that_is_over(
    acts: Any, rules: Rules
) -> None:
    kernel, version = acts.kernel, rules.draft(priority=5)
    rules.go(ZHOU, version, propose)

    def today(ctx: Any) -> int | None:
        found = kernel.workflow.work.rules.today(ctx, FLOW)
        return found.version_id if found is not None else None

    with suppress(KeyError), as_actor(kernel, DING) as ctx:
        assert today(ctx) is None
        transition(ctx, ctx.session.get_one(TaskRuleVersion, version), publish)
        assert today(ctx) == today(copy(ctx)) == version
        raise KeyError
    with as_actor(kernel, DING) as ctx:
        assert today(ctx) is None


def test_changes_of_a_transaction_that_is_undone_are_kept_by_nobody(
    acts: Any, rules: Rules
) -> None:
    """Not even where they come past the publishing of a version, and nothing was kept before."""
    rules.publish(priority=5)
    kernel = acts.kernel
    with suppress(KeyError), as_actor(kernel, DING) as ctx:
        kernel.db.execute(ctx.session, update(TaskRule).values(priority=7))
        assert kernel.workflow.work.rules.today(ctx, FLOW).rules["review"].priority == 7
        raise KeyError
    assert review(acts).priority == 5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stage": "nowhere"}, "no task comes with the state"),
        ({"stage": "draft"}, "about the same state"),
        ({"position": "astronaut"}, "there is no position astronaut"),
        ({"escalate_to": "astronaut"}, "there is no position astronaut"),
        ({"owner_of": "subject"}, "is no link to something"),
        ({"owner_of": "nothing"}, "is no link to something"),
        ({"skill_of": "nothing"}, "there is no field nothing"),
        ({"skill_of": "unit_id.nothing"}, "there is no field unit_id.nothing"),
    ],
)
def test_what_cannot_be_is_said_before_it_is_proposed(rules: Rules, wrong: Any, said: str) -> None:
    version = rules.draft(**wrong)
    error = refused(Blocked, rules.go, ZHOU, version, propose)
    assert any(said in str(one.what) for one in error.blockers)


def test_a_version_begins_on_a_day_of_its_own(acts: Any, rules: Rules) -> None:
    rules.publish()
    again = rules.draft()
    error = refused(Blocked, rules.go, ZHOU, again, propose)
    assert "A version is in force today" in str(error.blockers[0].what)
    refused(Invalid, rules.draft, date(2026, 6, 29))


def test_only_who_may_drafts_and_reads(acts: Any, rules: Rules) -> None:
    refused(Forbidden, rules.draft, login=DING)
    version = rules.draft()
    with as_actor(acts.kernel, LIN, write=False) as ctx:
        refused(NotFound, acts.kernel.records.get, ctx, TaskRuleVersion, version)


# -- who gets it ------------------------------------------------------------------------------------------------------


def test_who_has_the_skill_goes_before_who_has_less_to_do(acts: Any, rules: Rules) -> None:
    rules.publish(skill_of="subject")
    skill(acts, HE, "a bridge")
    tasks = [review(acts) for _ in range(3)]
    assert {name(acts, task.assignee_id) for task in tasks} == {HE}
    assert why(acts, tasks[-1]) == "Skill a bridge. The only one in this position who can take it"


def test_of_two_with_the_skill_the_one_with_fewer_and_the_card_says_the_figures(
    acts: Any, rules: Rules
) -> None:
    rules.publish(skill_of="subject")
    for login in (ZHOU, HE):
        skill(acts, login, "a bridge")
    open_tasks(acts, ZHOU, 6)
    open_tasks(acts, HE, 9)
    task = review(acts)
    assert name(acts, task.assignee_id) == ZHOU
    assert why(acts, task) == "Skill a bridge. Fewest open tasks: 6 against 9"


def test_where_nobody_has_the_skill_all_are_asked_and_it_is_said(acts: Any, rules: Rules) -> None:
    rules.publish(skill_of="subject")
    assert why(acts, review(acts)).startswith("Nobody has the skill a bridge. ")


def test_who_is_on_leave_gets_nothing_by_skill_either(acts: Any, rules: Rules) -> None:
    rules.publish(skill_of="subject")
    skill(acts, HE, "a bridge")
    change_user(acts.kernel, HE, on_leave_until=date(2026, 12, 31))
    assert name(acts, review(acts).assignee_id) == ZHOU


def test_in_turn_whoever_had_the_last_one_longest_ago(acts: Any, rules: Rules) -> None:
    rules.publish(way="turns")
    found = []
    for hour in range(10, 14):
        at(acts, f"2026-06-30T{hour}:00")
        found.append(name(acts, review(acts).assignee_id))
    assert found == [ZHOU, HE, ZHOU, HE]


def test_whoever_takes_it(acts: Any, rules: Rules) -> None:
    rules.publish(way="group")
    task = review(acts)
    assert task.assignee_id is None
    assert why(acts, task) == "Waits for whoever takes it"


def test_another_position_and_another_unit(acts: Any, rules: Rules) -> None:
    rules.publish(position="approver", anywhere=True)
    task = review(acts)
    assert (task.position, task.unit_id) == ("approver", None)


def test_whoever_looks_after_the_record(acts: Any, rules: Rules) -> None:
    rules.publish(position="")
    task = review(acts)
    assert (task.position, name(acts, task.assignee_id)) == ("", LIN)


def test_without_a_deadline_there_is_none(acts: Any, rules: Rules) -> None:
    rules.publish(working_days=None)
    task = review(acts)
    assert (task.due_at, task.remind_at) == (None, None)


def open_tasks(acts: Any, login: str, n: int) -> None:
    """So many tasks more on somebody's desk."""
    first = acts.rows(Task)
    if not first:
        acts.file()
        first = acts.rows(Task)
    given = {key: value for key, value in first[0]._mapping.items() if key != "id"}
    one = {**given, "assignee_id": acts.user(login), "state": "open", "position": "risk-officer"}
    with acts.kernel.db.raw() as connection:
        connection.execute(insert(Task.__table__), [one] * n)


# -- simulated --------------------------------------------------------------------------------------------------------


def test_a_draft_says_how_many_of_last_years_tasks_would_have_gone_another_way(
    acts: Any, rules: Rules
) -> None:
    rules.publish()
    for _ in range(4):
        review(acts)
    same = rules.simulated(rules.draft(date(2026, 7, 1)))
    assert same.looked_at > 0
    assert (same.changed, dict(same.counts)) == ([], {})
    later = rules.simulated(rules.draft(date(2026, 7, 1), working_days=5, priority=1))
    assert later.counts == {DEADLINE: 4, PRIORITY: 4}
    assert {(one.table_name, one.before["position"]) for one in later.changed} == {
        (Petition.__tablename__, "risk-officer")
    }


def test_who_would_have_got_a_task_is_worked_out_on_the_desks_of_then(
    acts: Any, rules: Rules
) -> None:
    rules.publish(skill_of="subject")
    skill(acts, HE, "a bridge")
    for _ in range(3):
        review(acts)
    found = rules.simulated(rules.draft(date(2026, 7, 1), skill_of=""))
    # He had them all for the skill; by load alone the first as well, who never had one, and then Zhou
    assert found.counts == {WHO: 2}
    assert [name(acts, one.after["user"]) for one in found.changed] == [ZHOU, ZHOU]
    assert [name(acts, one.before["user"]) for one in found.changed] == [HE, HE]
    open_tasks(acts, ZHOU, 9)  # what he has today says nothing of then
    assert rules.simulated(rules.draft(date(2026, 7, 1), skill_of="")).counts == {WHO: 2}


def test_a_simulation_writes_nothing_and_is_the_same_again(acts: Any, rules: Rules) -> None:
    rules.publish()
    review(acts)
    version = rules.draft(date(2026, 7, 1), priority=1)
    before = acts.rows(Task)
    first, second = rules.simulated(version), rules.simulated(version)
    assert first == second
    assert acts.rows(Task) == before
    assert ("Would have gone another way", 1) in [(str(words), n) for words, n in counted(first)]


def test_of_tasks_that_go_to_another_position_it_says_to_which(acts: Any, rules: Rules) -> None:
    rules.publish()
    for _ in range(2):
        review(acts)
    found = rules.simulated(rules.draft(date(2026, 7, 1), position="approver"))
    assert found.kinds == {(POSITION, "approver"): 2}
    assert ("Another position: Approver", 2) in [(str(words), n) for words, n in counted(found)]


def test_a_page_looks_at_the_latest_and_says_how_many_more_there_are(
    acts: Any, rules: Rules
) -> None:
    rules.publish()
    for _ in range(3):
        review(acts)
    version = rules.draft(date(2026, 7, 1), priority=1)
    everything = rules.simulated(version)
    with as_actor(acts.kernel, ZHOU, write=False) as ctx:
        draft = ctx.session.get_one(TaskRuleVersion, version)
        found = simulate_rules(cast("Any", ctx), draft, most=2)
    assert found is not None
    assert (found.looked_at, found.looked_at + found.more) == (2, everything.looked_at)
    assert max(one.record_id for one in everything.changed) in [
        one.record_id for one in found.changed
    ]
    assert ("Earlier ones of that year, not looked at", found.more) in [
        (str(words), n) for words, n in counted(found)
    ]


def test_a_year_ago_is_looked_at_and_no_longer(acts: Any, rules: Rules) -> None:
    rules.publish()
    review(acts)
    at(acts, "2027-06-30T09:00")
    assert rules.simulated(rules.draft(date(2027, 7, 1), priority=1)).counts == {PRIORITY: 1}
    at(acts, "2027-07-01T11:00")
    assert rules.simulated(rules.draft(date(2027, 7, 2), priority=1)).counts == {}
