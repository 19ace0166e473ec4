"""The computation in which others take part: what a borrower owes already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenor_sdk import Context, Money, hookspec


@dataclass(frozen=True)
class Owed:
    """What is owed on something that was paid out.

    Args:
        amount: the principal.
        application_id: the application that led to it, whose approved amount it stands for; None where none did.
    """

    amount: Money
    application_id: int | None = None


@hookspec(required=True)
def owed_by_customer(ctx: Context, customer_id: int) -> Sequence[Owed]:
    """What a customer owes, for the exposure by which an authority may be limited.

    When: whenever it is asked who may decide an application, if a limit on the exposure is in force. Transaction: that
    of whoever asks; it may only read. Actor: who asks, over a session that sees every row. Returns what is owed, in
    whichever currencies. Raising puts the decision out of service: no exposure is left out unseen.
    """
    raise NotImplementedError
