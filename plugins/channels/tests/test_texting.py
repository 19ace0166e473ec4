"""A notice by SMS: once, to whoever chose it, at a pace that the number bears, cut to the parts that are sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from plugins.channels.tests.conftest import DING, TAKEN, ZHOU, House
from tenor.jobs.leases import job
from tenor.notify.records import Mail, Notice
from tenor_channels.drivers import Busy
from tenor_channels.notices import by_sms
from tenor_channels.records import MobileNumber, Sms
from tenor_channels.sms_http import SmsOverHttps
from tenor_channels.testing import ChatServer
from tenor_sdk import Forbidden, Refused
from tenor_sdk.i18n import Text
from tenor_sdk.notify import notify
from tenor_sdk.testing import Institution, as_actor, run_jobs

pytestmark = pytest.mark.both_databases

ANSWER = TAKEN


class Bank(House):
    """An institution whose officer has a mobile number and wants to be told there."""

    def __init__(self, institution: Any, server: ChatServer) -> None:
        super().__init__(institution, server)
        self.use(sms="https")
        with as_actor(institution, ZHOU, write=False) as ctx:
            self.zhou = ctx.actor.id
        self.set(
            sms_address=server.address,
            sms_key_id="haiyue",
            sms_key="the-key",
            sms_signature="海越小贷",
        )
        with as_actor(institution, DING) as ctx:
            ctx.session.add(MobileNumber(user_id=self.zhou, number="138 0013 8000"))
        self.choose(ZHOU, by_sms.key, "at-once")

    def tell(self, title: str = "told") -> None:
        with as_actor(self.kernel, DING) as ctx:
            notify(ctx, [self.zhou], Text(title, {}, None, "tenor_channels"))

    def sent(self) -> list[Sms]:
        with as_actor(self.kernel, DING, write=False) as ctx:
            return list(ctx.session.scalars(select(Sms).order_by(Sms.id)))

    def states(self) -> list[tuple[str, str]]:
        return [(one.state, one.problem) for one in self.sent()]

    def said(self) -> list[str]:
        return [asked.body["words"] for asked in self.server.asked]


@pytest.fixture
def bank(institution: Institution, server: ChatServer) -> Bank:
    return Bank(institution, server)


def test_who_chose_it_is_told_of_which_kind_and_where_and_once(bank: Bank) -> None:
    bank.tell("泽远精密逾期 3 天")
    run_jobs(bank.kernel)
    run_jobs(bank.kernel)
    (said,) = bank.said()
    assert said.startswith("【海越小贷】其他消息 http://tenor.test/inbox/")
    assert bank.server.asked[0].body["to"] == "+8613800138000"
    assert bank.states() == [("sent", "")]


def test_the_words_themselves_are_told_where_the_institution_says_so(bank: Bank) -> None:
    bank.set(sms_tells_words=True)
    bank.tell("泽远精密\n逾期 3 天")
    run_jobs(bank.kernel)
    assert "【海越小贷】泽远精密 逾期 3 天 http" in bank.said()[0]


def test_long_words_are_cut_to_the_parts_that_are_sent_and_counted(bank: Bank) -> None:
    bank.set(sms_tells_words=True, sms_parts=2)
    bank.tell("逾期" * 200)
    run_jobs(bank.kernel)
    (one,) = bank.sent()
    assert one.parts == 2
    assert len(one.words) == 134
    assert "…" in one.words
    assert one.words.rpartition(" ")[2].startswith("http://tenor.test/inbox/")
    assert bank.said() == [one.words]


def test_who_didnt_choose_it_or_has_no_number_isnt_told_there(bank: Bank) -> None:
    bank.choose(ZHOU, by_sms.key, "none")
    bank.tell()
    bank.choose(ZHOU, by_sms.key, "at-once")
    with as_actor(bank.kernel, DING) as ctx:
        ctx.session.delete(ctx.session.scalars(select(MobileNumber)).one())
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.said() == []
    assert bank.parked() == 0


def test_a_number_is_told_no_more_than_it_bears_and_the_rest_later(bank: Bank) -> None:
    def heard(**distance: int) -> int:
        bank.later(**distance)
        run_jobs(bank.kernel)
        return len(bank.said())

    for number in range(7):
        bank.tell(f"news {number}")
    assert [heard(), heard(seconds=29), heard(seconds=1)] == [1, 1, 2]
    assert [heard(seconds=30) for _ in range(4)] == [3, 4, 5, 5]
    assert [heard(minutes=58), heard(seconds=30)] == [6, 7]
    assert bank.states() == [("sent", "")] * 7


def test_what_the_provider_refuses_is_seen_with_its_words(bank: Bank) -> None:
    bank.server.answer = {"code": 1002, "message": "signature not registered"}
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("refused", "1002 signature not registered")]
    assert bank.parked() == 1


def test_a_clock_that_was_ahead_for_a_while_silences_no_phone(bank: Bank) -> None:
    bank.later(days=300)
    bank.tell("ahead")
    run_jobs(bank.kernel)
    bank.later(days=-300)
    bank.tell("back")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 2
    bank.tell("at once")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 2  # the pace is kept to all the same


def test_what_was_removed_with_its_plugin_meanwhile_isnt_told(bank: Bank) -> None:
    bank.tell()
    with bank.kernel.db.raw() as connection:
        connection.execute(delete(Mail.__table__))
        connection.execute(delete(Notice.__table__))
    run_jobs(bank.kernel)
    with bank.kernel.db.raw(write=False) as connection:
        assert set(connection.execute(select(job.c.state, job.c.error))) == {("done", "")}
    assert bank.said() == []


def test_what_never_went_doesnt_stand_as_sent(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: Any) -> None:
        raise Forbidden("plugin-not-granted", plugin="channels")

    def break_down(*_: Any) -> None:
        raise ZeroDivisionError

    for fault in (forbid, break_down):
        monkeypatch.setattr(SmsOverHttps, "send", fault)
        bank.tell()
        run_jobs(bank.kernel)
        bank.later(seconds=31)
    assert bank.states() == [("refused", "plugin-not-granted"), ("sending", "")]


def test_what_was_refused_without_a_word_doesnt_stand_as_sent(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise Refused("sms-refused", problem="\x00 ")

    def put_off(*_: Any) -> None:
        raise Busy

    for fault in (refuse, put_off):
        monkeypatch.setattr(SmsOverHttps, "send", fault)
        bank.tell()
        run_jobs(bank.kernel)
        bank.later(seconds=31)
    assert bank.states() == [("refused", "sms-refused"), ("refused", "Busy")]


def test_a_provider_that_is_away_is_asked_again_and_can_know_the_message(bank: Bank) -> None:
    bank.server.answer = None
    bank.tell()
    run_jobs(bank.kernel)
    assert [state for state, _ in bank.states()] == ["refused"]
    bank.server.answer = TAKEN
    bank.later(minutes=1)
    run_jobs(bank.kernel)
    assert [state for state, _ in bank.states()] == ["refused", "sent"]
    assert len({asked.body["id"] for asked in bank.server.asked}) == 1
    assert bank.parked() == 0


def test_without_a_provider_it_is_said_why_nothing_went(bank: Bank) -> None:
    bank.set(sms_address="")
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("refused", "sms-not-set-up")]
    assert bank.parked() == 1


def test_in_quiet_hours_the_phone_is_silent(bank: Bank) -> None:
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


def test_whoever_wants_the_digest_gets_one_sms_a_day(bank: Bank) -> None:
    bank.at("2026-07-01T10:00")
    run_jobs(bank.kernel)
    bank.choose(ZHOU, by_sms.key, "digest")
    for number in range(3):
        bank.tell(f"泽远精密逾期 {number} 天")
    bank.at("2026-07-02T08:31")
    run_jobs(bank.kernel)
    assert bank.said() == [
        "【海越小贷】截至 2026-07-02 的 3 条通知 · 其他消息 (3) http://tenor.test/inbox"
    ]
    bank.set(sms_tells_words=True, sms_parts=1)
    for number in range(9):
        bank.tell(f"泽远精密逾期 {number} 天")
    bank.at("2026-07-03T08:31")
    run_jobs(bank.kernel)
    said = bank.said()[1]
    assert said.startswith("【海越小贷】截至 2026-07-03 的 9 条通知 · 泽远精密逾期 0 天")
    assert said.endswith("… http://tenor.test/inbox")
    assert len(said) <= 70
    assert bank.states() == [("sent", "")] * 2


def test_a_digest_of_while_the_clock_was_ahead_comes_with_the_next(bank: Bank) -> None:
    bank.choose(ZHOU, by_sms.key, "digest")
    run_jobs(bank.kernel)
    bank.later(days=300)
    bank.tell("ahead")
    bank.later(days=-300)
    run_jobs(bank.kernel)
    for _ in range(2):
        bank.later(days=1)
        run_jobs(bank.kernel)
    assert len(bank.said()) == 1


def test_what_is_required_goes_by_sms_in_quiet_hours_too(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.at("2026-07-01T23:00")
    bank.quiet(ZHOU, "22:00", "07:00")
    bank.tell("news")
    run_jobs(bank.kernel)
    assert bank.said() == []
    bank.require(monkeypatch)
    bank.tell("required")
    run_jobs(bank.kernel)
    assert len(bank.said()) == 1


def test_who_looks_after_numbers_isnt_everybody(bank: Bank) -> None:
    with pytest.raises(Forbidden), as_actor(bank.kernel, ZHOU) as ctx:
        ctx.session.add(MobileNumber(user_id=ctx.actor.id, number="13800138001"))
