"""A mail server that is slow, refuses, dies half-way or knows nobody: no mail is lost, none goes twice without need."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from tenor.jobs.leases import job
from tenor.notify import conversation, transport
from tenor.testing import as_actor, run_jobs
from tenor_test_support import SmtpSink, certificate

if TYPE_CHECKING:
    from core.tests.notify.conftest import House

pytestmark = pytest.mark.both_databases


@pytest.fixture
def served(house: House, smtp_sink: SmtpSink) -> SmtpSink:
    house.use(smtp_sink)
    return smtp_sink


@pytest.fixture
def mute() -> Iterator[int]:
    """A port on which somebody listens and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_mail_that_is_greylisted_goes_at_a_later_try(house: House, served: SmtpSink) -> None:
    address = f"{house.officer}@haiyue.example"
    served.refuse_recipient(address, "451 4.7.1 greylisted, come back later")
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]
    assert house.bounced() == {}
    served.refuse_recipient(address, "")
    house.later(minutes=1)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    assert len(served.messages) == 1


def test_an_address_that_the_server_doesnt_know_is_marked_and_its_person_told(
    house: House, served: SmtpSink
) -> None:
    address = f"{house.officer}@haiyue.example"
    served.refuse_recipient(address)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["bounced"]
    assert house.bounced() == {address: "550 5.1.1 no such user"}
    assert house.inbox(house.officer) == [f"寄往 {address} 的邮件被退回", "told"]
    assert house.parked() == []
    house.tell(title="once more")
    run_jobs(house.kernel)
    assert house.states() == ["bounced", "bounced"]
    assert served.messages == []


def test_an_address_that_was_put_right_is_written_to_again(house: House, served: SmtpSink) -> None:
    address = f"{house.officer}@haiyue.example"
    served.refuse_recipient(address)
    house.tell()
    run_jobs(house.kernel)
    served.refuse_recipient(address, "")
    with as_actor(house.kernel, house.administrator) as ctx:
        house.kernel.notify.bounces.lift(ctx, address.upper())
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["bounced", "sent"]


def test_a_mail_that_the_server_refuses_for_good_is_parked_and_no_address_marked(
    house: House, served: SmtpSink
) -> None:
    served.refuse(554, "5.7.1 looks like spam")
    house.tell()
    run_jobs(house.kernel)
    (parked,) = house.parked()
    assert parked.failures == 1
    assert "looks like spam" in parked.error
    assert house.bounced() == {}
    assert any("base.send_mail" in title for title in house.inbox(house.administrator))


NONSENSE = "5.7.1 \x00 \x1b[31m \x07 no"


def test_a_server_that_refuses_in_nonsense_is_quoted_in_what_can_be_stored_and_shown(
    house: House, served: SmtpSink
) -> None:
    served.refuse(554, NONSENSE)
    house.tell()
    run_jobs(house.kernel)
    (parked,) = house.parked()
    assert parked.error == "Refused: mail-refused (problem=554 5.7.1 [31m no)"


def test_an_address_that_is_refused_in_nonsense_is_marked_all_the_same(
    house: House, served: SmtpSink
) -> None:
    served.refuse_recipient(f"{house.officer}@haiyue.example", "550 5.1.1 \x00 \x1b[31m nobody")
    house.tell()
    run_jobs(house.kernel)
    assert [(row.state, row.error) for row in house.mails()] == [
        ("bounced", "550 5.1.1 [31m nobody")
    ]
    assert list(house.bounced().values()) == ["550 5.1.1 [31m nobody"]


def test_a_server_that_never_answers_costs_a_try_and_no_mail(
    house: House, mute: int, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_SECONDS", 0.2)
    house.kernel.settings = house.kernel.settings.but(smtp_host="127.0.0.1", smtp_port=mute)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]
    house.use(smtp_sink)
    house.later(minutes=1)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]


