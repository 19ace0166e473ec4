"""Rules that act when a field changes: whoever changes it, and as far as whoever they act for may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from plugins.automation.tests.conftest import APPROVER, AUDITOR, WRITER
from tenor_sdk import Amount, Blocked
from tenor_sdk.testing import Institution, as_actor, run_jobs
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Runs = Callable[[], list[tuple[str, str]]]
NotMet = Callable[[], int]


@pytest.fixture
def watching(rule: Made) -> Made:
    """A rule on the colour of lockers."""

    def made(**values: Any) -> int:
        return rule(**{"occasion": "change", "event_name": "", "changed_field": "colour", **values})

    return made


@contextmanager
def changing(institution: Institution, identity: int, login: str = WRITER) -> Iterator[Any]:
    """A locker, to be changed by somebody; then the jobs run."""
    from tenor_lockers import Locker

    with as_actor(institution, login) as ctx:
        yield ctx.session.get_one(Locker, identity)
    run_jobs(institution)


def paint(institution: Institution, identity: int, colour: str) -> None:
    with changing(institution, identity) as locker:
        locker.colour = colour


def outcomes(runs: Runs) -> list[str]:
    return [outcome for outcome, _said in runs()]


def test_a_rule_acts_on_a_change_of_its_field_alone(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    watching()
    one = locker(colour="white")
    with changing(institution, one) as found:
        found.pieces = 3
    assert runs() == []
    paint(institution, one, "red")
    assert outcomes(runs) == ["done"]


def test_what_stood_there_and_what_it_became_decide(
    institution: Institution, locker: Made, watching: Made, runs: Runs, not_met: NotMet
) -> None:
    watching(condition='change.before == "white" && change.after == "red"')
    one = locker(colour="white")
    for colour in ("blue", "white", "red"):
        paint(institution, one, colour)
    assert (outcomes(runs), not_met()) == (["done"], 2)


def test_an_amount_that_passes_a_bound(
    institution: Institution, locker: Made, watching: Made, runs: Runs, not_met: NotMet
) -> None:
    bound = 'money("100", "CNY")'
    watching(changed_field="rent", condition=f"change.before < {bound} && change.after >= {bound}")
    one = locker(rent=Amount.of("99.99"))
    for rent in ("99.98", "100.00", "150.00"):
        with changing(institution, one) as found:
            found.rent = Amount.of(rent)
    assert (outcomes(runs), not_met()) == (["done"], 2)


def test_what_was_unknown_before_is_an_error_and_not_true(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    watching(changed_field="pieces", condition="change.before != 3")
    with changing(institution, locker()) as found:
        found.pieces = 3
    ((outcome, said),) = runs()
    assert outcome == "failed"
    assert "change.before" in said


def test_what_it_became_can_be_written_elsewhere(
    institution: Institution, locker: Made, watching: Made
) -> None:
    watching(act="field", field_name="name", field_value="change.before")
    one = locker(colour="white")
    paint(institution, one, "red")
    with changing(institution, one) as found:
        assert found.name == "white"


def test_a_step_of_a_workflow_changes_the_state(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    from tenor_lockers import Locker, take

    watching(changed_field="state", condition='change.after == "taken"')
    one = locker()
    with as_actor(institution, WRITER) as ctx:
        transition(ctx, ctx.session.get_one(Locker, one), take)
    run_jobs(institution)
    assert outcomes(runs) == ["done"]


def test_services_and_set_based_work_are_heard_too(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    from tenor_lockers import paint_all, paint_later

    one, _other, _third = locker(), locker(), locker(colour="blue")
    watching()
    with as_actor(institution, WRITER) as ctx:
        ctx.enqueue(paint_later, locker_id=one, colour="red")
    run_jobs(institution)
    assert outcomes(runs) == ["done"]
    with as_actor(institution, WRITER) as ctx:
        paint_all(ctx, "blue")
    run_jobs(institution)
    assert outcomes(runs) == ["done"] * 3


def test_a_rule_that_changes_its_own_field_doesnt_go_round(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    watching(act="field", field_name="colour", field_value='colour == "red" ? "blue" : "red"')
    paint(institution, locker(colour="white"), "green")
    assert outcomes(runs) == ["done", "own-doing"]


def test_two_rules_that_would_answer_each_other_come_to_an_end(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    watching(act="field", field_name="name", field_value="change.after")
    watching(
        changed_field="name",
        act="field",
        field_name="colour",
        field_value='"x" == name ? "y" : "x"',
    )
    paint(institution, locker(colour="white"), "green")
    assert sorted(outcomes(runs)) == ["done", "done", "own-doing"]


def test_who_may_not_read_a_field_cannot_have_it_watched(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    """The writer may read it, the approver may not: in whose name it acts decides."""
    with pytest.raises(Blocked):
        watching(changed_field="holder", acts_for="approver")
    assert watching(changed_field="holder", until="proposed")


def test_who_lost_the_right_to_a_field_hears_no_more_of_it(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    from sqlalchemy import select

    from tenor.access.records import User, UserRole

    one = locker()
    with as_actor(institution, "system") as ctx:
        head = ctx.session.scalars(select(User).where(User.login == APPROVER)).one()
        ctx.session.add(UserRole(user_id=head.id, role="lockers.keeper"))
    watching(changed_field="holder", condition="true")
    with as_actor(institution, "system") as ctx:
        writer = ctx.session.scalars(select(User).where(User.login == WRITER)).one()
        (given,) = ctx.session.scalars(
            select(UserRole).where(UserRole.user_id == writer.id, UserRole.role == "lockers.keeper")
        )
        given.role = "lockers.reader"
    with changing(institution, one, APPROVER) as found:
        found.holder = "Petersen"
    ((outcome, said),) = runs()
    assert outcome == "failed"
    assert "holder" in said
    assert "Petersen" not in said


@pytest.mark.parametrize("wrong", ["", "nothing", "changed_at", "today", "id"])
def test_a_rule_on_a_field_that_isnt_there_isnt_proposed(watching: Made, wrong: str) -> None:
    with pytest.raises(Blocked):
        watching(changed_field=wrong)


def test_a_paused_rule_watches_nothing(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    from tenor_automation.records import Rule
    from tenor_automation.workflow import pause, resume

    made, one = watching(), locker()
    with as_actor(institution, APPROVER) as ctx:
        transition(ctx, ctx.session.get_one(Rule, made), pause, reason="Too many")
    paint(institution, one, "red")
    assert runs() == []
    with as_actor(institution, APPROVER) as ctx:
        transition(ctx, ctx.session.get_one(Rule, made), resume)
    paint(institution, one, "blue")
    assert outcomes(runs) == ["done"]


def test_a_dry_run_goes_by_what_changed_before_anybody_watched(
    institution: Institution, locker: Made, watching: Made, runs: Runs
) -> None:
    from tenor_automation.public import Rule, dry_run

    one = locker(colour="white")
    paint(institution, one, "red")
    paint(institution, one, "blue")
    made = watching(until="proposed", condition='change.before == "white"')
    with as_actor(institution, WRITER, write=False) as ctx:
        tried = dry_run(ctx, ctx.session.get_one(Rule, made))
    assert [each.would is not None for each in tried] == [False, True]
    with as_actor(institution, AUDITOR, write=False) as ctx:
        assert dry_run(ctx, ctx.session.get_one(Rule, made)) == []
    assert runs() == []


def test_what_is_entered_by_form_is_heard(
    institution: Any, locker: Made, watching: Made, runs: Runs
) -> None:
    watching(condition='change.after == "red"')
    one = locker()
    ctx: Any
    with as_actor(institution, WRITER) as ctx:
        from tenor_lockers import Locker

        institution.records.update(ctx, ctx.session.get_one(Locker, one), {"colour": "red"})
    run_jobs(institution)
    assert outcomes(runs) == ["done"]


def test_a_dry_run_counts_what_would_fail_apart(
    institution: Institution, locker: Made, watching: Made
) -> None:
    from tenor_automation.public import Rule
    from tenor_automation.sheets import would_have_done

    one = locker()
    for pieces in (3, 5, 6):
        with changing(institution, one) as found:
            found.pieces = pieces
    made = watching(until="proposed", changed_field="pieces", condition="change.before == 3")
    with as_actor(institution, WRITER, write=False) as ctx:
        caption = would_have_done(ctx, ctx.session.get_one(Rule, made)).caption
    assert caption is not None
    assert caption.values == {"acting": 1, "failing": 1, "n": 3}
