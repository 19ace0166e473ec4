"""Rules that act: on what happens and by the day, in somebody's name, never in circles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from plugins.automation.tests.conftest import APPROVER, AUDITOR, CLERK, WRITER
from tenor_sdk import Amount, Blocked, Forbidden
from tenor_sdk.testing import Institution, as_actor, on_date, run_jobs
from tenor_sdk.workflow import blockers, transition

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Change = Callable[..., None]
Runs = Callable[[], list[tuple[str, str]]]
NotMet = Callable[[], int]


def locker_of(institution: Institution, identity: int) -> dict[str, Any]:
    from tenor_lockers import Locker

    with as_actor(institution, WRITER, write=False) as ctx:
        one = ctx.session.get_one(Locker, identity)
        return {"colour": one.colour, "state": one.state, "changed_by_id": one.changed_by_id}


def user_id(institution: Institution, login: str) -> int:
    with as_actor(institution, login, write=False) as ctx:
        return ctx.actor.id


def state_of(institution: Institution, rule: int) -> str:
    from tenor_automation.records import Rule

    with as_actor(institution, WRITER, write=False) as ctx:
        return str(ctx.session.get_one(Rule, rule).state)


def test_a_rule_acts_where_its_condition_holds_and_says_so(
    locker: Made, rule: Made, change: Change, runs: Runs, not_met: NotMet
) -> None:
    rule(condition='event.why == "broken" && has(pieces) && pieces > 2')
    one = locker(pieces=3)
    change(one, why="polished")
    change(one, why="broken")
    assert ([outcome for outcome, _said in runs()], not_met()) == (["done"], 1)


def test_a_field_is_set_in_the_name_of_the_author(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    rule(
        act="field", field_name="colour", field_value='"red"', condition='rent > money("10", "CNY")'
    )
    one = locker(rent=Amount.of("10.01"))
    change(one, CLERK)
    found = locker_of(institution, one)
    assert (found["colour"], found["changed_by_id"]) == ("red", user_id(institution, WRITER))


def test_a_transition_is_carried_out(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    rule(act="transition", transition_name="take")
    one = locker()
    change(one, CLERK)
    assert locker_of(institution, one)["state"] == "taken"


def test_somebody_is_asked(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    from tenor_automation.records import ToDo
    from tenor_automation.workflow import done

    rule(act="task", words="Look after this locker")
    change(locker())
    with as_actor(institution, CLERK) as ctx:
        asked = ctx.session.scalars(select(ToDo)).one()
        assert (asked.title, asked.owner_id) == ("Look after this locker", ctx.actor.id)
        transition(ctx, asked, done, reason="It is locked")


def test_what_isnt_known_is_a_failure_and_not_a_yes(
    locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    rule(condition="pieces < 3")
    change(locker())
    ((outcome, said),) = runs()
    assert outcome == "failed"
    assert "pieces" in said


def test_a_rule_has_no_more_rights_than_who_lets_it_act(
    institution: Institution, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    rule(act="field", field_name="colour", field_value='"red"', acts_for="approver")
    one = locker()
    change(one)
    # the approver sees lockers, and paints none
    assert [outcome for outcome, _said in runs()] == ["failed"]
    assert locker_of(institution, one)["colour"] == ""


def test_a_rule_that_keeps_failing_is_paused(
    institution: Institution, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    made = rule(condition="pieces < 3")
    one = locker()
    for _time in range(4):
        change(one)
    assert [outcome for outcome, _said in runs()] == ["failed"] * 3
    assert state_of(institution, made) == "paused"


def test_a_rule_doesnt_act_on_what_it_caused_itself(
    institution: Institution, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    rule(event_name="base.Transitioned", act="transition", transition_name="take",
         condition='event.target == "taken" || state == "empty"')  # fmt: skip
    from tenor_lockers import Locker, leave, take

    one = locker()
    with as_actor(institution, WRITER) as ctx:
        found = ctx.session.get_one(Locker, one)
        transition(ctx, found, take)
        transition(ctx, found, leave)
    run_jobs(institution)
    outcomes = [outcome for outcome, _said in runs()]
    assert outcomes.count("done") == 1
    assert "own-doing" in outcomes


def test_two_rules_that_would_answer_each_other_come_to_an_end(
    institution: Institution, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    rule(name="to", event_name="base.Transitioned", act="transition", transition_name="take",
         condition='event.target == "empty"')  # fmt: skip
    rule(name="fro", event_name="base.Transitioned", act="transition", transition_name="leave",
         condition='event.target == "taken"')  # fmt: skip
    from tenor_lockers import Locker, take

    one = locker()
    with as_actor(institution, WRITER) as ctx:
        transition(ctx, ctx.session.get_one(Locker, one), take)
    run_jobs(institution)
    outcomes = [outcome for outcome, _said in runs()]
    assert (outcomes.count("done"), outcomes.count("own-doing")) == (2, 1)


def test_what_came_through_another_plugins_job_is_known_too(
    locker: Made, rule: Made, runs: Runs, institution: Institution
) -> None:
    """Each rule's transition is told, and what follows from it carries its cause."""
    from tenor_lockers import tell

    from tenor_automation.domain.chain import cause_of
    from tenor_sdk.causes import caused_by

    made, one = rule(), locker()
    with as_actor(institution, WRITER) as ctx, caused_by(ctx, cause_of(made)):
        tell(ctx, one, echoes=2)
    run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["own-doing"] * 3


