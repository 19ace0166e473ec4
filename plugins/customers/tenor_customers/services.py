"""What can be done with customers and their statements."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tenor_customers.domain.identifiers import normal_code
from tenor_customers.domain.names import Identity, Resemblance, resemblance
from tenor_customers.domain.statements import Statement
from tenor_customers.events import StatementRecorded
from tenor_customers.figures import statement_on
from tenor_customers.records import Customer, FinancialStatement, StatementLine
from tenor_customers.rules import check_credit_code
from tenor_customers.words import listed
from tenor_sdk import Context, Forbidden, Invalid, Refused, _, ask, ngettext, service
from tenor_sdk.i18n import Text


@service()
def add_customer(ctx: Context, /, name: str, credit_code: str, **values: object) -> Customer:
    """A new customer of whoever acts, in their unit.

    Args:
        values: further fields of ``Customer`` by name.

    Raises:
        Invalid: the code's rule that failed.
        Refused: ``customer-exists``: the code is on file, here or in another unit.
        Forbidden: without the right to make customers.
    """
    if not ctx.may(Customer, "create"):
        raise Forbidden("not-permitted", what=Customer.called())
    check_credit_code(credit_code)
    if any(found.certain for found in resemblances(ctx, Identity(name, credit_code))):
        raise Refused("customer-exists", code=normal_code(credit_code))
    customer = Customer(
        name=name,
        credit_code=credit_code,
        **{"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id, **values},
    )
    ctx.session.add(customer)
    ctx.session.flush()
    return customer


# -- is it on file already? --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sought:
    """Who is looked for before a customer is made anew."""

    name: str = ask("Name", max_length=200)
    credit_code: str = ask("Unified social credit code", default="", max_length=40)
    representative_number: str = ask(
        "Identity number of the legal representative", default="", max_length=40
    )


_REASONS = {
    "same-uscc": _("same credit code"),
    "same-lei": _("same LEI"),
    "same-organisation-code": _("same organisation code"),
    "same-name": _("same name"),
    "same-name-other-legal-form": _("same name with another legal form"),
    "former-name": _("a former name"),
    "similar-name": _("similar name"),
    "same-representative": _("same legal representative"),
    "same-region": _("same city"),
}


def resemblances(ctx: Context, wanted: Identity) -> list[Resemblance]:
    """Why customers on file, of whichever unit, may be the one who is wanted; elevated, on record, reasons only."""
    columns = (
        Customer.name,
        Customer.credit_code,
        Customer.region,
        Customer.representative_number,
    )
    with ctx.elevated("look for customers that are on file already") as high:
        rows = high.execute(select(*columns)).all()
    known = (Identity(row[0], row[1], region=row[2], representative=row[3]) for row in rows)
    return [found for each in known if (found := resemblance(wanted, each)) is not None]


def look_for_duplicates(ctx: Context, _customer: None, sought: Sought) -> Text:
    """Say whether a customer may be on file already, and by what; not whose it is."""
    wanted = Identity(
        sought.name, sought.credit_code, representative=normal_code(sought.representative_number)
    )
    found = resemblances(ctx, wanted)
    if not found:
        return _("Nobody on file resembles {name}", name=sought.name)
    keys = dict.fromkeys(reason for each in found for reason in each.reasons)
    return ngettext(
        "{n} customer on file may be the same: {reasons}",
        "{n} customers on file may be the same: {reasons}",
        len(found),
        reasons=listed([_REASONS[key] for key in keys]),
    )


# -- statements --------------------------------------------------------------------------------------------------------


@service()
def record_statement(
    ctx: Context, customer: Customer, statement: Statement, *, file_id: int | None = None
) -> FinancialStatement | None:
    """Put a statement on file; one of the same period is superseded, the same figures again change nothing.

    Args:
        file_id: the stored file from which it was read.

    Returns:
        The record, or None where the very same figures are on file.

    Raises:
        Forbidden: without the right to change the customer.
        Invalid: ``currency-differs``: from the customer's.
    """
    if not ctx.may(Customer, "update", customer):
        raise Forbidden("not-permitted", what=Customer.called())
    if statement.currency != customer.currency:
        raise Invalid("currency-differs", found=statement.currency, expected=customer.currency)
    before = statement_on(ctx, customer.id, statement)
    if before is not None and _same(before, statement):
        return None
    record = FinancialStatement(
        parent_id=customer.id,
        valid_from=statement.period_end,
        issued_on=statement.issued_on,
        known_on=ctx.today,
        supersedes_id=before.id if before is not None else None,
        kind=statement.kind,
        currency=statement.currency,
        assurance=statement.assurance,
        file_id=file_id,
        items=[StatementLine(code=code, amount=value) for code, value in statement.lines.items()],
    )
    ctx.session.add(record)
    ctx.session.flush()
    ctx.emit(
        StatementRecorded(
            customer_id=customer.id, statement_id=record.id, period_end=statement.period_end
        )
    )
    return record


def _same(record: FinancialStatement, statement: Statement) -> bool:
    stated = {line.code: line.amount for line in record.items}
    about = (record.assurance, record.issued_on)
    return stated == dict(statement.lines) and about == (statement.assurance, statement.issued_on)
