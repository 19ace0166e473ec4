"""Telling people: each in their language, within their rights, in the inbox and by mail."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from tenor.access.records import User
from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.notify.records import Mail, Notice
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text
from tenor_sdk.notify import notify
from tenor_test_support import SmtpSink
from tenor_test_support.ledger import seal

pytestmark = pytest.mark.both_databases

CLERK, OFFICER, ADMINISTRATOR = "lin.xiaowen", "zhou.qiming", "ding.ning"


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores",)


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


def _id(institution: Kernel, login: str) -> int:
    with institution.db.raw(write=False) as connection:
        found = institution.access.actor_by_login(connection, login)
    assert found is not None
    return found.id


def _tell(institution: Kernel, *logins: str, about: Any = None, title: Text | None = None) -> None:
    users = [_id(institution, login) for login in logins]
    with as_actor(institution, CLERK) as ctx:
        if about is not None:
            ctx.session.add(about)
        words = title or Text("{n} days late", {"n": 3}, None, "tenor_chores")
        notify(ctx, users, words, body=Text("See to it.", {}, None, "tenor_chores"), about=about)


def _change(institution: Kernel, login: str, **values: Any) -> None:
    users = table_of(User)
    with institution.db.raw() as connection:
        connection.execute(update(users).where(users.c.login == login).values(values))


def _mails(institution: Kernel) -> list[Any]:
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(select(table_of(Mail)).order_by(table_of(Mail).c.id)))


def _sunk(institution: Kernel) -> Iterator[EmailMessage]:
    for path in sorted(Path(institution.settings.mail_folder).glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        yield message


def test_a_notice_is_in_the_inbox_of_each_who_is_told_once(institution: Kernel) -> None:
    _tell(institution, OFFICER, OFFICER, ADMINISTRATOR)
    for login in (OFFICER, ADMINISTRATOR):
        with as_actor(institution, login, write=False) as ctx:
            (entry,) = institution.notify.inbox(ctx)
            assert entry.title == "3 days late"
            assert not entry.read
    with as_actor(institution, CLERK, write=False) as ctx:
        assert institution.notify.inbox(ctx) == []


def test_each_reads_a_notice_in_their_own_language(institution: Kernel) -> None:
    parked = Text("A job is parked: {name}", {"name": "x"}, None, "tenor.jobs.runs")
    _change(institution, ADMINISTRATOR, language="en")
    _tell(institution, OFFICER, ADMINISTRATOR, title=parked)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        assert institution.notify.inbox(ctx)[0].title == "A job is parked: x"
    with as_actor(institution, OFFICER, write=False) as ctx:
        assert institution.notify.inbox(ctx)[0].title == "有作业已搁置：x"


def test_a_notice_never_told_leaves_nothing(institution: Kernel) -> None:
    def act() -> None:
        with as_actor(institution, CLERK) as ctx:
            notify(ctx, [_id(institution, OFFICER)], Text("lost", {}, None, "tenor_chores"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    run_jobs(institution)
    with as_actor(institution, OFFICER, write=False) as ctx:
        assert institution.notify.unread(ctx) == 0
    assert _mails(institution) == []


def test_reading_a_notice_counts_it_off(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    _tell(institution, OFFICER)
    with as_actor(institution, OFFICER) as ctx:
        latest, earlier = institution.notify.inbox(ctx)
        institution.notify.mark_read(ctx, latest.id)
        assert institution.notify.unread(ctx) == 1
        assert [entry.id for entry in institution.notify.inbox(ctx, unread_only=True)] == [
            earlier.id
        ]
        assert [entry.id for entry in institution.notify.inbox(ctx, before=latest.id)] == [
            earlier.id
        ]
        institution.notify.mark_read(ctx)
        assert institution.notify.unread(ctx) == 0


def test_a_notice_of_somebody_else_isnt_found(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    with as_actor(institution, OFFICER, write=False) as ctx:
        (entry,) = institution.notify.inbox(ctx)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        with pytest.raises(NotFound):
            institution.notify.mark_read(ctx, entry.id)
        with pytest.raises(NotFound):
            institution.notify.entry(ctx, entry.id)


def test_the_counter_changes_with_the_inbox_and_not_otherwise(institution: Kernel) -> None:
    officer = _id(institution, OFFICER)
    empty = institution.notify.counter(officer)
    _tell(institution, ADMINISTRATOR)
    assert institution.notify.counter(officer) == empty
    _tell(institution, OFFICER)
    told = institution.notify.counter(officer)
    with as_actor(institution, OFFICER) as ctx:
        institution.notify.mark_read(ctx)
    read = institution.notify.counter(officer)
    assert len({empty, told, read}) == 3


def test_who_cant_read_what_a_notice_is_about_isnt_told_its_name(
    institution: Kernel, chores: Any
) -> None:
    _tell(institution, OFFICER, ADMINISTRATOR, about=chores.Chore(name="a secret matter"))
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        about = institution.notify.inbox(ctx)[0].about
        assert about is not None
        assert (about.record, about.name) == (chores.Chore, "a secret matter")
    with as_actor(institution, OFFICER, write=False) as ctx:
        assert institution.notify.inbox(ctx)[0].about is None
    run_jobs(institution)
    bodies = {message["To"]: message.get_content() for message in _sunk(institution)}
    named = {to for to, body in bodies.items() if "a secret matter" in body}
    assert len(bodies) == 2
    assert [to.partition("<")[2] for to in named] == [f"{ADMINISTRATOR}@haiyue.example>"]


def test_who_cant_read_any_more_what_a_notice_is_about_is_told_nothing_of_the_matter(
    institution: Kernel, chores: Any
) -> None:
    chore = chores.Chore(name="a secret matter")
    title = Text("{name} pays {amount}", {"name": "Zeyuan", "amount": 70}, None, "tenor_chores")
    body = Text("7 fen late", {}, None, "tenor_chores")
    plain = Text("One is due", {}, None, "tenor_chores")
    with as_actor(institution, CLERK) as ctx:
        ctx.session.add(chore)
        people = [_id(institution, OFFICER), _id(institution, ADMINISTRATOR)]
        notify(ctx, people, title, body=body, about=chore)
        notify(ctx, people, plain, body=body, about=chore)
    run_jobs(institution)
    said = {
        login: " ".join(
            f"{message['Subject']} {message.get_content()}"
            for message in _sunk(institution)
            if login in message["To"]
        )
        for login in (OFFICER, ADMINISTRATOR)
    }
    for login in said:
        with as_actor(institution, login, write=False) as ctx:
            entries = institution.notify.inbox(ctx)
            said[login] += " ".join(f"{entry.title} {entry.body}" for entry in entries)
    assert [words.count("Zeyuan pays 70") for words in said.values()] == [0, 2]
    assert [words.count("7 fen late") for words in said.values()] == [0, 4]
    assert [words.count("One is due") for words in said.values()] == [2, 2]
    assert said[OFFICER].count("其他消息") == 2


def test_a_mail_goes_to_the_sink_where_no_server_is_set(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    run_jobs(institution)
    (message,) = _sunk(institution)
    assert message["Subject"] == "3 days late"
    assert f"{OFFICER}@haiyue.example" in message["To"]
    assert "海岳商业银行" in message["From"]
    assert "http://tenor.test/inbox/" in message.get_content()
    (row,) = _mails(institution)
    assert (row.state, row.subject) == ("sent", "3 days late")


def test_a_subject_has_one_line_whatever_the_notice_says(institution: Kernel) -> None:
    title = Text("{name}", {"name": "bread\r\nBcc: everybody@example.com"}, None, "tenor_chores")
    _tell(institution, OFFICER, title=title)
    run_jobs(institution)
    (message,) = _sunk(institution)
    assert message["Bcc"] is None
    assert message["Subject"] == "bread Bcc: everybody@example.com"


def test_who_has_no_address_gets_no_mail_and_who_has_left_gets_nothing(institution: Kernel) -> None:
    left = _id(institution, "he.lei")
    _change(institution, OFFICER, email="")
    _change(institution, "he.lei", active=False)
    with as_actor(institution, CLERK) as ctx:
        users = [_id(institution, OFFICER), left]
        notify(ctx, users, Text("told", {}, None, "tenor_chores"))
    assert _mails(institution) == []
    assert institution.notify.counter(left) == "0-0"


def test_a_mail_to_somebody_who_left_meanwhile_is_dropped(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    _change(institution, OFFICER, active=False)
    run_jobs(institution)
    assert list(_sunk(institution)) == []
    assert [row.state for row in _mails(institution)] == ["dropped"]


def test_a_mail_whose_notice_was_removed_with_its_plugin_is_none(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    with institution.db.raw() as connection:
        connection.execute(delete(table_of(Mail)))
        connection.execute(delete(table_of(Notice)))
    run_jobs(institution)
    with institution.db.raw(write=False) as connection:
        assert connection.execute(select(job.c.state, job.c.error)).all() == [("done", "")]


def test_a_digest_of_which_all_was_removed_says_nothing(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    with institution.db.raw() as connection:
        connection.execute(update(table_of(Mail)).values(notice_id=0))
        connection.execute(delete(table_of(Notice)))
    run_jobs(institution)
    assert list(_sunk(institution)) == []
    assert [row.state for row in _mails(institution)] == ["dropped"]


def test_a_mail_goes_over_smtp(institution: Kernel, smtp_sink: SmtpSink) -> None:
    _use_server(institution, smtp_sink)
    _tell(institution, OFFICER)
    run_jobs(institution)
    (message,) = smtp_sink.wait_for(1)
    assert message["X-Rcpt-To"] == f"{OFFICER}@haiyue.example"
    assert message["Subject"] == "3 days late"
    run_jobs(institution)
    assert len(smtp_sink.messages) == 1


def test_a_mail_that_the_server_refuses_for_now_is_sent_later(
    institution: Kernel, smtp_sink: SmtpSink
) -> None:
    _use_server(institution, smtp_sink)
    smtp_sink.refuse(451)
    _tell(institution, OFFICER)
    run_jobs(institution)
    assert [row.state for row in _mails(institution)] == ["waiting"]
    smtp_sink.refuse(None)
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(minutes=1))
    run_jobs(institution)
    assert [row.state for row in _mails(institution)] == ["sent"]
    assert len(smtp_sink.wait_for(1)) == 1


def test_mails_that_cant_be_sent_at_all_make_no_further_mails(
    institution: Kernel, smtp_sink: SmtpSink
) -> None:
    _use_server(institution, smtp_sink)
    smtp_sink.refuse(550)
    _tell(institution, OFFICER)
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    for _ in range(9):
        run_jobs(institution)
        clock.move(clock.instant + timedelta(hours=3))
    assert len(_mails(institution)) == 1
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        assert "base.send_mail" in institution.notify.inbox(ctx)[0].title


def _use_server(institution: Kernel, sink: SmtpSink) -> None:
    institution.settings = institution.settings.but(smtp_host=sink.host, smtp_port=sink.port)


def test_a_demo_shows_every_mail_and_otherwise_each_sees_their_own(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    run_jobs(institution)

    def subjects(login: str) -> list[str]:
        with as_actor(institution, login, write=False) as ctx:
            return [mail.subject for mail in institution.notify.mails(ctx)]

    assert subjects(OFFICER) == ["3 days late"]
    assert subjects(ADMINISTRATOR) == []
    institution.settings = institution.settings.but(demo=True)
    assert subjects(ADMINISTRATOR) == ["3 days late"]


def test_the_records_of_notices_are_read_by_their_own_person_only(institution: Kernel) -> None:
    _tell(institution, OFFICER)
    for login, seen in ((OFFICER, 1), (ADMINISTRATOR, 0)):
        with as_actor(institution, login, write=False) as ctx:
            assert len(ctx.session.scalars(select(Notice)).all()) == seen
            assert len(ctx.session.scalars(select(Mail)).all()) == seen


# -- mail to others ----------------------------------------------------------------------------------------------------


def test_a_mail_to_somebody_who_is_no_user_goes_once_and_what_it_says_is_kept_nowhere(
    institution: Kernel, chores: Any
) -> None:
    with as_actor(institution, CLERK) as ctx:
        ctx.enqueue(chores.mail_a_stranger, address="guo@zeyuan.example")
    run_jobs(institution)
    (message,) = _sunk(institution)
    assert (message["To"], message["Subject"]) == ("guo@zeyuan.example", "A code")
    assert "314159" in message.get_content()
    (kept,) = _mails(institution)
    assert (kept.address, kept.subject, kept.body, kept.state) == (
        "guo@zeyuan.example", "A code", "", "sent",
    )  # fmt: skip


def test_a_mail_to_somebody_who_is_no_user_waits_while_the_server_is_away(
    institution: Kernel, chores: Any, smtp_sink: SmtpSink
) -> None:
    _use_server(institution, smtp_sink)
    smtp_sink.refuse(451)
    with as_actor(institution, CLERK) as ctx:
        ctx.enqueue(chores.mail_a_stranger, address="guo@zeyuan.example")
    run_jobs(institution)
    assert _mails(institution) == []
    smtp_sink.refuse(None)
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(minutes=2))
    run_jobs(institution)
    assert len(smtp_sink.wait_for(1)) == 1
    assert len(_mails(institution)) == 1


def test_the_last_root_of_the_ledger_goes_to_whoever_keeps_it_outside_once(
    institution: Kernel,
) -> None:
    from tenor.base.jobs import mail_root
    from tenor.base.settings import BaseSettings

    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.plugin_settings.set(ctx, BaseSettings, "root_mail", "notary@example.org")
    seal(institution)
    number, digest = institution.audit.roots()[-1]
    for _again in range(2):
        with as_actor(institution, ADMINISTRATOR) as ctx:
            ctx.enqueue(mail_root)
        run_jobs(institution)
    (message,) = _sunk(institution)
    assert message["To"] == "notary@example.org"
    assert f"{number} {digest}" in message.get_content()
