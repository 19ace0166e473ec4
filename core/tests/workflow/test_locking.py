"""Whoever moves a case holds its record and the case: what others did while that was waited for counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tenor_petitions.records import Petition
from tenor_petitions.workflow import submit

from core.tests.waiting import wait_for_a_waiter
from core.tests.workflow.test_moving import load_petitions
from tenor_sdk.errors import Conflict
from tenor_sdk.testing import as_actor
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
LIN = "lin.xiaowen"


def with_its_case(acts: Any) -> int:
    return int(acts.file(LIN))


def without_one(acts: Any) -> int:
    """As records that are loaded by the thousand: their case begins with the first who moves them."""
    with as_actor(acts.kernel, LIN) as ctx:
        load_petitions(acts.kernel, ctx)
    return int(acts.rows(Petition)[-1].id)


@pytest.mark.parametrize("made", [with_its_case, without_one])
def test_who_waited_for_a_case_finds_it_where_the_other_left_it(
    acts: Any, made: Callable[[Any], int]
) -> None:
    petition = made(acts)
    with ThreadPoolExecutor(1) as pool:
        with as_actor(acts.kernel, LIN) as ctx:
            transition(ctx, ctx.session.get_one(Petition, petition), submit)
            second = pool.submit(acts.go, LIN, petition, submit)
            wait_for_a_waiter(acts.kernel)
        refusal = second.exception(timeout=10)
    assert isinstance(refusal, Conflict)
    assert refusal.key == "not-from-this-state"
