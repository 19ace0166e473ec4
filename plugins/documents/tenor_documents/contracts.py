"""The loan contract: its terms as values, and the texts that the template sets.

Every figure that the template prints is made here, once, from exact amounts: the template itself computes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from tenor_documents.amounts import amount_in_words
from tenor_documents.rendering import Data, Template
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, total

TEMPLATE: Final = "loan_contract"


class LoanKind(Enum):
    """What is lent for; the value is the title of the contract."""

    WORKING_CAPITAL = "流动资金借款合同"
    FIXED_ASSET = "固定资产借款合同"


class RepaymentMethod(Enum):
    """How principal and interest are paid; the value is the contract's wording."""

    LEVEL_PAYMENT = "等额本息"
    LEVEL_PRINCIPAL = "等额本金"
    BULLET = "按期付息、到期一次还本"


@dataclass(frozen=True)
class Party:
    """One side of the contract.

    Args:
        name: as registered.
        credit_code: the unified social credit code.
        address: the registered address.
        representative: the legal representative or person in charge.
    """

    name: str
    credit_code: str
    address: str
    representative: str


@dataclass(frozen=True)
class Instalment:
    """One line of the repayment plan."""

    due_on: date
    principal: Amount
    interest: Amount


@dataclass(frozen=True)
class SignatureBox:
    """Where somebody signs.

    Args:
        key: names the place for the signing driver: lower-case letters, digits, dashes.
        role: in Chinese, 借款人（盖章）.
        signer: the name of who signs or whose seal it is.
    """

    key: str
    role: str
    signer: str


@dataclass(frozen=True, kw_only=True)
class LoanContract:
    """The terms of a loan, as approved.

    Args:
        number: of the contract.
        approval_number: of the approval that it carries out.
        drawn_on: the first day of the term; ``due_on`` the last.
        rate: a year, fixed for the term.
        rate_basis: how the rate came about, such as the LPR on a day and the points on it; may be empty.
        overdue_surcharge, misuse_surcharge: added to the rate on overdue and misused principal, as shares of the rate.
        entrusted_above: a single payment above this is paid to the payee by the lender (受托支付).
        security: how the loan is secured; empty for an unsecured one.
        conditions: what must be met before the first drawing, one sentence each without a full stop.
        guarantors: they sign the security contract, and are named here.
        instalments: the plan; their principal adds up to ``amount``. Empty: the contract has no annex, and says that
            the plan is handed out when the loan is paid out.
        court_place: where the lender resides; its people's court decides disputes.
    """

    kind: LoanKind
    number: str
    approval_number: str
    lender: Party
    borrower: Party
    guarantors: tuple[str, ...] = ()
    amount: Amount
    purpose: str
    months: int
    drawn_on: date
    due_on: date
    rate: Rate
    rate_basis: str = ""
    overdue_surcharge: Rate
    misuse_surcharge: Rate
    method: RepaymentMethod
    instalments: tuple[Instalment, ...]
    entrusted_above: Amount
    loan_account: str
    repayment_account: str
    security: str = ""
    conditions: tuple[str, ...] = ()
    court_place: str
    signed_at_place: str
    signatures: tuple[SignatureBox, ...]


def contract_template() -> Template:
    """The bundled template of loan contracts."""
    return Template.bundled(TEMPLATE)


def contract_data(contract: LoanContract) -> dict[str, Data]:
    """The texts of ``contract`` for its template.

    Raises:
        Invalid: ``plan-differs-from-amount`` with ``amount`` and ``planned`` where the plan's principal is another
            sum; ``amount-not-writable``; ``signature-place-repeated``.
    """
    _require_agreement(contract)
    return {
        "title": contract.kind.value,
        "fixed_asset": contract.kind is LoanKind.FIXED_ASSET,
        "number": contract.number,
        "approval_number": contract.approval_number,
        "lender": _party(contract.lender),
        "borrower": _party(contract.borrower),
        "guarantors": "、".join(contract.guarantors),
        "amount": money(contract.amount),
        "amount_in_words": amount_in_words(contract.amount.minor),
        "purpose": contract.purpose,
        "months": contract.months,
        "drawn_on": chinese_date(contract.drawn_on),
        "due_on": chinese_date(contract.due_on),
        "rate": contract.rate.percent_text(),
        "rate_basis": contract.rate_basis,
        "overdue_surcharge": _whole_percent(contract.overdue_surcharge),
        "misuse_surcharge": _whole_percent(contract.misuse_surcharge),
        "method": contract.method.value,
        "entrusted_above": money(contract.entrusted_above),
        "loan_account": contract.loan_account,
        "repayment_account": contract.repayment_account,
        "security": contract.security,
        "conditions": list(contract.conditions),
        "court_place": contract.court_place,
        "signed_at_place": contract.signed_at_place,
        "signatures": [vars(box) for box in contract.signatures],
        **_plan(contract.amount, contract.instalments),
    }


def money(amount: Amount) -> str:
    """Renminbi in figures, as a contract prints them: ``"¥80,000,000.00"``."""
    whole, places = amount.text().lstrip("-").split(".")
    return f"{'-' if amount.minor < 0 else ''}¥{int(whole):,}.{places}"


def chinese_date(day: date) -> str:
    """``"2026年6月30日"``."""
    return f"{day.year}年{day.month}月{day.day}日"


def _require_agreement(contract: LoanContract) -> None:
    planned = total(line.principal for line in contract.instalments)
    if contract.instalments and planned != contract.amount:
        raise Invalid(
            "plan-differs-from-amount", amount=money(contract.amount), planned=money(planned)
        )
    keys = [box.key for box in contract.signatures]
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid("signature-place-repeated", place=key)


def _party(party: Party) -> dict[str, Data]:
    return dict(vars(party))


def _whole_percent(rate: Rate) -> str:
    return rate.percent_text(places=0)


def _plan(amount: Amount, instalments: Sequence[Instalment]) -> dict[str, Data]:
    """The lines of the annex, each with what is left after it, and the totals."""
    rows: list[Data] = []
    left = amount
    for number, line in enumerate(instalments, start=1):
        left -= line.principal
        rows.append(_row(number, line, left))
    return {
        "plan": rows,
        "plan_count": len(rows),
        "plan_totals": {
            "principal": _figures(total(line.principal for line in instalments)),
            "interest": _figures(total(line.interest for line in instalments)),
            "payment": _figures(total(line.principal + line.interest for line in instalments)),
        },
    }


def _row(number: int, line: Instalment, left: Amount) -> dict[str, Data]:
    return {
        "number": number,
        "due_on": line.due_on.isoformat(),
        "principal": _figures(line.principal),
        "interest": _figures(line.interest),
        "payment": _figures(line.principal + line.interest),
        "left": _figures(left),
    }


def _figures(amount: Amount) -> str:
    return money(amount).replace("¥", "")
