"""A loan falls behind: its case opens once, is worked on by a collector, and ends when it is paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, assert_type

import pytest
from sqlalchemy import select

from tenor_collections.records import Channel, CollectionCase, Contact, Promise
from tenor_collections.services import Said, follow, record_contact
from tenor_collections.workflow import ToPay, hand_over, promise
from tenor_customers.demo_files import demo_uscc
from tenor_customers.public import Customer, add_customer
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.schedule import Instalment, Method, Schedule
from tenor_loans.public import Loan, Receipt, book_repayment, take_over_loan
from tenor_sdk import Amount, Context, Forbidden, Invalid, Rate
from tenor_sdk.testing import Institution, as_actor, make_user, run_jobs
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases

DRAWN, DUE, LATER = date(2025, 3, 20), date(2026, 3, 20), date(2027, 3, 20)
INTEREST = Amount.of("2433333.33")
PLAN = Schedule(
    (
        Instalment(1, DRAWN, DUE, Amount.of(50_000_000), Amount.of(5_000_000), INTEREST),
        Instalment(2, DUE, LATER, Amount.of(45_000_000), Amount.of(45_000_000), Amount(0)),
    )
)


def the(ctx: Context, case_id: int) -> CollectionCase:
    """The case, which the person can read."""
    case = ctx.session.get(CollectionCase, case_id)
    assert case is not None
    return case


def loan_of(ctx: Context, loan_id: int) -> Loan:
    """The loan, which the person can read."""
    loan = ctx.session.get(Loan, loan_id)
    assert loan is not None
    return loan


@pytest.fixture
def late(institution: Institution) -> int:
    """The loan of Jinlan Textile (scenario 13): 5,000,000 wasn't paid on 20 March 2026."""
    with as_actor(institution, "lin.xiaowen") as ctx:
        customer_id = add_customer(ctx, "金澜纺织有限公司", demo_uscc(900)).id
    make_user(
        institution, "migrator",
        roles=["loans.taker-over-of-existing-loans", "customers.reader-of-all-customers"],
    )  # fmt: skip
    with as_actor(institution, "migrator") as ctx:
        found = ctx.session.get(Customer, customer_id)
        assert found is not None
        loan = take_over_loan(
            ctx,
            found,
            PLAN,
            rate=Rate.of("0.048"),
            penalty_rate=Rate.of("0.072"),
            compound=False,
            method=Method.BULLET,
            day_count=DayCount.ACT_360,
            drawn_on=DRAWN,
            repayments=[(DUE, INTEREST)],
        )
        return int(loan.id)


def look(institution: Institution, loan_id: int, on: date | None = None) -> Any:
    """What the nightly look leaves: the case's figures."""
    with as_actor(institution, "luo.qiang", on=on) as ctx:
        case = follow(ctx, loan_of(ctx, loan_id))
        return (case.id, case.overdue, case.days_past_due, case.stage) if case else None


def test_a_loan_a_day_late_has_a_case_and_a_collector(institution: Institution, late: int) -> None:
    case_id, overdue, days, stage = look(institution, late, date(2026, 3, 21))
    assert (days, stage) == (1, "early")
    assert overdue >= Amount.of(5_000_000)
    with as_actor(institution, "luo.qiang") as ctx:
        assert case_id in ctx.session.scalars(ctx.actor.assigned(CollectionCase)).all()


def test_a_second_look_opens_no_second_case(institution: Institution, late: int) -> None:
    first, second = look(institution, late), look(institution, late)
    assert first[0] == second[0]


def test_the_ladder_is_climbed_by_days_past_due(institution: Institution, late: int) -> None:
    look(institution, late, date(2026, 3, 21))
    assert look(institution, late, date(2026, 4, 19))[2:] == (30, "second-early")


def test_a_repayment_of_all_that_is_late_ends_the_case(institution: Institution, late: int) -> None:
    case_id = look(institution, late)[0]
    with as_actor(institution, "gao.jie") as ctx:
        loan = loan_of(ctx, late)
        book_repayment(ctx, loan, Receipt(Amount.of("5200000"), None, ""))
    run_jobs(institution)
    with as_actor(institution, "song.qing") as ctx:
        assert the(ctx, case_id).state == "cured"


def test_a_contact_and_a_promise_are_on_record(institution: Institution, late: int) -> None:
    case_id = look(institution, late)[0]
    with as_actor(institution, "luo.qiang") as ctx:
        case = the(ctx, case_id)
        record_contact(ctx, case, Said(Channel.PHONE, "答应周五还款"))
        transition(ctx, case, promise, ToPay(Amount.of("2000000"), date(2026, 7, 3)))
        assert case.state == "promised"
        assert ctx.session.scalars(select(Contact.text)).all() == ["答应周五还款"]
        assert ctx.session.scalars(select(Promise.amount)).all() == [Amount.of("2000000")]


def test_the_case_says_when_the_last_contact_was(institution: Institution, late: int) -> None:
    case_id = look(institution, late)[0]
    with as_actor(institution, "luo.qiang") as ctx:
        case = the(ctx, case_id)
        assert case.last_contact_at is None
        record_contact(ctx, case, Said(Channel.PHONE, "答应周五还款"))
        record_contact(ctx, case, Said(Channel.VISIT, "未见到人"))
        told = assert_type(the(ctx, case_id).last_contact_at, datetime | None)
        assert told == ctx.now


def test_a_promise_for_yesterday_is_refused(institution: Institution, late: int) -> None:
    case_id = look(institution, late)[0]
    with pytest.raises(Invalid), as_actor(institution, "luo.qiang") as ctx:
        case = the(ctx, case_id)
        transition(ctx, case, promise, ToPay(Amount.of("1"), date(2026, 6, 29)))


def test_who_made_the_loan_reads_its_case_and_does_nothing(
    institution: Institution, late: int
) -> None:
    case_id = look(institution, late)[0]
    with pytest.raises(Forbidden), as_actor(institution, "lin.xiaowen") as ctx:
        transition(ctx, the(ctx, case_id), hand_over, reason="x")


def test_another_branch_finds_no_case(institution: Institution, late: int) -> None:
    case_id = look(institution, late)[0]
    with as_actor(institution, "shen.bai") as ctx:
        assert ctx.session.get(CollectionCase, case_id) is None
