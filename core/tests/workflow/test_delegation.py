"""Positions that somebody gives another for a time: what may be given, how long it holds, what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from core.tests.workflow.acts import refused
from core.tests.workflow.standing_in import MONTHS_END, TODAY, change_user, end, give, user
from tenor.access.records import Delegation, Unit, User, UserPosition
from tenor.base.settings import BaseSettings
from tenor.loader.stage import actor_of
from tenor.notify.records import Notice
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TenorError
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import as_actor, make_user, on_date

pytestmark = pytest.mark.both_databases


def stands_in(kernel: Any, login: str, on: date | None = None) -> dict[str, set[str]]:
    """For whom somebody stands in, by which positions."""
    return {each.login: set(each.positions) for each in actor_of(kernel, login, on).stands_in}


def sees(kernel: Any, login: str) -> set[int]:
    from tenor_petitions.records import Petition

    with as_actor(kernel, login, write=False) as ctx:
        return set(ctx.session.scalars(select(Petition.id)))


def sql(kernel: Any, statement: Any) -> None:
    with kernel.db.raw() as connection:
        connection.execute(statement)


def wrong(kind: type[TenorError], act: Callable[..., Any], *args: Any, **more: Any) -> str:
    """The key of a refusal; of a field at fault with its name."""
    error = refused(kind, act, *args, **more)
    if isinstance(error, Invalid) and error.fields:
        return ", ".join(f"{name}: {each.key}" for name, each in error.fields.items())
    key: str = error.key
    return key


# -- what is given ----------------------------------------------------------------------------------------------------


def test_who_gives_their_positions_gives_what_they_reach(acts: Any) -> None:
    petition = acts.file()
    assert sees(acts.kernel, "shen.bai") == set()
    give(acts.kernel, "lin.xiaowen", "shen.bai")
    assert sees(acts.kernel, "shen.bai") == {petition}
    assert stands_in(acts.kernel, "shen.bai") == {"lin.xiaowen": {"relationship-manager"}}


def test_all_that_is_held_is_given_unless_positions_are_named(acts: Any) -> None:
    kernel = acts.kernel
    make_user(kernel, "mei", positions=[("approver", "HQ"), ("risk-officer", "YZ")])
    give(kernel, "mei", "chen.li")
    give(kernel, "mei", "he.jing", "approver")
    assert stands_in(kernel, "chen.li") == {"mei": {"approver", "risk-officer"}}
    assert stands_in(kernel, "he.jing") == {"mei": {"approver"}}


def test_a_grant_reaches_no_further_by_the_units_of_another(acts: Any) -> None:
    """秦峰 is an approver for all of head office; his unit widens nothing for 沈柏, who manages customers in 临海."""
    petition = acts.file()
    give(acts.kernel, "qin.feng", "shen.bai")
    with as_actor(acts.kernel, "shen.bai", write=False) as ctx:
        from tenor_petitions.records import Petition
        from tenor_petitions.workflow import approve, submit

        found = ctx.session.get_one(Petition, petition)
        assert ctx.may(Petition, "read", found)
        assert not ctx.may(Petition, "update", found)
        assert not ctx.may(submit, "use", found)
        assert ctx.may(approve, "use", found)


def test_roles_beyond_the_positions_and_what_everybody_has_stay_with_the_giver(acts: Any) -> None:
    make_user(acts.kernel, "mei", positions=[("approver", "HQ")], roles=["base.auditor"])
    give(acts.kernel, "mei", "chen.li")
    (giver,) = actor_of(acts.kernel, "chen.li").stands_in
    assert giver.roles == {
        "base.approver-of-authorities",
        "base.reader-of-authorities",
        "base.reader-of-committee-rules",
        "base.reader-of-task-rules",
        "petitions.petition-assessor",
        "petitions.petition-decider",
    }


def test_an_administrator_gives_for_one_who_fell_ill_and_both_are_told(acts: Any) -> None:
    give(acts.kernel, "gu.yan", "chen.li", by="ding.ning")
    told = {row.user_id for row in acts.rows(Notice)}
    assert told == {user(acts.kernel, "gu.yan"), user(acts.kernel, "chen.li")}


def test_nobody_else_gives_what_isnt_theirs(acts: Any) -> None:
    assert (
        wrong(Forbidden, give, acts.kernel, "gu.yan", "chen.li", by="lin.xiaowen")
        == "not-permitted"
    )


def test_a_delegation_is_in_the_ledger_with_its_reason(acts: Any) -> None:
    made = give(acts.kernel, "gu.yan", "chen.li", reason="a course in 云州")
    entry = next(e for e in acts.ledger("create") if e.table_name == "base_delegation")
    assert (entry.record_id, entry.actor_name) == (made, "顾岩")
    assert entry.changes["reason"] == [None, "a course in 云州"]
    assert entry.changes["positions"] == [None, "approver"]


# -- how long ---------------------------------------------------------------------------------------------------------


def test_it_holds_from_its_first_day_to_the_end_of_its_last(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li", from_day=date(2026, 7, 2), until=date(2026, 7, 3))
    held = {}
    for day in (date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3), date(2026, 7, 4)):
        with on_date(kernel, day):
            held[day.day] = bool(stands_in(kernel, "chen.li"))
    assert held == {1: False, 2: True, 3: True, 4: False}


def test_what_is_kept_of_a_person_ends_with_the_day(acts: Any) -> None:
    """No row changes at midnight in Shanghai, so the number that counts changes doesn't move."""
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li", until=date(2026, 6, 30))
    token = kernel.identity.create_token(actor_of(kernel, "chen.li"), "test")
    kernel.clock.move(datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC))
    assert kernel.identity.actor_of_token(token).stands_in
    kernel.clock.move(datetime(2026, 6, 30, 16, 0, 0, tzinfo=UTC))
    assert not kernel.identity.actor_of_token(token).stands_in


