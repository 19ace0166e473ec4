"""A browser without a screen: cookies, forms, files, and every byte of what it sends in the test's hand."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tests.journeys.bank import PASSWORD
from tests.journeys.people import PATIENCE, Answer

SESSION: Final = "tenor_session"
File = tuple[str, bytes]


class Forms(HTMLParser):
    """The forms of a page: the address of each and what its inputs hold, by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        name = given.get("name", "")
        if not self.found or (tag != "option" and not name):
            return
        held = self.found[-1][2]
        if tag == "select":
            self._select = name
            held.setdefault(name, "")
        elif tag == "option" and "selected" in given and self._select:
            held[self._select] = given.get("value", "")
        elif tag == "textarea":
            held[name] = ""
        elif tag == "input" and (
            given.get("type") not in ("checkbox", "radio", "file") or "checked" in given
        ):
            held[name] = given.get("value", "")

    def posted(self) -> list[str]:
        """Where the page's forms write."""
        return [action for method, action, _held in self.found if method == "post"]

    def to(self, action: str) -> dict[str, str]:
        """What the form to an address holds."""
        return next(dict(held) for _method, there, held in self.found if there == action)


class Browser:
    """Somebody's browser.

    Args:
        url: where the system is.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; what it sets of cookies is kept."""
        place = urlsplit(self.url)
        sent = {"Accept": "text/html", "Accept-Language": "en", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            content, pairs = got.read(), got.getheaders()
        finally:
            connection.close()
        self.set_cookies = [value for name, value in pairs if name.lower() == "set-cookie"]
        for line in self.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(got.status, {name.lower(): value for name, value in pairs}, content)

    def get(self, path: str, status: int = 200) -> str:
        """A page."""
        answer = self.ask("GET", path)
        assert answer.status == status, f"GET {path}: {answer.status}\n{answer.text}"
        return answer.content.decode()

    def send(
        self, path: str, fields: Mapping[str, str], files: Mapping[str, File] | None = None
    ) -> Answer:
        """A form, as a browser sends one."""
        if files is None:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        else:
            kind, body = multipart(fields, files)
        return self.ask("POST", path, body, {"Content-Type": kind})

    def form(self, page: str, action: str = "") -> dict[str, str]:
        """What a form of a page would send as it stands; by default that which is sent to the page itself."""
        return Forms(self.get(page)).to(action or page.partition("?")[0])

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> Answer:
        """On the page for it."""
        held = self.form("/sign-in")
        return self.send("/sign-in", {**held, "login": login, "password": password, **more})


def signed_in(url: str, login: str) -> Browser:
    """Somebody's browser, once they are in."""
    browser = Browser(url)
    answer = browser.sign_in(login)
    assert answer.status == 303, answer.text
    return browser


def multipart(fields: Mapping[str, str], files: Mapping[str, File]) -> tuple[str, bytes]:
    """A form with files: its content type and its bytes."""
    border = uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (called, content) in files.items():
        head = f'form-data; name="{name}"; filename="{called}"'
        start = f"--{border}\r\nContent-Disposition: {head}\r\nContent-Type: text/plain\r\n\r\n"
        parts.append(start.encode() + content + b"\r\n")
    parts.append(f"--{border}--\r\n".encode())
    return f"multipart/form-data; boundary={border}", b"".join(parts)
