"""What the provider reports stands with what was sent; who answers that they want no more is told nothing more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.channels.tests.conftest import DING
from plugins.channels.tests.test_contacts import ANSWER, LIN, Bank, bank, post
from plugins.channels.tests.test_sms_news import signed
from tenor_channels.records import Consent, Sms, SmsNews
from tenor_channels.testing import ChatServer
from tenor_sdk import Forbidden, Refused
from tenor_sdk.testing import as_actor, call_back, run_jobs

__all__ = ["ANSWER", "bank", "post"]
pytestmark = pytest.mark.both_databases
SMS = "sms"
NUMBER = "+8613800138000"


def now(bank: Bank) -> int:
    return int(bank.kernel.clock.now().timestamp())


def report(bank: Bank, event: str = "e1", state: str = "arrived", **more: Any) -> dict[str, Any]:
    said = {"event": event, "id": "channels-contact-1", "state": state, "time": now(bank)}
    return {**said, **more}


def answer(
    bank: Bank, words: str = "TD", number: str = NUMBER, event: str = "a1"
) -> dict[str, Any]:
    return {"event": event, "from": number, "words": words, "time": now(bank)}


def call(bank: Bank, *items: Any, key: str = "the-key") -> int:
    """The provider calls back; how many of its news are new."""
    body = json.dumps({"items": items}).encode()
    kept = call_back(bank.kernel, "sms", signed(body, key, bank.kernel.clock.now()))
    run_jobs(bank.kernel)
    return kept


def sent(bank: Bank) -> None:
    """Somebody who agreed is told by SMS."""
    bank.agree(SMS)
    bank.tell()
    run_jobs(bank.kernel)


def mobile(bank: Bank) -> str:
    with as_actor(bank.kernel, LIN, write=False) as ctx:
        return str(bank.person(ctx).mobile)


def tries(bank: Bank) -> list[tuple[str, str]]:
    with as_actor(bank.kernel, DING, write=False) as ctx:
        return [(one.state, one.problem) for one in ctx.session.scalars(select(Sms))]


def kept(bank: Bank) -> list[SmsNews]:
    with as_actor(bank.kernel, DING, write=False) as ctx:
        return list(ctx.session.scalars(select(SmsNews).order_by(SmsNews.id)))


def consents(bank: Bank) -> list[Consent]:
    with as_actor(bank.kernel, LIN, write=False) as ctx:
        return list(ctx.session.scalars(select(Consent).order_by(Consent.id)))


def test_what_arrived_says_so_on_both_records(bank: Bank) -> None:
    sent(bank)
    assert call(bank, report(bank)) == 1
    assert tries(bank) == [("arrived", "")]
    assert [one.state for one in bank.notices()] == ["arrived"]


def test_what_failed_says_why_and_whoever_asked_is_told(bank: Bank) -> None:
    sent(bank)
    call(bank, report(bank, state="failed", why="号码已停机"))
    assert tries(bank) == [("not-arrived", "号码已停机")]
    assert [(one.state, one.problem) for one in bank.notices()] == [("not-arrived", "号码已停机")]
    assert any("未" in one or "wasn’t told" in one for one in bank.inbox())


def test_a_report_that_is_repeated_does_nothing_again(bank: Bank) -> None:
    sent(bank)
    assert [call(bank, report(bank, state="failed", why="x")) for _ in range(2)] == [1, 0]
    assert (len(kept(bank)), len(bank.inbox())) == (1, 1)


def test_what_arrived_stays_so_whatever_comes_afterwards(bank: Bank) -> None:
    sent(bank)
    call(bank, report(bank, "e1", "failed", why="x"))
    call(bank, report(bank, "e2", "arrived"))
    call(bank, report(bank, "e3", "failed", why="y"))
    assert tries(bank) == [("arrived", "")]
    assert [one.state for one in bank.notices()] == ["arrived"]


def test_a_report_that_comes_before_its_message_stands_as_sent_counts_all_the_same(
    bank: Bank,
) -> None:
    assert call(bank, report(bank)) == 1
    sent(bank)
    assert tries(bank) == [("arrived", "")]
    assert [one.state for one in bank.notices()] == ["arrived"]


def test_reports_on_what_isnt_ours_do_nothing(bank: Bank) -> None:
    sent(bank)
    strange = ("x", "contact-", "channels-contact-9999999999999999999", "contact-１", "'; --")
    call(bank, *(report(bank, f"e{n}", id=one) for n, one in enumerate(strange)))
    assert tries(bank) == [("sent", "")]
    assert bank.parked() == 0


def test_news_in_nonsense_keep_no_other_news_from_coming(bank: Bank) -> None:
    bank.agree(SMS)
    call(
        bank,
        report(bank, event="e\x001"),
        report(bank, event="e\ud8002"),
        report(bank, event="e3", id="channels-contact-\x00", why="\ud800"),
        report(bank, event="e4", state="failed", why="号码\x00已停机"),
        answer(bank, "TD\x00\x1b", mobile(bank)),
    )
    assert [(one.event, one.problem, one.words) for one in kept(bank)] == [
        ("e3", "", ""), ("e4", "号码 已停机", ""), ("a1", "", "TD"),
    ]  # fmt: skip
    assert [one.act for one in consents(bank)] == ["given", "withdrawn"]
    assert consents(bank)[-1].where == "SMS a1: TD"


def test_a_provider_that_refuses_in_nonsense_is_quoted_in_what_can_be_stored(bank: Bank) -> None:
    bank.server.answer = {"code": 7, "message": "号码\x00\ud800 不存在"}
    sent(bank)
    assert [(one.state, one.problem) for one in bank.notices()] == [("refused", "7 号码 不存在")]
    assert tries(bank) == [("refused", "7 号码 不存在")]
    assert bank.parked() == 0


def test_a_forged_callback_changes_nothing(bank: Bank) -> None:
    sent(bank)
    with pytest.raises(Forbidden, match="sms-callback-not-proved"):
        call(bank, answer(bank, number=mobile(bank)), key="another")
    assert kept(bank) == []
    assert [one.act for one in consents(bank)] == ["given"]


@pytest.mark.parametrize("words", ["TD", "ｔｄ", "退订。", "stop"])
def test_who_answers_that_they_want_no_more_is_told_nothing_more(bank: Bank, words: str) -> None:
    sent(bank)
    call(bank, answer(bank, words, mobile(bank)))
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()
    last = consents(bank)[-1]
    assert (last.act, last.way, last.evidence, last.said_on) == (
        "withdrawn", "sms", "message", bank.today,
    )  # fmt: skip
    assert last.where == f"SMS a1: {words}"
    with as_actor(bank.kernel, LIN, write=False) as ctx:
        assert last.said_by == bank.person(ctx).name
    assert any("短信" in one for one in bank.inbox())


def test_what_waits_isnt_sent_once_they_answered(bank: Bank) -> None:
    bank.server.answer = {"code": 429, "message": "too fast"}
    sent(bank)
    assert [one.state for one in bank.notices()] == ["waiting"]
    call(bank, answer(bank, number=mobile(bank)))
    bank.server.answer = ANSWER
    bank.later(hours=1)
    run_jobs(bank.kernel)
    assert [one.state for one in bank.notices()] == ["not-sent"]


def test_other_ways_stay_agreed_to(bank: Bank) -> None:
    bank.agree(SMS, "mail")
    call(bank, answer(bank, number=mobile(bank)))
    bank.tell()
    assert {one.way for one in bank.notices()} == {"mail"}


def test_who_wants_no_more_at_a_number_that_was_theirs_isnt_told_there_once_it_is_again(
    bank: Bank,
) -> None:
    sent(bank)
    old = mobile(bank)
    bank.change(mobile="139 0013 9000")
    call(bank, answer(bank, number=old))
    bank.change(mobile=old)
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()


def test_an_answer_that_is_repeated_withdraws_once(bank: Bank) -> None:
    bank.agree(SMS)
    number = mobile(bank)
    call(bank, answer(bank, number=number))
    call(bank, answer(bank, number=number))
    call(bank, answer(bank, number=number, event="a2"))
    assert [one.act for one in consents(bank)] == ["given", "withdrawn"]
    assert len(bank.inbox()) == 1


def test_who_agrees_again_later_is_told_though_the_old_answer_comes_late(bank: Bank) -> None:
    old = answer(bank, number=mobile(bank))
    bank.later(days=2)
    bank.agree(SMS, said_on=bank.today)
    call(bank, old)
    assert [one.act for one in consents(bank)] == ["given"]


def test_an_answer_of_before_midnight_is_of_the_day_before(bank: Bank) -> None:
    bank.later(hours=13)  # eleven at night
    old = answer(bank, number=mobile(bank))
    bank.later(hours=2)
    bank.agree(SMS, said_on=bank.today)
    call(bank, old)
    assert [one.act for one in consents(bank)] == ["given"]


def test_other_answers_and_unknown_numbers_do_nothing_and_their_words_arent_kept(
    bank: Bank,
) -> None:
    bank.agree(SMS)
    call(bank, answer(bank, "好的，谢谢", mobile(bank)), answer(bank, "TD", "13911112222", "a2"))
    assert [one.act for one in consents(bank)] == ["given"]
    assert [(one.kind, one.words) for one in kept(bank)] == [("withdrawal", "TD")]
    assert bank.parked() == 0


def test_where_the_provider_is_asked_its_news_come_within_minutes(
    bank: Bank, server: ChatServer
) -> None:
    sent(bank)
    with ChatServer(
        {"code": 0, "items": [report(bank), answer(bank, number=mobile(bank))]}
    ) as news:
        bank.set(sms_news_address=news.address)
        for _ in range(3):
            bank.later(minutes=6)
            run_jobs(bank.kernel)
        earliest = bank.kernel.clock.now() - timedelta(days=3, hours=2)
        assert all(asked.body["since"] >= earliest.timestamp() for asked in news.asked)
    assert [one.state for one in bank.notices()] == ["arrived"]
    assert [one.act for one in consents(bank)] == ["given", "withdrawn"]
    assert len(kept(bank)) == 2


def test_a_clock_that_was_ahead_for_a_while_misses_no_news(bank: Bank, server: ChatServer) -> None:
    run_jobs(bank.kernel)
    bank.later(days=300)
    call(bank, report(bank, event="ahead"))
    bank.later(days=-300)
    run_jobs(bank.kernel)
    with ChatServer({"code": 0, "items": []}) as news:
        bank.set(sms_news_address=news.address)
        for _ in range(3):
            bank.later(minutes=6)
            run_jobs(bank.kernel)
        asked = news.asked[0]
        assert asked.body["since"] <= now(bank)


def test_a_provider_that_cant_be_asked_parks_nothing(bank: Bank) -> None:
    run_jobs(bank.kernel)  # the schedules begin
    with ChatServer(None) as news:
        bank.set(sms_news_address=news.address)
        bank.later(minutes=6)
        run_jobs(bank.kernel)
        assert news.asked
    assert bank.parked() == 0