def test_a_rule_acts_so_many_days_before_a_date(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    rule(occasion="date", event_name="", date_field="rented_until", days=-7,
         act="field", field_name="colour", field_value='"yellow"')  # fmt: skip
    due, later = locker(rented_until=date(2026, 7, 8)), locker(rented_until=date(2026, 7, 9))
    run_jobs(institution)
    with on_date(institution, date(2026, 7, 1)):
        run_jobs(institution)
        run_jobs(institution)
    assert locker_of(institution, due)["colour"] == "yellow"
    assert locker_of(institution, later)["colour"] == ""
    assert [outcome for outcome, _said in runs()] == ["done"]


def test_who_writes_a_rule_doesnt_put_it_in_force(institution: Institution, rule: Made) -> None:
    from tenor_automation.records import Rule
    from tenor_automation.workflow import enable

    made = rule(until="proposed")
    with as_actor(institution, WRITER) as ctx, pytest.raises(Forbidden):
        transition(ctx, ctx.session.get_one(Rule, made), enable)


@pytest.mark.parametrize(
    "wrong",
    [
        {"condition": "pieces > "},
        {"condition": "pieces"},
        {"condition": "nothing == 1"},
        {"event_name": "lockers.Nothing"},
        {"about": "lockers.nothing"},
        {"act": "transition", "transition_name": "fly"},
        {"act": "field", "field_name": "nothing", "field_value": "1"},
        {"act": "field", "field_name": "colour", "field_value": "9 **"},
        {"act": "tag", "words": "x"},
        {"words": " "},
        {"act": "transition", "transition_name": "lapse"},
        {"act": "transition", "transition_name": "clear", "words": " "},
        {"occasion": "date", "event_name": "", "date_field": "colour"},
    ],
)
def test_a_rule_that_names_what_isnt_there_isnt_proposed(rule: Made, wrong: dict[str, Any]) -> None:
    with pytest.raises(Blocked):
        rule(**wrong)


def test_a_rule_is_offered_what_somebody_presses(institution: Institution, people: None) -> None:
    from tenor_automation.offered import transitions

    with as_actor(institution, WRITER, write=False) as ctx:
        names = {name for name, _title in transitions(ctx)}
    assert {"take", "clear"} <= names
    assert "lapse" not in names


def test_a_dry_run_says_what_would_have_been_and_writes_nothing(
    institution: Institution, locker: Made, rule: Made, change: Change, runs: Runs
) -> None:
    from tenor_automation.public import Rule, dry_run

    one = locker(pieces=5)
    change(one, why="broken")
    change(one, why="polished")
    made = rule(until="draft", condition='event.why == "broken"', act="field", field_name="colour",
                field_value='"red"')  # fmt: skip
    with as_actor(institution, WRITER, write=False) as ctx:
        tried = dry_run(ctx, ctx.session.get_one(Rule, made))
    assert [one.would is not None for one in tried] == [False, True]
    assert (runs(), locker_of(institution, one)["colour"]) == ([], "")


def test_a_dry_run_of_what_is_wrong_says_so_instead_of_counting(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    from tenor_automation.public import Rule
    from tenor_automation.sheets import would_have_done

    change(locker())
    made = rule(until="draft", condition="pieces > today")
    with as_actor(institution, WRITER, write=False) as ctx:
        shown = would_have_done(ctx, ctx.session.get_one(Rule, made))
    assert (shown.rows, shown.caption) == ((), None)
    assert "expression-types" in str(shown.empty)


def test_the_past_of_records_that_one_cannot_read_isnt_told(
    institution: Institution, locker: Made, rule: Made, change: Change
) -> None:
    from tenor_automation.public import Rule, dry_run

    change(locker())
    made = rule(until="proposed")
    with as_actor(institution, AUDITOR, write=False) as ctx:
        assert dry_run(ctx, ctx.session.get_one(Rule, made)) == []


def test_an_ended_rule_has_no_mandate(
    institution: Institution, rule: Made, locker: Made, change: Change, runs: Runs
) -> None:
    from tenor_automation.records import Rule
    from tenor_automation.workflow import end

    made = rule()
    with as_actor(institution, WRITER) as ctx:
        transition(ctx, ctx.session.get_one(Rule, made), end, reason="not wanted")
    change(locker())
    assert runs() == []


def test_a_rule_is_paused_when_who_lets_it_act_has_left(
    institution: Institution, rule: Made, locker: Made, change: Change
) -> None:
    from tenor.access.records import User

    made, one = rule(), locker()
    with as_actor(institution, "system") as ctx:
        ctx.session.scalars(select(User).where(User.login == WRITER)).one().active = False
    change(one, CLERK)
    from tenor_automation.records import Rule

    with as_actor(institution, APPROVER, write=False) as ctx:
        assert ctx.session.get_one(Rule, made).state == "paused"


def leave(institution: Institution) -> None:
    """Whoever writes rules leaves."""
    from tenor.access.records import User

    with as_actor(institution, "system") as ctx:
        ctx.session.scalars(select(User).where(User.login == WRITER)).one().active = False


@pytest.mark.parametrize("until", ["active", "proposed"])
def test_a_rule_for_somebody_who_has_left_goes_on_in_nobodys_name(
    institution: Institution, rule: Made, locker: Made, change: Change, until: str
) -> None:
    from tenor_automation.records import Rule
    from tenor_automation.workflow import enable, resume

    made, one = rule(until=until), locker()
    leave(institution)
    change(one, CLERK)
    how = resume if until == "active" else enable
    with as_actor(institution, APPROVER) as ctx:
        here = ctx.session.get_one(Rule, made)
        found = [str(each.what) for each in blockers(ctx, here, how)]
        assert found == ["Nobody lets it act in their name any more"]
        with pytest.raises(Blocked):
            transition(ctx, here, how)


def put_away(institution: Any, rule: int) -> None:
    """As if the plugin of the rule's record had been disabled since."""
    from tenor_automation.records import Listening, Rule

    with institution.db.raw() as connection:
        for table, key in ((Rule.__table__, "id"), (Listening.__table__, "rule_id")):
            which = table.c[key] == rule
            connection.execute(table.update().where(which).values(about="gone.thing"))


def test_a_rule_whose_records_plugin_is_off_keeps_nobody_from_anything(
    institution: Any, rule: Made, locker: Made, change: Change, runs: Runs
) -> None:
    put_away(institution, rule(name="Of what is gone"))
    rule(name="Of what is there")
    change(locker())
    assert [outcome for outcome, _said in runs()] == ["done"]
    with as_actor(institution, "song.qing", write=False) as ctx:
        assert not [one for one in institution.audit.search(ctx) if one.kind == "handler-failed"]


def test_a_rule_whose_records_plugin_is_off_does_nothing_and_says_so(
    institution: Institution, rule: Made, locker: Made, runs: Runs
) -> None:
    daily = rule(occasion="daily", event_name="")
    run_jobs(institution)
    locker()
    put_away(institution, daily)
    for day in (1, 2, 3):
        with on_date(institution, date(2026, 7, day)):
            run_jobs(institution)
    found = runs()
    assert {outcome for outcome, _said in found} == {"failed"}
    assert "gone.thing" in found[0][1]
    assert state_of(institution, daily) == "paused"


def test_what_was_heard_before_its_plugin_was_off_does_nothing(
    institution: Institution, rule: Made, locker: Made, runs: Runs
) -> None:
    from tenor_lockers import tell

    made, one = rule(), locker()
    with as_actor(institution, WRITER) as ctx:
        tell(ctx, one)
    put_away(institution, made)
    run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["failed"]


def test_a_rule_whose_person_lost_the_right_to_its_records_does_nothing(
    institution: Institution, rule: Made, locker: Made, change: Change, runs: Runs
) -> None:
    from tenor.access.records import User, UserRole

    made, one = rule(act="field", field_name="colour", field_value='"red"'), locker()
    with as_actor(institution, "system") as ctx:
        writer = ctx.session.scalars(select(User).where(User.login == WRITER)).one()
        given = select(UserRole).where(UserRole.user_id == writer.id)
        ctx.session.delete(ctx.session.scalars(given).one())
    change(one, CLERK)
    assert [outcome for outcome, _said in runs()] == ["failed"]
    with as_actor(institution, CLERK, write=False) as ctx:
        from tenor_lockers import Locker

        assert ctx.session.get_one(Locker, one).colour == ""
    assert state_of(institution, made) == "active"


def test_a_rule_whose_person_may_not_see_rules_any_more_is_paused(
    institution: Institution, rule: Made, locker: Made, change: Change, runs: Runs
) -> None:
    from tenor.access.records import User, UserPosition

    made, one = rule(), locker()
    with as_actor(institution, "system") as ctx:
        writer = ctx.session.scalars(select(User).where(User.login == WRITER)).one()
        held = select(UserPosition).where(UserPosition.user_id == writer.id)
        ctx.session.delete(ctx.session.scalars(held).one())
    change(one, CLERK)
    with as_actor(institution, APPROVER, write=False) as ctx:
        from tenor_automation.records import Rule

        assert ctx.session.get_one(Rule, made).state == "paused"


@pytest.mark.parametrize(
    "hostile",
    [
        "[1, 2].all(x, x > 0)",
        '[name].map(x, x + x) == ["a"]',
        "name.__class__ == 1",
        "__import__('os').system('id') == 0",
        'name.matches("(a+)+$")',
        "pieces ** 9 ** 9 > 0",
        "x" * 3000,
    ],
)
def test_a_condition_that_would_loop_or_call_is_never_in_force(rule: Made, hostile: str) -> None:
    with pytest.raises(Blocked):
        rule(condition=hostile)


def test_a_condition_that_names_what_its_author_may_not_read_is_never_in_force(rule: Made) -> None:
    with pytest.raises(Blocked):
        rule(condition='holder == "Petersen"', acts_for="approver")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('rent > money("1", "USD")', "USD"),
        ("pieces * 9223372036854775807 > 0", ""),
        ('!(rent > money("1", "USD"))', "USD"),
        ('rented_until > date("2026-01-01") || !has(colour)', "rented_until"),
    ],
)
def test_an_error_when_it_runs_is_a_failure_and_never_a_yes(
    locker: Made, rule: Made, change: Change, runs: Runs, condition: str, said: str
) -> None:
    rule(condition=condition)
    change(locker(rent=Amount.of("5"), pieces=3))
    ((outcome, error),) = runs()
    assert outcome == "failed"
    assert error
    assert said in error
