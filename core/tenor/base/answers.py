"""Erased values go from the answers that are kept for requests which may come twice, too."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import JSON, Connection, Text, cast, column, or_, select, table, update

from tenor.audit.erased import Erased

#: of the layer above, which keeps them
_answers: Final = table("base_keyed_request", column("id"), column("body", JSON))


def erase_answers(
    connection: Connection, erased: Erased, own: str, wholes: Collection[str] = ()
) -> None:
    """Empty what kept answers say of erased values: the fields where an answer is about the record, the texts wherever
    they stand.

    Args:
        connection: on which the kernel's own tables may be written.
        own: the address of the record.
        wholes: those of the records that are or were shown with it among their lines.
    """
    ends = [f'{address}"' for address in (own, *wholes)]
    body = cast(_answers.c.body, Text)
    among = [body.contains(form, autoescape=True) for form in (*erased.forms(), *ends)]
    for row in connection.execute(select(_answers).where(or_(*among))).all():
        left = _about(row.body, erased, own, wholes)
        if json.dumps(left) != json.dumps(row.body):
            connection.execute(update(_answers).where(_answers.c.id == row.id).values(body=left))


def _about(body: Any, erased: Erased, own: str, wholes: Collection[str]) -> Any:
    """A whole answer: one about the record has its fields, or those of its line."""
    shown = str(body.get("_href", "")) if isinstance(body, dict) else ""
    if shown.endswith(own):
        body = _without(body, erased)
    elif shown.endswith(tuple(wholes)):
        body = {key: _lines(value, erased) for key, value in body.items()}
    return _less(body, erased)


def _lines(value: Any, erased: Erased) -> Any:
    if not isinstance(value, list):
        return value
    return [
        _without(one, erased)
        if isinstance(one, dict) and one.get("id") == erased.record_id
        else one
        for one in value
    ]


def _without(shown: Mapping[str, Any], erased: Erased) -> dict[str, Any]:
    """A record as it was shown, without the fields of which values are erased."""
    custom = shown.get("custom")
    left = {key: None if key in erased.values else value for key, value in shown.items()}
    if isinstance(custom, dict):
        left["custom"] = {
            key: None if f"custom.{key}" in erased.values else value
            for key, value in custom.items()
        }
    return left


def _less(value: Any, erased: Erased) -> Any:
    """Without the texts. An address stays: by it the answer is shown again."""
    if isinstance(value, dict):
        return {key: _less(one, erased) for key, one in value.items()}
    if isinstance(value, list):
        return [_less(one, erased) for one in value]
    if isinstance(value, str) and not value.startswith("/"):
        return erased.taken_out(value)
    return value
