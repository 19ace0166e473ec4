"""People outside the house are told something where they agreed, and as long as they do; what was told is on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.channels.tests.conftest import DING, TAKEN, ZHOU, House
from tenor_channels.contacts import Agreed, ByHand, give_consent, tell_by_hand, withdraw_consent
from tenor_channels.public import tell_contact
from tenor_channels.records import Consent, ContactNotice, ContactPerson, Purpose, Sms
from tenor_channels.testing import ChatServer
from tenor_sdk import Forbidden, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import Institution, as_actor, make_user, run_jobs
from tenor_test_support import SmtpSink

pytestmark = pytest.mark.both_databases

LIN, SHAO = "lin.xiaowen", "shao.an"
REMINDER = "repayment-reminder"
AGREED = "本人同意海越小贷通过电子邮件和短信提醒还款，可随时致电撤回。"
ADDRESS = "gu@zeyuan.example"
ANSWER = TAKEN


@pytest.fixture
def post() -> Iterator[SmtpSink]:
    with SmtpSink() as post:
        yield post


class Bank(House):
    """An institution that knows the accountant of a customer."""

    def __init__(self, institution: Any, server: ChatServer, post: SmtpSink) -> None:
        super().__init__(institution, server)
        self.post = post
        self.kernel.settings = self.kernel.settings.but(
            drivers={"sms": "https"}, smtp_host=post.host, smtp_port=post.port, smtp_starttls=False
        )
        self.set(
            sms_address=server.address,
            sms_key="the-key",
            sms_signature="海越小贷",
            contact_footer="撤回同意请致电 0571-12345678",
        )
        make_user(institution, SHAO, positions=[("compliance", "HQ")])
        with as_actor(institution, SHAO) as ctx:
            purpose = Purpose(code=REMINDER, title="还款提醒", words=AGREED)
            ctx.session.add(purpose)
            ctx.session.flush()
            self.purpose = purpose.id
        with as_actor(institution, LIN) as ctx:
            contact = ContactPerson(
                name="顾会计",
                acts_for="泽远精密",
                email=ADDRESS.upper(),
                mobile="138 0013 8000",
                unit_id=ctx.actor.unit_id,
                owner_id=ctx.actor.id,
            )
            ctx.session.add(contact)
            ctx.session.flush()
            self.contact = contact.id

    def said(self, way: str, **other: Any) -> Agreed:
        given: dict[str, Any] = {
            "purpose": self.purpose, "way": way, "said_on": self.today, "said_by": "顾会计",
            "evidence": "signed", "where": "档案柜 3 号", **other,
        }  # fmt: skip
        return Agreed(**given)

    @property
    def today(self) -> date:
        with as_actor(self.kernel, LIN, write=False) as ctx:
            return ctx.today

    def agree(self, *ways: str, **other: Any) -> None:
        with as_actor(self.kernel, LIN) as ctx:
            for way in ways:
                give_consent(ctx, self.person(ctx), self.said(way, **other))

    def withdraw(self, *ways: str, **other: Any) -> None:
        with as_actor(self.kernel, LIN) as ctx:
            for way in ways:
                withdraw_consent(ctx, self.person(ctx), self.said(way, **other))

    def person(self, ctx: Any) -> ContactPerson:
        found: ContactPerson = ctx.session.get_one(ContactPerson, self.contact)
        return found

    def change(self, **values: Any) -> None:
        with as_actor(self.kernel, LIN) as ctx:
            for name, value in values.items():
                setattr(self.person(ctx), name, value)

    def tell(
        self, title: str = "还款提醒", body: str = "本金 {100} 万元", way: str = ""
    ) -> list[int]:
        with as_actor(self.kernel, LIN) as ctx:
            said, more_said = (
                Text("{words}", {"words": each}, None, "tenor_channels") for each in (title, body)
            )
            return tell_contact(ctx, self.person(ctx), said, more_said, REMINDER, way=way)

    def notices(self) -> list[ContactNotice]:
        with as_actor(self.kernel, LIN, write=False) as ctx:
            return list(ctx.session.scalars(select(ContactNotice).order_by(ContactNotice.id)))

    def states(self) -> list[tuple[str, str, str]]:
        return [(one.way, one.state, one.problem) for one in self.notices()]

    def tries(self) -> list[tuple[str, int, str]]:
        with as_actor(self.kernel, DING, write=False) as ctx:
            return [(one.words, one.parts, one.state) for one in ctx.session.scalars(select(Sms))]

    def texts(self) -> list[str]:
        return [asked.body["words"] for asked in self.server.asked]

    def inbox(self) -> list[str]:
        with as_actor(self.kernel, LIN, write=False) as ctx:
            return [f"{entry.title} | {entry.body}" for entry in self.kernel.notify.inbox(ctx)]


@pytest.fixture
def bank(institution: Institution, server: ChatServer, post: SmtpSink) -> Bank:
    return Bank(institution, server, post)


def test_who_agreed_is_told_by_each_way_with_the_very_words_on_record(bank: Bank) -> None:
    bank.agree("mail", "sms")
    bank.tell()
    run_jobs(bank.kernel)
    run_jobs(bank.kernel)
    (mail,) = bank.post.wait_for(1)
    (text,) = bank.texts()
    assert mail["Subject"] == "还款提醒"
    assert mail["X-Rcpt-To"] == ADDRESS
    assert text == "【海越小贷】还款提醒 本金 {100} 万元 撤回同意请致电 0571-12345678"
    by_mail, by_sms = bank.notices()
    assert by_mail.words == "本金 {100} 万元\n\n撤回同意请致电 0571-12345678"
    assert mail.get_content().splitlines() == by_mail.words.splitlines()
    assert (by_mail.address, by_sms.address) == (ADDRESS, "+8613800138000")
    assert (by_sms.words, by_sms.parts) == (text, 1)
    assert by_mail.sent_at is not None
    assert bank.tries() == [("", 1, "sent")]
    assert bank.states() == [("mail", "sent", ""), ("sms", "sent", "")]


def test_who_never_agreed_isnt_told(bank: Bank) -> None:
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()
    assert bank.states() == []


def test_only_that_to_which_they_agreed_is_a_way(bank: Bank) -> None:
    bank.agree("sms")
    bank.tell()
    with pytest.raises(Refused, match="no-consent"):
        bank.tell(way="mail")
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "sent", "")]
    assert bank.post.messages == []


def test_what_waits_isnt_sent_once_they_change_their_mind(bank: Bank) -> None:
    bank.agree("mail", "sms")
    bank.tell()
    bank.withdraw("sms", evidence="call", where="")
    run_jobs(bank.kernel)
    bank.post.wait_for(1)
    assert bank.states() == [("mail", "sent", ""), ("sms", "not-sent", "")]
    assert bank.texts() == []
    assert any("顾会计" in line for line in bank.inbox())


def test_who_agrees_again_is_told_again(bank: Bank) -> None:
    bank.agree("sms")
    bank.withdraw("sms")
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()
    bank.agree("sms")
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "sent", "")]


def test_consent_is_for_the_address_that_was_theirs(bank: Bank) -> None:
    bank.agree("sms")
    bank.tell()
    bank.change(mobile="13900139000")
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "not-sent", "")]


def test_consent_is_for_the_words_that_were_said(bank: Bank) -> None:
    bank.agree("sms")
    with as_actor(bank.kernel, SHAO) as ctx:
        ctx.session.get_one(Purpose, bank.purpose).words = f"{AGREED}也用于推荐新产品。"
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()


def test_an_entry_says_who_agreed_to_what_when_and_how_that_is_proved(bank: Bank) -> None:
    bank.agree("mail")
    with as_actor(bank.kernel, LIN, write=False) as ctx:
        entry = ctx.session.scalars(select(Consent)).one()
        said = (entry.said_by, entry.said_on, entry.evidence, entry.where, entry.words)
        assert said == ("顾会计", ctx.today, "signed", "档案柜 3 号", AGREED)
        assert entry.address == ADDRESS
        assert entry.created_by_id == ctx.actor.id


def test_a_consent_needs_proof_and_an_address_and_a_day_that_was(bank: Bank) -> None:
    with pytest.raises(Invalid):
        bank.agree("mail", where=" ")
    with pytest.raises(Invalid):
        bank.agree("mail", said_on=bank.today + timedelta(days=1))
    bank.change(email="")
    with pytest.raises(Refused, match="no-address"):
        bank.agree("mail")


def test_withdrawing_needs_no_proof(bank: Bank) -> None:
    bank.agree("mail")
    bank.change(email="")
    bank.withdraw("mail", where="", evidence="person")
    with pytest.raises(Refused, match="no-consent"):
        bank.tell()


def test_who_may_not_record_a_consent_cant(bank: Bank) -> None:
    with as_actor(bank.kernel, ZHOU) as ctx, pytest.raises(Forbidden):
        give_consent(ctx, ContactPerson(name="x"), bank.said("mail"))
    with as_actor(bank.kernel, ZHOU) as ctx, pytest.raises(Forbidden):
        tell_by_hand(ctx, ContactPerson(name="x"), ByHand(bank.purpose, "a", "b"))


def test_a_person_of_the_house_tells_them_in_words_of_their_own(bank: Bank) -> None:
    bank.agree("sms")
    with as_actor(bank.kernel, LIN) as ctx:
        tell_by_hand(ctx, bank.person(ctx), ByHand(bank.purpose, "请来电", "关于 {您} 的合同"))
    run_jobs(bank.kernel)
    assert "请来电 关于 {您} 的合同" in bank.texts()[0]
    assert [one.asked_by for one in bank.notices()] == ["channels"]


def test_a_purpose_that_isnt_there_is_said(bank: Bank) -> None:
    with as_actor(bank.kernel, LIN) as ctx, pytest.raises(NotFound, match="no-purpose"):
        words = Text("a", {}, None, "tenor_channels")
        tell_contact(ctx, bank.person(ctx), words, words, "marketing")


def test_an_address_that_takes_no_mail_is_on_record_and_told_to_who_asked(bank: Bank) -> None:
    bank.post.refuse_recipient(ADDRESS, "550 5.1.1 no mailbox here by that name")
    bank.agree("mail")
    bank.tell()
    run_jobs(bank.kernel)
    ((way, state, problem),) = bank.states()
    assert (way, state) == ("mail", "bounced")
    assert "no mailbox here by that name" in problem
    assert any("顾会计" in line and "no mailbox" in line for line in bank.inbox())


def test_a_mail_that_comes_back_later_is_on_record_too(bank: Bank) -> None:
    bank.agree("mail")
    bank.tell()
    run_jobs(bank.kernel)
    (mail,) = bank.post.wait_for(1)
    report = f"""\
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.zeyuan.example

