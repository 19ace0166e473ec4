"""Loans on screen."""

from __future__ import annotations

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
    FormView,
    ListView,
    Menu,
    Panel,
    Section,
    Tab,
    ViewPatch,
    path,
)
from tenor_sdk.dashboards import Dashboard, FirstRows, RowsTile
from tenor_sdk.looks import (
    BoardView,
    CalendarView,
    ChartView,
    PivotView,
    per_month,
    per_quarter,
    per_year,
)
from tenor_sdk.views import Related

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


#: what is lent now, and what of it is late
_ACTIVE = "state = active"
_LATE = f"{_ACTIVE} and days_past_due > 0"

loans_outstanding = RowsTile(
    title="Loans outstanding", rows=loan_list, filter=_ACTIVE, sum=Loan.outstanding, order=20
)
loans_past_due = RowsTile(title="Loans past due", rows=loan_list, filter=_LATE, order=21)
portfolio = Dashboard(
    "portfolio",
    "Portfolio",
    (
        loans_outstanding,
        RowsTile(title="Loans", rows=loan_list, filter=_ACTIVE),
        loans_past_due,
        RowsTile(title="Past due", rows=loan_list, filter=_LATE, sum=Loan.overdue),
        RowsTile(
            title="Outstanding by repayment and unit",
            rows=loan_list,
            filter=_ACTIVE,
            look=PivotView(Loan.method, Loan.unit_id, sums=(Loan.outstanding,)),
        ),
        RowsTile(
            title="Maturities",
            rows=loan_list,
            filter=_ACTIVE,
            look=ChartView(per_quarter(Loan.maturity), sum=Loan.outstanding),
        ),
        RowsTile(
            title="Paid out",
            rows=loan_list,
            look=ChartView(per_month(Loan.drawn_on), sum=Loan.principal, kind="line"),
        ),
        RowsTile(
            title="Longest past due",
            rows=loan_list,
            filter=_LATE,
            look=FirstRows(
                Loan.number,
                Loan.borrower,
                Loan.outstanding,
                Loan.days_past_due,
                sort=Loan.days_past_due,
                descending=True,
            ),
        ),
    ),
)
portfolio_menu = Menu("Portfolio", portfolio.href, app="Loans", order=55)
