"""Home: what it takes to show it."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"


def wait_for(institution: Kernel, count: int) -> None:
    """So many tasks more for whoever runs errands, of each of whom they are told."""
    from tenor_errands.public import add_errand

    with as_actor(institution, LIN) as ctx:
        for number in range(count):
            add_errand(ctx, f"errand {number}")


def test_it_asks_as_often_for_many_tasks_and_notices_as_for_few(
    person: Any, institution: Kernel, statements: list[str]
) -> None:
    lin, counts = person(LIN), []
    for more in (3, 57):
        wait_for(institution, more)
        lin.get("/")  # what is kept from one request to the next is there
        statements.clear()
        assert lin.get("/").count("跑一趟") >= min(more, 50)
        counts.append(len(statements))
    assert counts[0] == counts[1]
