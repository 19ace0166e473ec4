"""What the ledger's page says of an export in words: of which records, which fields, by what it was narrowed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tenor.records import PageQuery
from tenor.records.specs import specs_of
from tenor.web.chips import Chips
from tenor.web.heads import NAMES
from tenor.web.steps import new
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import words

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.web.show import Show
    from tenor_sdk.records import Record

OF: Final[Text] = _("Of which records")
FIELDS: Final[Text] = _("Fields")
FILTER: Final[Text] = _("Filter")
#: by what a list is narrowed that goes out
_NARROWING: Final = ("search", "filters", "filter")


def in_words(show: Show, entry: Entry) -> tuple[list[dict[str, Any]], Entry]:
    """What an export was of, in words, and the rest of its entry: what isn't understood any more, or what its reader
    may not know, stays there as it was written."""
    kind = show.ctx.kernel.records.by_table.get(new(entry, "of"))
    if kind is None:
        return [], _without(entry, {name for name in _NARROWING if not new(entry, name)})
    told = {
        "of": (OF, show.title(kind)),
        "fields": (FIELDS, _fields(show, kind, new(entry, "fields"))),
    }
    narrowed = _narrowed(show, kind, entry)
    made = [
        {"label": show.say(label), "old": "", "new": text}
        for label, text in (*told.values(), (FILTER, narrowed))
        if text
    ]
    gone = {name for name in _NARROWING if narrowed or not new(entry, name)}
    return made, _without(entry, gone | {name for name, (_label, text) in told.items() if text})


def _without(entry: Entry, names: set[str]) -> Entry:
    return replace(
        entry, changes={name: pair for name, pair in entry.changes.items() if name not in names}
    )


def _fields(show: Show, kind: type[Record], keys: object) -> str:
    return (
        show.clauses(_field(show, kind, str(key)) for key in keys) if isinstance(keys, list) else ""
    )


def _field(show: Show, kind: type[Record], key: str) -> str:
    """What a column was called; of a linked record's name, what the link is called. Its key, if it isn't there any
    more."""
    *way, last = key.split(".")
    of: type[Any] = kind
    for step in way:
        relations = of.__mapper__.relationships
        if step not in relations:
            return key
        of = relations[step].mapper.class_
    if way and last in NAMES:
        return show.say(words(way[-1]), kind.__plugin__)
    spec = specs_of(of).get(last)
    return show.label(spec) if spec is not None else key


def _narrowed(show: Show, kind: type[Record], entry: Entry) -> str:
    """By what the list was narrowed, as its chips say it; empty where nothing can say it."""
    given = {name: value for name in _NARROWING if (value := new(entry, name))}
    if not given:
        return ""
    query = PageQuery(
        given.get("search", ""), given.get("filters", {}), filter=given.get("filter", "")
    )
    try:
        chips = Chips(show.ctx, show, kind, query, lambda **_changes: "").every()
    except TenorError:
        return ""
    return show.clauses(chip["label"] for chip in chips)
