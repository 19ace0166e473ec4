"""Statements from a file: a dry run that says what is wrong, then the periods that are right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenor_customers.domain.problems import Problem, errors
from tenor_customers.domain.statements import Assurance, Unit
from tenor_customers.records import Customer
from tenor_customers.services import record_statement
from tenor_customers.statement_file import Reading, StatementFile, read_statements
from tenor_customers.words import as_error, listed
from tenor_sdk import Context, Invalid, _, ask, service
from tenor_sdk.files import Upload, store_file
from tenor_sdk.i18n import Text

_UNITS = (
    ("", "As the file says"),
    ("ONE", "Units"),
    ("THOUSAND", "Thousands"),
    ("TEN_THOUSAND", "Ten thousands"),
    ("MILLION", "Millions"),
)
_WITHOUT_EQUITY = ("total_assets", "total_liabilities", "revenue", "net_profit")


@dataclass(frozen=True)
class StatementUpload:
    """A file of statements, and what to assume where it is silent."""

    file: Upload = ask("File", help="XLSX or CSV; one column for each period, or one row")
    unit: str = ask("Unit of its amounts", choices=_UNITS, default="")
    audited: bool = ask("The figures are audited", default=False)
    company: str = ask(
        "Company in the file", help="Where it holds several", default="", max_length=200
    )
    without_equity: bool = ask(
        "The file states no equity",
        help="Then whether it balances can't be checked",
        default=False,
    )


def reading_of(ctx: Context, customer: Customer, upload: StatementUpload) -> StatementFile:
    """A dry run over the file: nothing is changed.

    Raises:
        Invalid: ``several-companies``, ``company-not-in-file``, at the field.
    """
    reading = Reading(
        unit=Unit[upload.unit] if upload.unit else None,
        currency=customer.currency,
        assurance=Assurance.AUDITED if upload.audited else Assurance.MANAGEMENT,
        on=ctx.today,
    )
    if upload.without_equity:
        reading = replace(reading, required=_WITHOUT_EQUITY)
    found = read_statements(upload.file.content, upload.file.name, reading)
    return _of_one(found, upload.company.strip())


def _of_one(found: StatementFile, company: str) -> StatementFile:
    """The periods of one company only: never is another's statement put on file under this customer."""
    subjects = sorted({period.subject for period in found.periods})
    if not company and len(subjects) > 1:
        raise _at("company", Invalid("several-companies", companies=listed(subjects)))
    if company and subjects and company not in subjects:
        raise _at("company", Invalid("company-not-in-file", companies=listed(subjects)))
    if not company:
        return found
    return replace(found, periods=tuple(each for each in found.periods if each.subject == company))


@service()
def import_statements(ctx: Context, customer: Customer, upload: StatementUpload) -> Text:
    """Take over the periods of a file that are right; the others stay out.

    Raises:
        Invalid: at the field ``file``: the file can't be read, or none of its periods is right; at ``company``: see
            ``reading_of``.
    """
    found = reading_of(ctx, customer, upload)
    if not found.good:
        raise _at("file", _first_fault(found))
    kept = store_file(ctx, upload.file.name, upload.file.content, about=customer)
    made = [
        record_statement(ctx, customer, period.statement, file_id=kept.id) for period in found.good
    ]
    new = sum(record is not None for record in made)
    return _(
        "{n} periods recorded, {same} unchanged, {out} left out",
        n=new,
        same=len(made) - new,
        out=len(found.periods) - len(made),
    )


def _first_fault(found: StatementFile) -> Invalid:
    faults: list[Problem] = [*errors(found.problems)]
    for period in found.periods:
        faults.extend(errors(period.problems))
    faults.extend(errors(found.rejected))
    return as_error(faults[0]) if faults else Invalid("no-periods")


def _at(field: str, error: Invalid) -> Invalid:
    return Invalid("invalid", {field: error})
