"""Somebody of the bank who works over REST: a token, JSON, and what came back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

API = "/api/v1"
PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What the system answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.content)

    @property
    def text(self) -> str:
        """The body as text, for the message of a failed test."""
        return self.content.decode("utf-8", "replace")[:3000]

    @property
    def etag(self) -> str:
        """The version that was answered, as a change hands it back."""
        return self.headers["etag"]

    @property
    def problem(self) -> tuple[int, str]:
        """Status and key of a refusal."""
        return self.status, str(self.json["key"])

    def errors(self) -> dict[str, str]:
        """The keys of a refusal's errors, by field."""
        return {name: one["key"] for name, one in self.json.get("errors", {}).items()}


def ask(url: str, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    """One request over a connection of its own."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers))
        got = connection.getresponse()
        content = got.read()
        named = {name.lower(): value for name, value in got.getheaders()}
        return Answer(got.status, named, content)
    finally:
        connection.close()


def file_of(name: str, content: bytes) -> dict[str, str]:
    """A file as the API takes it within JSON."""
    return {"name": name, "base64": base64.b64encode(content).decode()}


class Person:
    """One of the bank's people, with a token.

    Args:
        url: where the system is.
        login: theirs.
        token: as ``tenor token create`` gives it.
    """

    def __init__(self, url: str, login: str, token: str) -> None:
        self.url, self.login, self.token = url, login, token

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Whatever comes back.

        Args:
            path: below ``/api/v1``.
            body: sent as JSON; ``raw`` is sent as it is.
            headers: ``If_Match`` stands for ``If-Match``; an empty one is left out.
        """
        own = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Accept-Language": "zh-CN",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        content = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        sent = {name: value for name, value in own.items() if value}
        return ask(self.url, method, API + path, content, sent)

    def get(self, path: str, **query: object) -> Any:
        """What is there for them to read."""
        wanted = f"?{urlencode(query, quote_via=quote)}" if query else ""
        answer = self.ask("GET", path + wanted)
        assert answer.status == 200, f"GET {path}: {answer.status} {answer.text}"
        return answer.json

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Something done."""
        answer = self.ask("POST", path, {} if body is None else body, Idempotency_Key=key)
        assert answer.status in (200, 201), f"POST {path}: {answer.status} {answer.text}"
        return answer.json

    def patch(self, path: str, body: Any) -> Any:
        """Something changed, as it stands now."""
        version = self.ask("GET", path).etag
        answer = self.ask("PATCH", path, body, If_Match=version)
        assert answer.status == 200, f"PATCH {path}: {answer.status} {answer.text}"
        return answer.json

    def go(self, path: str, transition: str, body: Any = None, *, key: str = "") -> Any:
        """A transition of a record; the record afterwards."""
        done = self.post(f"{path}/transitions/{transition}", body, key=key)
        return done["record"]

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A refusal, in words."""
        answer = self.ask(method, path, {} if body is None else body, raw=None, **headers)
        assert 400 <= answer.status < 500, f"{method} {path}: {answer.status} {answer.text}"
        return answer

    def offered(self, path: str, transition: str) -> dict[str, Any] | None:
        """How a transition stands for them on a record; None where it isn't theirs."""
        items: list[dict[str, Any]] = self.get(f"{path}/transitions")["items"]
        return next((one for one in items if one["name"] == transition), None)

    def file(self, identity: int) -> bytes:
        """A file's bytes."""
        answer = self.ask("GET", f"/files/{identity}")
        assert answer.status == 200, answer.text
        return answer.content
