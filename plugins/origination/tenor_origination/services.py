"""What can be done with applications."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tenor_customers.public import Customer
from tenor_origination.access import confirm_conditions
from tenor_origination.checklist import KINDS, Product, file_fault, required
from tenor_origination.events import DocumentBrought
from tenor_origination.records import Application, ApplicationDocument, Condition, Repayment
from tenor_sdk import (
    Amount,
    Context,
    Forbidden,
    Invalid,
    Rate,
    Refused,
    TenorError,
    _,
    ask,
    service,
)
from tenor_sdk.files import StoredFile, Upload, store_file
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import advance

#: what is under review or over takes no further documents: who decides, decides on the file as it was reviewed
TAKES_NO_DOCUMENTS = frozenset(("risk-review", "approval", "completed", "declined", "withdrawn"))


@dataclass(frozen=True)
class Brought:
    """A document of the checklist."""

    kind: str = ask("Document", choices=tuple((kind.code, kind.title) for kind in KINDS))
    file: Upload = ask("File", help="PDF, PNG, JPEG, XLSX or DOCX")


@dataclass(frozen=True)
class Met:
    """By what a condition is met."""

    note: str = ask("What shows it", max_length=500)
    file: Upload | None = ask("Evidence", default=None)


@dataclass(frozen=True)
class Terms:
    """What was approved."""

    application_id: int
    number: str
    customer_id: int
    amount: Amount
    currency: str
    months: int
    rate: Rate
    repayment: Repayment
    product: Product
    purpose: str


@service()
def apply_for(
    ctx: Context,
    customer: Customer,
    amount: Amount,
    months: int,
    rate: Rate,
    *,
    repayment: Repayment = Repayment.LEVEL_PAYMENT,
    product: Product = Product.WORKING_CAPITAL,
    purpose: str = "",
) -> Application:
    """A new application of a customer, in the unit of whoever makes it.

    Raises:
        Forbidden: without the right to make applications.
    """
    if not ctx.may(Application, "create"):
        raise Forbidden("not-permitted", what=Application.called())
    application = Application(
        customer_id=customer.id,
        currency=customer.currency,
        amount=amount,
        months=months,
        rate=rate,
        repayment=repayment,
        product=product,
        purpose=purpose,
        unit_id=ctx.actor.unit_id,
        owner_id=ctx.actor.id,
    )
    ctx.session.add(application)
    ctx.session.flush()
    return application


# -- documents ---------------------------------------------------------------------------------------------------------


@service()
def bring_document(ctx: Context, application: Application, brought: Brought) -> Text:
    """Bring a document of the checklist; when it is the last one of a submitted file, the file goes on by itself.

    Raises:
        Invalid: at ``kind``: ``not-on-the-checklist``; at ``file``: ``kind-not-taken``, ``not-what-its-name-says``;
            what the store says of the file.
        Refused: ``takes-no-documents`` while it is reviewed, decided on, or over.
        Forbidden: without the right to change the application.
    """
    if not ctx.may(Application, "update", application):
        raise Forbidden("not-permitted", what=Application.called())
    if application.state in TAKES_NO_DOCUMENTS:
        raise Refused("takes-no-documents", number=application.number)
    if brought.kind not in {kind.code for kind in required(application.product)}:
        raise _at("kind", Invalid("not-on-the-checklist"))
    kept = store_file(ctx, brought.file.name, brought.file.content, about=application)
    _check_file(kept)
    ctx.session.add(
        ApplicationDocument(
            application_id=application.id,
            kind=brought.kind,
            file_id=kept.id,
            name=kept.name,
            brought_on=ctx.today,
            brought_by_id=ctx.actor.id,
        )
    )
    ctx.session.flush()
    ctx.emit(DocumentBrought(application_id=application.id, kind=brought.kind))
    if application.state == "intake" and advance(ctx, application):
        return _("{name} is on file; the application is with the risk department", name=kept.name)
    return _("{name} is on file", name=kept.name)


def _check_file(kept: StoredFile) -> None:
    fault = file_fault(kept.name, kept.media_type)
    if fault == "kind-not-taken":
        raise _at("file", Invalid("kind-not-taken", None, name=kept.name))
    if fault:
        raise _at(
            "file", Invalid("not-what-its-name-says", None, name=kept.name, found=kept.media_type)
        )


def _at(field: str, error: TenorError) -> Invalid:
    return Invalid("invalid", {field: error})


# -- conditions precedent ----------------------------------------------------------------------------------------------


@service(needs=confirm_conditions)
def meet_condition(ctx: Context, condition: Condition, met: Met) -> Text:
    """Confirm that a condition precedent is met, by what shows it.

    Raises:
        Refused: ``condition-met-already``.
    """
    if condition.met_on is not None:
        raise Refused("condition-met-already", day=condition.met_on)
    if met.file is not None:
        condition.file_id = store_file(ctx, met.file.name, met.file.content, about=condition).id
    condition.met_on, condition.met_by_id, condition.note = ctx.today, ctx.actor.id, met.note
    ctx.session.flush()
    return _("Condition met: {text}", text=condition.text)


# -- asked by others ---------------------------------------------------------------------------------------------------


def approved_terms(ctx: Context, application_id: int) -> Terms | None:
    """The terms of an approved application that the person may read; None where it isn't approved."""
    application = ctx.session.scalars(
        select(Application).where(Application.id == application_id)
    ).first()
    if application is None or application.approved_amount is None:
        return None
    return Terms(
        application_id=application.id,
        number=application.number,
        customer_id=application.customer_id,
        amount=application.approved_amount,
        currency=application.currency,
        months=application.approved_months or application.months,
        rate=application.approved_rate or application.rate,
        repayment=application.repayment,
        product=application.product,
        purpose=application.purpose,
    )
