"""Exact values: money in minor units, rates as fractions, periods of dates. No SQLAlchemy is needed to use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from functools import total_ordering
from typing import ClassVar, Final, Self

from tenor_sdk.errors import Invalid

#: Decimal places by ISO 4217, where they aren't two.
_EXPONENTS: Final = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_AMOUNT = re.compile(r"[+\-\u2212]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_NANO: Final = 10**9


def exponent(currency: str) -> int:
    """How many decimal places the minor unit of ``currency`` (ISO 4217) has: 2 for CNY, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


def currencies_with(places: int) -> Sequence[str]:
    """The currencies whose minor unit has this many decimal places, where that isn't two."""
    return [code for code, each in _EXPONENTS.items() if each == places]


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves away from zero: the one rounding at which money is booked."""
    doubled = abs(value) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return whole if value >= 0 else -whole


@total_ordering
@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in minor units of a currency that stands elsewhere: the record's one currency.

    Adds to and subtracts from amounts only; multiplies by whole numbers. A fraction of it is ``share``, which
    rounds, and says so. Floats are refused.

    Args:
        minor: the amount in minor units (fen for CNY), a whole number.
    """

    #: in an expression it is written as in a field; ``columns`` sets it
    __sa_type_engine__: ClassVar[object]
    minor: int

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            words = f"an amount is a whole number of minor units, not {self.minor!r}"
            raise TypeError(f"{words}; Amount.of reads one in major units")

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str = "CNY") -> Self:
        """Read an amount in major units: ``Amount.of("1,000.50")`` is 100050 fen.

        Raises:
            Invalid: ``not-an-amount``; ``too-many-decimals`` where it has more places than the currency.
        """
        return cls(_minor(text, currency))

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.minor + other.minor) if isinstance(other, Amount) else NotImplemented

    def __radd__(self, other: int) -> Amount:
        return self if other == 0 and isinstance(other, int) else NotImplemented

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.minor - other.minor) if isinstance(other, Amount) else NotImplemented

    def __mul__(self, times: int) -> Amount:
        if not isinstance(times, int) or isinstance(times, bool):
            return NotImplemented
        return Amount(self.minor * times)

    __rmul__ = __mul__

    def __neg__(self) -> Amount:
        return Amount(-self.minor)

    def __abs__(self) -> Amount:
        return Amount(abs(self.minor))

    def __lt__(self, other: Amount) -> bool:
        return self.minor < other.minor if isinstance(other, Amount) else NotImplemented

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, fraction: Fraction | Rate) -> Amount:
        """This times ``fraction``, rounded half up to the minor unit."""
        exact = fraction.fraction if isinstance(fraction, Rate) else fraction
        return Amount(half_up(self.minor * exact))

    def text(self, currency: str = "CNY") -> str:
        """In major units with all decimal places and no separators: ``"1000.50"``. The form of the API."""
        places = exponent(currency)
        sign = "-" if self.minor < 0 else ""
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"

    def __str__(self) -> str:
        return self.text()


def _minor(text: str | int | Decimal, currency: str) -> int:
    """Minor units of an amount in major units, exactly."""
    value = _decimal(text)
    places = exponent(currency)
    with localcontext() as context:
        context.prec = 60
        scaled = value.scaleb(places)
        if scaled != scaled.to_integral_value():
            raise Invalid("too-many-decimals", value=str(text), places=places, currency=currency)
        return int(scaled)


def _decimal(text: str | int | Decimal) -> Decimal:
    if isinstance(text, float):
        raise TypeError("no float becomes money: hand in a string, a whole number or a Decimal")
    if isinstance(text, str):
        text = text.strip()
        if not _AMOUNT.fullmatch(text):
            raise Invalid("not-an-amount", value=text)
        text = text.replace(",", "").replace("\u2212", "-")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid("not-an-amount", value=str(text)) from None
    if not value.is_finite() or value.adjusted() > 15:
        raise Invalid("not-an-amount", value=str(text))
    return value


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency. Arithmetic across currencies raises, rather than guesses.

    Args:
        minor: minor units, a whole number.
        currency: ISO 4217, three capital letters.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError(f"money is a whole number of minor units, not {self.minor!r}")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise Invalid("not-a-currency", value=self.currency)

    @classmethod
    def of(cls, text: str | int | Decimal, currency: str) -> Self:
        """Read an amount in major units of ``currency``; raises as ``Amount.of``."""
        return cls(_minor(text, currency), currency)

    @property
    def amount(self) -> Amount:
        return Amount(self.minor)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money((self.amount * times).minor, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: Money) -> Money:
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__} don't add up")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} don't add up")
        return other

    def __str__(self) -> str:
        return f"{self.currency} {self.amount.text(self.currency)}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Rate:
    """A rate a year, or another share, as an exact fraction of one: 4.35 % is ``Rate.of("0.0435")``.

    Args:
        nano: billionths: nine decimal places, a whole number.
    """

    #: in an expression it is written as in a field; ``columns`` sets it
    __sa_type_engine__: ClassVar[object]
    nano: int

    def __post_init__(self) -> None:
        if not isinstance(self.nano, int) or isinstance(self.nano, bool):
            raise TypeError(f"a rate is a whole number of billionths, not {self.nano!r}")

    @classmethod
    def of(cls, text: str | int | Decimal) -> Self:
        """Read a fraction, never a percentage: ``"0.0435"``.

        Raises:
            Invalid: ``not-a-rate``; ``too-many-decimals`` beyond nine places.
        """
        try:
            value = _decimal(text)
        except Invalid:
            raise Invalid("not-a-rate", value=str(text)) from None
        scaled = value.scaleb(9)
        if scaled != scaled.to_integral_value():
            raise Invalid("too-many-decimals", value=str(text), places=9, currency="")
        return cls(int(scaled))

    @classmethod
    def percent(cls, text: str | int | Decimal) -> Self:
        """Read a percentage: ``Rate.percent("4.35")`` is 0.0435. Raises as ``of``."""
        try:
            return cls.of(_decimal(text).scaleb(-2))
        except Invalid as error:
            key = "not-a-rate" if error.key == "not-an-amount" else error.key
            raise Invalid(key, None, **error.values) from None

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.nano, _NANO)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.nano + other.nano) if isinstance(other, Rate) else NotImplemented

    def __sub__(self, other: Rate) -> Rate:
        return Rate(self.nano - other.nano) if isinstance(other, Rate) else NotImplemented

    def __lt__(self, other: Rate) -> bool:
        return self.nano < other.nano if isinstance(other, Rate) else NotImplemented

    def __bool__(self) -> bool:
        return self.nano != 0

    def text(self) -> str:
        """The fraction without trailing zeros: ``"0.0435"``. The form of the API."""
        return format((Decimal(self.nano) / _NANO).normalize(), "f")

    def percent_text(self, places: int = 2) -> str:
        """As a percentage with at least ``places`` decimals, none lost: ``"4.35"``."""
        value = Decimal(self.nano).scaleb(-7).normalize()
        shown = -int(value.as_tuple().exponent)
        step = Decimal(1).scaleb(-max(places, shown))
        return format(value.quantize(step, rounding=ROUND_HALF_UP), "f")

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to and without ``end``: the first day counts, the last doesn't (算头不算尾).

    Raises:
        ValueError: ``end`` lies before ``start``.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period can't end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts of one currency; zero for none."""
    return Amount(sum(amount.minor for amount in amounts))
