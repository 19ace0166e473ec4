"""What can be done with customers and their statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenor_customers.domain.problems import Problem, errors
from tenor_customers.domain.statements import Assurance, Statement, Unit
from tenor_customers.events import StatementRecorded
from tenor_customers.figures import statement_on
from tenor_customers.records import Customer, FinancialStatement, StatementLine
from tenor_customers.statement_file import Reading, StatementFile, read_statements
from tenor_sdk import Context, Invalid, Refused, _, ask, service
from tenor_sdk.files import Upload, store_file
from tenor_sdk.i18n import Text

#: 万元 unless the file says otherwise: what companies hand in.
UNITS = (
    ("", "As the file says"),
    ("ONE", "Yuan"),
    ("THOUSAND", "Thousand"),
    ("TEN_THOUSAND", "Ten thousand"),
    ("MILLION", "Million"),
)


@dataclass(frozen=True)
class StatementUpload:
    """A file of statements, and what to assume where it is silent."""

    file: Upload = ask("File", help="XLSX or CSV; one column for each period, or one row")
    unit: str = ask("Unit of its amounts", choices=UNITS, default="")
    audited: bool = ask("Audited", default=False)


def reading_of(ctx: Context, customer: Customer, upload: StatementUpload) -> StatementFile:
    """A dry run over the file: nothing is changed."""
    reading = Reading(
        unit=Unit[upload.unit] if upload.unit else None,
        currency=customer.currency,
        assurance=Assurance.AUDITED if upload.audited else Assurance.MANAGEMENT,
        on=ctx.today,
    )
    return read_statements(upload.file.content, upload.file.name, reading)


def said(problem: Problem) -> Text:
    """A problem as words, with its place in the file."""
    error = Invalid(problem.key, None, **dict(problem.values))
    place = problem.place
    if place is None:
        return _("{problem}", problem=error)
    where = " ".join(str(part) for part in (place.sheet, place.column, place.row) if part)
    return _("{where}: {problem}", where=where, problem=error)


@service()
def import_statements(ctx: Context, customer: Customer, upload: StatementUpload) -> Text:
    """Take over the periods of a file that are right; the others stay out, each with its reason.

    Raises:
        Invalid: the file as a whole can't be read, or none of its periods is right.
    """
    found = reading_of(ctx, customer, upload)
    for problem in errors(found.problems):
        raise Invalid(problem.key, None, **dict(problem.values))
    if not found.good:
        _refuse(found)
    kept = store_file(ctx, upload.file.name, upload.file.content, about=customer)
    new = [
        recorded
        for period in found.good
        if (recorded := record_statement(ctx, customer, period.statement, file_id=kept.id))
    ]
    left_out = len(found.periods) - len(found.good)
    return _("{n} statements recorded, {out} left out", n=len(new), out=left_out)


def _refuse(found: StatementFile) -> None:
    for period in found.periods:
        for problem in errors(period.problems):
            raise Invalid(problem.key, None, **dict(problem.values))
    raise Invalid("no-periods")


@service()
def record_statement(
    ctx: Context, customer: Customer, statement: Statement, *, file_id: int | None = None
) -> FinancialStatement | None:
    """Put a statement on file; one of the same period is superseded, the same figures again change nothing.

    Returns:
        The record, or None where the very same figures are on file.
    """
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
    return stated == dict(statement.lines) and record.assurance is statement.assurance


@service()
def add_customer(ctx: Context, /, name: str, credit_code: str, **values: object) -> Customer:
    """A new customer of whoever acts, in their unit.

    Raises:
        Invalid: the code's rule that failed.
        Refused: ``customer-exists`` where the code is on file for this person.
    """
    from tenor_customers.rules import check_credit_code

    check_credit_code(credit_code)
    if _mine(ctx, credit_code):
        raise Refused("customer-exists", code=credit_code)
    customer = Customer(name=name, credit_code=credit_code, **_owner(ctx), **values)
    ctx.session.add(customer)
    ctx.session.flush()
    return customer


def _owner(ctx: Context) -> dict[str, object]:
    return {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}


def _mine(ctx: Context, credit_code: str) -> Sequence[Customer]:
    from sqlalchemy import select

    return ctx.session.scalars(select(Customer).where(Customer.credit_code == credit_code)).all()
