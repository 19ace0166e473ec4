"""The pytest plugin: an institution for each test, copied in milliseconds from one that the migrations made once."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest

from tenor_sdk.testing.institution import Institution, provider

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_KINDS = (SQLITE, POSTGRESQL)


class _Server(Protocol):
    """What the fixture ``postgres_server`` gives, wherever it comes from."""

    def template(self, name: str, build: Callable[[str], None]) -> str: ...
    def database(self, template: str = "template0") -> AbstractContextManager[Any]: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--databases sqlite,postgresql``."""
    parser.getgroup("tenor").addoption(
        "--databases",
        default="",
        help="the databases of tests that ask for an institution: sqlite (default), postgresql, or both",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line(
        "markers", "both_databases: the test runs on SQLite and on PostgreSQL, unless --databases says otherwise"
    )  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which databases a test runs on."""
    if "database_kind" in metafunc.fixturenames:
        given = metafunc.config.getoption("--databases")
        both = metafunc.definition.get_closest_marker("both_databases") is not None
        kinds = (
            [kind.strip() for kind in given.split(",")]
            if given
            else list(_KINDS if both else (SQLITE,))
        )
        unknown = set(kinds) - set(_KINDS)
        if unknown:
            raise pytest.UsageError(
                f"--databases: {', '.join(sorted(unknown))} isn't one of {', '.join(_KINDS)}"
            )
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL server, so that a run can leave it out by name."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("database_kind") == POSTGRESQL:
            item.add_marker("postgres")


@pytest.fixture(scope="module")
def plugins(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The plugins that run in this file's tests, with all that they need: by default those of the distribution whose
    tests these are, else all that are installed. Override it in a test file or a conftest."""
    names = _distribution_of(Path(str(request.path)))
    return tuple(provider().installed()) if names is None else names


@pytest.fixture
def database(
    database_kind: str,
    plugins: tuple[str, ...],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a database of this test's own, with the plugins' tables and the demo's people."""
    name = "-".join(sorted(plugins)) or "base"
    if database_kind == SQLITE:
        template = (
            tmp_path_factory.getbasetemp() / "templates" / f"{abs(hash(name)):x}" / "tenor.db"
        )
        yield _copy(template, plugins, tmp_path)
        return
    server: _Server = request.getfixturevalue("postgres_server")
    folder = tmp_path_factory.mktemp("postgresql")
    built = server.template(
        f"institution-{name}", lambda url: provider().build(url, plugins, folder)
    )
    with server.database(built) as made:
        yield made.url


def _copy(template: Path, plugins: tuple[str, ...], folder: Path) -> str:
    if not template.is_file():
        template.parent.mkdir(parents=True)
        making = template.with_suffix(".making")
        provider().build(f"sqlite:///{making}", plugins, template.parent)
        making.rename(template)
    copy = folder / "tenor.db"
    shutil.copyfile(template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def institution(database: str, plugins: tuple[str, ...], tmp_path: Path) -> Iterator[Institution]:
    """A running institution of this test's own: the demo bank's units and people, no data. Its clock stands at
    2026-06-30, ten in the morning."""
    started = provider().start(database, plugins, tmp_path)
    try:
        yield started
    finally:
        provider().stop(started)


def _distribution_of(path: Path) -> tuple[str, ...] | None:
    """The plugins that the nearest ``pyproject.toml`` above a test brings; None where it brings none at all."""
    for folder in path.parents:
        file = folder / "pyproject.toml"
        if file.is_file():
            project = tomllib.loads(file.read_text("utf-8")).get("project", {})
            points = project.get("entry-points", {}).get("tenor.plugins")
            return None if points is None else tuple(sorted(set(points) - {"base"}))
    return None
