"""Erased values go from the answers that are kept for requests which may come twice, too."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote_plus, urlencode

from sqlalchemy import JSON, Connection, Text, cast, column, or_, select, table, update

from tenor.audit.erased import Erased

#: of the layer above, which keeps them
_answers: Final = table("base_keyed_request", column("id"), column("body", JSON))
#: the address of what is shown, which stays: by it an answer is shown again
_HREF: Final = "_href"
#: where a form leads to, whose answer shows no record
_TO: Final = "to"


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
    addressed = map(quote_plus, erased.texts)
    among = [body.contains(form, autoescape=True) for form in (*erased.forms(), *ends, *addressed)]
    for row in connection.execute(select(_answers).where(or_(*among))).all():
        left = _about(row.body, erased, own, wholes)
        if isinstance(left, dict) and _TO in left and _HREF not in left:
            left[_TO] = _address(row.body[_TO], erased)
        if json.dumps(left) != json.dumps(row.body):
            connection.execute(update(_answers).where(_answers.c.id == row.id).values(body=left))


def _address(to: str, erased: Erased) -> str:
    """Where a form leads to, without the texts by which a list is narrowed there."""
    path, _mark, query = to.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    left = [(key, erased.taken_out(value)) for key, value in pairs]
    return to if left == pairs else f"{path}?{urlencode(left)}"


def _about(shown: Any, erased: Erased, own: str, wholes: Collection[str]) -> Any:
    """An answer, or what stands in it: what is about the record is without its fields, what is about one that it is a
    line of without those of the line, and all is without the texts."""
    if isinstance(shown, list):
        return [_about(one, erased, own, wholes) for one in shown]
    if isinstance(shown, dict):
        where = str(shown.get(_HREF, ""))
        if where.endswith(own):
            shown = _without(shown, erased)
        elif where.endswith(tuple(wholes)):
            shown = {key: _lines(value, erased) for key, value in shown.items()}
        return {
            key: value if key == _HREF else _about(value, erased, own, wholes)
            for key, value in shown.items()
        }
    return erased.taken_out(shown) if isinstance(shown, str) else shown


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
