"""Authority (授权): who decides what kind of case, alone or with how many; data that a board edits.

::

    credit_decisions = Authority(
        "credit-decisions",
        title="Credit decisions",
        dimensions=(
            Dimension("amount", title="Amount", kind=Measure.MONEY, of=asked_amount),
            Dimension("rating", title="Rating", kind=Measure.GRADE, of=rating, order=("A", "B", "C")),
        ),
        delivered=first_limits,
    )
    approve = Transition(…, approval=Approval(authority=credit_decisions, shown=what_is_decided))

A version of it is a set of lines. Whoever holds the position of a line that covers a case may vote on it, and the line
says how many distinct people it takes. A case is covered where each of its figures is within the line's limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tenor_sdk.declare import Declaration, caller
from tenor_sdk.port import port_of
from tenor_sdk.values import Money

if TYPE_CHECKING:
    from datetime import date

    from tenor_sdk.context import Context
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Blocker

#: What a limit is: an amount of one currency, a number of months, the worst grade, or the kinds.
LimitValue = Money | int | str | tuple[str, ...]
_NAME = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Measure(StrEnum):
    """What a dimension's figures are, and so what a limit on it means.

    ``MONEY``: a ``Money``; a limit is the most, in its own currency. ``MONTHS``: a whole number; the most. ``GRADE``:
    one of ``order``; the worst. ``CHOICE``: one of ``choices``; those that are within.
    """

    MONEY = "money"
    MONTHS = "months"
    GRADE = "grade"
    CHOICE = "choice"


@dataclass(frozen=True)
class Dimension:
    """Something of a case that bounds who decides it: its amount, its term, its rating, the exposure that it adds to.

    Args:
        name: by which limits name it: ``"amount"``.
        title: English.
        kind: see ``Measure``.
        of: ``(ctx, record) -> figure``, None where there is none (yet). Sees every row, whoever asks: what is decided
            doesn't depend on who looks. It may only read, and raising puts the decision out of service.
        order: of a grade: from the best to the worst.
        choices: of a choice: values and English labels.
        convert: of money: ``(ctx, figure, currency) -> Money | None``; a figure in another currency than a limit's
            isn't within it, unless this gives it converted.
    """

    name: str
    title: str
    kind: Measure
    of: Callable[[Context, Any], object]
    order: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    convert: Callable[[Context, Money, str], Money | None] | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise TypeError(f"a dimension's name is words with dashes, not {self.name!r}")
        if self.kind is Measure.GRADE and not self.order:
            raise TypeError(f"the grades of {self.name!r} need an order, best first")
        if self.kind is Measure.CHOICE and not self.choices:
            raise TypeError(f"the dimension {self.name!r} needs choices")


@dataclass(frozen=True)
class AuthorityLimit:
    """A line of an authority: ``AuthorityLimit("branch-head", up_to={"amount": Money.of("10000000", "CNY")})``.

    Args:
        position: whose holders decide.
        up_to: the limit in each dimension that has one: the most money or months, the worst grade, the kinds.
        people: how many distinct people it takes.
        among: a position that at least one of them must hold; its holders may take part.
    """

    position: str
    up_to: Mapping[str, LimitValue] = field(default_factory=dict)
    people: int = 1
    among: str = ""


@dataclass(frozen=True, eq=False, init=False)
class Authority(Declaration):
    """Who may decide, as data: named by an ``Approval``, kept as versions that the institution publishes.

    Args:
        name: within its plugin: ``"credit-decisions"``.
        title: English.
        dimensions: over which limits may be set.
        delivered: ``(ctx) -> lines`` that count until the institution publishes its first version; without it nobody
            decides until then.
        one_at_a_time: a link of the record, such as ``Application.customer_id``: of the records that share it one is
            decided at a time, so that a figure that adds them up counts every decision before.
    """

    name: str
    title: str
    dimensions: tuple[Dimension, ...]
    delivered: Callable[[Context], Sequence[AuthorityLimit]] | None
    one_at_a_time: Any

    def __init__(
        self,
        name: str,
        *,
        title: str,
        dimensions: Sequence[Dimension],
        delivered: Callable[[Context], Sequence[AuthorityLimit]] | None = None,
        one_at_a_time: Any = None,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise TypeError(f"an authority's name is words with dashes, not {name!r}")
        names = [each.name for each in dimensions]
        if len(set(names)) != len(names):
            raise TypeError(f"the authority {name!r} has a dimension twice: {', '.join(names)}")
        values = {"origin": caller(), "name": name, "title": title}
        more = {
            "dimensions": tuple(dimensions),
            "delivered": delivered,
            "one_at_a_time": one_at_a_time,
        }
        for key, value in {**values, **more}.items():
            object.__setattr__(self, key, value)

    @property
    def key(self) -> str:
        """``<plugin>.<name>``: by which versions know it."""
        return f"{self.plugin}.{self.name}"


def above_authority(ctx: Context, record: Record, authority: Authority) -> Sequence[Blocker]:
    """Why the person who acts may not decide on a record: no line of the version in force that covers it names a
    position of theirs. Empty where they may. For guards of what is no approval: whoever declines needs it too."""
    return port_of(ctx).above_authority(ctx, record, authority)


def propose_authority(
    ctx: Context,
    authority: Authority,
    lines: Sequence[AuthorityLimit],
    *,
    effective_from: date,
    purpose: str = "",
) -> int:
    """Draft a version of an authority and propose it, as the person who acts; its id.

    Raises:
        Forbidden: without the right to draft authorities.
        Blocked: with everything for which it can't be: an unknown position, a day in the past.
    """
    return port_of(ctx).propose_authority(ctx, authority, lines, effective_from, purpose)


def approve_authority(ctx: Context, version: int) -> None:
    """Approve a proposed version; another person than who proposed it. Raises as ``transition``."""
    port_of(ctx).move_authority(ctx, version, "approve")


def publish_authority(ctx: Context, version: int) -> None:
    """Publish an approved version; a third person. Raises as ``transition``."""
    port_of(ctx).move_authority(ctx, version, "publish")
