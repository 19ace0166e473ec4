"""The family of NPL advisers: who is asked what a bad loan, or a pool of them, may bring, and by which way out.

An adviser's word is a figure to compare, never a decision: what it says is held against the claim, and people decide.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime

from tenor_npl_disposal.records import WayOut
from tenor_sdk import Amount, Driver, DriverKind, Invalid, Rate, Refused
from tenor_sdk.values import total


@dataclass(frozen=True, kw_only=True)
class BadLoan:
    """The facts of a loan on which advice is asked. They name nobody.

    Args:
        key: by which the answer may speak of it.
        claim: all that is owed on the base date.
        principal: what of that is principal.
        days_past_due: on the base date.
        provision: what is set aside for it.
        secured: what its collateral was appraised at; None where that isn't known, zero where there is none.

    Raises:
        Invalid: ``no-exposure``: nothing is owed.
    """

    key: str
    claim: Amount
    principal: Amount
    days_past_due: int
    provision: Amount = Amount(0)
    secured: Amount | None = None

    def __post_init__(self) -> None:
        if self.claim <= Amount(0):
            raise Invalid("no-exposure", exposure=self.claim.text())


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an adviser is asked.

    Args:
        loans: one, or a pool that would go one way together.
        currency: of every amount.
        base_date: on which the claims were struck.
        rate: a year, at which later money is worth less.

    Raises:
        Invalid: ``no-bad-loans``; ``bad-loan-twice``.
    """

    loans: tuple[BadLoan, ...]
    currency: str
    base_date: date
    rate: Rate

    def __post_init__(self) -> None:
        if not self.loans:
            raise Invalid("no-bad-loans")
        if len({loan.key for loan in self.loans}) < len(self.loans):
            raise Invalid("bad-loan-twice")

    @property
    def claim(self) -> Amount:
        """All that is owed."""
        return total(loan.claim for loan in self.loans)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What an adviser answers.

    Args:
        low, high: between which lies what it expects to come in, costs taken off, not discounted.
        way: the way out that it proposes.
        months: until most of the money is in.
        reasons: why, in its own words, the weightiest first; at least one.

    Raises:
        Invalid: ``advice-range-upside-down``; ``advice-without-reasons``.
    """

    low: Amount
    high: Amount
    way: WayOut
    months: int
    reasons: tuple[str, ...]

    def __post_init__(self) -> None:
        if not Amount(0) <= self.low <= self.high:
            raise Invalid("advice-range-upside-down", low=self.low.text(), high=self.high.text())
        if not any(reason.strip() for reason in self.reasons):
            raise Invalid("advice-without-reasons")


class NplAdviser(Driver, ABC):
    """Somebody, or a model, that says what bad loans may bring. The same question has the same answer."""

    @abstractmethod
    def advise(self, question: Question, *, at: datetime) -> Advice:
        """Advise on a loan or a pool; asked where nothing is being written, so it may reach another computer.

        Args:
            at: now.

        Raises:
            Refused: ``adviser-declines`` (``reason``): it has nothing to say on such loans.
        """


class NullAdviser(NplAdviser):
    """Nobody: gives no figure, so none looks like an expert's."""

    title = "No adviser"

    def advise(self, question: Question, *, at: datetime) -> Advice:
        raise Refused("no-npl-adviser")


#: The family of advisers on bad loans.
npl_adviser: DriverKind[NplAdviser] = DriverKind(
    "npl_adviser", NplAdviser, title="NPL adviser", null=NullAdviser
)
