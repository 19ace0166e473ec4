"""The stage bar of a case."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tenor_petitions.workflow import Assessment, approve, assess, decline, send_back, submit

ZONE = ZoneInfo("Asia/Shanghai")


def at(acts: Any, text: str) -> None:
    acts.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def bar(acts: Any, petition: int) -> list[tuple[str, str]]:
    stages = acts.do("zhou.qiming", petition, acts.engine.stage_bar)
    return [(stage.name, stage.status) for stage in stages]


def test_the_bar_shows_what_is_done_where_it_is_and_what_comes(acts: Any) -> None:
    petition = acts.file()
    assert bar(acts, petition) == [
        ("draft", "current"), ("intake", "later"), ("review", "later"), ("approval", "later"), ("granted", "later"),
    ]  # fmt: skip
    acts.go("lin.xiaowen", petition, submit)
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    assert bar(acts, petition) == [
        ("draft", "done"), ("intake", "done"), ("review", "done"), ("approval", "current"), ("granted", "later"),
    ]  # fmt: skip
    acts.go("gu.yan", petition, approve)
    assert bar(acts, petition)[-1] == ("granted", "good")


def test_a_bad_end_stands_on_the_bar_only_when_it_came(acts: Any) -> None:
    petition = acts.at_approval()
    assert "declined" not in dict(bar(acts, petition))
    acts.go("gu.yan", petition, decline, reason="too dear")
    assert dict(bar(acts, petition))["declined"] == "bad"


def test_what_came_back_is_ahead_again(acts: Any) -> None:
    petition = acts.at_approval()
    acts.go("gu.yan", petition, send_back, reason="once more")
    assert [status for _, status in bar(acts, petition)] == [
        "current",
        "later",
        "later",
        "later",
        "later",
    ]


def test_time_is_counted_in_working_days_over_all_visits(acts: Any) -> None:
    at(acts, "2026-09-30T13:30")
    petition = acts.file(papers=12)
    at(acts, "2026-10-08T13:30")  # half a day before the holidays, half a day after
    acts.go("lin.xiaowen", petition, submit)
    stages = {
        stage.name: stage for stage in acts.do("zhou.qiming", petition, acts.engine.stage_bar)
    }
    assert stages["draft"].working_days == Decimal("1.0")
    assert stages["draft"].left_at == datetime(2026, 10, 8, 13, 30, tzinfo=ZONE)
    assert stages["intake"].working_days == Decimal("0.0")
    assert stages["review"].working_days is None


def test_later_stages_say_what_they_are_known_to_lack(acts: Any) -> None:
    petition = acts.file(subject="", amount="0")

    def look(ctx: Any, one: Any) -> Any:
        return acts.engine.stage_bar(ctx, one, acts.engine.available(ctx, one))

    lacks = {stage.name: stage.lacks for stage in acts.do("lin.xiaowen", petition, look)}
    assert lacks == {"draft": 0, "intake": 2, "review": 0, "approval": 0, "granted": 0}


@pytest.mark.parametrize("login", ["lin.xiaowen", "zhou.qiming", "gu.yan"])
def test_everybody_is_offered_what_is_theirs(acts: Any, login: str) -> None:
    petition = acts.at_approval()
    names = {one.name for one in acts.do(login, petition, acts.engine.available)}
    expected = {
        "lin.xiaowen": set(),
        "zhou.qiming": {"send-back"},
        "gu.yan": {"send-back", "approve", "decline"},
    }
    assert names == expected[login]


def test_what_goes_by_itself_says_what_it_waits_for(acts: Any) -> None:
    petition = acts.file(papers=11)
    acts.go("lin.xiaowen", petition, submit)
    offered = acts.do("lin.xiaowen", petition, acts.engine.available)
    assert [(one.name, one.automatic, one.allowed, len(one.blockers)) for one in offered] == [
        ("arrive", True, False, 1)
    ]
