"""What the contract says of a plugin that leaves with more than its own, and of a list that asks again for each row."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from tenor.kernel import Kernel
from tenor.loader.removing import remove
from tenor.records import PageQuery
from tenor.testing import leaving
from tenor_sdk.testing.institution import provider


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("visits",)


def test_rows_of_another_that_go_with_it_are_told(
    institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(kernel: Kernel, actor: Any, name: str) -> None:
        remove(kernel, actor, name)
        with kernel.db.raw() as connection:
            connection.execute(text("DELETE FROM errands_errand"))

    monkeypatch.setattr(leaving, "remove", too_much)
    said = provider().check("leaving", institution, "visits")
    assert any(line.startswith("removed: errands_errand had ") for line in said), said


def test_a_list_that_asks_again_for_each_row_is_told(
    institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = institution.records.page

    def asking(ctx: Any, view: Any, query: PageQuery) -> Any:
        found = page(ctx, view, query)
        for one in found.records:
            ctx.session.scalars(select(type(one).id).where(type(one).id == one.id)).all()
        return found

    monkeypatch.setattr(institution.records, "page", asking)
    said = provider().check("statements", institution, "errands")
    assert said
    assert all(" statements for a row, " in line for line in said)