def test_it_ends_early_by_either_of_the_two_and_by_an_administrator(acts: Any) -> None:
    for login in ("gu.yan", "chen.li", "ding.ning"):
        made = give(acts.kernel, "gu.yan", "chen.li")
        end(acts.kernel, login, made, "back already")
        assert stands_in(acts.kernel, "chen.li") == {}
        assert wrong(Conflict, end, acts.kernel, login, made) == "delegation-over"


def test_nobody_else_ends_it_nor_sees_it(acts: Any) -> None:
    made = give(acts.kernel, "gu.yan", "chen.li")
    with as_actor(acts.kernel, "qin.feng") as ctx:
        assert ctx.session.get(Delegation, made) is None
    assert stands_in(acts.kernel, "chen.li")


ENDS = {
    "who gave it leaves": update(User.__table__).where(User.login == "gu.yan").values(active=False),
    "who gave it is archived": update(User.__table__)
    .where(User.login == "gu.yan")
    .values(archived=True),
    "the position is taken": delete(UserPosition.__table__).where(
        UserPosition.user_id == select(User.id).where(User.login == "gu.yan").scalar_subquery()
    ),
    "the delegation is removed by hand": delete(Delegation.__table__),
}


@pytest.mark.parametrize("what", ENDS)
def test_it_is_over_at_once_when(acts: Any, what: str) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    token = kernel.identity.create_token(actor_of(kernel, "chen.li"), "test")
    assert kernel.identity.actor_of_token(token).stands_in
    sql(kernel, ENDS[what])
    assert not kernel.identity.actor_of_token(token).stands_in


