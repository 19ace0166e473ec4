"""A row of another unit, asked for by its number: not found, by every way there is, and untouched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.people import file_of
from tests.journeys.steps import (
    APPLICATION,
    AUDITOR,
    CONTRACT,
    CUSTOMER,
    LOAN,
    MANAGER,
    OTHER_BRANCH,
    Cast,
    at,
)
from tests.security.browsing import Browser, signed_in

if TYPE_CHECKING:
    from tests.journeys.people import Person


@pytest.fixture(scope="module")
def others(cast: Cast) -> dict[str, Any]:
    """Rows of another branch, by their addresses; each as it stands."""
    customer = cast.customer()
    loan = cast.lent()
    application = cast[AUDITOR].get(f"{APPLICATION}/{loan['application_id']}")
    contract = cast[AUDITOR].get(CONTRACT, application_id=application["id"])["items"][0]
    paths = (
        at(CUSTOMER, customer), at(APPLICATION, application), at(CONTRACT, contract), at(LOAN, loan),
        f"/credit/rating/{application['rating_id']}",
    )  # fmt: skip
    return {path: cast[AUDITOR].get(path) for path in paths}


@pytest.fixture
def shen(cast: Cast) -> Person:
    """A relationship manager of the other branch."""
    return cast[OTHER_BRANCH]


@pytest.fixture(scope="module")
def page(cast: Cast) -> Browser:
    """The browser of that person."""
    return signed_in(cast.bank.url, OTHER_BRANCH)


@pytest.fixture(autouse=True)
def untouched(cast: Cast, others: dict[str, Any]) -> Iterator[None]:
    """Whatever a test tries, the rows stay as they are."""
    yield
    for path, row in others.items():
        assert cast[AUDITOR].get(path) == row


def test_it_is_not_found_over_the_api(shen: Person, others: dict[str, Any]) -> None:
    for path in others:
        for more in ("", "/history", "/panels", "/transitions"):
            answer = shen.ask("GET", path + more)
            assert answer.problem == (404, "not-found"), path + more
        for method in ("PATCH", "DELETE"):
            answer = shen.ask(method, path, {"remark": "x"}, If_Match='"1"')
            assert answer.problem == (404, "not-found"), (method, path)
        comment = shen.ask("POST", f"{path}/comments", {"text": "x"})
        assert comment.problem == (404, "not-found"), path


def test_none_of_its_transitions_and_actions_is_found(
    cast: Cast, shen: Person, others: dict[str, Any]
) -> None:
    tried = 0
    document = cast[AUDITOR].get("/openapi.json")["paths"]
    for path in others:
        kind, _, identity = path.rpartition("/")
        for described in document:
            # to follow no more says the same of what is there and of what isn't, and leaves the row alone
            if described.endswith("/unfollow"):
                continue
            if described.startswith(f"{kind}/{{id}}/") and "post" in document[described]:
                answer = shen.ask("POST", described.replace("{id}", identity), {})
                assert answer.problem == (404, "not-found"), described
                tried += 1
    assert tried > 20


def test_its_files_are_not_found(shen: Person, page: Browser, others: dict[str, Any]) -> None:
    files = {
        value
        for row in others.values()
        for name, value in row.items()
        if name.endswith("file_id") and value is not None
    }
    assert len(files) >= 2
    for identity in files:
        assert shen.ask("GET", f"/files/{identity}").problem == (404, "not-found")
        for more in ("", "?inline"):
            assert page.ask("GET", f"/files/{identity}{more}").status == 404


def test_it_is_in_no_list_count_search_or_export(
    shen: Person, page: Browser, others: dict[str, Any]
) -> None:
    for path, row in others.items():
        kind = path.rpartition("/")[0]
        assert shen.get(kind, id=row["id"])["count"] == 0
        known = row.get("number") or row.get("name")
        if known:
            assert known not in page.ask("GET", f"{kind}/export").text
            assert known not in page.get("/search?q=2026")


def test_it_cannot_be_linked_to(cast: Cast, shen: Person, others: dict[str, Any]) -> None:
    (customer,) = (row for path, row in others.items() if path.startswith(f"{CUSTOMER}/"))
    terms = {"amount": "1000000", "months": 12, "rate": "0.04", "purpose": "x"}
    answer = shen.refused("POST", APPLICATION, {"customer_id": customer["id"], **terms})
    absent = shen.refused("POST", APPLICATION, {"customer_id": 10**9, **terms})
    assert answer.status == absent.status == 404
    assert answer.json["key"] == absent.json["key"]


def test_no_page_leads_to_it(page: Browser, others: dict[str, Any]) -> None:
    token = page.form("/", "/sign-out")["csrf_token"]
    for path in others:
        for more in ("", "/edit", "/delete", "/why", "/buttons", "/archive", "/reveal/account"):
            assert page.ask("GET", path + more).status in (404, 405), path + more
        for more in ("/edit", "/delete", "/archive", "/comments", "/transitions/withdraw"):
            sent = page.send(path + more, {"csrf_token": token, "text": "x", "reason": "x"})
            assert sent.status == 404, path + more


def test_a_file_of_ones_own_is_not_put_into_it(shen: Person, others: dict[str, Any]) -> None:
    (path,) = (one for one in others if one.startswith(f"{APPLICATION}/"))
    given = {"kind": "business-licence", "file": file_of("a.pdf", b"%PDF-1.7\n")}
    answer = shen.ask("POST", f"{path}/actions/bring-document", given)
    assert answer.problem == (404, "not-found")


def test_whoever_owns_it_finds_all_of_it(cast: Cast, others: dict[str, Any]) -> None:
    for path in others:
        for more in ("", "/history", "/panels"):
            assert cast[MANAGER].ask("GET", path + more).status == 200, path + more
