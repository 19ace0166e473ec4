"""What plugins count by the day: each by itself, within the transaction, and nobody else's."""

from __future__ import annotations

from datetime import date
from threading import Thread
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.counts import count_up, counted
from tenor_sdk.errors import Forbidden
from tenor_sdk.testing import as_actor, on_date

pytestmark = pytest.mark.both_databases
LIN = "lin.xiaowen"


def count(institution: Any, key: str, times: int = 1, plugin: str = "errands") -> None:
    """As a procedure of a plugin does."""
    with as_actor(institution, LIN) as ctx, institution.access.procedure(ctx, plugin, "counting"):
        count_up(ctx, key, times)


def found(institution: Kernel, key: str, plugin: str = "errands", **more: Any) -> int:
    with as_actor(institution, LIN, write=False) as ctx:
        return counted(ctx, key, plugin, **more)


def test_what_is_counted_adds_up_over_the_days(institution: Kernel) -> None:
    count(institution, "a")
    count(institution, "a", 4)
    with on_date(institution, date(2026, 7, 1)):
        count(institution, "a", 2)
    assert (found(institution, "a"), found(institution, "a", since=date(2026, 7, 1))) == (7, 2)


def test_each_plugin_counts_for_itself(institution: Kernel) -> None:
    count(institution, "a")
    count(institution, "a", 5, plugin="notes")
    assert (found(institution, "a"), found(institution, "a", "notes")) == (1, 5)
    assert found(institution, "b") == 0


def test_what_is_undone_was_not_counted(institution: Any) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        as_actor(institution, LIN) as ctx,
        institution.access.procedure(ctx, "errands", "counting"),
    ):
        count_up(ctx, "a")
        raise ZeroDivisionError
    assert found(institution, "a") == 0


def test_nobody_counts_outside_a_procedure(institution: Kernel) -> None:
    with as_actor(institution, LIN) as ctx, pytest.raises(Forbidden):
        count_up(ctx, "a")


def test_many_that_count_at_once_are_all_counted(institution: Kernel) -> None:
    threads = [Thread(target=count, args=(institution, "a")) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(institution, "a") == 6
