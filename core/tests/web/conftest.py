"""People in front of a browser."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE


PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``vault``, as pip would have installed it."""
    site = tmp_path_factory.mktemp("web-site")
    folder = site / "tenor_vault-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tenor-vault\nVersion: 1.0\nRequires-Dist: tenor-sdk\n"
    )
    (folder / "entry_points.txt").write_text("[tenor.plugins]\nvault = tenor_vault:plugin\n")
    paths = [str(PLUGINS), str(site)]
    sys.path[:0] = paths
    importlib.invalidate_caches()
    yield "vault"
    for path in paths:
        sys.path.remove(path)


@pytest.fixture(scope="module")
def plugins(vault: str) -> tuple[str, ...]:
    return ("errands", "notes", vault, "visits")


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
