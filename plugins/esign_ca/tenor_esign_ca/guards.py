"""What must hold before a contract goes out to be signed, is signed, or is called back."""

from __future__ import annotations

from collections.abc import Iterable

from tenor_documents.public import Contract
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import BORROWER, LENDER, SignatureStatus, Signing
from tenor_esign_ca.sending import Side, latest_signing, sides_of
from tenor_sdk import Blocker, Context, Refused, _, guard

#: States of a signing in which signatures are still awaited.
OPEN = ("preparing", "with-borrower", "with-bank", "sealing", "in-question")


def address(signing: Signing) -> str:
    """Where a signing is on screen."""
    return f"/esign_ca/signing/{signing.id}"


@guard
def provider_is_ready(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """The institution has a provider of signatures, and it can work."""
    health = provider(ctx).health(at=ctx.now)
    if not health.ready:
        refusal = Refused(health.problem or "signing-provider-missing")
        yield Blocker(
            _("The provider of electronic signatures"),
            why=_("{error}", error=refusal),
            href="/settings",
        )


@guard
def signers_are_complete(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """Each side of the contract is named with its credit code, and has its place on the paper."""
    placed = {str(place["name"]) for place in contract.places}
    for key in sorted(placed - {BORROWER, LENDER}):
        yield Blocker(_("Nobody is known who signs at the place {place}", place=key))
    for side in sides_of(ctx, contract):
        yield from _gaps(side, contract, placed)


def _gaps(side: Side, contract: Contract, placed: set[str]) -> Iterable[Blocker]:
    borrower = side.key == BORROWER
    who = _("The borrower") if borrower else _("The lender")
    href = f"/customers/customer/{contract.customer_id}" if borrower else "/settings/documents"
    if side.key not in placed:
        yield Blocker(who, why=_("The contract has no place for its signature"))
    if not side.name or not side.credit_code:
        yield Blocker(who, why=_("Its name or credit code is missing"), href=href)


@guard
def all_have_signed(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """The signing of the contract is complete, and its file was verified."""
    signing = latest_signing(ctx, contract.id)
    if signing is None or signing.state != "completed":
        yield Blocker(
            _("All sides have signed"), why=_("Not yet"), href=address(signing) if signing else ""
        )


def _under_way(signing: Signing | None) -> Iterable[Blocker]:
    made = [
        one
        for one in (signing.signatures if signing is not None else ())
        if one.status is SignatureStatus.CONFIRMED
    ]
    if signing is not None and signing.state in OPEN and signing.state != "in-question" and made:
        yield Blocker(
            _("The signature of {name} is being made", name=made[0].name),
            why=_("What is being signed can't be called back; look again in a minute"),
            href=address(signing),
        )


@guard
def no_signature_is_being_made(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """Nobody's signature is just being made at the provider's."""
    yield from _under_way(latest_signing(ctx, contract.id))


@guard
def it_is_not_being_signed(_ctx: Context, signing: Signing) -> Iterable[Blocker]:
    """Nobody's signature is just being made at the provider's."""
    yield from _under_way(signing)
