"""The API: the same records, rules and words as the pages, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of

pytestmark = pytest.mark.both_databases


class Program:
    """A program that acts with somebody's token."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            f"/api/v1{path}", method=method, json=body, headers={**self.headers, **named}
        )


Programs = Callable[[str], Program]


@pytest.fixture
def program(app: Flask, institution: Kernel) -> Programs:
    def make(login: str) -> Program:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        return Program(app.test_client(), token)

    return make


def test_a_program_without_a_token_is_told_so(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json is not None
    assert answer.json["key"] == "token-needed"


def test_it_knows_whom_it_acts_for(program: Programs) -> None:
    me = program("lin.xiaowen")("GET", "/me").json
    assert (me["login"], me["today"]) == ("lin.xiaowen", "2026-06-30")
    assert "errands.errand-runner" in me["roles"]


def test_a_record_is_made_changed_and_found_again(program: Programs) -> None:
    lin = program("lin.xiaowen")
    made = lin("POST", "/errands/errand", {"subject": "fetch the deed", "due_on": "2026-07-03"})
    assert made.status_code == 201, made.text
    assert made.json["number"] == "ERR-2026-0001"
    path = f"/errands/errand/{made.json['id']}"
    changed = lin("PATCH", path, {"subject": "fetch both deeds"}, If_Match=made.headers["ETag"])
    assert changed.status_code == 200, changed.text
    found = lin("GET", path)
    assert (found.json["subject"], found.headers["ETag"]) == ("fetch both deeds", '"2"')
    listed = lin("GET", "/errands/errand?q=both").json
    assert [item["subject"] for item in listed["items"]] == ["fetch both deeds"]


def test_a_change_names_the_version_that_it_changes(program: Programs) -> None:
    lin = program("lin.xiaowen")
    path = f"/errands/errand/{lin('POST', '/errands/errand', {'subject': 'x'}).json['id']}"
    assert lin("PATCH", path, {"subject": "y"}).status_code == 428
    assert lin("PATCH", path, {"subject": "y"}, If_Match='"1"').status_code == 200
    stale = lin("PATCH", path, {"subject": "z"}, If_Match='"1"')
    assert (stale.status_code, stale.json["key"]) == (409, "changed-since")


def test_what_is_wrong_is_said_by_field_in_the_persons_language(program: Programs) -> None:
    answer = program("lin.xiaowen")(
        "POST", "/errands/errand", {"due_on": "tomorrow", "colour": "red"}
    )
    assert answer.status_code == 422
    assert {name: one["key"] for name, one in answer.json["errors"].items()} == {
        "subject": "required",
        "due_on": "not-a-date",
        "colour": "unknown-field",
    }
    assert answer.json["errors"]["due_on"]["detail"] == "日期请写作 2026-06-30。"
    english = program("lin.xiaowen")("POST", "/errands/errand", {}, Accept_Language="en")
    assert english.json["errors"]["subject"]["detail"] == "This is needed."


def test_the_same_key_has_one_effect_and_the_same_answer(program: Programs) -> None:
    lin = program("lin.xiaowen")
    first = lin("POST", "/errands/errand", {"subject": "once"}, Idempotency_Key="k-1")
    again = lin("POST", "/errands/errand", {"subject": "once"}, Idempotency_Key="k-1")
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert lin("GET", "/errands/errand").json["count"] == 1
    other = lin("POST", "/errands/errand", {"subject": "another"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json["key"]) == (409, "key-of-another-request")


def test_what_lies_outside_ones_rows_is_not_found(program: Programs) -> None:
    made = program("lin.xiaowen")("POST", "/errands/errand", {"subject": "ours"}).json
    shen, path = program("shen.bai"), f"/errands/errand/{made['id']}"
    for method, more in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history"), ("POST", "/comments"),
        ("GET", "/transitions"), ("POST", "/transitions/start"),
    ):  # fmt: skip
        answer = shen(method, path + more, {} if method != "GET" else None, If_Match='"1"')
        assert answer.status_code == 404, (method, more)
    assert shen("GET", "/errands/errand").json["count"] == 0
    assert program("ding.ning")("GET", "/errands/errand").status_code == 404


def test_what_takes_no_inputs_names_each_field_that_it_is_given(program: Programs) -> None:
    lin = program("lin.xiaowen")
    path = f"/errands/errand/{lin('POST', '/errands/errand', {'subject': 'x'}).json['id']}"
    given = {"colour": "red", "size": 3, "reason": "as agreed", "shown": ""}
    answer = lin("POST", f"{path}/transitions/start", given)
    assert (answer.status_code, answer.json["key"]) == (422, "invalid")
    assert {name: one["key"] for name, one in answer.json["errors"].items()} == {
        "colour": "unknown-field",
        "size": "unknown-field",
    }
    assert lin("GET", path).json["state"] != "under-way"


def test_a_transition_says_what_blocks_it_and_goes_when_nothing_does(program: Programs) -> None:
    lin = program("lin.xiaowen")
    made = [lin("POST", "/errands/errand", {"subject": str(n)}).json["id"] for n in range(4)]
    for one in made[:3]:
        gone = lin("POST", f"/errands/errand/{one}/transitions/start", {})
        assert gone.json["record"]["state"] == "under-way", gone.text
    path = f"/errands/errand/{made[3]}"
    start = next(
        one for one in lin("GET", f"{path}/transitions").json["items"] if one["name"] == "start"
    )
    assert (start["allowed"], len(start["blockers"])) == (False, 1)
    refused = lin("POST", f"{path}/transitions/start", {})
    assert (refused.status_code, refused.json["key"]) == (422, "blocked")
    assert len(refused.json["blockers"]) == 1


def test_a_reason_is_asked_for_where_the_workflow_wants_one(program: Programs) -> None:
    lin = program("lin.xiaowen")
    path = f"/errands/errand/{lin('POST', '/errands/errand', {'subject': 'x'}).json['id']}/transitions/drop"
    assert lin("POST", path, {}).json["errors"]["reason"]["key"] == "required"
    assert lin("POST", path, {"reason": "no longer needed"}).json["record"]["state"] == "dropped"


def test_history_tells_each_change(program: Programs) -> None:
    lin = program("lin.xiaowen")
    path = f"/errands/errand/{lin('POST', '/errands/errand', {'subject': 'a'}).json['id']}"
    lin("PATCH", path, {"subject": "b"}, If_Match='"1"')
    newest = lin("GET", f"{path}/history").json["items"][0]
    assert (newest["kind"], newest["changes"]["subject"]) == ("update", ["a", "b"])


def test_a_comment_and_a_file_are_kept(program: Programs) -> None:
    lin = program("lin.xiaowen")
    path = f"/errands/errand/{lin('POST', '/errands/errand', {'subject': 'a'}).json['id']}"
    assert lin("POST", f"{path}/comments", {"text": "on my way"}).status_code == 201
    kept = lin("POST", "/files", {"file": {"name": "a.pdf", "base64": "JVBERi0xLjc="}})
    assert kept.status_code == 201, kept.text
    given = lin("GET", f"/files/{kept.json['id']}")
    assert (given.data, given.mimetype) == (b"%PDF-1.7", "application/pdf")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert program("shen.bai")("GET", f"/files/{kept.json['id']}").status_code == 404


def test_a_task_is_seen_by_whose_it_is(program: Programs) -> None:
    lin = program("lin.xiaowen")
    made = lin("POST", "/errands/errand", {"subject": "a"}).json
    tasks = lin("GET", "/tasks").json["items"]
    assert [(task["table_name"], task["record_id"]) for task in tasks] == [
        ("errands_errand", made["id"])
    ]
    assert program("shen.bai")("GET", "/tasks").json["items"] == []


def test_the_description_holds_what_the_person_may_read(program: Programs) -> None:
    document = program("lin.xiaowen")("GET", "/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert "/errands/errand/{id}/transitions/drop" in document["paths"]
    assert "/base/ledger-entry" not in document["paths"]
    assert "password" not in document["components"]["schemas"]["base.User"]["properties"]


def test_a_file_is_described_as_it_comes(program: Programs) -> None:
    lin = program("lin.xiaowen")
    taken = lin("GET", "/openapi.json").json["paths"]["/errands/errand/export"]["get"]
    described = taken["responses"]["200"]["content"]
    assert described["application/json"]["schema"]["type"] == "array"
    assert described["text/csv"]["schema"]["format"] == "binary"
    assert lin("GET", "/errands/errand/export?format=json").json == []


def test_a_body_of_another_kind_is_refused_with_words(app: Flask, program: Programs) -> None:
    lin = program("lin.xiaowen")
    answer = lin.client.post("/api/v1/errands/errand", data="subject=a", headers=lin.headers,
                             content_type="text/plain")  # fmt: skip
    assert answer.json is not None
    assert (answer.status_code, answer.json["key"]) == (415, "media-type")
    broken = lin.client.post("/api/v1/errands/errand", data="{", headers=lin.headers,
                             content_type="application/json")  # fmt: skip
    assert broken.json is not None
    assert broken.json["key"] == "not-json"
    assert lin("GET", "/nothing/here").status_code == 404
    assert lin("PUT", "/errands/errand").json["key"] == "http-405"


def test_a_refusal_names_record_and_step_in_the_persons_language(program: Programs) -> None:
    lin = program("lin.xiaowen")
    made = lin("POST", "/base/unit", {"code": "X", "name": "x", "path": "/"})
    assert (made.status_code, made.json["detail"]) == (403, "您没有权限：机构。")
    assert made.json["values"]["what"] == "Unit"


def test_words_that_a_plugin_computes_are_in_the_readers_language(program: Programs) -> None:
    def titles(language: str) -> set[Any]:
        answer = program("ding.ning")("GET", "/base/user-position", Accept_Language=language)
        return {each["position_title"] for each in answer.json["items"]}

    assert all(isinstance(each, str) for each in titles("zh-CN") | titles("en"))
    assert titles("zh-CN").isdisjoint(titles("en"))
