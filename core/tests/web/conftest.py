"""People in front of a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from core.tests.web.circle import Circle
from tenor.kernel import Kernel
from tenor.testing.browsing import Forms, Person
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor_sdk.testing import as_actor
from tenor_test_support.plugins import installed
from tenor_test_support.statements import asking

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Forms", "Person"]

PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``vault``, as pip would have installed it."""
    with installed(PLUGINS, "vault", tmp_path_factory.mktemp("web-site")) as name:
        yield name


@pytest.fixture(scope="session")
def circles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``circles``, likewise."""
    with installed(PLUGINS, "circles", tmp_path_factory.mktemp("circles-site")) as name:
        yield name


@pytest.fixture
def circle(institution: Kernel) -> Circle:
    """Companies, and who holds them."""
    return Circle(institution)


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


Browser = Callable[[str], Person]


@pytest.fixture
def person(app: Flask, institution: Kernel) -> Browser:
    """Sign somebody in, without the time that a password takes."""

    def sign_in(login: str) -> Person:
        token = institution.identity._open(login, "")
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, token, domain="localhost")
        return Person(client)

    return sign_in


@pytest.fixture
def anybody(app: Flask) -> Person:
    """Somebody who isn't signed in."""
    return Person(app.test_client())


@pytest.fixture
def box(institution: Kernel) -> Callable[..., int]:
    """A box of somebody's unit; its id."""

    def make(login: str = "lin.xiaowen", *, items: Sequence[str] = (), **values: Any) -> int:
        from tenor_vault.records import Box, Item

        with as_actor(institution, login) as ctx:
            whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
            made = Box(**{"name": "a box", **whose, **values})
            made.items = [Item(what=what) for what in items]
            ctx.session.add(made)
            ctx.session.flush()
            return int(made.id)

    return make


@pytest.fixture
def statements(institution: Kernel) -> Iterator[list[str]]:
    """The statements that the database is asked from now on."""
    with asking(institution.db.reader, institution.db.writer) as asked:
        yield asked


def read_first(app: WSGIApplication) -> WSGIApplication:
    """Each answer as a whole: where a browser goes away meanwhile, Werkzeug's server leaves files open."""

    def answered(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start))) as parts:
            return [b"".join(parts)]

    return answered


# Whoever takes a page takes the site before it: so the page is closed first, with nothing of it still on the way.
@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, read_first(app), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lin(site: str, page: Any, institution: Kernel) -> Any:
    """Lin Xiaowen's browser, signed in."""
    token = institution.identity._open("lin.xiaowen", "")
    page.context.add_cookies([{"name": "tenor_session", "value": token, "url": site}])
    page.set_default_timeout(10_000)
    return page
