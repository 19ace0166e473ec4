"""What is wanted, in the words of whoever is asked: FTS5 of SQLite, full text of PostgreSQL, plain comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import and_, or_

from tenor.search.keys import Term, Wanted


def for_sqlite(wanted: Wanted, slots: Sequence[str]) -> str:
    """As ``MATCH`` of FTS5 takes it. Keys are letters, figures and our own marks: nothing in them ends a quote."""

    def said(slot: str, term: Term) -> str:
        return f'"{slot}:{term.key}"' + (" *" if term.begins else "")

    return _written(wanted, slots, said, " AND ", " OR ")


def for_postgresql(wanted: Wanted, slots: Sequence[str]) -> str:
    """As a ``tsquery``."""

    def said(slot: str, term: Term) -> str:
        return f"'{slot}:{term.key}'" + (":*" if term.begins else "")

    return _written(wanted, slots, said, " & ", " | ")


def compared(document: Any, wanted: Wanted, slots: Sequence[str]) -> Any:
    """As a condition over the keys of a record, where no index is asked."""

    def said(slot: str, term: Term) -> Any:
        return document.like(f"% {slot}:{term.key}" + ("%" if term.begins else " %"))

    return and_(
        *(or_(*(and_(*(said(slot, term) for term in group)) for slot in slots)) for group in wanted.groups)
    )  # fmt: skip


def meets(document: str, wanted: Wanted, slots: Sequence[str]) -> bool:
    """Whether a record with these keys is wanted."""

    def has(slot: str, term: Term) -> bool:
        return f" {slot}:{term.key}" + ("" if term.begins else " ") in document

    return all(
        any(all(has(slot, term) for term in group) for slot in slots) for group in wanted.groups
    )


def _written(
    wanted: Wanted, slots: Sequence[str], said: Callable[[str, Term], str], every: str, some: str
) -> str:
    def joined(parts: Iterable[str], how: str) -> str:
        return f"({how.join(parts)})"

    return joined(
        (
            joined((joined((said(slot, term) for term in group), every) for slot in slots), some)
            for group in wanted.groups
        ),
        every,
    )
