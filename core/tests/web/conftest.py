"""People in front of a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("notes", "errands", "visits")


@pytest.fixture
def faults(institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """What the pages put into the log as faults; one that the test didn't take out fails it."""
    found: list[BaseException] = []
    monkeypatch.setattr(institution, "report", lambda error, number="": found.append(error))
    yield found
    for fault in found:
        raise fault


@pytest.fixture
def app(institution: Kernel, faults: list[BaseException]) -> Flask:
    return create_app(institution)


class Person:
    """Somebody who is signed in, with a browser of their own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **options: Any) -> str:
        answer = self.client.get(path, **options)
        assert answer.status_code == status, answer.text[:3000]
        return answer.text

    def token(self, path: str = "/") -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get(path).text)
        assert found
        return found[1]

    def post(self, path: str, status: int = 303, /, **fields: Any) -> Any:
        answer = self.client.post(path, data={"csrf_token": self.token(), **fields})
        assert answer.status_code == status, answer.text[:3000]
        return answer


Browser = Callable[[str], Person]


@pytest.fixture
def person(app: Flask, institution: Kernel) -> Browser:
    def sign_in(login: str) -> Person:
        token = institution.identity._open(login, "")
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, token, domain="localhost")
        return Person(client)

    return sign_in
