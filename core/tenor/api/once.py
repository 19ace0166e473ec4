"""The same key, the same answer: a request that is sent twice has one effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tenor.api.records import KeyedRequest
from tenor_sdk.errors import Conflict, Invalid
from tenor_sdk.files import Upload

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_table: Any = KeyedRequest.__table__
Answer = tuple[dict[str, Any], int]
_LONGEST = 200


def fingerprint(method: str, path: str, body: dict[str, Any], version: str = "") -> str:
    """What makes two requests the same.

    Args:
        version: that the change is meant for, as it was named; a form has its own among its fields.
    """
    plain = {
        name: [value.name, sha256(value.content).hexdigest()]
        if isinstance(value, Upload)
        else value
        for name, value in body.items()
    }
    return sha256(
        json.dumps([method, path, version, plain], sort_keys=True, default=str).encode()
    ).hexdigest()


def once(
    ctx: KernelContext,
    key: str,
    print_: str,
    act: Callable[[], Answer],
    still: Callable[[dict[str, Any]], object] = lambda _answer: None,
) -> Answer:
    """Do ``act`` once for this person and key; afterwards give its answer again.

    The key is taken in the same transaction as the effect: whoever comes second waits for the first to end.

    Args:
        still: raises where the person may no longer read what the answer, which it is handed, tells of.

    Raises:
        Conflict: ``key-of-another-request``.
        Invalid: ``too-long``: two keys may differ only where one is cut.
    """
    if not key:
        return act()
    if len(key) > _LONGEST:
        raise Invalid(
            "invalid", {"Idempotency-Key": Invalid("too-long", limit=_LONGEST, length=len(key))}
        )
    if not _take(ctx, key, print_):
        answer = _again(ctx, key, print_)
        still(answer[0])
        return answer
    body, status = act()
    ctx.session.flush()
    where = (_table.c.user_id == ctx.actor.id, _table.c.key == key)
    ctx.kernel.db.execute(
        ctx.session, update(_table).where(*where).values(status=status, body=body)
    )
    return body, status


def _take(ctx: KernelContext, key: str, print_: str) -> bool:
    make = postgresql.insert if ctx.kernel.db.dialect == "postgresql" else sqlite.insert
    stamps = {"version": 1, "created_at": ctx.now, "changed_at": ctx.now}
    statement = make(_table).values(
        user_id=ctx.actor.id, key=key, fingerprint=print_, status=0, **stamps
    )
    taken = ctx.kernel.db.execute(
        ctx.session, statement.on_conflict_do_nothing().returning(_table.c.id)
    )
    return taken.first() is not None


def _again(ctx: KernelContext, key: str, print_: str) -> Answer:
    where = (_table.c.user_id == ctx.actor.id, _table.c.key == key)
    row = ctx.kernel.db.execute(
        ctx.session, select(_table.c.fingerprint, _table.c.status, _table.c.body).where(*where)
    ).one()
    if row.fingerprint != print_:
        raise Conflict("key-of-another-request")
    return row.body or {}, row.status


def take_back(kernel: Kernel, user_id: int, key: str) -> None:
    """Forget a key of which the act failed after it was committed: sent again, it is done again."""
    with kernel.db.raw() as connection:
        connection.execute(delete(_table).where(_table.c.user_id == user_id, _table.c.key == key))
