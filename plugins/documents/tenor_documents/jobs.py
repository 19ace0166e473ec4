"""What runs by itself: each night a look at the stored contracts."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from tenor_documents.notices import CONTRACT_CHANGED
from tenor_documents.records import Contract
from tenor_documents.verifying import file_checks
from tenor_sdk import Context, _, job
from tenor_sdk.access import AUDITOR, LEGAL
from tenor_sdk.jobs import Daily
from tenor_sdk.notify import holders_of, notify


@job(schedule=Daily(at=time(2, 30)))
def check_stored_contracts(ctx: Context) -> int:
    """Compare every signed contract with its hashes; tell the legal department and the auditors what was changed.

    Returns:
        How many were changed.
    """
    changed = 0
    signed = select(Contract).where(Contract.state == "signed").order_by(Contract.id)
    for contract in ctx.session.scalars(signed):
        if not all(check.holds for check in file_checks(ctx, contract)):
            changed += 1
            _tell(ctx, contract)
    return changed


def _tell(ctx: Context, contract: Contract) -> None:
    people = {*holders_of(ctx, LEGAL), *holders_of(ctx, AUDITOR)}
    title = _("A stored file of contract {number} was changed", number=contract.number)
    notify(ctx, sorted(people), title, about=contract, kind=CONTRACT_CHANGED)
