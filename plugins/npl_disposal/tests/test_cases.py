"""A bad loan on its way out: options compared, decided by two who didn't propose, bound to what they saw."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import select

from tenor_customers.demo_files import demo_uscc
from tenor_customers.public import Customer, add_customer
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.schedule import Instalment, Method, Schedule
from tenor_loans.public import Loan, take_over_loan
from tenor_npl_disposal.comparing import comparison_of
from tenor_npl_disposal.demo import jinlan as play
from tenor_npl_disposal.records import NplCase, WayOut
from tenor_npl_disposal.services import open_case
from tenor_npl_disposal.workflow import Choice, decide, propose
from tenor_sdk import Amount, Blocked, Context, Forbidden, Rate
from tenor_sdk.testing import Institution, as_actor, make_user, run_jobs
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases

DRAWN, DUE, LATER = date(2025, 3, 20), date(2026, 3, 20), date(2027, 3, 20)
PLAN = Schedule(
    (
        Instalment(1, DRAWN, DUE, Amount.of(50_000_000), Amount.of(5_000_000), Amount(0)),
        Instalment(2, DUE, LATER, Amount.of(45_000_000), Amount.of(45_000_000), Amount(0)),
    )
)


def the(ctx: Context, case_id: int) -> NplCase:
    """The case, which the person can read."""
    case = ctx.session.get(NplCase, case_id)
    assert case is not None
    return case


class People:
    """The stage of the demo, on a test's institution."""

    def __init__(self, institution: Institution) -> None:
        self.institution = institution

    def as_(self, login: str, *, on: date | None = None) -> AbstractContextManager[Context]:
        """As one of the cast."""
        return as_actor(self.institution, login, on=on)

    def run_jobs(self) -> None:
        """Let what is due run."""
        run_jobs(self.institution)


@pytest.fixture
def loan_id(institution: Institution) -> int:
    """The loan of Jinlan Textile."""
    with as_actor(institution, "lin.xiaowen") as ctx:
        customer_id = add_customer(ctx, "金澜纺织有限公司", demo_uscc(901)).id
    make_user(
        institution, "migrator",
        roles=["loans.taker-over-of-existing-loans", "customers.reader-of-all-customers"],
    )  # fmt: skip
    with as_actor(institution, "migrator") as ctx:
        customer = ctx.session.get(Customer, customer_id)
        assert customer is not None
        loan = take_over_loan(
            ctx,
            customer,
            PLAN,
            rate=Rate.of("0.048"),
            method=Method.BULLET,
            day_count=DayCount.ACT_360,
            drawn_on=DRAWN,
        )
        return int(loan.id)


@pytest.fixture
def case_id(institution: Institution, loan_id: int) -> int:
    """Its case, with the options of scenario 15."""
    play(People(institution))
    with as_actor(institution, "tang.lan") as ctx:
        return int(ctx.session.scalars(select(NplCase.id)).one())


def test_the_options_are_ranked_as_scenario_15_says(institution: Institution, case_id: int) -> None:
    with as_actor(institution, "tang.lan") as ctx:
        found = comparison_of(the(ctx, case_id))
        ranked = [(one.option.key, round(one.npv.minor / 100 / 10_000)) for one in found.ranked]
    assert ranked == [("litigate", 2579), ("restructure", 2485), ("transfer", 2167)]


def test_without_options_there_is_nothing_to_decide(institution: Institution, loan_id: int) -> None:
    with pytest.raises(Blocked), as_actor(institution, "tang.lan") as ctx:
        loan = ctx.session.get(Loan, loan_id)
        assert loan is not None
        transition(ctx, open_case(ctx, loan), propose)


def test_two_who_did_not_propose_decide_on_frozen_assumptions(
    institution: Institution, case_id: int
) -> None:
    with as_actor(institution, "tang.lan") as ctx:
        transition(ctx, the(ctx, case_id), propose)
    for login, moved in (("qin.feng", False), ("gu.yan", True)):
        with as_actor(institution, login) as ctx:
            case = the(ctx, case_id)
            assert len(case.frozen_hash) == 64
            assert transition(ctx, case, decide, Choice(WayOut.RESTRUCTURE, "")) is moved


def test_who_made_the_loan_only_reads(institution: Institution, case_id: int) -> None:
    with pytest.raises(Forbidden), as_actor(institution, "lin.xiaowen") as ctx:
        transition(ctx, the(ctx, case_id), propose)


def test_another_branch_finds_no_case(institution: Institution, case_id: int) -> None:
    with as_actor(institution, "shen.bai") as ctx:
        assert ctx.session.get(NplCase, case_id) is None
