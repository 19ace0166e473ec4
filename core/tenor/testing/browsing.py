"""Somebody in front of a browser, in a test: pages and forms of the real application, without a browser's time."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from tenor.base.services import set_password_hash
from tenor.identity.passwords import hashed
from tenor.testing.institution import as_actor
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tenor.kernel import Kernel


def visit(kernel: Kernel, login: str) -> Person:
    """Sign somebody in, through the door that people take."""
    with as_actor(kernel, "system") as ctx:
        set_password_hash(ctx, login, _hashed())
    token = kernel.identity.sign_in(login, _PASSWORD, "")
    client = create_app(kernel).test_client()
    client.set_cookie(SESSION_COOKIE, token, domain="localhost")
    return Person(client)


_PASSWORD = "a password of tests alone"


@cache
def _hashed() -> str:
    return hashed(_PASSWORD)


def _put(fields: dict[str, Any], name: str, value: str) -> None:
    """A browser sends every input of a name: of a box that is ticked, and the empty one before it, both."""
    before = fields.get(name)
    fields[name] = (
        value if before is None else [*([before] if isinstance(before, str) else before), value]
    )


class Forms(HTMLParser):
    """The forms of a page: for each its action and what its inputs hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        if not self.found:
            return
        fields = self.found[-1][1]
        if (
            tag == "input"
            and given.get("name")
            and given.get("type") not in ("checkbox", "radio", "file")
        ) or (tag == "input" and given.get("name") and "checked" in given):
            _put(fields, given["name"], given.get("value", ""))
        elif tag == "select":
            self._select = given.get("name", "")
            fields.setdefault(self._select, "")
        elif tag == "option" and "selected" in given and self._select:
            fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = given.get("name", "")
            fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.found:
            self.found[-1][1][self._area] = data.lstrip("\n")

    def to(self, action: str) -> dict[str, Any]:
        """The fields of the form with this action."""
        return next(fields for there, fields in self.found if there == action)


class Person:
    """Somebody who is signed in, with a browser of their own."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **options: Any) -> str:
        """A page."""
        answer = self.client.get(path, **options)
        assert answer.status_code == status, f"{answer.status_code}\n{answer.text[:3000]}"
        return answer.text

    @staticmethod
    def read(html: str, action: str) -> dict[str, str]:
        """What a form of a page that is there already would send."""
        return Forms(html).to(action)

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """What a form of a page would send as it stands; by default that which is sent to the page itself."""
        return Forms(self.get(path)).to(path.partition("?")[0] if action is None else action)

    def send(self, path: str, fields: dict[str, Any], status: int = 303) -> TestResponse:
        """Send a form."""
        answer = self.client.post(path, data=fields)
        assert answer.status_code == status, f"{answer.status_code}\n{answer.text[:4000]}"
        return answer

    def press(self, page: str, action: str, status: int = 303, **fields: Any) -> TestResponse:
        """Fill in a form of a page and send it."""
        return self.send(action, {**self.form(page, action), **fields}, status)
