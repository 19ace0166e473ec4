"""What is erased of a record isn't told by an answer that is kept for a request which may come again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_test_support.erasing import decided_unseen, let_two_erase, places_of

pytestmark = pytest.mark.both_databases
ERRAND = "/api/v1/errands/errand"
TOLD = "欧阳锦瑟 6222021234567890"


@pytest.fixture
def lin(app: Flask, institution: Kernel) -> Any:
    """A client with a token of 林晓雯."""
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@pytest.fixture
def two(institution: Kernel) -> None:
    let_two_erase(institution)


def made(lin: Any, key: str, subject: str) -> Any:
    return lin.post(ERRAND, json={"subject": subject}, headers={"Idempotency-Key": key}).json


def test_the_kept_answer_loses_it(lin: Any, institution: Kernel, two: None) -> None:
    one = made(lin, "one", TOLD)["id"]
    decided_unseen(institution, "errands_errand", one, "subject")
    assert "base_keyed_request.body" not in places_of(institution, TOLD)
    again = made(lin, "one", TOLD)
    assert (again["id"], again["subject"]) == (one, None)


def test_a_short_value_goes_from_the_answer_about_it_alone(
    lin: Any, institution: Kernel, two: None
) -> None:
    one, other = made(lin, "one", "ab"), made(lin, "two", "ab")
    decided_unseen(institution, "errands_errand", one["id"], "subject")
    assert made(lin, "one", "ab")["subject"] is None
    assert made(lin, "two", "ab") == other


def test_another_answer_that_says_it_loses_it_too(lin: Any, institution: Kernel, two: None) -> None:
    one = made(lin, "one", TOLD)["id"]
    made(lin, "two", f"call {TOLD} back")
    decided_unseen(institution, "errands_errand", one, "subject")
    assert made(lin, "two", f"call {TOLD} back")["subject"] == "call … back"
