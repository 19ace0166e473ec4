"""What a named elevated function answers doesn't depend on who asks: random people, one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tenor.access.records import User
from tenor.base.delegating import _holds_for, _positions
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_customers.domain.names import Identity
from tenor_customers.records import Customer
from tenor_customers.services import resemblances
from tenor_test_support.examples import examples
from tests.access.cells import PEOPLE

#: each by its name; asked about the rows of the demo bank
ASKED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "resemblances": lambda ctx, rows: [resemblances(ctx, each) for each in rows["customers"]],
    "_positions": lambda ctx, rows: [_positions(ctx, each) for each in rows["users"]],
    "_holds_for": lambda ctx, rows: [
        _holds_for(ctx, each, "approver") for each in rows["users"]
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def rows(bank: Kernel) -> dict[str, list[Any]]:
    """What is asked about."""
    with bank.db.raw(write=False) as connection:
        table: Any = Customer.__table__
        known = connection.execute(select(table.c.name, table.c.credit_code).limit(3)).all()
        users = connection.scalars(select(User.id).order_by(User.id).limit(8)).all()
    return {"customers": [Identity(name, code) for name, code in known], "users": list(users)}


@pytest.fixture(scope="module")
def known(bank: Kernel, rows: dict[str, list[Any]]) -> dict[str, Any]:
    """The answers as the system's own account gets them."""
    with bank.context(actor_of(bank, "system"), write=True) as ctx:
        return {name: ask(ctx, rows) for name, ask in ASKED.items()}


def test_the_questions_have_answers(known: dict[str, Any]) -> None:
    assert all(known["resemblances"])
    assert any(known["_positions"])


@pytest.mark.parametrize("name", ASKED)
@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    login=st.sampled_from(sorted(PEOPLE.values())),
    roles=st.sets(st.integers(0, 10_000), max_size=6),
    units=st.frozensets(st.integers(1, 30), max_size=4),
)
def test_everybody_gets_the_same_answer(
    bank: Kernel,
    rows: dict[str, list[Any]],
    known: dict[str, Any],
    name: str,
    login: str,
    roles: set[int],
    units: frozenset[int],
) -> None:
    keys = sorted(bank.access.roles)
    worn = frozenset(keys[each % len(keys)] for each in roles)
    somebody = replace(actor_of(bank, login), roles=worn, units=units, units_below=units)
    with bank.context(somebody, write=True) as ctx:
        assert ASKED[name](ctx, rows) == known[name]
