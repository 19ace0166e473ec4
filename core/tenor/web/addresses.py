"""The addresses of pages: of a list with its filters, of what can be done with a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from tenor.views import address

if TYPE_CHECKING:
    from tenor_sdk.records import Record

#: What a list's address holds beside its filters.
RESERVED: Final = frozenset(
    (
        "q",
        "filter",
        "sort",
        "cursor",
        "size",
        "view",
        "archived",
        "format",
        "columns",
        "all",
        "saved",
        "look",
        "look_at",
        "look_by",
    )
)


def with_query(path: str, query: Mapping[str, Any]) -> str:
    """A path with a query; what is empty is left out."""
    pairs = [
        (name, each)
        for name, value in query.items()
        for each in (value if isinstance(value, (list, tuple)) else [value])
        if each not in ("", None)
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def fields_of(href: str) -> list[dict[str, str]]:
    """The query of an address as the hidden fields of a form that keeps it."""
    pairs = parse_qsl(href.partition("?")[2])
    return [{"name": name, "value": value} for name, value in pairs]


def of(record: Record, *more: str) -> str:
    """The page of a record, or what lies below it: ``of(loan, "transitions", "pay-out")``."""
    return "/".join((address(type(record), record.id), *more))


def filtered(kind: type[Record], **filters: str | Sequence[str]) -> str:
    """The list of a kind of record, narrowed."""
    return with_query(address(kind), filters)
