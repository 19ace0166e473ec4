"""What no database, no JSON and no text holds: refused by name, never a fault of ours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of

pytestmark = pytest.mark.both_databases
ERRAND = "/api/v1/errands/errand"
BEYOND = (str(2**63), "9" * 5000)


@pytest.fixture
def lin(app: Flask, institution: Kernel) -> Any:
    """A client with a token of 林晓雯."""
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@pytest.fixture
def errand(lin: Any) -> str:
    """An errand of hers."""
    return f"{ERRAND}/{lin.post(ERRAND, json={'subject': 'a'}).json['id']}"


def key(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["key"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"subject": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"subject": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"subject": "a\\ud800b"}',
        b'{"a\\udfff": 1}',
        b'{"subject": ["\\ud800"]}',
        b'{"subject": NaN}',
        b'{"subject": -Infinity}',
        b'{"subject": 1e309}',
        b'{"subject": ' + b"9" * 5000 + b"}",
        b'{"subject": "\xff"}',
    ],
)
def test_what_json_does_not_know_is_no_json(lin: Any, body: bytes) -> None:
    answer = lin.post(ERRAND, data=body, content_type="application/json")
    assert key(answer) == (422, "not-json")


def test_a_body_that_comes_in_pieces_is_read(lin: Any, errand: str) -> None:
    """Else a change would be answered as done, and a vote against count as one for it."""
    answer = lin.patch(
        errand,
        input_stream=BytesIO(b'{"subject": "in pieces"}'),
        content_type="application/json",
        headers={"If-Match": "1"},
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert (answer.status_code, answer.json["subject"]) == (200, "in pieces")
    assert lin.get(errand).json["subject"] == "in pieces"


def test_a_character_beyond_the_first_plane_is_text(lin: Any) -> None:
    body = b'{"subject": "\\ud840\\udc8a"}'
    assert lin.post(ERRAND, data=body, content_type="application/json").json["subject"] == "𠂊"


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a.pdf", "base64": None},
        {"name": "a.pdf", "base64": 1234},
        {"name": None, "base64": "JVBERi0xLjc="},
        {"name": {"x": 1}, "base64": "JVBERi0xLjc="},
    ],
)
def test_a_file_has_text_for_a_name_and_for_its_bytes(lin: Any, given: dict[str, Any]) -> None:
    answer = lin.post("/api/v1/files", json={"file": given})
    assert key(answer) == (422, "invalid")
    assert answer.json["errors"]["file"]["key"] == "not-a-file"


@pytest.mark.parametrize("beyond", BEYOND)
def test_a_number_that_no_database_has_is_none(lin: Any, errand: str, beyond: str) -> None:
    assert key(lin.get(f"{ERRAND}?size={beyond}")) == (422, "invalid")
    assert key(lin.get(f"/api/v1/inbox?before={beyond}")) == (422, "invalid")
    assert key(lin.post(f"/api/v1/inbox/{beyond}/read"))[0] == 404
    assert key(lin.post(f"/api/v1/tasks/{beyond}/claim"))[0] == 404
    changed = lin.patch(errand, json={"subject": "b"}, headers={"If-Match": beyond})
    assert key(changed) == (428, "version-needed")


def test_the_first_hour_there_is_in_another_zone_is_no_time(lin: Any) -> None:
    answer = lin.get(f"{ERRAND}?created_at__from=0001-01-01T00:00:00%2B14:00")
    assert answer.json["errors"]["created_at"]["key"] == "not-a-time"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("a\0b", "control-characters"),
        ({"a": 1}, "not-a-text"),
        (5, "not-a-text"),
        ("x" * 20_000, "too-long"),
    ],
)
def test_a_comment_and_a_reason_are_text(lin: Any, errand: str, said: Any, why: str) -> None:
    assert key(lin.post(f"{errand}/comments", json={"text": said})) == (422, why)
    dropped = lin.post(f"{errand}/transitions/drop", json={"reason": said})
    assert dropped.json["errors"]["reason"]["key"] == why
    assert lin.get(errand).json["state"] != "dropped"


def test_a_key_that_is_too_long_is_refused_as_two_of_them_might_be_taken_for_one(
    lin: Any, errand: str
) -> None:
    long = {"Idempotency-Key": "k" * 201}
    answer = lin.post(f"{errand}/comments", json={"text": "a"}, headers=long)
    assert answer.json["errors"]["Idempotency-Key"]["key"] == "too-long"
    fits = {"Idempotency-Key": "k" * 200}
    assert lin.post(f"{errand}/comments", json={"text": "a"}, headers=fits).status_code == 201


def test_no_login_that_holds_a_nul_breaks_the_door(institution: Kernel) -> None:
    from tenor_sdk.errors import Refused

    with pytest.raises(Refused, match="sign-in-failed"):
        institution.identity.sign_in("nobody\0", "x", "127.0.0.1")


def test_a_notice_that_no_database_has_is_not_found(person: Any) -> None:
    person("lin.xiaowen").get(f"/inbox/{2**63}", 404)


def test_an_error_among_the_assets_is_a_page_like_any_other(anybody: Any) -> None:
    answer = anybody.client.get("/static/nothing.css")
    assert answer.status_code == 404
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_line_is_known_by_its_id_and_by_nothing_that_merely_looks_like_a_number(lin: Any) -> None:
    box = lin.post("/api/v1/vault/box", json={"name": "b", "items": [{"what": "a"}]}).json
    for identity in ("²", "9" * 5000, {"a": 1}):
        lines = {"items": [{"id": identity, "what": "new"}]}
        answer = lin.patch(
            f"/api/v1/vault/box/{box['id']}", json=lines, headers={"If-Match": str(box["version"])}
        )
        assert answer.status_code == 422, answer.text
        assert answer.json["errors"]["items.0.id"]["key"] == "not-found"


def test_a_nul_in_an_address_or_a_form_breaks_no_page(person: Any) -> None:
    person("song.qing").get("/audit?kind=%00&request=%00&who=%00")
    new = "/errands/errand/new"
    person("lin.xiaowen").press(new, new, subject="a", _once="one\0two")


@pytest.mark.parametrize(
    ("asked", "key", "at", "told"),
    [
        (
            {"filter": "subject ~ a and colour = red"}, "unknown-filter", 17,
            "Filter, at character 17: this list can't be narrowed by colour.",
        ),
        (
            {"filter": "number = 1 or state >= done"}, "filter-sign", 15,
            "Filter, at character 15: state can't be compared by >=.",
        ),
        (
            {"filter": "not " * 21 + "subject = a"}, "filter-too-deep", 81,
            "Filter, at character 81: a filter has at most 20 levels of brackets.",
        ),
        ({"colour": "red"}, "unknown-filter", None, "This list can't be narrowed by colour."),
        ({"due_on__on": "x"}, "unknown-filter", None, "This list can't be narrowed by due_on__on."),
        ({"state__from": "done"}, "filter-sign", None, "state can't be compared by >=."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_filter_is_told_with_its_place_a_pair_by_its_name(
    lin: Any, asked: dict[str, str], key: str, at: int | None, told: str
) -> None:
    answer = lin.get(ERRAND, query_string=asked, headers={"Accept-Language": "en"}).json
    assert (answer["key"], answer["values"].get("at"), answer["detail"]) == (key, at, told)


@pytest.mark.parametrize("beyond", BEYOND)
def test_a_record_that_no_database_has_is_not_found_filtered_by_or_linked_to(
    lin: Any, beyond: str
) -> None:
    lin.post("/api/v1/vault/box", json={"name": "b"})
    for path in (f"{ERRAND}/{beyond}", f"{ERRAND}/{beyond}/history", f"{ERRAND}/{beyond}/panels"):
        assert key(lin.get(path))[0] == 404, path
    boxes = "/api/v1/vault/box"
    for asked in ({"keeper_id": beyond}, {"filter": f"keeper_id = {beyond}"}):
        assert lin.get(boxes, query_string=asked).status_code in (200, 422), asked
    made = lin.post(boxes, json={"name": "b", "keeper_id": int(beyond[:40])})
    assert key(made) == (422, "invalid")


@pytest.mark.parametrize("word", ["id", "version", "value", "value__from", "fee", "keeper_id"])
def test_a_filter_of_thousands_of_digits_is_refused_in_words(
    lin: Any, person: Any, word: str
) -> None:
    asked = f"{word}={'9' * 5000}"
    assert lin.get(f"/api/v1/vault/box?{asked}").status_code == 422
    assert person("lin.xiaowen").client.get(f"/vault/box?{asked}").status_code < 500
