"""Our values as the engine's, exactly. It has whole numbers of 64 bits and no decimals: money is its minor units under
its currency, a rate its fraction under no currency, both maps of one pair; a day is its bytes, ordered as days are.

What a function of ours gives is held against the type of the first of those that it is declared for, hence the zero
beside a rate that a sign of money and rates gives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, Final

from tenor.expressions.scanning import literal
from tenor_sdk.expressions import ExpressionType, ExpressionValue
from tenor_sdk.values import Amount, Money, Rate, half_up

#: the engine has whole numbers of 64 bits, and so have columns
_MOST: Final = 2**63
#: a fraction of more digits than any two columns give is no rate any more
_LONGEST_RATE: Final = 80
#: between the parts of what a function of ours says of its failure
MARK: Final = "\x1f"


class Failure(ValueError):
    """Why a function of ours has no value: the key of a refusal and what fills it."""

    def __init__(self, key: str, *values: str) -> None:
        super().__init__(MARK.join(("", key, *values, "")))


def encoded(value: Any, currency: str = "CNY") -> Any:
    """A value of a field as the engine takes it.

    Args:
        currency: of an amount.
    """
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Amount):
        return {currency: value.minor}
    if isinstance(value, Money):
        return {value.currency: value.minor}
    if isinstance(value, Rate):
        return _rate(value.fraction)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat().encode()
    return value


def decoded(kind: ExpressionType, value: Any) -> ExpressionValue:
    """What an expression came to, as a value of ours."""
    if kind is ExpressionType.MONEY:
        ((currency, minor),) = value.items()
        return Money(minor, currency)
    if kind is ExpressionType.RATE:
        return _exact(value)
    if kind is ExpressionType.DATE:
        return _day(value)
    if kind is ExpressionType.TIME:
        moment: datetime = value
        return moment.astimezone(UTC)
    plain: bool | int | str = value
    return plain


# -- what signs and functions do with them -----------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """What a function of ours is handed, without the engine's wrapping."""
    return value.plain_value() if hasattr(value, "plain_value") else value


def _pair(value: Any) -> tuple[str, int]:
    ((key, inner),) = value.items()
    return _plain(key), _plain(inner)


def compared(how: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A comparison: of money within one currency alone."""

    def compare(one: Any, other: Any) -> bool:
        if isinstance(one, dict):
            return how(*_alike(one, other)[1:])
        return how(_plain(one), _plain(other))

    return compare


def added(one: Any, other: Any) -> Any:
    """Money and money, rate and rate."""
    currency, first, second = _alike(one, other)
    return _of(currency, first + second)


def taken(one: Any, other: Any) -> Any:
    """Money from money, rate from rate."""
    currency, first, second = _alike(one, other)
    return _of(currency, first - second)


def negated(one: Any) -> Any:
    """The opposite of money or of a rate."""
    currency, first, _same = _alike(one, one)
    return _of(currency, -first)


def times(one: Any, number: Any) -> Any:
    """Money or a rate so many times."""
    currency, first, _same = _alike(one, one)
    return _of(currency, first * _plain(number))


def later(day: Any, days: Any) -> bytes:
    """A day so many days later."""
    try:
        moved = _day(_plain(day)) + timedelta(days=_plain(days))
    except OverflowError:
        raise Failure("expression-out-of-range") from None
    return moved.isoformat().encode()


def earlier(day: Any, days: Any) -> bytes:
    """A day so many days before."""
    return later(day, -_plain(days))


def days_between(one: Any, other: Any) -> int:
    """From the second day to the first."""
    return (_day(_plain(one)) - _day(_plain(other))).days


def share(amount: Any, rate: Any) -> Any:
    """A rate of money, rounded half up to the minor unit."""
    currency, minor = _pair(amount)
    return _of(currency, half_up(minor * _exact(rate)))


def ratio(one: Any, other: Any) -> Any:
    """Money by money, exactly."""
    _currency, first, second = _alike(one, other)
    if not second:
        raise Failure("expression-out-of-range")
    return _rate(Fraction(first, second))


def made(name: str) -> Callable[..., Any]:
    """``money``, ``percent`` and ``date``."""

    def make(*given: Any) -> Any:
        return encoded(literal(name, *(_plain(each) for each in given)))

    return make


def _alike(one: Any, other: Any) -> tuple[str, Any, Any]:
    """Two amounts of one currency, or two rates, which are of none."""
    (first, value), (second, bound) = _pair(one), _pair(other)
    if "/" in first:
        return "", _exact(one), _exact(other)
    if first != second:
        raise Failure("expression-currencies", first, second)
    return first, value, bound


def _of(currency: str, value: Any) -> Any:
    if not currency:
        return dict.fromkeys(_rate(value), 0)
    if not -_MOST <= value < _MOST:
        raise Failure("expression-out-of-range")
    return {currency: value}


def _rate(value: Fraction) -> dict[str, bool]:
    text = f"{value.numerator}/{value.denominator}"
    if len(text) > _LONGEST_RATE:
        raise Failure("expression-out-of-range")
    return {text: True}


def _exact(rate: Any) -> Fraction:
    return Fraction(_pair(rate)[0])


def _day(value: bytes) -> date:
    return date.fromisoformat(value.decode())
