"""A bank with a hundred thousand customers and a million entries of the ledger, served as it is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.over_http.sides import Side
from tenor_test_support.postgres import running
from tests.browser.house import House
from tests.security.browsing import signed_in

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresDatabase

Own = dict[str, LiteralString]
CUSTOMERS: Final = 100_000
ENTRIES: Final = 1_000_000
#: looks after half of them, and has tasks
LOGIN: Final = "lin.xiaowen"
#: what their copies have of their own, by column
_CUSTOMER: Final[Own] = {"name": "one.name || ' ' || n", "credit_code": "one.credit_code || n"}
_ENTRY: Final[Own] = {
    "record_id": "25 + n % 100000",  # the demo has 24 customers
    "request_id": "md5(n::text)",
    "at": "one.at - n * interval '7 seconds'",
}


class Served:
    """The bank at work, and somebody who is signed in."""

    def __init__(self, house: House) -> None:
        self.house, self.port = house, urlsplit(house.url).port or 0
        self.browser = signed_in(house.url, LOGIN)
        self.token = house.command("token", "create", LOGIN, "--name", "bench").strip()

    @property
    def cookie(self) -> str:
        """What their browser sends."""
        return "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())

    def side(self, name: str, authorization: str) -> Side:
        """The server, as one of those that are compared."""
        return Side(name, self.port, authorization, working=self.house.working())


@contextmanager
def bank(folder: Path, customers: int = CUSTOMERS, entries: int = ENTRIES) -> Iterator[Served]:
    """The demo bank on PostgreSQL, as large as it is to be, at work until the block is over."""
    with ExitStack() as stack:
        server = stack.enter_context(running())
        database = stack.enter_context(server.database())
        house = House(folder, {"TENOR_DATABASE_URL": database.url})
        stack.enter_context(house.serving())
        _grow(database, customers, entries)
        yield Served(house)


def _grow(database: PostgresDatabase, customers: int, entries: int) -> None:
    """The demo's customers again and again, and what happened to them."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        whom = "one.id = n % 24 + 1"
        _again(connection, "customers_customer", customers, whom, _CUSTOMER)
        first = "one.id = (SELECT min(id) FROM base_ledger_entry WHERE table_name = 'customers_customer')"
        _again(connection, "base_ledger_entry", entries, first, _ENTRY)
        connection.execute("VACUUM ANALYZE")


def _again(
    connection: psycopg.Connection[Any], table: str, count: int, which: LiteralString, own: Own
) -> None:
    """So many copies of rows of a table."""
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
    columns = [name for (name,) in connection.execute(asked, [table])]
    values = [
        sql.SQL(own[name]) if name in own else sql.Identifier("one", name) for name in columns
    ]
    words: LiteralString = (
        "INSERT INTO {table} ({columns}) SELECT {values} "
        "FROM generate_series(1, {count}) n JOIN {table} one ON {which}"
    )
    connection.execute(
        sql.SQL(words).format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            count=count,
            which=sql.SQL(which),
        )
    )
