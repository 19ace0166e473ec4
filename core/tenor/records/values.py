"""Values as the API gives them out, and as a masked field shows them."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from tenor_sdk.fields import Mask
from tenor_sdk.values import Amount, Money, Rate

MASKED = "••••"
#: of which masks are made; no value that is masked has them
MARKS: Final = frozenset("*•")


#: given as they are; asked first, since most values of a page are of these
PLAIN: Final = frozenset((str, int, bool, type(None), float, dict, list))


def to_json(value: Any, currency: str = "CNY") -> Any:
    """Money and rates are texts, times ISO 8601 in UTC."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Amount):
        return value.text(currency)
    if isinstance(value, (Rate, Money)):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def from_ledger(kind: str, value: Any) -> Any:
    """A value as the ledger keeps it, in the type of a field of this kind.

    Args:
        kind: of the field's spec.
    """
    if kind == "amount" and isinstance(value, int):
        return Amount(value)
    if kind == "rate" and isinstance(value, int):
        return Rate(value)
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "time" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


def masked(value: Any, mask: Mask | None) -> str:
    """What is shown of a masked value: the identity number's first six and last four, a phone's first three and last
    four, an account's last four, a name's first character."""
    if value in (None, ""):
        return ""
    text = str(value)
    keep = {"identity-number": (6, 4), "phone": (3, 4), "account": (0, 4), "name": (1, 0)}.get(
        mask or "all"
    )
    if keep is None or len(text) <= sum(keep):
        return MASKED
    head, tail = keep
    stars = "*" * (len(text) - head - tail)
    return f"{text[:head]}{stars}{text[len(text) - tail :]}" if tail else f"{text[:head]}{stars}"


def currency_of(record: Any) -> str:
    """The currency of a record's amounts: of its own attribute, or the fixed code that its class names."""
    named = type(record).__currency__
    return currency_code(getattr(record, named, None) if hasattr(type(record), named) else named)


def currency_code(value: object) -> str:
    """What is kept as a currency, as its code; where that is none, amounts are in yuan."""
    return value if isinstance(value, str) and len(value) == 3 and value.isupper() else "CNY"
