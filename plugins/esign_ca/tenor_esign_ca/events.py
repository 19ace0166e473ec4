"""What esign_ca tells the others."""

from __future__ import annotations

from tenor_sdk import Event


class SentForSignature(Event):
    """A contract was sent out to be signed electronically."""

    signing_id: int
    contract_id: int


class SignatureMade(Event):
    """A signer has signed, at the provider's."""

    signing_id: int
    contract_id: int
    signer: str


class SigningEnded(Event):
    """A signing is over without signatures of all sides; its contract is issued again.

    Attributes:
        how: ``recalled`` or ``expired``.
    """

    signing_id: int
    contract_id: int
    how: str


class CodeDrawn(Event):
    """The borrower gets a one-time code.

    Attributes:
        serial: of the code; only the last is mailed.
    """

    signing_id: int
    serial: int


class SignatureWanted(Event):
    """A signer wants this signature; it is made next."""

    signing_id: int
    signer: str
