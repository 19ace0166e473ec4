"""Failed tries to sign in, counted by login and address: guessing is slow, and no stranger shuts anybody out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, Row, case, delete, or_, select

from tenor.events.rows import inserting
from tenor.identity.records import FailedSignIn
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_failures: Any = FailedSignIn.__table__

#: how long after the last one the failures of a login at an address are remembered, and so the length of a lock
_REMEMBERED: Final = timedelta(minutes=10)
#: of a login at one address
_TRIES: Final = 5
#: of all logins at one address: what a branch behind one address mistypes and doesn't mend at once lies well below
_AT_ADDRESS: Final = 30
#: of a login at all addresses, each of which counts for ``_TRIES`` at most: it takes ten to shut somebody out
_OF_LOGIN: Final = 10 * _TRIES


def where_from(address: str) -> str:
    """What an address counts as: of IPv6 the /64 network, any address of which its holder may take."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), 64), strict=False))


class Failures:
    """The failures that are remembered."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def check(self, connection: Connection, login: str, address: str) -> None:
        """Refuse a try, right or wrong, after too many that failed.

        Raises:
            Refused: ``locked-out``, with the ``minutes`` that it lasts.
        """
        now, source = self.kernel.clock.now(), where_from(address)
        table = _failures.c
        rows = connection.execute(
            select(table.login, table.address, table.times, table.changed_at)
            .where(or_(table.login == login, table.address == source), _remembered(now))
            .order_by(table.changed_at.desc())
        ).all()
        of_login = [row for row in rows if row.login == login]
        at_address = [row for row in rows if row.address == source]
        of_both = [row for row in of_login if row.address == source]
        ends = (
            _locked_until(of_both, _TRIES),
            _locked_until(of_login, _OF_LOGIN),
            _locked_until(at_address, _AT_ADDRESS),
        )
        until = max((end for end in ends if end is not None), default=None)
        if until is not None:
            raise Refused("locked-out", minutes=math.ceil((until - now).total_seconds() / 60))

    def count(self, login: str, address: str) -> None:
        """Remember that a try failed."""
        now, table = self.kernel.clock.now(), _failures.c
        first = {"login": login, "address": where_from(address), "times": 1, "version": 1}
        stamps = {"created_at": now, "changed_at": now}
        again = case((_remembered(now), table.times + 1), else_=1)
        # counted by the database, in one statement: of tries in the same instant none is lost
        statement = inserting(self.kernel.db.dialect)(_failures).values(**first, **stamps)
        with self.kernel.db.raw() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["login", "address"], set_={"times": again, "changed_at": now}
                )
            )

    def forget(self, connection: Connection, login: str, address: str) -> None:
        """Whoever signs in where they failed before has only mistyped."""
        mine = (_failures.c.login == login, _failures.c.address == where_from(address))
        connection.execute(delete(_failures).where(*mine))

    def prune(self, ctx: KernelContext) -> None:
        """Remove what has no more effect."""
        self.kernel.db.execute(ctx.session, delete(_failures).where(~_remembered(ctx.now)))


def _remembered(now: datetime) -> ColumnElement[bool]:
    # from both sides: where the business date stands still, the clock goes back at midnight
    found: ColumnElement[bool] = _failures.c.changed_at.between(
        now - _REMEMBERED, now + _REMEMBERED
    )
    return found


def _locked_until(newest_first: Sequence[Row[Any]], limit: int) -> datetime | None:
    """When so many are forgotten that fewer than ``limit`` are left; None where there are fewer now."""
    total = 0
    for row in newest_first:
        total += min(row.times, _TRIES)
        if total >= limit:
            last: datetime = row.changed_at
            return last + _REMEMBERED
    return None
