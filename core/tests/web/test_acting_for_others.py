"""What it costs to act for somebody else: a page asks as often for many rows as for few."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.tests.workflow.standing_in import give
from tenor.kernel import Kernel
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases


@pytest.fixture
def chen(person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> Any:
    """陈丽, who stands in for 林晓雯, of whose errands she sees by herself nothing, and when they are due no day."""
    from tenor_errands.access import runner
    from tenor_errands.records import Errand

    rule = FieldRule(fields=(Errand.due_on,), effect="hide", unless=(runner,))
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, rule])
    give(institution, "lin.xiaowen", "chen.li", until=date(2026, 7, 31))
    return person("chen.li")


def errands(institution: Kernel, number: int) -> None:
    from tenor_errands.records import Errand

    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        for n in range(number):
            institution.records.create(
                ctx, Errand, {"subject": f"errand {n}", "due_on": "2026-07-15"}
            )


@pytest.mark.parametrize("path", ["/", "/errands/errand"])
def test_a_page_asks_as_often_for_many_rows_as_for_few(
    chen: Any, institution: Kernel, statements: list[str], path: str
) -> None:
    counts = []
    for more in (2, 12):
        errands(institution, more)
        chen.get(path)
        statements.clear()
        shown = chen.get(path)
        counts.append(len(statements))
        assert "07-15" in shown
    assert counts[0] == counts[1], statements
