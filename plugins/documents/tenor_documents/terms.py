"""The terms of a contract as data: what was approved and who the borrower is, compared and hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select

from tenor_documents.records import Contract
from tenor_documents.rendering import canonical_json
from tenor_origination.public import Application, Condition, approved_terms
from tenor_sdk import Amount, Context, Rate, _
from tenor_sdk.i18n import Text

#: What an approval fixes, by the words in which a difference is named.
APPROVED: Final[Mapping[str, Text]] = {
    "amount": _("Amount"),
    "currency": _("Currency"),
    "months": _("Term in months"),
    "rate": _("Annual rate"),
    "repayment": _("Repayment"),
    "product": _("Product"),
    "purpose": _("Purpose"),
    "conditions": _("Conditions precedent"),
}
#: Who the borrower is, as the contract prints it.
BORROWER: Final[Mapping[str, Text]] = {
    "borrower": _("Name of the borrower"),
    "credit_code": _("Credit code of the borrower"),
    "address": _("Address of the borrower"),
    "representative": _("Legal representative of the borrower"),
}


def terms_now(ctx: Context, application_id: int) -> dict[str, Any] | None:
    """What a contract of this application would say today; None where it isn't approved, or the person can't see it."""
    approved = approved_terms(ctx, application_id)
    application = ctx.session.scalars(
        select(Application).where(Application.id == application_id)
    ).first()
    if approved is None or application is None or application.customer is None:
        return None
    customer = application.customer
    return {
        "amount": approved.amount.text(approved.currency),
        "currency": approved.currency,
        "months": approved.months,
        "rate": approved.rate.text(),
        "repayment": approved.repayment.value,
        "product": approved.product.value,
        "purpose": approved.purpose,
        "conditions": _conditions(ctx, application_id),
        "borrower": customer.name,
        "credit_code": customer.credit_code,
        "address": customer.address,
        "representative": customer.representative,
    }


def _conditions(ctx: Context, application_id: int) -> list[str]:
    statement = select(Condition.text).where(Condition.application_id == application_id)
    return list(ctx.session.scalars(statement.order_by(Condition.id)))


def hash_of(terms: Mapping[str, Any]) -> str:
    """SHA-256 of terms, hexadecimal."""
    return sha256(canonical_json(dict(terms)).encode()).hexdigest()


def differing(kept: Mapping[str, Any], now: Mapping[str, Any], among: Iterable[str]) -> list[str]:
    """The names of the terms that aren't what they were."""
    return [name for name in among if kept.get(name) != now.get(name)]


def shown(name: str, terms: Mapping[str, Any]) -> object:
    """A term as a person reads it."""
    value = terms.get(name)
    if name == "amount":
        return Amount.of(str(value), str(terms.get("currency", "CNY")))
    if name == "rate":
        return f"{Rate.of(str(value)).percent_text()}%"
    return "；".join(value) if isinstance(value, list) else value


def latest_contract(ctx: Context, application_id: int) -> Contract | None:
    """The newest contract of an application that isn't void, as far as the person may read it."""
    statement = select(Contract).where(
        Contract.application_id == application_id, Contract.state != "void"
    )
    return ctx.session.scalars(statement.order_by(Contract.id.desc()).limit(1)).first()
