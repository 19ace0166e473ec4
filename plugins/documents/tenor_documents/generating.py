"""From an approved application to a contract in writing."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tenor_documents.contracts import (
    TEMPLATE,
    LoanContract,
    LoanKind,
    Party,
    RepaymentMethod,
    SignatureBox,
    contract_data,
    contract_template,
)
from tenor_documents.guards import AWAITING
from tenor_documents.permissions import generate_contracts
from tenor_documents.plans import plan_for
from tenor_documents.records import Contract, ContractTemplate
from tenor_documents.rendering import Template, render
from tenor_documents.settings import DocumentsSettings
from tenor_documents.terms import hash_of, latest_contract, terms_now
from tenor_documents.workflow import make_void
from tenor_origination.public import Application, Product, Repayment, Terms, approved_terms
from tenor_sdk import Context, Refused, ask, service
from tenor_sdk.files import store_file
from tenor_sdk.workflow import transition

_KINDS = {
    Product.WORKING_CAPITAL: LoanKind.WORKING_CAPITAL,
    Product.FIXED_ASSET: LoanKind.FIXED_ASSET,
}
_METHODS = {
    Repayment.LEVEL_PAYMENT: RepaymentMethod.LEVEL_PAYMENT,
    Repayment.LEVEL_PRINCIPAL: RepaymentMethod.LEVEL_PRINCIPAL,
    Repayment.BULLET: RepaymentMethod.BULLET,
}
_AS_ON_THE_VOUCHER = "以借款凭证的记载为准"


@dataclass(frozen=True)
class Particulars:
    """What a contract says beyond what was approved."""

    drawn_on: date | None = ask("Term begins", default=None, help="Empty: today")
    loan_account: str = ask(
        "Account to which the loan is paid", default="", max_length=100,
        help="Empty: as on the drawdown voucher",
    )  # fmt: skip
    repayment_account: str = ask(
        "Account from which it is repaid", default="", max_length=100,
        help="Empty: as on the drawdown voucher",
    )  # fmt: skip
    security: str = ask(
        "Security", default="", widget="long-text", max_length=500, help="Empty: unsecured"
    )
    rate_basis: str = ask(
        "Basis of the rate", default="", max_length=200,
        help="Such as the LPR of a day and the points on it",
    )  # fmt: skip


@service()
def template_in_force(ctx: Context) -> ContractTemplate:
    """The newest edition of the loan contract; the bundled source becomes one when it is needed first."""
    bundled = contract_template()
    by_hash = select(ContractTemplate).where(
        ContractTemplate.name == TEMPLATE, ContractTemplate.sha256 == bundled.version
    )
    if ctx.session.scalars(by_hash).first() is None:
        _publish(ctx, bundled)
    newest = select(ContractTemplate).where(ContractTemplate.name == TEMPLATE)
    return ctx.session.scalars(newest.order_by(ContractTemplate.edition.desc()).limit(1)).one()


def _publish(ctx: Context, template: Template) -> None:
    counted = select(func.count(ContractTemplate.id)).where(ContractTemplate.name == template.name)
    ctx.session.add(
        ContractTemplate(
            name=template.name,
            edition=(ctx.session.scalar(counted) or 0) + 1,
            source=template.source,
            sha256=template.version,
            published_on=ctx.today,
        )
    )
    ctx.session.flush()


@service(needs=generate_contracts)
def generate_contract(
    ctx: Context, application: Application, particulars: Particulars | None = None
) -> Contract:
    """A draft of the contract of an approved application, as a PDF; an earlier draft becomes void.

    Raises:
        Refused: ``no-contract-now`` (the application isn't at its contract); ``contract-is-out`` (``number``);
            ``lender-not-set``; ``contract-in-renminbi-only``; ``font-missing``.
        Invalid: ``glyph-missing``: a name or text that the font can't write; ``plan-differs-from-amount``.
    """
    given = particulars or Particulars()
    approved, terms = _required_terms(ctx, application)
    before = _replaceable(ctx, application)
    lender = _lender(ctx)
    contract = _drafted(ctx, application, approved, terms, given)
    _write(ctx, contract, _texts(ctx, contract, approved, lender, given))
    if before is not None:
        transition(ctx, before, make_void, reason=contract.number)
    return contract


def _required_terms(ctx: Context, application: Application) -> tuple[Terms, dict[str, Any]]:
    approved, terms = approved_terms(ctx, application.id), terms_now(ctx, application.id)
    if approved is None or terms is None or application.state != AWAITING:
        raise Refused("no-contract-now", number=application.number)
    if approved.currency != "CNY":
        raise Refused("contract-in-renminbi-only", currency=approved.currency)
    return approved, terms


def _replaceable(ctx: Context, application: Application) -> Contract | None:
    """The draft that a new one replaces."""
    before = latest_contract(ctx, application.id)
    if before is not None and before.state != "draft":
        raise Refused("contract-is-out", number=before.number)
    return before


def _lender(ctx: Context) -> Party:
    said = ctx.settings(DocumentsSettings)
    if not said.lender_name:
        raise Refused("lender-not-set")
    return Party(
        said.lender_name, said.lender_credit_code, said.lender_address, said.lender_representative
    )


def _drafted(
    ctx: Context,
    application: Application,
    approved: Terms,
    terms: dict[str, Any],
    given: Particulars,
) -> Contract:
    begins = given.drawn_on or ctx.today
    contract = Contract(
        application_id=application.id,
        customer_id=approved.customer_id,
        borrower=terms["borrower"],
        template_id=template_in_force(ctx).id,
        unit_id=application.unit_id,
        owner_id=application.owner_id,
        currency=approved.currency,
        amount=approved.amount,
        months=approved.months,
        rate=approved.rate,
        repayment=approved.repayment,
        drawn_on=begins,
        due_on=months_later(begins, approved.months),
        terms=terms,
        terms_hash=hash_of(terms),
    )
    ctx.session.add(contract)
    ctx.session.flush()  # gives the number that the contract prints
    return contract


def _texts(
    ctx: Context, contract: Contract, approved: Terms, lender: Party, given: Particulars
) -> LoanContract:
    said, terms = ctx.settings(DocumentsSettings), contract.terms
    borrower = Party(
        terms["borrower"], terms["credit_code"], terms["address"], terms["representative"]
    )
    return LoanContract(
        kind=_KINDS[approved.product],
        number=contract.number,
        approval_number=approved.number,
        lender=lender,
        borrower=borrower,
        amount=contract.amount,
        purpose=approved.purpose,
        months=contract.months,
        drawn_on=contract.drawn_on,
        due_on=contract.due_on,
        rate=contract.rate,
        rate_basis=given.rate_basis,
        overdue_surcharge=said.overdue_surcharge,
        misuse_surcharge=said.misuse_surcharge,
        method=_METHODS[contract.repayment],
        instalments=plan_for(ctx, approved, contract.drawn_on),
        entrusted_above=said.entrusted_above,
        loan_account=given.loan_account or _AS_ON_THE_VOUCHER,
        repayment_account=given.repayment_account or _AS_ON_THE_VOUCHER,
        security=given.security.rstrip("。"),
        conditions=tuple(text.rstrip("。；;") for text in terms["conditions"]),
        court_place=said.court_place,
        signed_at_place=said.signed_at_place or lender.address,
        signatures=(
            SignatureBox("borrower", "借款人（盖章）", borrower.name),
            SignatureBox("lender", "贷款人（盖章）", lender.name),
        ),
    )


def _write(ctx: Context, contract: Contract, texts: LoanContract) -> None:
    """Set the contract in type and keep it."""
    template = Template(contract.template.name, contract.template.source)
    made = render(template, contract_data(texts), made_at=ctx.now)
    kept = store_file(ctx, f"{contract.number}.pdf", made.content, about=contract)
    contract.file_id, contract.sha256 = kept.id, kept.sha256
    contract.data_hash = made.data_sha256
    contract.places = [dict(vars(place)) for place in made.places]
    ctx.session.flush()


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
