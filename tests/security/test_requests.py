"""Requests that no program of ours sends: each is refused by name, leaves nothing behind, and is no fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from tenor_customers.demo_files import demo_uscc
from tests.journeys.people import Answer
from tests.journeys.steps import (
    ADMINISTRATOR,
    APPLICATION,
    AUDITOR,
    CUSTOMER,
    MANAGER,
    RISK,
    Cast,
    at,
    serial,
)

if TYPE_CHECKING:
    from tests.journeys.people import Person

BEYOND = (str(2**63), "9" * 30, "9" * 5000, "-1", "1e3", "²", "0x10", "%00")


def customers(cast: Cast) -> int:
    count: int = cast[RISK].get(CUSTOMER)["count"]
    return count


def refused_with(answer: Answer, status: int, key: str) -> None:
    assert answer.problem == (status, key), answer.text


# -- bodies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "status", "key"),
    [
        (b"{", "application/json", 422, "not-json"),
        (b"[]", "application/json", 422, "not-an-object"),
        (b"7", "application/json", 422, "not-an-object"),
        (b"[" * 200_000, "application/json", 422, "not-json"),
        (b'{"name": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "application/json", 422, "not-json"),
        (b'{"name": NaN}', "application/json", 422, "not-json"),
        (b'{"name": 1e309}', "application/json", 422, "not-json"),
        (b'{"name": "\\ud800"}', "application/json", 422, "not-json"),
        (b'{"name": "\xff\xfe"}', "application/json", 422, "not-json"),
        (b'{"name": "a\\u0000b"}', "application/json", 422, "invalid"),
        (b'{"name": "x"}', "text/plain", 415, "media-type"),
        (b'{"name": "x"}', "", 415, "media-type"),
        (b"<name>x</name>", "application/xml", 415, "media-type"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "media-type"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422, "invalid"),
        (b"x" * (34 * 1024 * 1024), "application/json", 413, "http-413"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_and_makes_nothing(
    cast: Cast, lin: Person, body: bytes, kind: str, status: int, key: str
) -> None:
    before = customers(cast)
    refused_with(lin.ask("POST", CUSTOMER, raw=body, Content_Type=kind), status, key)
    assert customers(cast) == before


@pytest.mark.parametrize(
    "field", ["id", "version", "created_by_id", "created_at", "state", "nothing", "__class__"]
)
def test_what_isnt_anybodys_to_give_is_refused_by_name(
    cast: Cast, lin: Person, here: str, field: str
) -> None:
    before, etag = customers(cast), lin.ask("GET", here).etag
    given = {"name": "某某有限公司", "credit_code": demo_uscc(serial()), field: 1}
    made, changed = (
        lin.ask("POST", CUSTOMER, given),
        lin.ask("PATCH", here, {field: 1}, If_Match=etag),
    )
    assert made.errors() == changed.errors() == {field: "unknown-field"}
    assert customers(cast) == before
    assert lin.ask("GET", here).etag == etag


def test_nobody_hands_a_customer_to_another_unit_or_takes_over_anothers(
    cast: Cast, lin: Person
) -> None:
    head = {one["login"]: one for one in cast[ADMINISTRATOR].get("/base/user", size=100)["items"]}
    other = head["shen.bai"]
    given = {"name": "某某有限公司", "credit_code": demo_uscc(serial())}
    for claim in (
        {"unit_id": other["unit_id"]},
        {"owner_id": other["id"], "unit_id": other["unit_id"]},
    ):
        answer = lin.ask("POST", CUSTOMER, {**given, **claim})
        assert answer.status in (403, 404, 422), answer.text
    assert cast["shen.bai"].get(CUSTOMER, credit_code=given["credit_code"])["count"] == 0


def test_a_state_moves_by_its_workflow_alone(cast: Cast, lin: Person, customer: Any) -> None:
    application = cast.application(customer)
    path = at(APPLICATION, application)
    for claim in ({"state": "completed"}, {"approved_amount": "1"}, {"number": "AP-1"}):
        answer = lin.ask("PATCH", path, claim, If_Match=f'"{application["version"]}"')
        assert answer.errors() == {next(iter(claim)): "unknown-field"}
    claimed = lin.refused("POST", f"{path}/transitions/submit", {"state": "completed"})
    assert claimed.errors() == {"state": "unknown-field"}
    assert lin.get(path)["state"] == "draft"
    assert lin.go(path, "submit")["state"] == "intake"


def test_nobody_makes_themselves_somebody_else(cast: Cast, lin: Person) -> None:
    me = lin.get("/me")
    version = cast[ADMINISTRATOR].ask("GET", f"/base/user/{me['id']}").etag
    position = {"user_id": me["id"], "position": "administrator", "unit_id": me["unit_id"]}
    refused_with(lin.ask("POST", "/base/user-position", position), 403, "not-permitted")
    claim = {"unit_id": 1}
    answer = lin.ask("PATCH", f"/base/user/{me['id']}", claim, If_Match=version)
    refused_with(answer, 403, "not-permitted")
    assert lin.get("/me") == me


# -- the same again, and versions --------------------------------------------------------------------------------------


def test_a_key_is_one_request_of_one_person(cast: Cast, lin: Person, here: str) -> None:
    key, path = "attack-1", f"{here}/comments"
    assert lin.ask("POST", path, {"text": "once"}, Idempotency_Key=key).status == 201
    assert lin.ask("POST", path, {"text": "once"}, Idempotency_Key=key).status == 201
    answer = lin.ask("POST", path, {"text": "another"}, Idempotency_Key=key)
    refused_with(answer, 409, "key-of-another-request")
    elsewhere = lin.ask("POST", CUSTOMER, {"text": "once"}, Idempotency_Key=key)
    refused_with(elsewhere, 409, "key-of-another-request")
    theirs = cast["shen.bai"].ask("POST", path, {"text": "once"}, Idempotency_Key=key)
    refused_with(theirs, 404, "not-found")


@pytest.mark.parametrize("version", ["", "*", '"x"', "-1", "9" * 5000, '"1", "2"'])
def test_a_change_without_its_version_is_refused(lin: Person, here: str, version: str) -> None:
    before = lin.get(here)
    for method in ("PATCH", "DELETE"):
        answer = lin.ask(method, here, {"address": "x"}, If_Match=version)
        refused_with(answer, 428, "version-needed")
    assert lin.get(here) == before


def test_a_change_of_another_version_is_refused(lin: Person, here: str) -> None:
    before = lin.get(here)
    for method in ("PATCH", "DELETE"):
        answer = lin.ask(method, here, {"address": "x"}, If_Match='"999"')
        refused_with(answer, 409, "changed-since")
    assert lin.get(here) == before


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", BEYOND)
def test_no_id_beyond_the_database_is_a_fault(lin: Person, identity: str) -> None:
    place = quote(identity, safe="%")
    for path in (
        f"{CUSTOMER}/{place}", f"{CUSTOMER}/{place}/history", f"{CUSTOMER}/{place}/panels",
        f"{CUSTOMER}/{place}/transitions", f"/files/{place}",
    ):  # fmt: skip
        assert lin.ask("GET", path).status == 404, path
    for path in (
        f"/tasks/{place}/claim", f"/inbox/{place}/read", f"{CUSTOMER}/{place}/comments",
        f"{CUSTOMER}/{place}/actions/rate", f"{APPLICATION}/{place}/transitions/submit",
    ):  # fmt: skip
        assert lin.ask("POST", path, {}).status == 404, path
    assert lin.ask("GET", f"{APPLICATION}?customer_id={place}").status in (200, 422)


@pytest.mark.parametrize("size", ["-1", "0", "501", "9" * 30, "9" * 5000, "x", "²", "1.5"])
def test_a_page_has_a_size(lin: Person, size: str) -> None:
    assert lin.refused("GET", f"{CUSTOMER}?size={quote(size)}").errors().keys() == {"size"}


def test_a_cursor_is_the_persons_and_the_lists_own(cast: Cast, lin: Person) -> None:
    cast.customer()
    cast.customer()
    cursor = lin.get(CUSTOMER, size=1)["next"]
    assert lin.get(CUSTOMER, size=1, cursor=cursor)["items"]
    forged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for strange in (forged, cursor[:-4], "x", "é", "%00", "=" * 50, "A" * 5000):
        path = f"{CUSTOMER}?size=1&cursor={quote(strange)}"
        refused_with(lin.ask("GET", path), 422, "unknown-cursor")
    path = f"?size=1&cursor={quote(cursor)}"
    refused_with(cast[AUDITOR].ask("GET", CUSTOMER + path), 422, "unknown-cursor")
    refused_with(lin.ask("GET", f"{CUSTOMER}{path}&sort=-name"), 422, "unknown-cursor")
    refused_with(lin.ask("GET", APPLICATION + path), 422, "unknown-cursor")


@pytest.mark.parametrize(
    "query",
    [
        "nothing=1", "_sa_instance_state=1", "name__like=x", "id=x", "name=%00", "q=%00",
        "created_at__from=0001-01-01T00:00:00%2B14:00", "owner_id=" + "9" * 30,
    ],
)  # fmt: skip
def test_a_filter_that_isnt_one_is_refused(lin: Person, query: str) -> None:
    assert lin.refused("GET", f"{CUSTOMER}?{query}").status == 422


@pytest.mark.parametrize("query", ["password=x", "password__from=a", "sort=password"])
def test_nobody_guesses_a_secret_by_filter_or_order(cast: Cast, query: str) -> None:
    assert cast[ADMINISTRATOR].refused("GET", f"/base/user?{query}").status == 422


def test_nobody_guesses_a_masked_value_by_filter_order_or_search(cast: Cast, lin: Person) -> None:
    phone = "13800138000"
    customer = cast.customer(representative_phone=phone)
    assert customer["representative_phone"] == "138****8000"
    for query in (
        f"representative_phone={phone}",
        "representative_phone__from=1",
        "sort=representative_phone",
    ):
        assert lin.refused("GET", f"{CUSTOMER}?{query}").status == 422
    assert lin.get(CUSTOMER, q=phone)["count"] == 0
    assert phone not in lin.ask("GET", f"{at(CUSTOMER, customer)}/history").text


def test_kinds_that_nobody_is_granted_are_not_there(cast: Cast) -> None:
    for kind in ("api-token", "sign-in", "file", "keyed-request", "failed-sign-in", "nothing"):
        for login in (MANAGER, AUDITOR, ADMINISTRATOR):
            assert cast[login].ask("GET", f"/base/{kind}").status == 404, (login, kind)


@pytest.mark.parametrize(
    "path", ["/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/customers/%00", "/\\x"]
)
def test_an_address_that_climbs_leads_nowhere(lin: Person, path: str) -> None:
    answer = lin.ask("GET", path)
    assert answer.status == 404
    assert "root:" not in answer.text
