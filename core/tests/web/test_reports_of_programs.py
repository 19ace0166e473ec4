"""A fault that a program ran into over the API: the number in its answer is enough to read and hand over the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of

LIN, SHEN, DING = "lin.xiaowen", "shen.bai", "ding.ning"
SECRET = "622202-secret"
Ask = Callable[..., Any]


class Unwell(Exception):
    """An error whose message holds a value of a row."""


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    client = app.test_client()

    def ask(login: str, path: str, **options: Any) -> Any:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "month-end 1.0"}
        return client.get(f"/api/v1{path}", headers=headers, **options)

    return ask


@pytest.fixture
def fault(
    ask: Ask, institution: Kernel, faults: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """What the API answered Lin about a list that failed."""

    def fail(*_given: object, **_named: object) -> None:
        raise Unwell(SECRET)

    monkeypatch.setattr(institution.records, "page", fail)
    answer = ask(LIN, f"/errands/errand?q={SECRET}")
    assert answer.status_code == 500
    assert isinstance(faults.pop(), Unwell)
    return answer.json


def test_its_answer_says_where_the_report_is_read(person: Any, fault: Any) -> None:
    assert fault["report"] == f"/report?number={fault['request_id']}"
    told = person(LIN).get(fault["report"])
    for part in ("GET /api/v1/errands/errand", "test_reports_of_programs.Unwell", "month-end 1.0"):
        assert part in told
    assert SECRET not in told


def test_a_refusal_has_none(ask: Ask, person: Any) -> None:
    refused = ask(LIN, "/errands/errand/999").json
    assert refused["request_id"]
    assert "report" not in refused
    person(LIN).get(f"/report?number={refused['request_id']}", 404)


def test_it_is_whose_token_it_was_and_the_administrators(person: Any, fault: Any) -> None:
    number = fault["request_id"]
    person(SHEN).get(fault["report"], 404)
    assert number in person(DING).get("/reports")
    lin = person(LIN)
    lin.press(fault["report"], "/report")
    assert "移交管理员" not in lin.get(fault["report"])


def test_a_number_is_entered_where_reports_are_made(person: Any, fault: Any) -> None:
    lin = person(LIN)
    assert re.search(r'<input[^>]* name="number"', lin.get("/report?from=/"))
    assert "Unwell" in lin.get(f"/report?number=+{fault['request_id']}+")
    missing = lin.get("/report?number=0123456789abcdef", 404)
    assert "没有该编号的报告" in missing
    assert 'value="0123456789abcdef"' in missing


def test_who_wasnt_recognised_leaves_it_to_the_administrators(
    ask: Ask, person: Any, institution: Kernel, faults: list[BaseException], monkeypatch: Any
) -> None:
    def down(*_given: object) -> None:
        raise Unwell("down")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(institution.identity, "actor_of_token", down)
        number = ask(LIN, "/me").json["request_id"]
    faults.clear()
    person(LIN).get(f"/report?number={number}", 404)
    assert "Unwell" in person(DING).get(f"/report?number={number}")


def test_a_panel_that_fails_over_the_api_is_reported_too(
    ask: Ask, person: Any, box: Any, faults: list[BaseException]
) -> None:
    answer = ask(LIN, f"/vault/box/{box(name='break')}/panels")
    assert isinstance(faults.pop(), ZeroDivisionError)
    told = person(LIN).get(f"/report?number={answer.headers['X-Request-ID']}")
    assert "ZeroDivisionError" in told
