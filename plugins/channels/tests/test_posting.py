"""A notice in the chat of somebody's group: once, at the robot's pace, with what the group may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select

from plugins.channels.tests.conftest import DING, ZHOU, House
from tenor.notify import held
from tenor_channels.dingtalk import DingTalk
from tenor_channels.notices import in_chat
from tenor_channels.records import ChatGroup, GroupMember, Post
from tenor_channels.services import RobotAddress, set_robot
from tenor_channels.testing import ChatServer
from tenor_sdk import Forbidden
from tenor_sdk.i18n import Text
from tenor_sdk.notify import notify
from tenor_sdk.testing import Institution, as_actor, run_jobs

pytestmark = pytest.mark.both_databases

ANSWER = {"errcode": 0, "errmsg": "ok"}


class Bank(House):
    """An institution whose officer is in a group and wants to be told there."""

    def __init__(self, institution: Any, server: ChatServer) -> None:
        super().__init__(institution, server)
        self.use(chat="dingtalk")
        self.zhou = self.id(ZHOU)
        with as_actor(institution, DING) as ctx:
            group = ChatGroup(name="风险部")
            ctx.session.add(group)
            ctx.session.flush()
            ctx.session.add(GroupMember(parent_id=group.id, user_id=self.zhou, chat_id="zhou01"))
            set_robot(ctx, group, RobotAddress(server.address, "SECkey"))
            self.group_id = group.id
        self.choose(ZHOU, in_chat.key, "at-once")

    def id(self, login: str) -> int:
        with as_actor(self.kernel, login, write=False) as ctx:
            return ctx.actor.id

    def change(self, **values: Any) -> None:
        with as_actor(self.kernel, DING) as ctx:
            group = ctx.session.get_one(ChatGroup, self.group_id)
            for name, value in values.items():
                setattr(group, name, value)

    def tell(self, title: str = "told", body: str | None = None) -> None:
        words = Text(body, {}, None, "tenor_channels") if body else None
        with as_actor(self.kernel, DING) as ctx:
            notify(ctx, [self.zhou], Text(title, {}, None, "tenor_channels"), body=words)

    def posts(self) -> list[tuple[str, str]]:
        with as_actor(self.kernel, DING, write=False) as ctx:
            found = ctx.session.scalars(select(Post).order_by(Post.id))
            return [(post.state, post.problem) for post in found]

    def said(self) -> list[str]:
        return [asked.body["text"]["content"] for asked in self.server.asked]


@pytest.fixture
def bank(institution: Institution, server: ChatServer) -> Bank:
    return Bank(institution, server)


def test_a_group_is_told_whose_notice_it_is_of_which_kind_and_where(bank: Bank) -> None:
    bank.tell("泽远精密逾期 3 天", "本金 100 万元")
    run_jobs(bank.kernel)
    (said,) = bank.said()
    assert "周启明" in said
    assert "其他消息" in said
    assert "http://tenor.test/inbox/" in said
    assert "泽远" not in said
    assert bank.server.asked[0].body["at"]["atUserIds"] == ["zhou01"]
    assert bank.posts() == [("posted", "")]
    run_jobs(bank.kernel)
    assert len(bank.said()) == 1


def test_a_group_that_may_know_is_told_the_words(bank: Bank) -> None:
    bank.change(tells_words=True)
    bank.tell("泽远精密逾期 3 天", "本金 100 万元")
    run_jobs(bank.kernel)
    (said,) = bank.said()
    assert "泽远精密逾期 3 天" in said
    assert "本金 100 万元" in said


def test_who_didnt_choose_it_or_is_in_no_group_isnt_told_there(bank: Bank) -> None:
    bank.choose(ZHOU, in_chat.key, "none")
    bank.tell()
    bank.choose(ZHOU, in_chat.key, "at-once")
    bank.change(archived=True)
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.said() == []
    assert bank.parked() == 0


def test_a_robot_posts_no_more_than_its_provider_lets_it_and_the_rest_later(bank: Bank) -> None:
    for number in range(45):
        bank.tell(f"news {number}")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 20
    bank.later(seconds=59)
    run_jobs(bank.kernel)
    assert len(bank.said()) == 20
    bank.later(seconds=1)
    run_jobs(bank.kernel)
    assert len(bank.said()) == 40
    bank.later(seconds=60)
    run_jobs(bank.kernel)
    assert len(bank.said()) == 45
    assert bank.posts() == [("posted", "")] * 45


def test_what_the_provider_refuses_is_seen_with_its_words(bank: Bank) -> None:
    bank.server.answer = {"errcode": 310000, "errmsg": "sign not match"}
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.posts() == [("refused", "310000 sign not match")]
    assert bank.parked() == 1


def test_a_clock_that_was_ahead_for_a_while_silences_no_group(bank: Bank) -> None:
    bank.later(days=300)
    for number in range(20):
        bank.tell(str(number))
    run_jobs(bank.kernel)
    bank.later(days=-300)
    bank.tell("back")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 21


def test_what_was_never_posted_doesnt_stand_as_posted(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_: Any) -> None:
        raise Forbidden("plugin-not-granted", plugin="channels")

    def break_down(*_: Any) -> None:
        raise ZeroDivisionError

    for fault in (forbid, break_down):
        monkeypatch.setattr(DingTalk, "post", fault)
        bank.tell()
        run_jobs(bank.kernel)
    assert bank.posts() == [("refused", "plugin-not-granted"), ("posting", "")]


def test_a_provider_that_is_away_is_asked_again(bank: Bank) -> None:
    bank.server.answer = None
    bank.tell()
    run_jobs(bank.kernel)
    assert [state for state, _ in bank.posts()] == ["refused"]
    bank.server.answer = ANSWER
    bank.later(minutes=1)
    run_jobs(bank.kernel)
    assert [state for state, _ in bank.posts()] == ["refused", "posted"]
    assert bank.parked() == 0


def test_in_quiet_hours_the_group_hears_nothing(bank: Bank) -> None:
    now = bank.kernel.clock.now().astimezone(bank.kernel.clock.zone)
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=1)
    with as_actor(bank.kernel, ZHOU) as ctx:
        bank.kernel.notify.wishes.keep_quiet(ctx, f"{starts:%H:%M}", f"{ends:%H:%M}")
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.said() == []
    bank.later(hours=1)
    run_jobs(bank.kernel)
    assert len(bank.said()) == 1


def test_whoever_wants_the_digest_is_told_once_a_day_in_one_message(bank: Bank) -> None:
    bank.at("2026-07-01T10:00")
    run_jobs(bank.kernel)
    bank.choose(ZHOU, in_chat.key, "digest")
    for number in (1, 2):
        bank.tell(f"news {number}")
    run_jobs(bank.kernel)
    assert bank.said() == []
    bank.at("2026-07-02T08:31")
    run_jobs(bank.kernel)
    (said,) = bank.said()
    assert "周启明: 截至 2026-07-02 的 2 条通知" in said
    assert "其他消息 (2)" in said
    assert said.rstrip().endswith("http://tenor.test/inbox") or "http://tenor.test/inbox" in said
    assert "news" not in said
    bank.change(tells_words=True)
    bank.tell("news 3")
    bank.at("2026-07-03T08:31")
    run_jobs(bank.kernel)
    run_jobs(bank.kernel)
    assert len(bank.said()) == 2
    assert "1. news 3" in bank.said()[1]
    assert bank.posts() == [("posted", "")] * 2


def test_a_digest_is_cut_to_what_the_provider_takes(bank: Bank) -> None:
    bank.change(tells_words=True)
    bank.at("2026-07-01T10:00")
    run_jobs(bank.kernel)
    bank.choose(ZHOU, in_chat.key, "digest")
    for number in range(60):
        bank.tell(f"{number} {'逾期' * 60}")
    bank.at("2026-07-02T08:31")
    run_jobs(bank.kernel)
    (said,) = bank.said()
    assert "60 条通知" in said
    assert "1. 0 逾期" in said
    assert "…" in said
    assert len(said.encode()) <= 20_000
    assert "http://tenor.test/inbox" in said


def test_in_the_quiet_hours_a_digest_waits_and_what_is_required_goes(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.at("2026-07-01T10:00")
    run_jobs(bank.kernel)
    bank.choose(ZHOU, in_chat.key, "digest")
    bank.quiet(ZHOU, "08:00", "09:00")
    bank.tell("news")
    bank.at("2026-07-02T08:31")
    run_jobs(bank.kernel)
    assert bank.said() == []
    bank.choose(ZHOU, in_chat.key, "at-once")
    bank.require(monkeypatch)
    bank.tell("required")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 1
    bank.at("2026-07-02T09:01")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 2


def test_two_who_gather_at_once_make_one_digest(bank: Bank) -> None:
    bank.at("2026-07-01T10:00")
    run_jobs(bank.kernel)
    bank.choose(ZHOU, in_chat.key, "digest")
    bank.tell("news")
    bank.at("2026-07-02T08:31")
    made = []
    for _ in range(2):
        with as_actor(bank.kernel, "system") as ctx:
            made.append(held.gather(cast("Any", ctx)))
    assert made == [1, 0]


def test_the_address_is_a_secret_and_set_by_who_looks_after_groups(bank: Bank) -> None:
    with as_actor(bank.kernel, ZHOU) as ctx, pytest.raises(Forbidden):
        set_robot(ctx, ChatGroup(name="x"), RobotAddress("https://x.example/"))
    with bank.kernel.db.raw(write=False) as connection:
        from sqlalchemy import text

        ledger = connection.execute(text("select changes from base_ledger_entry")).scalars()
        assert not any(
            "SECkey" in str(changes) or "access_token" in str(changes) for changes in ledger
        )


def test_nobody_asks_what_a_notice_says_outside_a_channels_job(bank: Bank) -> None:
    from tenor_sdk.notify import told

    bank.tell()
    with as_actor(bank.kernel, DING) as ctx, pytest.raises(RuntimeError):
        told(ctx, 1)
