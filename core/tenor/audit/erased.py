"""Values that are to be erased: what stands in named fields of a record, and whatever stood there before; and how they
are known again where the kernel kept them elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Enum, String, inspect, select

from tenor.audit.entries import SECRET, plain
from tenor.audit.past import values_of
from tenor_sdk.records import Record

#: what a text must weigh to be known anywhere by itself: a Chinese character 4, another letter 2, a figure 1
_ENOUGH: Final = 8
_WIDE: Final = "\u2e80"


@dataclass(frozen=True)
class Erased:
    """Values of one record.

    Args:
        values: by field, as the ledger keeps them.
        telling: fields whose texts may be known by themselves: neither a choice nor a day says whose it is.
    """

    kind: type[Record]
    record_id: int
    values: Mapping[str, frozenset[Any]]
    telling: frozenset[str]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Those that say by themselves what they are, the longest first."""
        found = {
            value.strip()
            for name, stood in self.values.items()
            if name in self.telling
            for value in stood
            if isinstance(value, str)
        }
        return tuple(sorted((text for text in found if _tells(text)), key=len, reverse=True))

    def forms(self) -> list[str]:
        """The texts as they stand within JSON and beside it."""
        return sorted({*self.texts, *(json.dumps(text)[1:-1] for text in self.texts)})

    def is_said(self, value: Any) -> bool:
        """Whether a value says one of the texts, among other words or alone."""
        said = value if isinstance(value, str) else str(value)
        return any(text in said for text in self.texts)

    def taken_out(self, text: str) -> str:
        """A text without those of them that stand in it."""
        for each in self.texts:
            text = text.replace(each, "…")
        return text


def erased_of(
    connection: Connection, kind: type[Record], record_id: int, names: Iterable[str]
) -> Erased:
    """What is to be erased of a record, before it is.

    Args:
        names: as the ledger calls the fields.
    """
    columns = inspect(kind).columns
    values = {name: stood(connection, kind, record_id, name) for name in names}
    telling = {name for name in values if name not in columns or _is_text(columns[name].type)}
    return Erased(kind, record_id, values, frozenset(telling))


def stood(connection: Connection, kind: type[Record], record_id: int, name: str) -> frozenset[Any]:
    """What stands in a field of a record, and what the ledger tells that stood there: texts and numbers."""
    key, _dot, own = name.partition(".")
    column = inspect(kind).columns[key]
    now = connection.execute(select(column).where(column.table.c.id == record_id)).scalar()
    there = (now or {}).get(own) if own else plain(now)
    every = (there, *values_of(connection, kind.__tablename__, record_id, name))
    return frozenset(
        one for one in every if isinstance(one, (str, int)) and one not in ("", SECRET)
    )


def _is_text(type_: Any) -> bool:
    return isinstance(type_, String) and not isinstance(type_, Enum)


def _tells(text: str) -> bool:
    return sum(map(_weight, text)) >= _ENOUGH


def _weight(letter: str) -> int:
    if letter >= _WIDE:
        return 4
    return 1 if letter.isdigit() else 2 * letter.isalpha()
