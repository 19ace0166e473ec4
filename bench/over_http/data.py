"""The same hundred thousand customers for whoever is measured, and the person who may see those of twelve units."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

ROWS: Final = 100_000
UNITS: Final = 200
#: units of the person who asks, counted from one
MINE: Final = tuple(7 + 16 * k for k in range(12))
#: infixes, each in about a fifth of the names
TERMS: Final = ("wex", "qua", "gal", "fen", "shi", "bel")
COLUMNS: Final = (
    "code", "name", "email", "phone", "street", "city", "birth_date", "opened_at", "income", "score", "grade", "active",
)  # fmt: skip
_SYLLABLES: Final = "ka ve lo mi tar sen ro bel du pi nor gal shi ha wex qua zu fen ost ril".split()
_CITIES: Final = [
    a + b for a in ("Nord", "Sud", "Ost", "West", "Alt") for b in ("burg", "stad", "ville", "port")
]


def customer(n: int, prefix: str = "C") -> dict[str, Any]:
    """Customer ``n``, counted from zero; ``income`` in fen, the unit counted from one."""
    dice = random.Random(n)  # noqa: S311 - test data

    def word(syllables: int) -> str:
        return "".join(dice.choice(_SYLLABLES) for _ in range(syllables)).capitalize()

    first, last = word(2), word(3)
    return {
        "code": f"{prefix}{n:07d}",
        "name": f"{first} {last}",
        "email": f"{first}.{last}{n}@example.org".lower(),
        "phone": f"+49{dice.randrange(10**9):09d}",
        "street": f"{word(2)} Street {dice.randrange(1, 300)}",
        "city": dice.choice(_CITIES),
        "birth_date": date(1950, 1, 1) + timedelta(days=dice.randrange(20_000)),
        "opened_at": datetime(2015, 1, 1, tzinfo=UTC)
        + timedelta(minutes=dice.randrange(5_000_000)),
        "income": dice.randrange(1_000_000, 20_000_000),
        "score": dice.randrange(300, 900),
        "grade": dice.choice("ABCDE"),
        "active": dice.random() < 0.95,
        "unit": n % UNITS + 1,
    }


def customers() -> Iterator[dict[str, Any]]:
    """All of them."""
    return (customer(n) for n in range(ROWS))


#: of customers that the person may see, in the order of ``mine``
DOSSIERS: Final = 800


def mine(k: int) -> int:
    """The id of the ``k``-th customer that the person may see."""
    return k // len(MINE) * 37 % (ROWS // UNITS) * UNITS + MINE[k % len(MINE)]
