"""A ledger that was sealed before journals were: its seals stand after the migration, and go on."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenor.kernel import Kernel
from tenor.loader.manifest import BASE, find
from tenor.loader.migrations import downgrade, migrate
from tenor_test_support.ledger import seal

pytestmark = pytest.mark.both_databases


def test_old_memberships_still_prove_their_entries(
    institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.audit.seals.FORM", 1)  # as seals were then
    sealed = seal(institution)
    base, url = find()[0][BASE], institution.settings.database_url
    downgrade(url, base, "0009")
    with institution.db.raw(write=False) as connection:
        before = connection.scalar(text("select count(*) from base_seal_member"))
    migrate(url, [base], backup=False)
    verdict = institution.audit.verify()
    assert sealed == before == verdict.entries
    assert (verdict.findings, verdict.unnumbered) == ((), sealed)
