"""Names, amounts and tags as nobody would enter them, written into a demo bank past forms and rules.

What a form refuses may still stand in a database: it came with a file, from another system, or before the rule.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

#: what it would do, if a page took it for its own
SCRIPT: Final = '<script>window.ran=1</script><img src=x onerror="window.ran=1">\' {{ 7*7 }} </td>'
#: an override that nobody ends turns what follows, and an isolate that nobody began ends the one around it
TURNED: Final = "\u2069\u202eגפד\u202e 海运（\u202b有限\u200f公司"
LONG: Final = "云州特种材料研究开发与产业化示范基地" * 556
UNBROKEN: Final = "W" * 10_000
#: beyond the first plane, joined to one sign, and marks upon marks
RARE: Final = "𬭸𠮷𪚥材料 👩‍👩‍👧‍👦 Z" + "\u0301\u0300\u0302\u0334" * 40
NAMES: Final = (SCRIPT, TURNED, LONG, UNBROKEN, RARE)
#: 10^15 yuan, in fen
MOST: Final = 10**17
TAGS: Final = ", ".join(f"标签{number}" for number in range(500))

#: ids of the demo: customers of 林晓雯 who have applications and loans
CUSTOMERS: Final = (1, 4, 8, 9, 5)
#: its branch, the people who look after something, and those whom they work with
UNIT: Final = 8
COLLEAGUES: Final = (2, 5, 6)


def roughen(folder: Path) -> None:
    """Write all of it into the bank of a folder, before it is served."""
    with closing(sqlite3.connect(folder / "tenor.db")) as bank, bank:
        for identity, name in zip(CUSTOMERS, NAMES, strict=True):
            bank.execute(
                "UPDATE customers_customer SET name = ?, representative = ?, address = ?, business_scope = ?,"
                " registered_capital = ? WHERE id = ?",
                (name, name, name, name, MOST, identity),
            )
        for identity, name in zip(COLLEAGUES, (TURNED, LONG, SCRIPT), strict=True):
            bank.execute("UPDATE base_user SET name = ? WHERE id = ?", (name, identity))
        bank.execute("UPDATE base_unit SET name = ? WHERE id = ?", (TURNED + LONG[:180], UNIT))
        bank.execute("UPDATE origination_application SET amount = ?, purpose = ?", (MOST, UNBROKEN))
        bank.execute(
            "UPDATE loans_loan SET principal = ?, outstanding = ?, borrower = ?", (MOST, MOST, LONG)
        )
        bank.execute("UPDATE base_file SET name = ?", (f"{TURNED}{SCRIPT}{UNBROKEN}.pdf",))
        for number, name in enumerate(NAMES):
            _comment(bank, CUSTOMERS[0], name)
            _filter(bank, f"{number}{name}")
        bank.execute("UPDATE customer_tags_tag SET name = ?", (UNBROKEN[:40],))
        bank.execute(
            "UPDATE customer_tags_customer_tags SET tags = ? WHERE id IN (?, ?)",
            (TAGS, *CUSTOMERS[::3]),
        )


def _comment(bank: sqlite3.Connection, customer: int, text: str) -> None:
    bank.execute(
        "INSERT INTO base_comment (table_name, record_id, text, version, created_at, created_by_id, changed_at)"
        " VALUES ('customers_customer', ?, ?, 1, '2026-06-30 01:00:00', 6, '2026-06-30 01:00:00')",
        (customer, text),
    )


def _filter(bank: sqlite3.Connection, name: str) -> None:
    bank.execute(
        'INSERT INTO base_saved_filter (owner_id, record, name, "query", shared, version, created_at, changed_at)'
        " VALUES (1, 'customers.customer', ?, 'industry=C34', 1, 1, '2026-06-30 01:00:00', '2026-06-30 01:00:00')",
        (name,),
    )
