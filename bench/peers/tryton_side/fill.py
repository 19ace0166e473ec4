"""The person, the rule and the customers."""

import os

from trytond.pool import Pool
from trytond.transaction import Transaction

from bench.over_http.data import COLUMNS, MINE, ROWS, UNITS, customers

DATABASE = os.environ["PGDATABASE"]
BY_UNIT = '[["unit", "in", {"__class__": "Eval", "v": "units", "d": []}]]'


def fill() -> None:
    """All of it."""
    Pool.start()
    pool = Pool(DATABASE)
    with Transaction().start(DATABASE, 0, readonly=True):
        pool.init()
    with Transaction().start(DATABASE, 0) as transaction:
        _people(pool)
        _copy(transaction.connection.cursor())
        transaction.commit()


def _people(pool: Pool) -> None:
    pool.get("book.unit").create([{"name": f"Unit {n:03d}"} for n in range(1, UNITS + 1)])
    (group,) = pool.get("res.group").create([{"name": "Officers"}])
    pool.get("res.user").create(
        [{
            "name": "Keeper", "login": "keeper", "password": os.environ["PEER_PASSWORD"],
            "groups": [("add", [group.id])], "units": [("add", list(MINE))],
        }]
    )  # fmt: skip
    all_verbs = {f"perm_{verb}": True for verb in ("read", "write", "create", "delete")}
    models = ("book.unit", "book.customer")
    pool.get("ir.model.access").create(
        [{"model": model, "group": group.id, **all_verbs} for model in models]
    )
    pool.get("ir.rule.group").create(
        [{
            "name": "by unit", "model": "book.customer", "global_p": True, "default_p": False, **all_verbs,
            "rules": [("create", [{"domain": BY_UNIT}])],
        }]
    )  # fmt: skip


def _copy(cursor) -> None:
    columns = ", ".join(f'"{name}"' for name in (*COLUMNS, "unit"))
    stamped = f"id, create_uid, create_date, {columns}"
    with cursor.copy(f"COPY book_customer ({stamped}) FROM STDIN") as copy:
        for number, row in enumerate(customers(), start=1):
            values = [row[name] for name in COLUMNS]
            values[COLUMNS.index("opened_at")] = row["opened_at"].replace(tzinfo=None)
            copy.write_row((number, 1, "2026-01-01", *values, row["unit"]))
    for statement in (
        f"SELECT setval('book_customer_id_seq', {ROWS})",
        f"INSERT INTO book_customer__history ({stamped}) SELECT {stamped} FROM book_customer",  # noqa: S608 - names of this file
        "CREATE INDEX book_customer_unit_name ON book_customer (unit, name)",
        "CREATE INDEX book_customer_name ON book_customer (name, id)",
        "CREATE UNIQUE INDEX book_customer_code ON book_customer (code)",
    ):
        cursor.execute(statement)


if __name__ == "__main__":
    fill()
