"""Expressions (表达式): conditions and values that staff write over the fields of a record, and nothing else.

::

    large = Expression(Application, 'amount > money("1000000", "CNY") && customer.industry.startsWith("C")')
    check_expression(ctx, large)  # when it is written down: raises with line and column
    judged = holds(ctx, large, application)  # whenever it is asked

Names are the fields of the record, of its extensions and, one step away, of what it links to (``customer.name``);
fields of the institution's own as ``custom.<key>``; with an event also what that says, as ``event.<field>``; with a
change of a field what stood there and what it was set to, as ``change.before`` and ``change.after``; ``today`` and
``now``. ``has(name)`` asks whether a value is known. Signs: ``== != < <= > >= && || ! + - * in ?:``; a text has
``startsWith``, ``endsWith`` and ``contains``. Functions: ``money("1000.50", "CNY")``, ``percent("4.35")``,
``date("2026-06-30")``, ``day_of(now)``, ``share(amount, percent("20"))`` (rounded half up to the minor unit) and
``ratio(amount, other)``; a date takes and gives days (``due_on - today <= 7``). There are no loops, no patterns, no
divisions and no other functions.

What isn't known is an error, never a value: an error is never true. (Of ``a || b`` with an unknown ``a`` and a true
``b`` the answer is true whatever ``a`` is.) What the person who acts may not read is an error wherever it is named, and
so is what an event says under the name of such a field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from tenor_sdk.port import port_of
from tenor_sdk.values import Money

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.errors import TenorError
    from tenor_sdk.events import Event
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

#: What an expression comes to. A rate is an exact fraction of one.
ExpressionValue = bool | int | str | Money | Fraction | date | datetime


class ExpressionType(StrEnum):
    """What a name stands for, or what an expression comes to."""

    TRUTH = "truth"
    NUMBER = "number"
    TEXT = "text"
    MONEY = "money"
    RATE = "rate"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True)
class Expression:
    """What somebody wrote, and over what.

    Args:
        on: the kind of record whose fields it names.
        text: at most 2,000 characters.
        told: a kind of event that it may ask as well.
        changed: the name of a field of whose change it may ask; whoever may not read that gets no answer, whatever else
            the text says.
    """

    on: type[Record]
    text: str
    told: type[Event] | None = None
    changed: str = ""


@dataclass(frozen=True)
class ExpressionName:
    """A name that an expression may use.

    Args:
        name: as it is written.
        label: what it is called on pages.
        type: what it stands for.
    """

    name: str
    label: Text
    type: ExpressionType


@dataclass(frozen=True)
class Judged:
    """Whether a condition holds.

    Args:
        holds: only ever true where it was answered.
        error: why it couldn't be answered; whoever asked puts it on record.
    """

    holds: bool
    error: TenorError | None = None


def check_expression(
    ctx: Context, expression: Expression, *, gives: ExpressionType | None = ExpressionType.TRUTH
) -> ExpressionType:
    """See to it that an expression can be asked, before it is kept.

    Args:
        gives: what it has to come to; None for anything.

    Returns:
        What it comes to.

    Raises:
        Invalid: with ``line`` and ``column``, counted from 1: ``expression-syntax``, ``expression-unknown-name``,
            ``expression-types``, ``expression-literal``; ``expression-gives``, ``expression-too-long``,
            ``expression-not-readable``.
    """
    return port_of(ctx).check_expression(ctx, expression, gives)


def value_of(
    ctx: Context,
    expression: Expression,
    record: Record,
    told: Event | None = None,
    *,
    entry: int | None = None,
) -> ExpressionValue:
    """What an expression comes to for a record, as the person who acts sees it.

    Args:
        entry: of the ledger, which tells of the change (``tenor_sdk.changes``); without one it isn't known.

    Raises:
        Invalid: as ``check_expression``.
        Refused: ``expression-unknown`` and ``expression-not-readable`` with the ``name``, ``expression-currencies``,
            ``expression-out-of-range``, ``expression-failed``.
    """
    return port_of(ctx).expression_value(ctx, expression, record, told, entry)


def holds(
    ctx: Context,
    expression: Expression,
    record: Record,
    told: Event | None = None,
    *,
    entry: int | None = None,
) -> Judged:
    """Whether a condition holds for a record, as the person who acts sees it. Never raises for what is in the record or
    the text: an error is an answer, and not true.

    Args:
        entry: as of ``value_of``.
    """
    return port_of(ctx).expression_holds(ctx, expression, record, told, entry)


def names_on(
    ctx: Context, on: type[Record], told: type[Event] | None = None, *, changed: str = ""
) -> Sequence[ExpressionName]:
    """The names that the person who acts may use over a kind of record, in the order of its fields.

    Args:
        told, changed: as of ``Expression``.
    """
    return port_of(ctx).expression_names(ctx, on, told, changed)
