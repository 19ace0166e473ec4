"""From an issued contract to an envelope: who signs it, in which order, until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from tenor_documents.public import Contract, DocumentsSettings, SignaturePlace
from tenor_esign_ca.envelopes import Envelope, EnvelopeFile, Party, PartyKind, Signer
from tenor_esign_ca.provider import name_of, provider
from tenor_esign_ca.records import BORROWER, LENDER, Signature, Signing
from tenor_esign_ca.settings import EsignSettings
from tenor_sdk import Context, Invalid, ask
from tenor_sdk.files import read_file

#: A sender, an @, a host with a dot; what more there is to an address, its server says.
_ADDRESS: Final = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")

#: As the stamps on the contract show them.
_ROLES: Final = {BORROWER: "借款人", LENDER: "贷款人"}


def _address(text: str) -> None:
    if not _ADDRESS.fullmatch(text):
        raise Invalid("email-not-valid")


@dataclass(frozen=True)
class SendTo:
    """Who signs for the borrower, and where they are reached."""

    email: str = ask(
        "E-mail of the borrower", max_length=200, check=_address,
        help="One-time codes go there",
    )  # fmt: skip
    signatory: str = ask(
        "Person who signs for the borrower", default="", max_length=100,
        help="Empty: its legal representative",
    )  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a contract, as it signs.

    Args:
        person: who signs for it.
    """

    key: str
    name: str
    credit_code: str
    person: str
    turn: int

    def party(self, contract: Contract) -> Party:
        """Whom the provider certifies."""
        identity = f"customer-{contract.customer_id}" if self.key == BORROWER else LENDER
        return Party(identity, PartyKind.ORGANISATION, self.name, self.credit_code)


def sides_of(ctx: Context, contract: Contract, signatory: str = "") -> tuple[Side, Side]:
    """The borrower, who signs first, and the lender, whose seal ends it."""
    said, terms = ctx.settings(DocumentsSettings), contract.terms
    representative = ctx.settings(EsignSettings).bank_representative or said.lender_representative
    return (
        Side(
            BORROWER,
            str(terms.get("borrower", "")),
            str(terms.get("credit_code", "")),
            signatory or str(terms.get("representative", "")),
            1,
        ),
        Side(LENDER, said.lender_name, said.lender_credit_code, representative, 2),
    )


def open_signing(ctx: Context, contract: Contract, given: SendTo) -> Signing:
    """Put down what is sent to whom. Called within a procedure of esign_ca."""
    made = Signing(
        contract_id=contract.id,
        application_id=contract.application_id,
        borrower=contract.borrower,
        unit_id=contract.unit_id,
        owner_id=contract.owner_id,
        email=given.email,
        sha256=contract.sha256,
        sent_at=ctx.now,
        sent_by_id=ctx.actor.id,
        expires_at=_last_moment(ctx),
        provider=name_of(provider(ctx)),
    )
    for side in sides_of(ctx, contract, given.signatory):
        made.signatures.append(
            Signature(
                key=side.key,
                kind=PartyKind.ORGANISATION,
                name=side.name,
                represented_by=side.person,
                role=_ROLES[side.key],
                turn=side.turn,
            )
        )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def _last_moment(ctx: Context) -> datetime:
    """Whole seconds: evidence knows no finer ones."""
    return (ctx.now + timedelta(days=ctx.settings(EsignSettings).days_to_sign)).replace(
        microsecond=0
    )


def envelope_of(ctx: Context, signing: Signing) -> Envelope:
    """A signing as the provider gets it.

    Raises:
        Conflict: ``file-changed``, ``file-missing``: the contract as issued isn't what was issued.
    """
    contract = signing.contract
    kept, content = read_file(ctx, contract.file_id or 0)
    places = tuple(SignaturePlace(**place) for place in contract.places)
    sides = {side.key: side for side in sides_of(ctx, contract)}
    return Envelope(
        subject=f"{kept.name.removesuffix('.pdf')} {signing.borrower}",
        files=(EnvelopeFile(kept.name, content, places),),
        signers=tuple(
            Signer(one.key, sides[one.key].party(contract), one.role, one.turn)
            for one in signing.signatures
        ),
        expires_at=signing.expires_at,
    )


def latest_signing(ctx: Context, contract_id: int) -> Signing | None:
    """The newest signing of a contract, as far as the person may read it."""
    statement = select(Signing).where(Signing.contract_id == contract_id)
    return ctx.session.scalars(statement.order_by(Signing.id.desc()).limit(1)).first()
