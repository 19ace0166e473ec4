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


def test_an_answer_in_which_the_record_stands_loses_what_is_too_short_to_tell(
    lin: Any, institution: Kernel, two: None
) -> None:
    given = {"subject": "ab", "due_on": "2026-12-24"}
    one = lin.post(ERRAND, json=given).json["id"]

    def started() -> Any:
        path, key = f"{ERRAND}/{one}/transitions/start", {"Idempotency-Key": "start"}
        return lin.post(path, json={}, headers=key).json

    first = started()
    decided_unseen(institution, "errands_errand", one, "subject", "due_on")
    again = started()
    assert (again["record"]["subject"], again["record"]["due_on"]) == (None, None)
    assert (again["changed"], again["record"]["id"]) == (first["changed"], one)


def test_a_text_that_looks_like_an_address_loses_it_too(
    lin: Any, institution: Kernel, two: None
) -> None:
    one = made(lin, "one", TOLD)["id"]
    first = made(lin, "two", f"/{TOLD}/")
    decided_unseen(institution, "errands_errand", one, "subject")
    again = made(lin, "two", f"/{TOLD}/")
    assert (again["subject"], again["_href"]) == ("/…/", first["_href"])
