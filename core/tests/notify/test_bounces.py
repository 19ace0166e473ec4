"""Mails that come back: a mail server's report reaches Tenor by a pipe, and only one of our own mails counts."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.cli import main
from tenor.loader.failures import BootError
from tenor.notify.bounces import read_reports
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from core.tests.notify.conftest import House

pytestmark = pytest.mark.both_databases

GONE = "5.1.1"


def report_of(
    message_id: str,
    address: str,
    *,
    action: str = "failed",
    status: str = GONE,
    headers: bool = True,
) -> bytes:
    """What Postfix sends back."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "MAILER-DAEMON@mail.example"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.attach(MIMEText("I'm sorry to have to inform you …"))
    status_part = MIMEBase("message", "delivery-status")
    of_message = EmailMessage()
    of_message["Reporting-MTA"] = "dns; mail.example"
    of_recipient = EmailMessage()
    of_recipient["Final-Recipient"] = f"rfc822; {address}"
    of_recipient["Action"] = action
    of_recipient["Status"] = status
    of_recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 no mailbox here by that name"
    status_part.set_payload([of_message, of_recipient])
    report.attach(status_part)
    if headers:
        back = MIMEText(f"Subject: told\nMessage-ID: {message_id}\n", "rfc822-headers")
        report.attach(back)
    else:
        whole = EmailMessage()
        whole["Message-ID"] = message_id
        whole.set_content("told")
        part = MIMEBase("message", "rfc822")
        part.set_payload([whole])
        report.attach(part)
    return report.as_bytes()


@pytest.fixture
def sent(house: House) -> tuple[str, str]:
    """A mail that has gone to the officer: its Message-ID and address."""
    house.tell()
    run_jobs(house.kernel)
    (message,) = house.sunk()
    return message["Message-ID"], f"{house.officer}@haiyue.example"


def _take(house: House, raw: bytes) -> None:
    with house.kernel.context(house.kernel.access.system_actor(), write=True) as ctx:
        house.kernel.notify.bounces.take_report(ctx, raw)


@pytest.mark.parametrize("headers", [True, False])
def test_a_mail_that_comes_back_marks_its_address(
    house: House, sent: tuple[str, str], headers: bool
) -> None:
    message_id, address = sent
    _take(house, report_of(message_id, address.upper(), headers=headers))
    assert house.bounced() == {address: "550 5.1.1 no mailbox here by that name"}
    assert house.states() == ["bounced"]
    assert len(house.inbox(house.officer)) == 2
    _take(house, report_of(message_id, address))
    assert len(house.inbox(house.officer)) == 2


def test_a_mail_that_is_only_late_changes_nothing(house: House, sent: tuple[str, str]) -> None:
    _take(house, report_of(*sent, action="delayed", status="4.4.1"))
    assert (house.states(), house.bounced()) == (["sent"], {})


@pytest.mark.parametrize("status", ["4.4.7", "5.7.1", "5.2.2"])
def test_a_mail_that_came_back_for_another_reason_marks_no_address(
    house: House, sent: tuple[str, str], status: str
) -> None:
    _take(house, report_of(*sent, status=status))
    assert (house.states(), house.bounced()) == (["bounced"], {})


def test_a_report_of_where_a_mailbox_passes_mail_on_marks_no_address(
    house: House, sent: tuple[str, str]
) -> None:
    _take(house, report_of(sent[0], "elsewhere@example.com"))
    assert (house.states(), house.bounced()) == (["bounced"], {})


def test_a_strangers_report_isnt_believed(house: House, sent: tuple[str, str]) -> None:
    message_id, address = sent
    key = message_id.strip("<").partition(".")[0]
    for forged in (f"<{key}.{'0' * 16}@haiyue.example>", f"<notice-99.{'0' * 16}@x>"):
        with pytest.raises(NotFound):
            _take(house, report_of(forged, address))
    assert (house.states(), house.bounced()) == (["sent"], {})


@pytest.mark.parametrize("raw", [b"", b"Subject: hello\n\nI am away.", b"\xff" * 300])
def test_what_is_no_report_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read_reports(raw)


@given(st.data())
def test_a_report_that_was_damaged_on_the_way_is_read_or_refused(data: Any) -> None:
    whole = report_of("<notice-1.0123456789abcdef@x>", "a@b.example")
    at = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=40))
    with suppress(Invalid):
        read_reports(whole[:at] + junk + whole[at + data.draw(st.integers(0, 60)) :])


def test_the_command_takes_a_report_from_a_pipe_lists_and_lifts(
    house: House,
    sent: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    message_id, address = sent
    _as_command(house, monkeypatch)

    def pipe(raw: bytes) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        return main(["mail", "bounced"])

    assert pipe(report_of(message_id, address)) == 0
    assert f"Mails to {address} come back" in capsys.readouterr().out
    assert pipe(b"hello") == 1
    assert "no report" in capsys.readouterr().err
    assert main(["mail", "list"]) == 0
    assert address in capsys.readouterr().out
    assert main(["mail", "lift", address]) == 0
    assert main(["mail", "lift", address]) == 1
    assert house.bounced() == {}


def _as_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``tenor`` work on this institution."""
    from contextlib import contextmanager

    from tenor.cli.place import Place

    @contextmanager
    def kernel(place: Place, announce: Any = None) -> Any:
        place.translator = Place.last_translator = house.kernel.translator
        yield house.kernel

    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setattr(Place, "kernel", kernel)


def test_a_report_that_comes_while_the_database_is_away_is_handed_in_again(
    house: House, sent: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor.cli.place import Place

    def away(*_: Any, **__: Any) -> Any:
        raise BootError(Text("the database can't be reached", {}, None, "tenor"))

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report_of(*sent))))
    monkeypatch.setattr(Place, "acting", away)
    assert main(["mail", "bounced"]) == 75


def test_a_report_that_comes_while_others_write_for_long_is_handed_in_again(
    house: House, sent: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite one writes at a time, and whoever waits for too long is refused."""
    _as_command(house, monkeypatch)

    def busy(*_: Any, **__: Any) -> Any:
        raise Conflict("database-busy")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(report_of(*sent))))
    monkeypatch.setattr(house.kernel, "context", busy)
    assert main(["mail", "bounced"]) == 75


def test_only_who_looks_after_notices_removes_an_address(
    house: House, sent: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(house, report_of(*sent))
    _as_command(house, monkeypatch)
    assert main(["mail", "lift", sent[1], "--as", house.clerk]) == 1
    assert len(house.bounced()) == 1
    with as_actor(house.kernel, house.clerk, write=False) as ctx:
        from tenor.notify.records import BouncedAddress

        assert not ctx.may(BouncedAddress, "read")
