"""Limits for working capital, by the formula of the annex to 流动资金贷款管理暂行办法, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from tenor_credit.access import rate_customers
from tenor_credit.domain.errors import CreditError
from tenor_credit.domain.working_capital import (
    Activity,
    LimitSheet,
    limit_sheet,
    working_capital_need,
)
from tenor_credit.records import LimitProposal
from tenor_customers.public import Customer, Filed, Statement, filed_statements, line_name
from tenor_sdk import Amount, Context, Rate, Refused, ask, service


@dataclass(frozen=True)
class LimitInputs:
    """What the formula needs beyond the statements."""

    growth: Rate = ask("Expected growth of revenue", minimum=Rate.of("-1"), maximum=Rate.of("5"))
    own_funds: Amount = ask("Own funds", minimum=Amount(0))
    existing_loans: Amount = ask("Present working-capital loans", minimum=Amount(0))
    other_channels: Amount = ask("From other channels", minimum=Amount(0))
    asked: Amount | None = ask("Asked for", minimum=Amount(0), default=None)


@dataclass(frozen=True)
class Worked:
    """A limit sheet, and the statement on which it stands."""

    statement_id: int
    sheet: LimitSheet


@service(needs=rate_customers)
def propose_limit(ctx: Context, customer: Customer, inputs: LimitInputs) -> str:
    """Keep the working sheet of a limit for a customer.

    Returns:
        The address of the proposal.

    Raises:
        Refused: as ``work_out_limit``.
    """
    worked = work_out_limit(ctx, customer, inputs)
    proposal = LimitProposal(
        customer_id=customer.id,
        statement_id=worked.statement_id,
        currency=customer.currency,
        growth=inputs.growth,
        own_funds=inputs.own_funds,
        existing_loans=inputs.existing_loans,
        other_channels=inputs.other_channels,
        asked=inputs.asked,
        needed=worked.sheet.need.amount,
        proposed=worked.sheet.proposed,
        sheet=sheet_data(worked.sheet),
        made_by_id=ctx.actor.id,
        made_on=ctx.today,
    )
    ctx.session.add(proposal)
    ctx.session.flush()
    return f"/credit/limit-proposal/{proposal.id}"


def work_out_limit(ctx: Context, customer: Customer, inputs: LimitInputs) -> Worked:
    """The sheet, which nobody keeps yet.

    Raises:
        Refused: ``no-statement``; ``line-not-stated`` where the formula needs a line that isn't there;
            ``no-working-capital-need`` where the figures make no sense of it.
    """
    filed = filed_statements(ctx, customer.id)
    if not filed:
        raise Refused("no-statement", customer=customer.name)
    try:
        need = working_capital_need(
            _activity(filed[-1]), _margin(filed[-1].statement), inputs.growth.fraction
        )
        sheet = limit_sheet(
            need, inputs.own_funds, inputs.existing_loans, inputs.other_channels, inputs.asked
        )
    except CreditError:
        raise Refused("no-working-capital-need", customer=customer.name) from None
    return Worked(filed[-1].id, sheet)


def latest_limit(ctx: Context, customer_id: int) -> LimitProposal | None:
    """The newest limit proposed for a customer, as far as the person may read it."""
    statement = select(LimitProposal).where(LimitProposal.customer_id == customer_id)
    return ctx.session.scalars(statement.order_by(LimitProposal.id.desc()).limit(1)).first()


def _activity(filed: Filed) -> Activity:
    return Activity(
        revenue=_stated(filed.statement, "revenue"),
        cost_of_sales=_stated(filed.statement, "cost_of_sales"),
        inventory=_average(filed, "inventory"),
        receivables=_average(filed, "accounts_receivable"),
        payables=_average(filed, "accounts_payable"),
        prepayments=_average(filed, "prepayments", optional=True),
        advances=_average(filed, "advances_received", optional=True),
    )


def _margin(statement: Statement) -> Fraction:
    revenue = _stated(statement, "revenue")
    return _stated(statement, "profit_before_tax") / revenue if revenue else Fraction(0)


def _stated(statement: Statement, code: str) -> Fraction:
    amount = statement.lines.get(code)
    if amount is None:
        raise Refused("line-not-stated", line=line_name(code))
    return Fraction(amount.minor)


def _average(filed: Filed, code: str, *, optional: bool = False) -> Fraction:
    """The mean of opening and closing balance; the closing one where no opening is on file."""
    if optional and code not in filed.statement.lines:
        return Fraction(0)
    closing = _stated(filed.statement, code)
    opening = filed.opening.lines.get(code) if filed.opening else None
    return closing if opening is None else (closing + opening.minor) / 2


def sheet_data(sheet: LimitSheet) -> dict[str, Any]:
    """The steps as JSON; days, turns and shares are exact fractions as texts."""
    need, cycle = sheet.need, sheet.need.cycle
    days: Mapping[str, Fraction] = {
        "inventory": cycle.inventory_days,
        "receivables": cycle.receivable_days,
        "prepayments": cycle.prepayment_days,
        "payables": cycle.payable_days,
        "advances": cycle.advance_days,
        "cycle": cycle.days,
    }
    return {
        "days": {name: str(value) for name, value in days.items()},
        "turns": None if need.turns is None else str(need.turns),
        "margin": str(need.margin),
        "growth": str(need.growth),
        "room": str(sheet.room),
        "supported": sheet.supported.minor,
        "step": sheet.step.minor,
    }
