"""The pytest plugin: the servers as fixtures, marks by what a test asks for, Hypothesis's profiles, the wall."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tenor_test_support import network
from tenor_test_support.compiled import keep_compiled

if TYPE_CHECKING:  # each harness is imported by the test that needs it
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tenor_test_support.browser import Console
    from tenor_test_support.mail import SmtpSink
    from tenor_test_support.postgres import PostgresDatabase, PostgresServer
    from tenor_test_support.redis_server import RedisServer
    from tenor_test_support.tsa import TimeStampAuthority

_MARKS = {
    "postgres": "asks for a PostgreSQL server",
    "redis": "asks for a Redis server",
    "browser": "asks for Chromium",
}
_MARK_OF = {"postgres_server": "postgres", "redis_server": "redis", "chromium": "browser"}


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, load the profile of Hypothesis, close the wall, let engines share what they compile."""
    for name, words in _MARKS.items():
        config.addinivalue_line("markers", f"{name}: {words} (set by itself)")
    _load_profile()
    network.close_the_wall()
    keep_compiled()


def pytest_unconfigure() -> None:
    """Open the wall."""
    network.open_the_wall()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers that it asks for, so that a run can leave them out by name."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in _MARK_OF:
                item.add_marker(_MARK_OF[fixture])


def pytest_collection_finish() -> None:
    """Let the search for garbage leave out what stays to the end, all tests and modules, and look less often: it was a
    fifth of a test's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _load_profile() -> None:
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "tenor", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.register_profile("soak", settings.get_profile("tenor"), max_examples=10_000)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tenor"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this run's own."""
    from tenor_test_support.postgres import running

    with running() as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """An empty PostgreSQL database, gone after the test."""
    with postgres_server.database() as database:
        yield database


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server of this run's own."""
    from tenor_test_support.redis_server import RedisServer as Server

    with Server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of a running, empty Redis."""
    redis_server.start()
    redis_server.flush()
    return redis_server.url


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail server that keeps what it is given."""
    from tenor_test_support.mail import SmtpSink as Sink

    with Sink() as sink:
        yield sink


@pytest.fixture
def time_stamp_authority(tmp_path: Path) -> Iterator[TimeStampAuthority]:
    """A time stamp authority that answers, until a test has it do otherwise."""
    from tenor_test_support.tsa import TimeStampAuthority as Authority

    folder = tmp_path / "time stamp authority"
    folder.mkdir()
    with Authority(folder) as authority:
        yield authority


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, for the tests of one file: while it runs, no test may start an event loop of its own."""
    from tenor_test_support.browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Chromium, under the name that Playwright's own plugin has for it."""
    return chromium


@pytest.fixture
def console() -> Iterator[Console]:
    """What the test's page complains about; a complaint that wasn't expected fails the test at its end."""
    from tenor_test_support.browser import Console as Listener

    listener = Listener()
    yield listener
    assert not listener.unexpected(), "the browser's console: " + "\n".join(listener.unexpected())


@pytest.fixture
def page(chromium: Browser, console: Console) -> Iterator[Page]:
    """A page of its own cookies, in Chinese, 1440 × 900."""
    context = chromium.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    fresh = context.new_page()
    console.listen(fresh)
    yield fresh
    context.close()