@pytest.fixture
def speaking() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Has one who listens answer each who connects as it is told; the port."""
    with ExitStack() as open_ones:

        def listen(answer: Callable[[socket.socket], None]) -> int:
            listening = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
            open_ones.callback(listening.shutdown, socket.SHUT_RDWR)

            def serve() -> None:
                with suppress(OSError):
                    while True:
                        with suppress(BrokenPipeError, ConnectionResetError):
                            given, _address = listening.accept()
                            with given:
                                answer(given)

            Thread(target=serve, daemon=True).start()
            port: int = listening.getsockname()[1]
            return port

        yield listen


def test_a_server_that_speaks_without_an_end_costs_a_try_and_no_mail(
    house: House, speaking: Any
) -> None:
    def babble(given: socket.socket) -> None:
        while True:
            given.sendall(b"220-and then\r\n" * 100)

    house.kernel.settings = house.kernel.settings.but(
        smtp_host="127.0.0.1", smtp_port=speaking(babble)
    )
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]


def test_a_server_that_speaks_a_letter_at_a_time_costs_a_try_and_no_mail(
    house: House, speaking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_WHOLE", 0.3)
    over = Event()

    def dribble(given: socket.socket) -> None:
        while not over.wait(0.05):
            given.sendall(b"2")

    house.kernel.settings = house.kernel.settings.but(
        smtp_host="127.0.0.1", smtp_port=speaking(dribble)
    )
    house.tell()
    run_jobs(house.kernel)
    over.set()
    assert house.states() == ["waiting"]


def test_a_server_may_look_through_a_mail_for_longer_than_it_may_be_silent(
    house: House, served: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "_SECONDS", 0.3)
    served.look_through(0.6)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    assert len(served.messages) == 1


def test_where_nobody_may_listen_in_nothing_is_said_in_the_open(
    house: House, served: SmtpSink
) -> None:
    house.kernel.settings = house.kernel.settings.but(smtp_starttls=True)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]
    assert served.messages == []


def test_an_address_of_a_chinese_domain_is_written_as_every_server_takes_it(
    house: House, served: SmtpSink
) -> None:
    house.change(house.officer, email="Zhou.Qiming@海岳银行.example")
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    (message,) = served.messages
    assert message["X-Rcpt-To"] == "Zhou.Qiming@xn--njtz30b2iursl.example"
    with as_actor(house.kernel, house.administrator) as ctx:
        assert house.kernel.notify.bounces.mark(ctx, message["X-Rcpt-To"], "550 gone")
        assert house.kernel.notify.bounces.reason(ctx, "zhou.qiming@海岳银行.example")


@pytest.mark.parametrize("domain", ["straße.example", "ΟΔΟς.example", "a\u200db.example"])
def test_no_mail_goes_to_a_domain_that_is_only_like_the_one_of_an_address(
    house: House, served: SmtpSink, domain: str
) -> None:
    """``straße`` and ``strasse`` have been two domains since RFC 5891, of two owners."""
    house.change(house.officer, email=f"zhou@{domain}")
    house.tell()
    run_jobs(house.kernel)
    assert [each["X-Rcpt-To"] for each in served.messages] == [f"zhou@{domain}"]


def test_a_house_of_a_chinese_domain_sends_as_every_server_takes_it(
    house: House, served: SmtpSink
) -> None:
    house.kernel.settings = house.kernel.settings.but(
        smtp_sender="tenor@海岳银行.example", smtp_bounces="back@海岳银行.example"
    )
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    (message,) = served.messages
    assert message["From"].addresses[0].addr_spec == "tenor@xn--njtz30b2iursl.example"
    assert message["Message-ID"].endswith("@xn--njtz30b2iursl.example>")
    assert message["X-Mail-From"] == "back@xn--njtz30b2iursl.example"


def test_a_sender_that_the_server_cant_write_is_no_recipients_fault(
    house: House, served: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_extn = conversation.Conversation.has_extn

    def plain(self: Any, name: str) -> bool:
        return name.lower() != "smtputf8" and has_extn(self, name)

    monkeypatch.setattr(conversation.Conversation, "has_extn", plain)
    house.kernel.settings = house.kernel.settings.but(smtp_bounces="退信@haiyue.example")
    house.tell()
    run_jobs(house.kernel)
    assert house.bounced() == {}
    (parked,) = house.parked()
    assert "mail-refused" in parked.error


def test_a_server_may_speak_tls_from_the_first_byte(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on port 465; one whose certificate nobody vouches for is told nothing."""
    file = certificate.of_loopback(tmp_path)
    with SmtpSink(certificate.serving(file)) as sink:
        house.use(sink)
        house.kernel.settings = house.kernel.settings.but(smtp_tls=True)
        house.tell()
        run_jobs(house.kernel)
        assert (house.states(), sink.messages) == (["waiting"], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        house.later(minutes=1)
        run_jobs(house.kernel)
        assert house.states() == ["sent"]
        assert len(sink.messages) == 1


def test_a_mail_that_was_taken_isnt_sent_again_whatever_the_farewell(
    house: House, served: SmtpSink
) -> None:
    served.say_farewell("421 closing down")
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    assert len(served.messages) == 1


def test_a_mail_of_which_the_server_died_before_it_answered_bears_the_same_id_again(
    house: House, served: SmtpSink
) -> None:
    served.die_after_taking()
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]
    served.die_after_taking(False)
    house.later(minutes=1)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    first, second = served.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_worker_that_dies_once_the_server_has_the_mail_leaves_the_same_id(
    house: House, served: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = transport.Smtp.send

    def die_after(self: transport.Smtp, key: str, message: Any) -> None:
        hand_over(self, key, message)
        raise KeyboardInterrupt

    house.tell()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(transport.Smtp, "send", die_after)
        run_jobs(house.kernel)
    _let_leases_run_out(house)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    assert len({message["Message-ID"] for message in served.messages}) == 1


def test_a_worker_that_dies_once_the_outcome_is_kept_sends_nothing_twice(
    house: House, served: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor.notify import mails

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    house.tell()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(mails, "_note", die)
        run_jobs(house.kernel)
    _let_leases_run_out(house)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]
    assert len(served.messages) == 1


def test_a_stranger_whose_address_bounces_isnt_written_to_and_the_job_says_why(
    house: House, served: SmtpSink, chores: Any
) -> None:
    served.refuse_recipient("guo@zeyuan.example")
    for _ in range(2):
        with as_actor(house.kernel, house.clerk) as ctx:
            ctx.enqueue(chores.mail_a_stranger, address="guo@zeyuan.example")
        run_jobs(house.kernel)
    assert list(house.bounced()) == ["guo@zeyuan.example"]
    assert ["guo@zeyuan.example" in job.error for job in house.parked()] == [True, True]
    assert all(row.user_id for row in house.mails())


@pytest.mark.parametrize(
    "address", ["nobody", "a b@c", "@x", "a@b\r\nBcc: c@d.example", "周@海岳.example"]
)
def test_what_is_no_address_is_marked_like_one_that_isnt_there(
    house: House, served: SmtpSink, address: str
) -> None:
    house.change(house.officer, email=address)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() in (["bounced"], ["sent"])
    if house.states() == ["sent"]:
        (message,) = served.messages
        assert message["X-Rcpt-To"] == address
    assert house.parked() == []


@pytest.mark.parametrize(
    ("code", "said", "of_recipient", "meant"),
    [
        (451, "4.7.1 greylisted", True, "later"),
        (550, "no such user", True, "gone"),
        (550, "no such user", False, "refused"),
        (550, "5.1.1 unknown", False, "gone"),
        (550, "5.7.1 relaying denied", True, "refused"),
        (550, "5.2.1 mailbox disabled", True, "gone"),
        (552, "5.2.2 mailbox full", True, "refused"),
        (553, "5.1.8 sender unknown", True, "refused"),
        (554, b"5.7.1 \xff\xfe", True, "refused"),
    ],
)
def test_what_a_servers_answer_means(
    code: int, said: str | bytes, of_recipient: bool, meant: str
) -> None:
    from tenor_sdk.errors import Refused

    try:
        transport.check_answer(code, said, of_recipient=of_recipient)
        found = "later"
    except transport.AddressGone:
        found = "gone"
    except Refused:
        found = "refused"
    assert found == meant


def _let_leases_run_out(house: House) -> None:
    from datetime import timedelta

    with house.kernel.db.raw() as connection:
        past = house.kernel.clock.now() - timedelta(days=400)
        connection.execute(update(job).where(job.c.state == "leased").values(until=past))


def test_a_server_shows_a_certificate_that_is_believed_before_it_hears_anything(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts: list[ssl.SSLContext | None] = []

    class Server:
        def __init__(self, *_args: object) -> None:
            """It connects nowhere."""

        def starttls(self, *, context: ssl.SSLContext | None = None) -> None:
            contexts.append(context)
            raise ssl.SSLCertVerificationError("self-signed certificate")

        def close(self) -> None:
            """It is closed."""

    monkeypatch.setattr(transport, "Conversation", Server)
    settings = {"smtp_host": "mail.example", "smtp_starttls": True, "smtp_user": "tenor"}
    house.kernel.settings = house.kernel.settings.but(**settings)
    house.tell()
    run_jobs(house.kernel)
    assert house.states() == ["waiting"]
    (context,) = contexts
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
