"""The demo bank with all that is played in it, for the tests of who may do what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.loader.manifest import find
from tenor.loader.stage import actor_of, play
from tenor.testing.institution import build, start, stop
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tests.access.cells import PEOPLE, Holder
from tests.access.supply import supply

#: what a lender installs stands two folders below; neither examples nor the plugins of other tests, which are on the
#: path as long as these run
OURS: Final = Path(__file__).parents[2] / "plugins"


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """The demo bank, and the matrix's two cases. What a test writes into it, it takes out again."""
    folder = tmp_path_factory.mktemp("matrix")
    plugins = [name for name, found in find()[0].items() if found.folder.parents[1] == OURS]
    url = f"sqlite:///{folder / 'bank.db'}"
    build(url, plugins, folder)
    kernel = start(url, plugins, folder)
    try:
        play(kernel)
        supply(kernel)
        yield kernel
    finally:
        stop(kernel)


@pytest.fixture(scope="session")
def holders(bank: Kernel) -> Mapping[str, Holder]:
    """One for each position of the matrix."""
    found = {position: actor_of(bank, login) for position, login in PEOPLE.items()}
    return {
        position: Holder(actor, bank.identity.create_token(actor, "matrix"))
        for position, actor in found.items()
    }


@pytest.fixture(scope="session")
def app(bank: Kernel) -> Flask:
    """Its site."""
    return create_app(bank)


@pytest.fixture(scope="session")
def browser(bank: Kernel, app: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which somebody is signed in, without the time that a password takes."""
    known: dict[str, FlaskClient] = {}

    def of(login: str) -> FlaskClient:
        if login not in known:
            token = bank.identity._open(login, "")
            known[login] = app.test_client()
            known[login].set_cookie(SESSION_COOKIE, token, domain="localhost")
        return known[login]

    return of
