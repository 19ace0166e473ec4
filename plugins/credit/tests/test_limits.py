"""The working sheet of a limit."""

from datetime import date

import pytest
from sqlalchemy import select

from tenor_credit.limits import LimitInputs, propose_limit, work_out_limit
from tenor_credit.public import LimitProposal
from tenor_credit.sheets import limit_steps, preview_of_limit
from tenor_customers.demo_files import demo_uscc
from tenor_customers.public import (
    Customer,
    PeriodKind,
    Statement,
    add_customer,
    record_statement,
)
from tenor_sdk import Amount, Forbidden, Rate, Refused
from tenor_sdk.testing import Institution, as_actor

MANAGER, OFFICER = "lin.xiaowen", "zhou.qiming"
INPUTS = LimitInputs(
    Rate.percent("5"), Amount.of("120000000"), Amount.of("60000000"), Amount.of("20000000"),
    Amount.of("150000000"),
)  # fmt: skip


@pytest.mark.both_databases
def test_the_manufacturer_of_the_demonstration_gets_118_million(
    institution: Institution, zeyuan: int
) -> None:
    with as_actor(institution, OFFICER) as ctx:
        where = propose_limit(ctx, ctx.session.get_one(Customer, zeyuan), INPUTS)
    with as_actor(institution, MANAGER, write=False) as ctx:
        found = ctx.session.scalars(select(LimitProposal)).one()
        assert where == f"/credit/limit-proposal/{found.id}"
        assert (found.needed, found.proposed) == (Amount.of("318435000"), Amount.of("118000000"))


def test_each_step_is_shown(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, OFFICER) as ctx:
        propose_limit(ctx, ctx.session.get_one(Customer, zeyuan), INPUTS)
        limit, cycle = limit_steps(ctx, ctx.session.scalars(select(LimitProposal)).one())
    steps = {str(row[0]): row[1] for row in limit.rows}
    figures = {str(row[0]): row[1] for row in cycle.rows}
    assert steps["Room"] == Amount.of("118435000")
    assert figures["Days of the cycle"] == "128.57"
    assert figures["Turns a year, two decimals"] == "2.80"


def test_a_limit_never_goes_beyond_what_was_asked(institution: Institution, zeyuan: int) -> None:
    asked = LimitInputs(
        INPUTS.growth, INPUTS.own_funds, INPUTS.existing_loans, INPUTS.other_channels,
        Amount.of("90000000"),
    )  # fmt: skip
    with as_actor(institution, OFFICER, write=False) as ctx:
        limit, _cycle = preview_of_limit(ctx, ctx.session.get_one(Customer, zeyuan), asked)
        assert ctx.session.scalars(select(LimitProposal)).all() == []
    assert limit.totals[1] == Amount.of("90000000")


def with_statement(institution: Institution, **figures: int) -> int:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "另一家公司", demo_uscc(2))
        lines = {code: Amount(figure) for code, figure in figures.items()}
        statement = Statement(date(2025, 12, 31), PeriodKind.ANNUAL, "CNY", lines)
        record_statement(ctx, customer, statement)
        return customer.id


def refused_key(institution: Institution, customer: int) -> str:
    with pytest.raises(Refused) as refused, as_actor(institution, OFFICER) as ctx:
        work_out_limit(ctx, ctx.session.get_one(Customer, customer), INPUTS)
    return refused.value.key


def test_a_line_that_the_formula_needs_is_named_when_it_is_missing(
    institution: Institution,
) -> None:
    customer = with_statement(institution, revenue=100, profit_before_tax=5)
    assert refused_key(institution, customer) == "line-not-stated"


def test_figures_of_which_the_formula_makes_no_sense_are_refused(institution: Institution) -> None:
    customer = with_statement(
        institution, revenue=0, cost_of_sales=0, profit_before_tax=0, inventory=1,
        accounts_receivable=1, accounts_payable=1,
    )  # fmt: skip
    assert refused_key(institution, customer) == "no-working-capital-need"


def test_only_a_risk_officer_proposes_a_limit(institution: Institution, zeyuan: int) -> None:
    with pytest.raises(Forbidden), as_actor(institution, MANAGER) as ctx:
        propose_limit(ctx, ctx.session.get_one(Customer, zeyuan), INPUTS)
