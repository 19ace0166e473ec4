"""A loan's schedule, balances and postings, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenor_loans.disbursing import latest_disbursement, loan_of, schedule_for
from tenor_loans.domain.allocation import Component, Paid
from tenor_loans.domain.classification import RiskClass, floor, floor_ladder
from tenor_loans.domain.facts import FactKind
from tenor_loans.domain.position import Position
from tenor_loans.domain.rules import rule_on
from tenor_loans.domain.schedule import Schedule
from tenor_loans.positions import due_of, instalments_of, past_due, position_of, postings_of
from tenor_loans.records import Instalment, Loan, Posting
from tenor_loans.reference import delivered_rules
from tenor_loans.reminding import plan_of
from tenor_loans.services import Receipt, receipt_as_fact
from tenor_loans.workflow import disbursement
from tenor_origination.public import Application, approved_terms
from tenor_sdk import Amount, Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.notify import names_of
from tenor_sdk.values import total
from tenor_sdk.views import Cell, Column, Facts, Table

_PARTS = {
    Component.FEES: _("Costs"),
    Component.COMPOUND: _("Compound interest"),
    Component.PENALTY: _("Penalty interest"),
    Component.INTEREST: _("Interest"),
    Component.PRINCIPAL: _("Principal"),
}
_KINDS = {
    FactKind.DRAWDOWN: _("Drawdown"),
    FactKind.CHARGE: _("Charge"),
    FactKind.REPAYMENT: _("Repayment"),
    FactKind.REVERSAL: _("Reversal"),
}
_CLASSES = {
    RiskClass.PASS: _("Pass"),
    RiskClass.SPECIAL_MENTION: _("Special mention"),
    RiskClass.SUBSTANDARD: _("Substandard"),
    RiskClass.DOUBTFUL: _("Doubtful"),
    RiskClass.LOSS: _("Loss"),
}


def schedule_table(ctx: Context, loan: Loan) -> Sequence[Table | Facts]:
    """Every instalment with what became of it, then the sums of what is paid, past due and ahead."""
    rows, found = instalments_of(ctx, loan), position_of(ctx, loan)
    table = Table(
        (*_schedule_columns(loan.currency), Column(_("Open"), "money", loan.currency), Column(_("State"))),
        [_schedule_row(row, found) for row in rows],
        totals=(
            _("Total"), None, None, None,
            total(row.principal for row in rows),
            total(row.interest for row in rows),
            total(row.principal + row.interest for row in rows),
            found.total_due,
            None,
        ),
    )  # fmt: skip
    return table, _sums(rows, found)


def _schedule_columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(_("No."), "number"),
        Column(_("Due"), "date"),
        Column(_("Payable on"), "date"),
        Column(_("Principal before"), "money", currency),
        Column(_("Principal"), "money", currency),
        Column(_("Interest"), "money", currency),
        Column(_("Payment"), "money", currency),
    )


def _schedule_row(row: Instalment, found: Position) -> list[object]:
    due, state = due_of(found, row), _state_of(row, found)
    late = state.tone == "adverse"
    return [
        Cell(row.number, tone="adverse") if late else row.number,
        row.due,
        row.payable_on,
        row.opening,
        row.principal,
        row.interest,
        row.principal + row.interest,
        due.total if due else None,
        state,
    ]


def _state_of(row: Instalment, found: Position) -> Cell:
    if row.payable_on > found.as_of:
        return Cell(_("ahead"), tone="quiet")
    if due_of(found, row) is None:
        return Cell(_("paid"))
    if row.payable_on == found.as_of:
        return Cell(_("due today"), tone="strong")
    late = (found.as_of - row.payable_on).days
    return Cell(_("{n} days late", n=late), tone="adverse")


def _sums(rows: Sequence[Instalment], found: Position) -> Facts:
    fallen = [row for row in rows if row.payable_on <= found.as_of]
    ahead = [row for row in rows if row.payable_on > found.as_of]
    paid = [line for applied in found.applied for line in applied.allocation.lines]
    return Facts(
        [
            (_("Fallen due"), total(row.principal + row.interest for row in fallen), "money"),
            (_("Paid"), total(line.amount for line in paid), "money"),
            (_("Past due"), _adverse(past_due(found)), "money"),
            (_("Ahead"), total(row.principal + row.interest for row in ahead), "money"),
        ],
        caption=_("Sums of {day}", day=found.as_of),
    )


def _adverse(amount: Amount) -> object:
    return Cell(amount, tone="adverse") if amount else amount


def balances(ctx: Context, loan: Loan) -> Facts:
    """What is owed at the start of today, part by part."""
    found = position_of(ctx, loan)
    parts = [(title, found.due(part), "money") for part, title in _PARTS.items() if found.due(part)]
    return Facts(
        [
            (_("Principal outstanding"), found.outstanding, "money"),
            *((_("{part}, due", part=title), amount, kind) for title, amount, kind in parts),
            (_("Interest running"), found.interest_running, "money"),
            (_("Received, not applied"), found.unapplied, "money"),
            (_("Days past due"), _late(found.days_past_due), "number"),
            (_("Class at best"), _class_at_best(found.days_past_due, found.as_of), "text"),
        ],
        total=(_("Claim"), found.claim, "money"),
        caption=_("As of {day}", day=found.as_of),
    )


def _late(days: int) -> object:
    return Cell(days, tone="adverse") if days else days


def _class_at_best(days_past_due: int, day: date) -> Text:
    """The floor that days past due set; judgement may be worse."""
    rule = rule_on(delivered_rules(), "days-past-due-floor", day)
    return _CLASSES[floor(days_past_due, floor_ladder(rule.value))]


def postings_table(ctx: Context, loan: Loan) -> Table:
    """Every entry, with what a repayment paid."""
    postings, found = postings_of(ctx, loan), position_of(ctx, loan)
    names = names_of(ctx, [one.created_by_id for one in postings if one.created_by_id])
    gone = {one.reverses_id for one in postings if one.reverses_id is not None}
    columns = (
        Column(_("Entry")),
        Column(_("Amount"), "money", loan.currency),
        Column(_("Value date"), "date"),
        Column(_("Booked on"), "date"),
        Column(_("What it paid")),
        Column(_("By")),
    )
    rows = [
        [
            Cell(
                _KINDS[one.kind],
                href=f"/loans/posting/{one.id}",
                tone="quiet" if one.id in gone else "",
            ),
            one.amount,
            one.value_date,
            one.booked_on,
            _("reversed") if one.id in gone else _paid_by(found, one),
            names.get(one.created_by_id or 0, ""),
        ]
        for one in postings
    ]
    return Table(columns, rows)


def _paid_by(found: Position, posting: Posting) -> object:
    """The parts that a receipt paid on its day; what it left waiting is said as well."""
    for applied in found.applied:
        if applied.fact == posting.id:
            parts = [part for part in Component if applied.allocation.paid(part)]
            said: object = ""
            for part in parts:
                one = _("{part} {amount}", part=_PARTS[part], amount=applied.allocation.paid(part))
                said = _("{first}; {second}", first=said, second=one) if said else one
            return said or _("nothing was due: it waits")
    return ""


def preview_of_repayment(ctx: Context, loan: Loan, receipt: Receipt) -> Sequence[Table | Facts]:
    """What a receipt would pay, line by line, and how the loan would stand then; nothing is booked."""
    fact = receipt_as_fact(ctx, loan, receipt)
    before, after = position_of(ctx, loan), position_of(ctx, loan, also=[fact])
    lines: Sequence[Paid] = ()
    unapplied = receipt.amount
    for applied in after.applied:
        if applied.fact == fact.id:
            lines, unapplied = applied.allocation.lines, applied.allocation.unapplied
    table = Table(
        (Column(_("For")), Column(_("Part")), Column(_("Amount"), "money", loan.currency)),
        [[_heading(line.ref), _PARTS[line.component], line.amount] for line in lines],
        totals=(_("Total"), None, total(line.amount for line in lines)),
        empty=_("Nothing is due on that day: the money waits until something is"),
    )
    return table, _afterwards(before, after, unapplied)


def _heading(ref: str) -> Text:
    if ref.isdigit():
        return _("Instalment {n}", n=int(ref))
    return _("Charge")


def _afterwards(before: Position, after: Position, unapplied: Amount) -> Facts:
    return Facts(
        [
            (_("Left waiting"), unapplied, "money"),
            (_("Due before"), before.total_due, "money"),
            (_("Due afterwards"), _adverse(after.total_due), "money"),
            (_("Principal outstanding afterwards"), after.outstanding, "money"),
            (_("Days past due afterwards"), _late(after.days_past_due), "number"),
        ],
        caption=_("As of {day}", day=after.as_of),
    )


def reminders_table(ctx: Context, loan: Loan) -> Table | None:
    """The reminders of the next payment, and on which day each goes out."""
    ahead = [one for one in plan_of(ctx, loan) if one.on >= ctx.today][:4]
    if loan.state != "active" or not ahead:
        return None
    columns = (
        Column(_("On"), "date"),
        Column(_("Payable on"), "date"),
        Column(_("Amount"), "money", loan.currency),
    )
    return Table(columns, [[one.on, one.due, one.total] for one in ahead])


def disbursement_sheet(ctx: Context, application: Application) -> Sequence[Table | Facts] | None:
    """To whom the money goes; before the release the schedule as it would be, afterwards the way to the loan."""
    terms = approved_terms(ctx, application.id)
    if terms is None:
        return None
    loan = loan_of(ctx, application.id)
    prepared = latest_disbursement(ctx, application.id)
    first_due = prepared.first_due if prepared else None
    facts: list[tuple[Text, object, str]] = [(_("Amount"), terms.amount, "money")]
    if prepared is not None:
        facts += [
            (_("Payee"), Cell(prepared.payee, href=f"/loans/disbursement/{prepared.id}"), "text"),
            (_("Bank of the account"), prepared.bank, "text"),
            (_("Prepared on"), prepared.prepared_on, "date"),
        ]
    if loan is not None:
        facts.append((_("Loan"), Cell(loan.number, href=f"/loans/loan/{loan.id}"), "text"))
        return (Facts(facts),)
    if first_due is not None and first_due <= ctx.today:
        return (Facts(facts),)
    return Facts(facts), _as_planned(schedule_for(ctx, terms, first_due), terms.currency)


def payment_to_release(ctx: Context, application: Application) -> Facts | None:
    """What whoever releases answers for, where they press: how much goes to whom, and who prepared it."""
    if application.state != disbursement.name:
        return None
    prepared = latest_disbursement(ctx, application.id)
    terms = approved_terms(ctx, application.id)
    if prepared is None or terms is None:
        return None
    (prepared_by,) = names_of(ctx, [prepared.prepared_by_id]).values()
    return Facts(
        [
            (_("Amount"), terms.amount, "money"),
            (_("Payee"), prepared.payee, "text"),
            (_("Account"), f"…{prepared.account[-4:]}", "text"),
            (_("Bank of the account"), prepared.bank, "text"),
            (_("Prepared by"), prepared_by, "text"),
        ]
    )


def _as_planned(planned: Schedule, currency: str) -> Table:
    columns = tuple(one for place, one in enumerate(_schedule_columns(currency)) if place != 2)
    rows = [
        [row.number, row.due, row.opening, row.principal, row.interest, row.total]
        for row in planned.instalments
    ]
    totals = (_("Total"), None, None, planned.principal, planned.interest, planned.total)
    return Table(columns, rows, totals=totals, caption=_("Schedule if it is paid out today"))
