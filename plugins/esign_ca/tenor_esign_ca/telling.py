"""Who is told of a signing that took another course than it should. Whose turn it is, tasks tell."""

from __future__ import annotations

from tenor_esign_ca.records import Signing
from tenor_sdk import Context, _
from tenor_sdk.access import LEGAL
from tenor_sdk.i18n import Text
from tenor_sdk.notify import holders_of, notify


def tell_in_question(ctx: Context, signing: Signing) -> None:
    """The sender and the legal department decide what becomes of it."""
    _tell(
        ctx,
        {signing.sent_by_id, *holders_of(ctx, LEGAL)},
        signing,
        _("The signing of contract {number} is in question", number=signing.contract.number),
        # the words of the error by its key: a notice is kept, an error can't be
        Text(f"error:{signing.problem}"),
    )


def tell_ended(ctx: Context, signing: Signing, how: str) -> None:
    """The sender, and whoever looks after the customer, who may be about to call them to the counter."""
    number = signing.contract.number
    title = (
        _("Contract {number} wasn't signed in time; it can be sent again", number=number)
        if how == "expired"
        else _("Contract {number} was called back from signature", number=number)
    )
    _tell(ctx, {signing.sent_by_id, signing.owner_id}, signing, title)


def tell_signed_though_ended(ctx: Context, signing: Signing) -> None:
    """The provider has all signatures, of a contract that was called back here."""
    _tell(
        ctx,
        {signing.sent_by_id, *holders_of(ctx, LEGAL)},
        signing,
        _(
            "Contract {number} was called back, but signed by all before",
            number=signing.contract.number,
        ),
        _("It counts as not signed here; settle it with the borrower."),
    )


def _tell(
    ctx: Context, people: set[int | None], signing: Signing, title: Text, body: Text | None = None
) -> None:
    known = sorted(one for one in people if one is not None)
    notify(ctx, known, title, body=body, about=signing)
