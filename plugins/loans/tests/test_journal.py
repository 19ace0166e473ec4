"""Postings are a journal: their own ledger, sealed directly, also those that were there before."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tenor.audit import Asked, seals
from tenor.audit.checking_export import check
from tenor.audit.records import LedgerEntry
from tenor.base.erasing import propose
from tenor.kernel import Kernel
from tenor.loader.manifest import find
from tenor.loader.migrations import downgrade, migrate
from tenor_loans.records import Loan, Posting
from tenor_loans.services import Receipt, book_repayment
from tenor_sdk import Amount, Refused
from tenor_test_support.ledger import seal, settle

pytestmark = pytest.mark.both_databases
PAID = date(2026, 4, 20)


def repay(cast: Any, loan: int) -> int:
    with cast.act("gao.jie", PAID) as ctx:
        receipt = Receipt(Amount.of("2030000"), None, "")
        return int(book_repayment(ctx, ctx.session.get(Loan, loan), receipt).id)


def test_a_posting_leaves_no_entry_and_its_history_tells_who_booked_it(
    cast: Any,
    institution: Kernel,
    jinlan: int,
) -> None:
    paid = repay(cast, jinlan)
    with cast.act("gao.jie", PAID) as ctx:
        (entry,) = institution.audit.history(ctx, ctx.session.get(Posting, paid))
        booked_by = ctx.actor.id
    assert (entry.kind, entry.actor_id) == ("create", booked_by)
    assert entry.procedure == "loans.book_repayment"
    assert entry.changes["amount"] == [None, 203000000]
    entries: Any = LedgerEntry.__table__
    told = select(func.count()).where(entries.c.table_name == "loans_posting")
    with institution.db.raw(write=False) as connection:
        assert connection.scalar(told) == 0


@pytest.mark.parametrize(
    "how", ["update loans_posting set amount = 1", "delete from loans_posting"]
)
def test_the_database_refuses_to_change_a_posting(
    institution: Kernel,
    jinlan: int,
    how: str,
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), institution.db.raw() as connection:
        connection.execute(text(how))


def test_postings_from_before_are_sealed_by_the_next_seal(
    cast: Any,
    institution: Kernel,
    jinlan: int,
) -> None:
    settle(institution.db)
    with institution.db.raw() as connection:
        # as an older version did it: entries alone
        seals.seal(connection, institution.clock.now())
    loans, url = find()[0]["loans"], institution.settings.database_url
    downgrade(url, loans, "0002")
    migrate(url, [loans], backup=False)
    repay(cast, jinlan)
    seal(institution)
    verdict = institution.audit.verify()
    assert (verdict.findings, verdict.unsealed) == ((), 0)


def test_an_auditor_takes_postings_out_with_their_proofs(
    cast: Any,
    institution: Kernel,
    jinlan: int,
) -> None:
    paid = repay(cast, jinlan)
    seal(institution)
    with cast.act("song.qing", PAID) as ctx:
        asked = Asked(table="loans_posting", record_id=paid)
        content = "".join(institution.audit.export(ctx, asked)).encode()
    told = check(BytesIO(content), dict(institution.audit.roots()))
    assert (told["rows"], told["entries"], told["unsealed"]) == (1, 0, 0)
    assert b"203000000" in content


def test_nothing_in_a_posting_is_erased(cast: Any, institution: Kernel, jinlan: int) -> None:
    paid = repay(cast, jinlan)
    with cast.act("xu.min", PAID) as ctx, pytest.raises(Refused) as refused:
        propose(ctx, "loans_posting", paid, ["note"], reason="asked for", basis="PIPL 47")
    assert refused.value.key == "journal-is-kept"
