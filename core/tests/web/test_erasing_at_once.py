"""An erasure that is being decided while somebody holds the record, or changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from core.tests.waiting import wait_for_a_waiter
from core.tests.web.test_api import Programs, program
from core.tests.web.test_erasing import MAKER, decided, email, number_of, proposed
from tenor.base.answers import erase_answers
from tenor.base.clearing import computed_from
from tenor.base.erasing import hold
from tenor.kernel import Kernel
from tenor_sdk.errors import Refused
from tenor_sdk.testing import as_actor
from tenor_test_support.erasing import decided_unseen, let_two_erase, places_of

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
ERRAND = "/errands/errand"
TOLD = "欧阳锦瑟 6222021234567890"
Meanwhile = Callable[[Callable[..., Any], Callable[[], Any]], Callable[..., Any]]


@pytest.fixture
def running() -> list[Future[Any]]:
    """What was begun meanwhile."""
    return []


@pytest.fixture
def meanwhile(institution: Kernel, running: list[Future[Any]]) -> Iterator[Meanwhile]:
    """Wraps a function: once it is done another thread acts, and all goes on when that one waits."""
    with ThreadPoolExecutor(1) as pool:

        def wrapped(function: Callable[..., Any], act: Callable[[], Any]) -> Callable[..., Any]:
            def called(*args: Any, **named: Any) -> Any:
                made = function(*args, **named)
                if not running:
                    running.append(pool.submit(act))
                    wait_for_a_waiter(institution)
                return made

            return called

        yield wrapped


def held(institution: Kernel, of: int) -> None:
    with as_actor(institution, MAKER) as ctx:
        hold(ctx, "base_user", of, "a dispute")


def test_a_hold_that_comes_while_an_erasure_is_decided_waits_for_it(
    institution: Kernel,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Meanwhile,
    running: list[Future[Any]],
) -> None:
    erasure, of = proposed(institution), number_of(institution, "lin.xiaowen")
    act = meanwhile(computed_from, lambda: held(institution, of))
    monkeypatch.setattr("tenor.base.erasing.computed_from", act)
    decided(institution, erasure)
    assert running[0].exception(timeout=10) is None
    assert not email(institution)


def test_an_erasure_that_is_decided_while_a_hold_comes_waits_for_it(
    institution: Kernel, meanwhile: Meanwhile, running: list[Future[Any]]
) -> None:
    erasure, of = proposed(institution), number_of(institution, "lin.xiaowen")
    hold_it = meanwhile(
        lambda ctx: hold(ctx, "base_user", of, "a dispute"), lambda: decided(institution, erasure)
    )
    with as_actor(institution, MAKER) as ctx:
        hold_it(ctx)
    refused = running[0].exception(timeout=10)
    assert isinstance(refused, Refused)
    assert refused.key == "held-for-law"
    assert email(institution)


def test_a_change_that_comes_while_an_erasure_is_decided_keeps_no_answer_of_before(
    program: Programs,
    institution: Kernel,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Meanwhile,
    running: list[Future[Any]],
) -> None:
    let_two_erase(institution)
    lin = program("lin.xiaowen")
    one = lin("POST", ERRAND, {"subject": TOLD}).json["id"]

    def change() -> int:
        head = {"If_Match": '"1"', "Idempotency_Key": "late"}
        status: int = lin("PATCH", f"{ERRAND}/{one}", {"due_on": "2026-12-01"}, **head).status_code
        return status

    monkeypatch.setattr("tenor.base.clearing.erase_answers", meanwhile(erase_answers, change))
    decided_unseen(institution, "errands_errand", one, "subject")
    assert running[0].result(timeout=10) == 409
    assert "base_keyed_request.body" not in places_of(institution, TOLD)
