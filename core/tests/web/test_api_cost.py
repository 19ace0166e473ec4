"""How many statements a request of the API takes, whatever the number of rows."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of

pytestmark = pytest.mark.both_databases

ERRANDS = "/api/v1/errands/errand"
BOXES = "/api/v1/vault/box"
GUESTS = "/api/v1/vault/guest"


class Asker:
    """Somebody's program, and what its requests cost."""

    def __init__(self, app: Flask, token: str, statements: list[str]) -> None:
        self.client, self.statements = app.test_client(), statements
        self.headers = {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.statements.clear()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.open(path, method=method, json=body, headers={**self.headers, **named})
        assert answer.status_code < 300, answer.text
        return answer.json


@pytest.fixture
def asker(app: Flask, institution: Kernel, statements: list[str]) -> Asker:
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")
    found = Asker(app, token, statements)
    found("POST", ERRANDS, {"subject": "Warm"})
    return found


def test_one_by_id_takes_two(asker: Asker) -> None:
    made = asker("POST", ERRANDS, {"subject": "Fetch the seal"})
    asker("GET", f"{ERRANDS}/{made['id']}")
    assert len(asker.statements) <= 2, asker.statements


def test_a_change_takes_six_its_case_of_workflow_and_its_search_keys_among_them(
    asker: Asker,
) -> None:
    made = asker("POST", ERRANDS, {"subject": "Fetch the seal"})
    path = f"{ERRANDS}/{made['id']}"
    for subject in ("Fetch the other seal", "Fetch both seals"):
        made = asker("PATCH", path, {"subject": subject}, If_Match=str(made["version"]))
    assert len(asker.statements) <= 6, asker.statements


def test_a_new_one_takes_five_its_number_and_its_search_key_among_them(asker: Asker) -> None:
    for name in ("Wu", "Lu"):
        asker("POST", GUESTS, {"name": name, "company": "Jinlan", "since": "2026-06-01"})
    assert len(asker.statements) <= 5, asker.statements


def test_a_change_of_three_fields_takes_six(asker: Asker) -> None:
    made = asker("POST", GUESTS, {"name": "Wu"})
    for day, name in ((1, "Lu"), (2, "Ma")):
        changed = {"name": name, "company": name, "since": f"2026-06-0{day}"}
        path = f"{GUESTS}/{made['id']}"
        made = asker("PATCH", path, changed, If_Match=str(made["version"]))
    assert (made["name"], made["company"], made["since"]) == ("Ma", "Ma", "2026-06-02")
    assert len(asker.statements) <= 6, asker.statements


def test_lines_and_an_institutions_own_fields_take_one_more_each(asker: Asker) -> None:
    asker("POST", BOXES, {"name": "a", "remark": "x"})
    made = asker("POST", BOXES, {"name": "b", "remark": "x"})
    assert len(asker.statements) <= 7, asker.statements
    for name in ("c", "d"):
        changed = {"name": name, "remark": name, "sealed": name == "c"}
        path = f"{BOXES}/{made['id']}"
        made = asker("PATCH", path, changed, If_Match=str(made["version"]))
    assert len(asker.statements) <= 8, asker.statements


def test_a_page_takes_two_without_its_count_and_three_with_it(asker: Asker) -> None:
    for rows in (1, 20):
        for number in range(rows):
            asker("POST", ERRANDS, {"subject": f"Errand {number}"})
        without = asker("GET", f"{ERRANDS}?count=false")
        assert without["count"] is None
        assert len(asker.statements) <= 2, asker.statements
        assert asker("GET", ERRANDS)["count"] == len(without["items"])
        assert len(asker.statements) <= 3, asker.statements


def test_facets_of_a_page_take_one_more(asker: Asker) -> None:
    for name, sealed in (("a", True), ("b", False), ("c", True)):
        asker("POST", BOXES, {"name": name, "sealed": sealed, "kind": "papers"})
    plain = asker("GET", BOXES)
    alone = len(asker.statements)
    found = asker("GET", f"{BOXES}?facets=true")
    assert len(asker.statements) == alone + 1, asker.statements
    assert "facets" not in plain
    facets = found["facets"]
    assert facets["sealed"] == [{"value": "true", "count": 2}, {"value": "false", "count": 1}]
    assert facets["kind"] == [{"value": "papers", "count": 3}]
    assert {"since", "value"}.isdisjoint(facets)  # narrowed by bounds
    narrowed = asker("GET", f"{BOXES}?facets=true&sealed=false")["facets"]
    assert narrowed["sealed"][0] == {"value": "false", "count": 1}  # what the others leave
    assert narrowed["kind"] == [{"value": "papers", "count": 1}]


def test_a_step_of_a_case_reads_the_case_once(asker: Asker, institution: Kernel) -> None:
    """Whatever goes by itself after it, and the task that it brings: who holds the case knows how it stands.

    PostgreSQL writes steps, cases, entries, duties, events and tasks together, until somebody asks for something else;
    SQLite, where a statement costs no journey, writes each by itself.
    """
    made = [asker("POST", ERRANDS, {"subject": name}) for name in ("One", "Two")]
    for each in made:
        asker("POST", f"{ERRANDS}/{each['id']}/transitions/start", {})
    of_cases = [one for one in asker.statements if "base_workflow_case.round" in one]
    assert len(of_cases) == 1, of_cases
    on_postgresql = institution.db.dialect == "postgresql"
    assert len(asker.statements) == (17 if on_postgresql else 21), asker.statements
