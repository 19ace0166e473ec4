"""Loans on screen."""

from __future__ import annotations

from sqlalchemy import func, select

from tenor_customers.public import customer_form
from tenor_loans.domain.facts import FactKind
from tenor_loans.permissions import book_repayments
from tenor_loans.records import Disbursement, Loan, PaymentInstruction, Posting, Reminder
from tenor_loans.services import Receipt, Undo, is_reversed, repay, undo_posting
from tenor_loans.sheets import (
    balances,
    disbursement_sheet,
    payment_to_release,
    postings_table,
    preview_of_repayment,
    reminders_table,
    schedule_table,
)
from tenor_origination.public import application_form, conditions_tab, file_tab
from tenor_sdk import (
    Action,
    Amount,
    Context,
    FormView,
    ListView,
    Menu,
    Panel,
    Section,
    Tab,
    ViewPatch,
    path,
)
from tenor_sdk.looks import BoardView, CalendarView, ChartView, PivotView, per_month, per_year
from tenor_sdk.views import Related, Tile

loan_list = ListView(
    Loan,
    (
        Loan.number,
        Loan.borrower,
        Loan.principal,
        Loan.outstanding,
        Loan.rate,
        Loan.method,
        Loan.maturity,
        Loan.next_due,
        Loan.days_past_due,
        Loan.state,
        Loan.owner_id,
    ),
    filters=(Loan.state, Loan.method, Loan.currency, Loan.unit_id, Loan.owner_id),
    sort=Loan.number,
    descending=True,
    looks=(
        BoardView(
            Loan.state,
            shows=(Loan.borrower, Loan.outstanding, Loan.next_due),
            sums=(Loan.outstanding,),
        ),
        CalendarView(Loan.next_due, shows=(Loan.borrower,), title="Payments due"),
        ChartView(per_month(Loan.maturity), sum=Loan.outstanding, title="Maturities"),
        PivotView(
            Loan.method,
            Loan.unit_id,
            Loan.state,
            Loan.owner_id,
            per_year(Loan.maturity),
            sums=(Loan.outstanding, Loan.principal),
        ),
    ),
)
menu = Menu("Loans", loan_list, icon="cash-banknote", order=50)
instruction_list = ListView(
    PaymentInstruction,
    (
        PaymentInstruction.number,
        path(PaymentInstruction.loan, Loan.number),
        PaymentInstruction.payee,
        PaymentInstruction.amount,
        PaymentInstruction.value_date,
        PaymentInstruction.released_by_id,
    ),
    sort=PaymentInstruction.number,
    descending=True,
)
instructions_menu = Menu("Payments", instruction_list, app="Loans", order=60)

terms = Section(
    "Terms",
    Loan.customer_id,
    Loan.application_id,
    Loan.currency,
    Loan.principal,
    Loan.rate,
    Loan.penalty_rate,
    Loan.compound,
    Loan.method,
    Loan.day_count,
    Loan.instalment_count,
    Loan.drawn_on,
    Loan.first_due,
    Loan.maturity,
)
responsible = Section("Looked after by", Loan.unit_id, Loan.owner_id)
schedule_panel = Panel(title="Schedule", content=schedule_table)
postings_tab = Tab("Postings", Panel(title="Postings", content=postings_table))
terms_tab = Tab("Terms", terms, responsible)
payments_tab = Tab(
    "Payment and reminders",
    Related(
        PaymentInstruction.loan_id,
        (PaymentInstruction.number, PaymentInstruction.payee, PaymentInstruction.amount),
    ),
    Panel(title="Reminders ahead", content=reminders_table),
    Related(
        Reminder.loan_id,
        (Reminder.sent_on, Reminder.payable_on, Reminder.days_before, Reminder.principal),
    ),
)
balances_panel = Panel(title="Balances", content=balances, aside=True)
loan_form = FormView(
    Loan,
    schedule_panel,
    balances_panel,
    postings_tab,
    terms_tab,
    payments_tab,
    facts=(Loan.customer_id, Loan.principal, Loan.rate, Loan.maturity, Loan.owner_id),
)
posting_form = FormView(
    Posting,
    Section(
        "Entry",
        Posting.loan_id,
        Posting.kind,
        Posting.amount,
        Posting.value_date,
        Posting.booked_on,
        Posting.note,
    ),
)
disbursement_form = FormView(
    Disbursement,
    Section(
        "Payment",
        Disbursement.application_id,
        Disbursement.payee,
        Disbursement.account,
        Disbursement.bank,
        Disbursement.first_due,
        Disbursement.prepared_on,
        Disbursement.prepared_by_id,
    ),
)

disbursement_tab = Tab("Disbursement", Panel(title="Disbursement", content=disbursement_sheet))
on_application = ViewPatch(view=application_form, after=conditions_tab, add=(disbursement_tab,))
to_be_released = Panel(title="To be released", content=payment_to_release, aside=True)
beside_the_release = ViewPatch(view=application_form, after=file_tab, add=(to_be_released,))
loans_of_customer = Tab(
    "Loans",
    Related(
        Loan.customer_id,
        (Loan.number, Loan.principal, Loan.outstanding, Loan.days_past_due, Loan.state),
    ),
)
on_customer = ViewPatch(view=customer_form, add=(loans_of_customer,))

repay_action = Action(
    name="repay",
    title="Book a repayment",
    on=Loan,
    do=repay,
    inputs=Receipt,
    needs=book_repayments,
    shown=lambda _ctx, loan: loan.state == "active",
    preview=preview_of_repayment,
)
reverse_action = Action(
    name="reverse",
    title="Reverse",
    on=Posting,
    do=undo_posting,
    inputs=Undo,
    needs=book_repayments,
    shown=lambda ctx, posting: posting.kind is FactKind.REPAYMENT and not is_reversed(ctx, posting),
)


#: a tile has one currency
_MAIN = "CNY"


def _outstanding(ctx: Context) -> object:
    if not ctx.may(Loan, "read"):
        return None
    lent = select(func.sum(Loan.outstanding)).where(Loan.currency == _MAIN)
    return ctx.session.scalar(lent.where(Loan.state == "active")) or Amount(0)


def _past_due(ctx: Context) -> object:
    if not ctx.may(Loan, "read"):
        return None
    late = select(func.count(Loan.id)).where(Loan.days_past_due > 0, Loan.state == "active")
    return ctx.session.scalar(late)


loans_outstanding = Tile(
    title="Loans outstanding",
    value=_outstanding,
    href=f"/loans/loan?currency={_MAIN}&state=active",
    order=20,
)
loans_past_due = Tile(
    title="Loans past due", value=_past_due, href="/loans/loan?sort=-days_past_due", order=21
)
