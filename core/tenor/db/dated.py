"""Dated facts as they are written: known from the kernel's own business date on, each corrected once, by a row of the
same parent. So the corrections of a fact are a line, without a fork or a circle, and ``as_of`` finds one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tenor.db import gate
from tenor_sdk.errors import Conflict, Refused
from tenor_sdk.records import Dated, Record

if TYPE_CHECKING:
    from sqlalchemy import Connection


def known(
    connection: Connection, kind: type[Record], rows: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """What the kernel says of these rows that are about to be written; nothing of records that aren't dated.

    Raises:
        TypeError: a row says itself since when it is known.
        Refused, Conflict: as ``_check_corrections``.
    """
    if not issubclass(kind, Dated):
        return {}
    for row in rows:
        said = row.get("known_on")
        if said is not None and not (isinstance(said, date) and said == today):
            raise TypeError(f"{kind.__name__}.known_on is the kernel's: nobody sets it")
    corrections = [row for row in rows if row.get("supersedes_id") is not None]
    if corrections:
        _check_corrections(connection, kind, corrections, today)
    return {"known_on": today}


def _check_corrections(
    connection: Connection, kind: type[Record], rows: Sequence[Mapping[str, Any]], today: date
) -> None:
    """Whether each corrects a row that is there, of the same parent, and that nothing corrects yet.

    Raises:
        Refused: ``corrects-nothing``: there is none of this parent; ``corrects-what-is-later``: it was recorded after
            the day that it is now.
        Conflict: ``corrected-already``.
    """
    columns, what = kind.__mapper__.columns, kind.called()
    ids = [row["supersedes_id"] for row in rows]
    if not all(isinstance(each, int) for each in ids):
        raise TypeError(f"{kind.__name__}.supersedes_id is the id of a row")
    wanted = select(columns["id"], columns["parent_id"], columns["known_on"])
    # locked: of two who correct it at once the second waits, and then sees the other's
    wanted = wanted.where(columns["id"].in_(ids)).with_for_update(key_share=True)
    before = {
        row.id: row for row in connection.execute(wanted, execution_options=gate.MARKED).all()
    }
    by = select(columns["supersedes_id"]).where(columns["supersedes_id"].in_(ids))
    done = set(connection.execute(by, execution_options=gate.MARKED).scalars())
    for row in rows:
        identity = row["supersedes_id"]
        one = before.get(identity)
        if one is None or one.parent_id != row.get("parent_id"):
            raise Refused("corrects-nothing", field="supersedes_id", what=what)
        if one.known_on > today:
            raise Refused("corrects-what-is-later", field="supersedes_id", what=what)
        if identity in done:
            raise Conflict("corrected-already", field="supersedes_id", what=what)
        done.add(identity)
