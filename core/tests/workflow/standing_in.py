"""People who give others to do, for the tests of delegation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import update

from tenor.access.records import User
from tenor.base.delegating import delegate, delegate_for, end_delegation
from tenor_sdk.testing import as_actor

TODAY = date(2026, 6, 30)
MONTHS_END = date(2026, 7, 31)


def user(kernel: Any, login: str) -> int:
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        found: int = ctx.session.query(User.id).where(User.login == login).scalar()
        return found


def give(
    kernel: Any,
    giver: str,
    taker: str,
    *positions: str,
    until: date = MONTHS_END,
    from_day: date | None = None,
    by: str = "",
    reason: str = "on leave",
) -> int:
    """A delegation by the giver themselves, or by an administrator."""
    given: dict[str, Any] = {"until": until, "reason": reason, "from_day": from_day}
    named: Sequence[str] = positions
    with as_actor(kernel, by or giver) as ctx:
        if by:
            return delegate_for(
                ctx, user(kernel, giver), user(kernel, taker), positions=named, **given
            )
        return delegate(ctx, user(kernel, taker), positions=named, **given)


def end(kernel: Any, login: str, identity: int, reason: str = "") -> None:
    from tenor.access.records import Delegation

    with as_actor(kernel, login) as ctx:
        end_delegation(ctx, ctx.session.get_one(Delegation, identity), reason)


def change_user(kernel: Any, login: str, **values: Any) -> None:
    with kernel.db.raw() as connection:
        connection.execute(update(User.__table__).where(User.login == login).values(**values))