Final-Recipient: rfc822; {ADDRESS}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 left the company

--b
Content-Type: text/rfc822-headers

Message-ID: {mail["Message-ID"]}

--b--
"""
    with as_actor(bank.kernel, "system") as ctx:
        bank.kernel.notify.bounces.take_report(ctx, report.encode())
    run_jobs(bank.kernel)
    assert bank.states() == [("mail", "bounced", "550 5.1.1 left the company")]


def test_what_the_provider_refuses_is_on_record_with_its_words(bank: Bank) -> None:
    bank.server.answer = {"code": 1003, "message": "blocked number"}
    bank.agree("sms")
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "refused", "1003 blocked number")]
    assert any("blocked number" in line for line in bank.inbox())


def test_a_provider_that_is_away_is_asked_again(bank: Bank) -> None:
    bank.server.answer = None
    bank.agree("sms")
    bank.tell()
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "waiting", "")]
    bank.server.answer = TAKEN
    bank.later(minutes=1)
    run_jobs(bank.kernel)
    assert bank.states() == [("sms", "sent", "")]


def test_in_the_houses_quiet_hours_nobody_is_told(bank: Bank) -> None:
    now = bank.kernel.clock.now().astimezone(bank.kernel.clock.zone)
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=1)
    house = bank.kernel.plugin_settings.classes["base"]
    with as_actor(bank.kernel, DING) as ctx:
        change_setting(ctx, house, "quiet_from", f"{starts:%H:%M}")
        change_setting(ctx, house, "quiet_until", f"{ends:%H:%M}")
    bank.agree("mail", "sms")
    bank.tell()
    run_jobs(bank.kernel)
    assert [state for _, state, _ in bank.states()] == ["waiting"] * 2
    bank.later(hours=1)
    run_jobs(bank.kernel)
    assert [state for _, state, _ in bank.states()] == ["sent"] * 2
