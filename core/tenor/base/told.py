"""Erased values go from what people were told, by notices and mails, from what events and jobs say, and from what was
typed for many records at once or when a session had ended, too."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Text, cast, delete, or_, select, update

from tenor.audit.erased import Erased
from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor.identity.records import Draft
from tenor.jobs.records import Job
from tenor.notify.records import Mail, Notice
from tenor.records.custom import name_of
from tenor.views import address
from tenor.views.records import BulkChange, BulkRow

_changes: Final = table_of(BulkChange)
_rows: Final = table_of(BulkRow)
_drafts: Final = table_of(Draft)
#: where words of others stand, as texts or within JSON
_PLACES: Final = (
    (table_of(Notice), ("title", "body")),
    (table_of(Mail), ("subject", "body")),
    (table_of(OutboxEvent), ("payload",)),
    (table_of(Job), ("arguments", "part", "result", "error")),
    (_changes, ("given", "problem", "told")),
    (_rows, ("name", "why", "told")),
    (_drafts, ("fields",)),
)


def erase_told(connection: Connection, erased: Erased) -> None:
    """Take the texts that are known by themselves out wherever something was told with them. Shorter ones stay: nobody
    knows of whom they were told. A job that hasn't run is given what is left.

    Args:
        connection: on which the kernel's own tables may be written.
    """
    _erase_rows(connection, erased)
    _erase_drafts(connection, erased)
    if not erased.texts:
        return
    for rows, names in _PLACES:
        columns = [rows.c[name] for name in names]
        among = [
            cast(each, Text).contains(form, autoescape=True)
            for each in columns
            for form in erased.forms()
        ]
        for row in connection.execute(select(rows.c.id, *columns).where(or_(*among))).all():
            left = {name: _less(getattr(row, name), erased) for name in names}
            less = {name: each for name, each in left.items() if each != getattr(row, name)}
            if less:
                connection.execute(update(rows).where(rows.c.id == row.id).values(less))


def _erase_rows(connection: Connection, erased: Erased) -> None:
    """Of a row of a change of many it is known of which record it is, so that whatever text of it goes."""
    said = sorted(
        (each for name in erased.telling for each in erased.values[name] if isinstance(each, str)),
        key=len,
        reverse=True,
    )
    of_it = select(_rows.c.id, _rows.c.name, _rows.c.why, _rows.c.told).join_from(
        _rows, _changes, _changes.c.id == _rows.c.change_id
    )
    own = (_changes.c.record == name_of(erased.kind), _rows.c.record_id == erased.record_id)
    for row in connection.execute(of_it.where(*own)).all():
        name, why = row.name, row.why
        for each in said:
            name, why = name.replace(each, "…"), why.replace(each, "…")
        # a short text may be part of a key as well, so what is to be said anew goes whole: the words are left
        told = None if _says(row.told, said) else row.told
        if (name, why, told) != (row.name, row.why, row.told):
            changed = update(_rows).where(_rows.c.id == row.id)
            connection.execute(changed.values(name=name, why=why, told=told))


def _says(value: Any, texts: list[str]) -> bool:
    """Whether any of the texts stands in what JSON holds."""
    if isinstance(value, dict):
        return any(_says(one, texts) for one in value.values())
    if isinstance(value, list):
        return any(_says(one, texts) for one in value)
    return isinstance(value, str) and any(each in value for each in texts)


def _erase_drafts(connection: Connection, erased: Erased) -> None:
    """What was typed into a form of the record goes whole: it stands beside what the record held."""
    at = address(erased.kind, erased.record_id)
    of_it = or_(_drafts.c.path == at, _drafts.c.path.startswith(f"{at}/", autoescape=True))
    connection.execute(delete(_drafts).where(of_it))


def _less(value: Any, erased: Erased) -> Any:
    """Without the texts."""
    if isinstance(value, dict):
        return {key: _less(one, erased) for key, one in value.items()}
    if isinstance(value, list):
        return [_less(one, erased) for one in value]
    return erased.taken_out(value) if isinstance(value, str) else value
