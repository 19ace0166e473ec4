"""What documents tells the others."""

from __future__ import annotations

from tenor_sdk import Event


class ContractIssued(Event):
    """A contract stands as it is, and can be signed."""

    contract_id: int
    application_id: int


class ContractSigned(Event):
    """All sides have signed a contract, and the signed file is kept."""

    contract_id: int
    application_id: int
    file_id: int


class ContractVoided(Event):
    """A contract won't be signed."""

    contract_id: int
    application_id: int
