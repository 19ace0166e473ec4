"""Reminders: scheduled at the release, told on their days, put on record, silent where nothing is to pay."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenor.access.records import User
from tenor.jobs.leases import job
from tenor_loans.jobs import schedule_reminders
from tenor_loans.records import Instalment, Loan, Reminder
from tenor_loans.services import Receipt, book_repayment
from tenor_sdk import Amount
from tenor_sdk.testing import Institution, as_actor, make_user, on_date, run_jobs

pytestmark = pytest.mark.both_databases
#: 30 July 2026, a month after the release, is a Thursday
DUE = date(2026, 7, 30)


def told(institution: Any, login: str) -> list[str]:
    with as_actor(institution, login) as ctx:
        return [entry.title for entry in institution.notify.inbox(ctx)]


def live(institution: Institution, until: date, start: date = date(2026, 7, 1)) -> None:
    """Let the days pass, each with what is due on it."""
    day = start
    while day <= until:
        with on_date(institution, day):
            run_jobs(institution)
        day += timedelta(days=1)


def test_four_reminders_go_out_before_a_payment_and_each_is_on_record(
    cast: Any, institution: Institution
) -> None:
    cast.lent(amount="10000000")
    live(institution, DUE)
    sent = cast.read(select(Reminder).order_by(Reminder.id))
    assert [(one.days_before, one.sent_on) for one in sent] == [
        (7, date(2026, 7, 23)),
        (3, date(2026, 7, 27)),
        (1, date(2026, 7, 29)),
        (0, DUE),
    ]
    assert {(one.principal.text(), one.interest.text()) for one in sent} == {
        ("260549.34", "36250.00")
    }


def test_the_release_itself_schedules_the_first_reminders(cast: Any, institution: Any) -> None:
    cast.lent()
    with institution.db.raw(write=False) as connection:
        ready = select(job.c.due_at).where(job.c.name == "loans.remind", job.c.state == "ready")
        due = sorted(connection.execute(ready).scalars())
    # nine in the morning at the institution
    assert due == [datetime(2026, 7, day, 1, tzinfo=UTC) for day in (23, 27, 29, 30)]


def test_the_loans_owner_is_told_by_inbox_and_mail(cast: Any, institution: Any) -> None:
    cast.lent(amount="10000000")
    live(institution, date(2026, 7, 23))
    (title,) = [one for one in told(institution, "lin.xiaowen") if "296,799.34" in one]
    assert "2026-07-30" in title
    with cast.act("lin.xiaowen") as ctx:
        sent = institution.notify.mails(ctx)
    mails = [mail.address for mail in sent if "296,799.34" in mail.subject]
    assert mails == ["lin.xiaowen@haiyue.example"]


def test_where_the_loans_owner_has_left_the_head_of_the_unit_is_told(
    cast: Any, institution: Any
) -> None:
    cast.lent(amount="10000000")
    make_user(institution, "su.yun", positions=[("branch-head", "YZ")])
    with institution.db.raw() as connection:
        users = User.__table__
        left = users.update().where(users.c.login == "lin.xiaowen").values(active=False)
        connection.execute(left)
    live(institution, date(2026, 7, 23))
    assert len([one for one in told(institution, "su.yun") if "296,799.34" in one]) == 1


def test_reminders_that_are_scheduled_again_go_out_once(cast: Any, institution: Any) -> None:
    loan = cast.lent()
    with cast.act("jiang.nan") as ctx:
        found = ctx.session.get(Loan, loan)
        assert [schedule_reminders(ctx, found) for _ in range(3)] == [4, 4, 4]
    live(institution, date(2026, 7, 23))
    assert len(cast.read(select(Reminder))) == 1


def test_nobody_is_reminded_of_what_is_paid(cast: Any, institution: Institution) -> None:
    loan = cast.lent(amount="10000000")
    live(institution, date(2026, 7, 23))
    with cast.act("gao.jie", date(2026, 7, 24)) as ctx:
        receipt = Receipt(Amount.of("296799.34"), None, "")
        book_repayment(ctx, ctx.session.get(Loan, loan), receipt)
    live(institution, DUE, start=date(2026, 7, 24))
    assert [one.days_before for one in cast.read(select(Reminder))] == [7]


def test_the_next_payment_is_reminded_of_after_the_first(cast: Any, institution: Any) -> None:
    cast.lent()
    # 30 August is a Sunday: paid on the 31st, reminded of from the 24th
    live(institution, date(2026, 8, 24))
    sent = cast.read(select(Reminder).order_by(Reminder.id))
    assert [one.payable_on for one in sent] == [DUE] * 4 + [date(2026, 8, 31)]


def test_a_payment_moves_when_a_calendar_says_so_and_its_reminders_with_it(
    cast: Any, institution: Any
) -> None:
    from tenor.workflow.records import CalendarDay

    cast.lent()
    with cast.act("system") as ctx, institution.db.system(ctx.guarded) as session:
        session.add(CalendarDay(day=DUE, working=False))
    live(institution, date(2026, 7, 24))
    first = cast.read(select(Instalment.payable_on).where(Instalment.number == 1))
    assert first == [date(2026, 7, 31)]
    assert [one.sent_on for one in cast.read(select(Reminder))] == [date(2026, 7, 24)]
