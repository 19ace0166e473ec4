"""A rule in force is changed by its next edition: of one rule one edition is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from plugins.automation.tests.conftest import APPROVER, WRITER
from plugins.automation.tests.test_rules import state_of
from tenor_sdk import Blocked, Refused
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Change = Callable[..., None]
Runs = Callable[[], list[tuple[str, str]]]
NotMet = Callable[[], int]


def test_the_next_edition_takes_the_place_of_the_one_before(
    institution: Institution,
    locker: Made,
    rule: Made,
    change: Change,
    runs: Runs,
    not_met: NotMet,
) -> None:
    from tenor_automation.public import Rule, revise
    from tenor_automation.workflow import enable, propose

    first = rule()
    with as_actor(institution, WRITER) as ctx:
        second = revise(ctx, ctx.session.get_one(Rule, first))
        second.condition = "false"
        ctx.session.flush()
        transition(ctx, second, propose)
        identity = second.id
        with pytest.raises(Refused, match="rule-is-a-draft"):
            revise(ctx, second)
    with as_actor(institution, APPROVER) as ctx:
        transition(ctx, ctx.session.get_one(Rule, identity), enable)
    change(locker())
    assert state_of(institution, first) == "ended"
    assert (runs(), not_met()) == ([], 1)


def test_there_is_one_next_edition_at_a_time(institution: Institution, rule: Made) -> None:
    from tenor_automation.public import Rule, revise
    from tenor_automation.workflow import enable, end, propose

    first = rule()

    def revised(identity: int) -> int:
        with as_actor(institution, WRITER) as ctx:
            return revise(ctx, ctx.session.get_one(Rule, identity)).id

    def go(login: str, identity: int, how: Any) -> None:
        with as_actor(institution, login) as ctx:
            transition(ctx, ctx.session.get_one(Rule, identity), how, reason="wanted")

    dropped = revised(first)
    with pytest.raises(Refused, match="later-edition"):
        revised(first)
    go(WRITER, dropped, end)
    second = revised(first)
    go(WRITER, second, propose)
    go(APPROVER, second, enable)
    third = revised(second)
    go(WRITER, third, propose)
    go(APPROVER, third, enable)
    # the first and the second are ended; what came of them is in force
    for identity in (first, second):
        with pytest.raises(Refused, match="later-edition"):
            revised(identity)


def test_of_two_next_editions_that_were_begun_at_once_one_is_in_force(
    institution: Institution, rule: Made
) -> None:
    from tenor_automation.records import Rule
    from tenor_automation.services import revise
    from tenor_automation.workflow import enable, propose

    first = rule()
    with as_actor(institution, WRITER) as ctx:
        one = revise(ctx, ctx.session.get_one(Rule, first))
        same = ("name", "about", "occasion", "event_name", "act", "words", "unit_id", "owner_id")
        given = {name: getattr(one, name) for name in same}
        other = Rule(**given, edition=2, replaces_id=first)
        ctx.session.add(other)
        ctx.session.flush()
        editions = (one.id, other.id)
        transition(ctx, one, propose)
        transition(ctx, other, propose)
    with as_actor(institution, APPROVER) as ctx:
        transition(ctx, ctx.session.get_one(Rule, editions[0]), enable)
    with as_actor(institution, APPROVER) as ctx, pytest.raises(Blocked):
        transition(ctx, ctx.session.get_one(Rule, editions[1]), enable)