def test_a_position_that_was_taken_and_given_again_isnt_delegated_again(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    sql(kernel, ENDS["the position is taken"])
    with as_actor(kernel, "system") as ctx, kernel.db.system(ctx.session) as session:
        hq = session.scalars(select(Unit.id).where(Unit.code == "HQ")).one()
        session.add(UserPosition(user_id=user(kernel, "gu.yan"), position="approver", unit_id=hq))
    assert stands_in(kernel, "chen.li") == {}


def test_one_of_several_positions_that_is_taken_leaves_the_others(acts: Any) -> None:
    kernel = acts.kernel
    make_user(kernel, "mei", positions=[("approver", "HQ"), ("risk-officer", "YZ")])
    give(kernel, "mei", "chen.li")
    sql(
        kernel,
        delete(UserPosition.__table__).where(
            UserPosition.user_id == user(kernel, "mei"), UserPosition.position == "approver"
        ),
    )
    assert stands_in(kernel, "chen.li") == {"mei": {"risk-officer"}}


def test_a_position_that_moves_to_another_unit_is_delegated_where_it_is_now(acts: Any) -> None:
    kernel = acts.kernel
    petition = acts.file()
    give(kernel, "lin.xiaowen", "shen.bai")
    lin = user(kernel, "lin.xiaowen")
    other = select(Unit.id).where(Unit.code == "NPL").scalar_subquery()
    held = update(UserPosition.__table__).where(UserPosition.user_id == lin)
    sql(kernel, held.values(unit_id=other))
    assert petition not in sees(kernel, "shen.bai")
    assert stands_in(kernel, "shen.bai") == {"lin.xiaowen": {"relationship-manager"}}


# -- what is refused --------------------------------------------------------------------------------------------------


def test_what_was_delegated_is_not_passed_on(acts: Any) -> None:
    """So that there is no chain, and no circle: 顾岩 gives 陈立, who can't give it to 何静, nor back."""
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    for taker in ("he.jing", "gu.yan"):
        error = refused(Refused, give, kernel, "chen.li", taker, "approver")
        assert (error.key, error.values["name"]) == ("held-for-another", "顾岩")
    give(kernel, "chen.li", "he.jing")
    assert stands_in(kernel, "he.jing") == {"chen.li": {"committee-chair"}}


def test_two_who_stand_in_for_each_other_pass_nothing_on(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "lin.xiaowen")
    give(kernel, "lin.xiaowen", "gu.yan")
    assert stands_in(kernel, "lin.xiaowen") == {"gu.yan": {"approver"}}
    assert stands_in(kernel, "gu.yan") == {"lin.xiaowen": {"relationship-manager"}}


def test_three_in_a_ring_hold_what_their_neighbour_holds_and_no_more(acts: Any) -> None:
    kernel = acts.kernel
    ring = ("gu.yan", "lin.xiaowen", "zhou.qiming")
    for giver, taker in zip(ring, (*ring[1:], ring[0]), strict=True):
        give(kernel, giver, taker)
    assert stands_in(kernel, "gu.yan") == {"zhou.qiming": {"risk-officer"}}
    assert stands_in(kernel, "lin.xiaowen") == {"gu.yan": {"approver"}}


@pytest.mark.parametrize(
    ("giver", "taker"),
    [("ding.ning", "lin.xiaowen"), ("lin.xiaowen", "ding.ning"), ("song.qing", "gu.yan"),
     ("ding.ning", "song.qing")],
)  # fmt: skip
def test_administrators_and_auditors_stay_apart(acts: Any, giver: str, taker: str) -> None:
    error = refused(Refused, give, acts.kernel, giver, taker)
    assert error.key == "joins-sides"


def test_administrators_stand_in_for_each_other(acts: Any) -> None:
    give(acts.kernel, "ding.ning", "bai.lu")
    assert stands_in(acts.kernel, "bai.lu") == {"ding.ning": {"administrator"}}


def test_who_holds_nothing_cannot_be_given_two_sides_one_after_the_other(acts: Any) -> None:
    make_user(acts.kernel, "xin")
    give(acts.kernel, "gu.yan", "xin", from_day=date(2026, 7, 10))
    assert wrong(Refused, give, acts.kernel, "ding.ning", "xin") == "joins-sides"
    give(acts.kernel, "ding.ning", "xin", until=date(2026, 7, 9))
    assert stands_in(acts.kernel, "xin") == {"ding.ning": {"administrator"}}
    assert stands_in(acts.kernel, "xin", date(2026, 7, 10)) == {"gu.yan": {"approver"}}


def test_a_position_of_another_side_that_comes_later_ends_what_was_delegated(acts: Any) -> None:
    kernel = acts.kernel
    xin = make_user(kernel, "xin")
    give(kernel, "ding.ning", "xin")
    with as_actor(kernel, "system") as ctx, kernel.db.system(ctx.session) as session:
        hq = session.scalars(select(Unit.id).where(Unit.code == "HQ")).one()
        session.add(UserPosition(user_id=xin, position="approver", unit_id=hq))
    assert stands_in(kernel, "xin") == {}


DAY = timedelta(days=1)
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "to oneself": ({"taker": "gu.yan"}, "taker_id: delegated-to-oneself"),
    "from a day that is over": ({"from_day": TODAY - DAY}, "from_day: day-is-over"),
    "backwards in time": (
        {"from_day": TODAY + 5 * DAY, "until": TODAY + 4 * DAY}, "until: ends-before-it-begins",
    ),
    "until a day that is over": ({"until": TODAY - DAY}, "until: ends-before-it-begins"),
    "for longer than is allowed": ({"until": TODAY + 90 * DAY}, "until: delegated-too-long"),
    "without a reason": ({"reason": "  "}, "reason: required"),
    "a position that isn't held": ({"positions": ["legal"]}, "positions: position-not-held"),
    "a position that no role knows": ({"positions": ["sorcerer"]}, "positions: position-not-held"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_nobody_delegates(acts: Any, what: str) -> None:
    given, expected = BAD[what]
    taker, positions = given.get("taker", "chen.li"), given.get("positions", ())
    more = {key: each for key, each in given.items() if key not in ("taker", "positions")}
    assert wrong(Invalid, give, acts.kernel, "gu.yan", taker, *positions, **more) == expected


def test_ninety_days_are_allowed_and_the_setting_says_otherwise(acts: Any) -> None:
    kernel = acts.kernel
    end(kernel, "gu.yan", give(kernel, "gu.yan", "chen.li", until=TODAY + 89 * DAY))
    with as_actor(kernel, "ding.ning") as ctx:
        change_setting(ctx, BaseSettings, "longest_delegation", 7)
    too_long = wrong(Invalid, give, kernel, "gu.yan", "chen.li", until=TODAY + 7 * DAY)
    assert too_long == "until: delegated-too-long"
    give(kernel, "gu.yan", "chen.li", until=TODAY + 6 * DAY)


@pytest.mark.parametrize("gone", [{"active": False}, {"archived": True}])
def test_nobody_delegates_to_somebody_who_left(acts: Any, gone: dict[str, bool]) -> None:
    change_user(acts.kernel, "chen.li", **gone)
    assert wrong(Invalid, give, acts.kernel, "gu.yan", "chen.li") == "taker_id: person-not-here"


@pytest.mark.parametrize("number", [0, -1, 99999, 1 << 63, 1 << 70])
def test_nobody_delegates_to_a_number_that_is_nobodys(acts: Any, number: int) -> None:
    from tenor.base.delegating import delegate

    with as_actor(acts.kernel, "gu.yan") as ctx:
        error = refused(Invalid, delegate, ctx, number, until=MONTHS_END, reason="on leave")
    assert error.fields["taker_id"].key == "person-not-here"


def test_who_holds_nothing_has_nothing_to_delegate(acts: Any) -> None:
    make_user(acts.kernel, "xin")
    assert wrong(Refused, give, acts.kernel, "xin", "chen.li") == "nothing-to-delegate"


def test_the_same_isnt_given_twice_for_the_same_days_but_to_two_people_or_later_it_is(
    acts: Any,
) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li", until=date(2026, 7, 10))
    assert wrong(Refused, give, kernel, "gu.yan", "chen.li") == "delegated-already"
    give(kernel, "gu.yan", "chen.li", from_day=date(2026, 7, 11))
    give(kernel, "gu.yan", "he.jing")
    assert stands_in(kernel, "chen.li") == stands_in(kernel, "he.jing") == {"gu.yan": {"approver"}}


def test_two_delegations_that_were_put_in_by_hand_for_the_same_days_do_no_harm(acts: Any) -> None:
    kernel = acts.kernel
    give(kernel, "gu.yan", "chen.li")
    table: Any = Delegation.__table__
    columns = [column for column in table.c if column.name != "id"]
    copied = select(*columns)
    sql(kernel, insert(table).from_select([column.name for column in columns], copied))
    petition = acts.at_approval()
    with as_actor(kernel, "chen.li", write=False) as ctx:
        assert [task.record_id for task in kernel.workflow.tasks(ctx)] == [petition]
    with kernel.db.raw(write=False) as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 2


def test_a_form_of_the_record_makes_none(acts: Any) -> None:
    def write() -> None:
        with as_actor(acts.kernel, "ding.ning") as ctx:
            values = {"giver_id": 1, "taker_id": 2, "from_day": TODAY, "until": MONTHS_END}
            ctx.session.add(Delegation(positions="approver", held={}, reason="x", **values))

    assert wrong(Forbidden, write) == "not-permitted"


def test_a_delegation_that_isnt_there_is_not_found(acts: Any) -> None:
    made = give(acts.kernel, "gu.yan", "chen.li")
    from tenor.base.delegating import end_delegation

    with as_actor(acts.kernel, "qin.feng") as ctx, pytest.raises(NotFound):
        end_delegation(ctx, Delegation(id=made, giver_id=0, taker_id=0, until=MONTHS_END))
