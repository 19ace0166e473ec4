"""The repayment plan that a contract carries as its annex: made by whoever can compute one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenor_documents.contracts import Instalment
from tenor_origination.public import Terms
from tenor_sdk import Context, call_hook, hookspec


@hookspec
def repayment_plan(ctx: Context, terms: Terms, drawn_on: date) -> Sequence[Instalment]:  # type: ignore[empty-body]  # a specification
    """The instalments of approved terms, as if paid out on a day.

    When: while a contract is generated. Transaction: that of the person who generates it. Actor: that person. Returns
    the plan, whose principal adds up to the amount approved; empty where it has none. Raising ``Refused`` stops the
    generation; any other error leaves the contract without its annex.
    """


def plan_for(ctx: Context, terms: Terms, drawn_on: date) -> tuple[Instalment, ...]:
    """The plan of the first plugin that has one; empty where nobody computes plans."""
    plans = call_hook(ctx, repayment_plan, terms=terms, drawn_on=drawn_on)
    return next((tuple(plan) for plan in plans if plan), ())
