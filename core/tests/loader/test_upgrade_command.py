"""``tenor plugin upgrade``: whoever may not manage plugins neither migrates nor grants."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.tests.loader.leaving import MIGRATION, RECORDS, SECOND

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

Run = Callable[..., str]


@pytest.fixture
def tenor(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> Run:
    """The command in an institution with a plugin of which a version came that asks for more and has more columns;
    Ann is no administrator."""
    monkeypatch.setenv("TENOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))
    first = {
        "records.py": RECORDS,
        "migrations/0001_first.py": MIGRATION.format(name="asker", more=""),
    }
    shelf.plugin("asker", first)
    command("init", "asker")
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    command("user", "add", "ann", "Ann", "--position", "relationship-manager")
    shelf.plugin(
        "asker",
        {"migrations/0002_second.py": SECOND.format(name="asker")},
        stated='asks=("files",)',
    )
    return command


def test_whoever_may_not_manage_plugins_neither_migrates_nor_grants(tenor: Run) -> None:
    tenor("plugin", "upgrade", "--as", "ann", "--grant", "all", expect=1)
    assert "Granted: –" in tenor("plugin", "show", "asker")
    assert "0002" in tenor("plugin", "plan", "--upgrade")


def test_whoever_may_does_both(tenor: Run) -> None:
    tenor("plugin", "upgrade", "--grant", "all")
    assert "Granted: files" in tenor("plugin", "show", "asker")
    assert "0002" not in tenor("plugin", "plan", "--upgrade")
