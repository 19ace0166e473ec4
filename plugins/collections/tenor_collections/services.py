"""What can be done with collection cases."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tenor_collections.access import contact_debtors
from tenor_collections.domain.strategy import strategy_for
from tenor_collections.records import Channel, CollectionCase, Contact
from tenor_collections.reference import delivered_strategies
from tenor_loans.public import Loan, past_due, position_of
from tenor_sdk import Amount, Context, _, ask, service
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import advance

OPEN = ("open", "promised")


@dataclass(frozen=True)
class Said:
    """What came of a contact."""

    channel: Channel = ask("Channel")
    text: str = ask("What came of it", widget="long-text", max_length=5000)


def open_case_of(ctx: Context, loan: Loan) -> CollectionCase | None:
    """The case of a loan that isn't over."""
    statement = select(CollectionCase).where(
        CollectionCase.loan_id == loan.id, CollectionCase.state.in_(OPEN)
    )
    return ctx.session.scalars(statement).first()


@service()
def follow(ctx: Context, loan: Loan) -> CollectionCase | None:
    """Open the case of a loan that is past due, or bring its case up to today; one that is paid ends.

    Returns:
        The case; None where nothing is past due and none is open.
    """
    found = position_of(ctx, loan)
    overdue, case = past_due(found), open_case_of(ctx, loan)
    if case is None and not overdue:
        return None
    stage = _stage(overdue, found.days_past_due)
    if case is None:
        case = CollectionCase(
            loan_id=loan.id,
            borrower=loan.borrower,
            unit_id=loan.unit_id,
            owner_id=loan.owner_id,
            currency=loan.currency,
            overdue=overdue,
            days_past_due=found.days_past_due,
            stage=stage,
            opened_on=ctx.today,
        )
        ctx.session.add(case)
    case.overdue, case.days_past_due, case.stage = overdue, found.days_past_due, stage
    ctx.session.flush()
    advance(ctx, case)
    return case


def _stage(overdue: Amount, days: int) -> str:
    if not overdue:
        return ""
    reached = strategy_for(overdue, delivered_strategies()).stage_on(max(days, 1))
    return reached.name if reached else ""


@service(needs=contact_debtors)
def record_contact(ctx: Context, case: CollectionCase, said: Said) -> Text:
    """Put a contact with the debtor on record."""
    ctx.session.add(
        Contact(
            case_id=case.id, channel=said.channel, at=ctx.now, text=said.text, by_id=ctx.actor.id
        )
    )
    return _("The contact is on record")
