"""Promises to pay: whether one was kept, by what came in and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenor_loans.public import Calendar, add_business_days
from tenor_sdk.values import Amount, Rate, total

NOTHING = Rate(0)


class PromiseState(StrEnum):
    """What became of a promise. ``CANCELLED`` is a person's decision, never the outcome of a judgement."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a debtor promised.

    Args:
        amount: how much.
        by: until which day.
        made_on: on which day; receipts before it don't count.
    """

    amount: Amount
    by: date
    made_on: date


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """How strictly promises are judged.

    Args:
        grace: business days after the promised day in which money still counts.
        tolerance: the share of the promised amount that may be missing.
        partly_from: the share of the promised amount from which a promise that wasn't kept is called partly kept;
            without it, every such promise is broken.
    """

    grace: int = 1
    tolerance: Rate = NOTHING
    partly_from: Rate | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A promise judged on a day.

    Args:
        state: what became of it so far.
        received: what came in, value-dated from the promise to the deadline.
        missing: what is missing of the promised amount.
        deadline: the last value date that counts, grace included.
    """

    state: PromiseState
    received: Amount
    missing: Amount
    deadline: date


def judged(
    promise: Promise,
    receipts: Iterable[tuple[date, Amount]],
    as_of: date,
    policy: PromisePolicy,
    calendar: Calendar,
) -> Judgement:
    """What became of a promise by the end of ``as_of``.

    Until the deadline is over a promise is open, unless it was kept already. A receipt entered late counts by its
    value date, so a promise once judged broken may turn out kept.

    Args:
        promise: the promise.
        receipts: (value date, amount) of what came in; a reversed receipt isn't among them.
        as_of: the day of the judgement.
        policy: how strictly.
        calendar: whether a day is worked.

    Raises:
        Refused: ``no-calendar``.
    """
    deadline = add_business_days(promise.by, policy.grace, calendar)
    last = min(deadline, as_of)
    received = total(amount for day, amount in receipts if promise.made_on <= day <= last)
    state = _state(promise, received, policy, over=as_of > deadline)
    return Judgement(state, received, max(promise.amount - received, Amount(0)), deadline)


def _state(
    promise: Promise, received: Amount, policy: PromisePolicy, *, over: bool
) -> PromiseState:
    if received.minor >= promise.amount.minor * (1 - policy.tolerance.fraction):
        return PromiseState.KEPT
    if not over:
        return PromiseState.OPEN
    share = policy.partly_from
    if share is not None and received.minor >= promise.amount.minor * share.fraction:
        return PromiseState.PARTLY_KEPT
    return PromiseState.BROKEN
