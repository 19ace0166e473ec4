"""What can be done with contracts; the work is in ``generating``, ``signing`` and ``verifying``."""

from __future__ import annotations

from tenor_documents.generating import Particulars, generate_contract
from tenor_documents.guards import address
from tenor_documents.records import Contract
from tenor_documents.terms import latest_contract
from tenor_origination.public import Application
from tenor_sdk import Context


def generate(ctx: Context, application: Application, particulars: Particulars) -> str:
    """The action: generate a contract, and go to it."""
    return address(generate_contract(ctx, application, particulars))


def contract_of(ctx: Context, application_id: int) -> Contract | None:
    """The newest contract of an application that isn't void, as far as the person may read it."""
    return latest_contract(ctx, application_id)
