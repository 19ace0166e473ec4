"""From an approved application to a loan: to whom it is paid, on which schedule, and the release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tenor_loans.booking import Agreed, book_loan, keep_balances, penalty_rate_for
from tenor_loans.domain.due_dates import add_months
from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.schedule import Method, Schedule, schedule
from tenor_loans.events import LoanDisbursed
from tenor_loans.jobs import schedule_reminders
from tenor_loans.records import Disbursement, Loan, PaymentInstruction
from tenor_loans.settings import LoansSettings
from tenor_origination.public import Application, Repayment, Terms, approved_terms
from tenor_sdk import Context, Invalid, Refused, ask

_METHODS = {
    Repayment.LEVEL_PAYMENT: Method.LEVEL_PAYMENT,
    Repayment.LEVEL_PRINCIPAL: Method.LEVEL_PRINCIPAL,
    Repayment.BULLET: Method.BULLET,
}


def check_account(text: str) -> None:
    """An account number: 8 to 34 digits or capital letters.

    Raises:
        Invalid: ``not-an-account``.
    """
    if not re.fullmatch("[0-9A-Z]{8,34}", text):
        raise Invalid("not-an-account")


@dataclass(frozen=True)
class PayTo:
    """To whom the money is to be paid."""

    payee: str = ask("Payee", max_length=200)
    account: str = ask("Account", max_length=34, check=check_account)
    bank: str = ask("Bank of the account", max_length=200)
    first_due: date | None = ask(
        "First due date", default=None, help="Empty: a month after the release; never later"
    )


def latest_disbursement(ctx: Context, application_id: int) -> Disbursement | None:
    """To whom an application's money is to be paid, as it was prepared last."""
    statement = select(Disbursement).where(Disbursement.application_id == application_id)
    return ctx.session.scalars(statement.order_by(Disbursement.id.desc()).limit(1)).first()


def loan_of(ctx: Context, application_id: int) -> Loan | None:
    """The loan that an application led to, as far as the person may read it."""
    return ctx.session.scalars(select(Loan).where(Loan.application_id == application_id)).first()


def prepare(ctx: Context, application: Application, pay_to: PayTo) -> Disbursement:
    """Put down to whom an application's money is to be paid.

    Raises:
        Invalid: ``first-due-not-ahead``, ``first-due-too-late``.
    """
    check_first_due(ctx, pay_to.first_due)
    made = Disbursement(
        application_id=application.id,
        payee=pay_to.payee,
        account=pay_to.account,
        bank=pay_to.bank,
        first_due=pay_to.first_due,
        prepared_on=ctx.today,
        prepared_by_id=ctx.actor.id,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def check_first_due(ctx: Context, first_due: date | None) -> None:
    """Within a month from today, so that the last instalment lies within the approved term."""
    if first_due is None:
        return
    latest = add_months(ctx.today, 1)
    if first_due <= ctx.today:
        wrong = Invalid("first-due-not-ahead", None, first_due=first_due)
    elif first_due > latest:
        wrong = Invalid("first-due-too-late", None, first_due=first_due, latest=latest)
    else:
        return
    raise Invalid("invalid", {"first_due": wrong})


def schedule_for(
    ctx: Context, terms: Terms, first_due: date | None, drawn_on: date | None = None
) -> Schedule:
    """The schedule of approved terms, monthly, as if paid out on a day (by default today)."""
    start = drawn_on or ctx.today
    periods = regular_periods(start, first_due or add_months(start, 1), terms.months)
    basis = ctx.settings(LoansSettings).day_count
    return schedule(_METHODS[terms.repayment], terms.amount, terms.rate, periods, basis)


def release(ctx: Context, application: Application) -> Loan:
    """Pay out: one loan with its schedule and the posting of its drawdown, one payment instruction, its reminders.

    Raises:
        Refused: ``not-prepared``; ``no-borrower`` where the person can't read the customer.
        Conflict: ``already-exists``: the application has a loan.
    """
    terms = approved_terms(ctx, application.id)
    prepared = latest_disbursement(ctx, application.id)
    if terms is None or prepared is None:
        raise Refused("not-prepared", number=application.number)
    loan = book_loan(ctx, _agreed(ctx, application, terms, prepared))
    ctx.session.add(_instruction(ctx, loan, prepared))
    keep_balances(ctx, loan)
    schedule_reminders(ctx, loan)
    ctx.emit(
        LoanDisbursed(
            loan_id=loan.id,
            application_id=application.id,
            customer_id=loan.customer_id,
            amount=loan.principal,
            currency=loan.currency,
            drawn_on=loan.drawn_on,
        )
    )
    return loan


def _agreed(ctx: Context, application: Application, terms: Terms, prepared: Disbursement) -> Agreed:
    if application.customer is None:
        raise Refused("no-borrower", number=application.number)
    settings = ctx.settings(LoansSettings)
    return Agreed(
        customer_id=terms.customer_id,
        borrower=application.customer.name,
        application_id=application.id,
        unit_id=application.unit_id,
        owner_id=application.owner_id,
        currency=terms.currency,
        rate=terms.rate,
        penalty_rate=penalty_rate_for(ctx, terms.rate),
        compound=settings.compound_interest,
        method=_METHODS[terms.repayment],
        day_count=settings.day_count,
        drawn_on=ctx.today,
        schedule=schedule_for(ctx, terms, prepared.first_due),
    )


def _instruction(ctx: Context, loan: Loan, prepared: Disbursement) -> PaymentInstruction:
    return PaymentInstruction(
        loan_id=loan.id,
        disbursement_id=prepared.id,
        payee=prepared.payee,
        account=prepared.account,
        bank=prepared.bank,
        currency=loan.currency,
        amount=loan.principal,
        value_date=loan.drawn_on,
        prepared_by_id=prepared.prepared_by_id,
        released_by_id=ctx.actor.id,
    )
