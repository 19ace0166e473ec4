"""The rung that a plugin stands on, computed from its declarations, its README and its tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.tests.loader.conftest import Shelf
from core.tests.loader.leaving import on_shelf
from tenor.cli.quality import standing
from tenor.kernel import Kernel
from tenor.loader.removing import remove
from tenor.testing import counting, leaving
from tenor_sdk.i18n import Text
from tenor_sdk.testing.institution import Judged

ROOT = Path(__file__).parents[3]
ERRANDS = ROOT / "docs" / "examples" / "errands"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENOR_LANG", "en")


def judged(**broken: str) -> list[Judged]:
    return [
        Judged(rung, Text("a rule"), (broken[rung],) if rung in broken else ())
        for rung in ("sound", "explained", "proven")
    ]


@pytest.mark.parametrize(
    ("broken", "stands"),
    [
        ({}, "proven"),
        ({"proven": "x"}, "explained"),
        ({"explained": "x"}, "sound"),
        ({"sound": "x"}, ""),
    ],
)
def test_no_rung_is_reached_over_a_gap(broken: dict[str, str], stands: str) -> None:
    assert standing(judged(**broken)) == stands


def test_an_example_is_proven(command: Callable[..., str]) -> None:
    said = command("plugin", "check", "errands", "--at-least", "proven")
    assert said.endswith("errands is proven\n")
    assert "–" not in said


def test_what_a_readme_and_the_tests_leave_out_is_told(
    command: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text((ERRANDS / "pyproject.toml").read_text())
    readme = (ERRANDS / "README.md").read_text("utf-8")
    (tmp_path / "README.md").write_text(readme.replace("ErrandFinished", "an event"), "utf-8")
    monkeypatch.chdir(tmp_path)
    said = command("plugin", "check", "errands", "--at-least", "explained", expect=1)
    assert "  – Its README names every event\n      ErrandFinished\n" in said
    assert (
        "  – Every transition is named by a test\n      start\n      finish\n      drop\n" in said
    )
    assert said.endswith("errands is sound\n")


def test_a_plugin_that_takes_rows_of_others_along_is_not_sound(
    command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(kernel: Kernel, actor: Any, name: str) -> None:
        remove(kernel, actor, name)
        with kernel.db.raw() as connection:
            connection.execute(text("DELETE FROM errands_errand"))

    monkeypatch.setattr(leaving, "remove", too_much)
    said = command("plugin", "check", "visits", expect=1)
    assert (
        "  – Disabled it keeps all, removed it takes its own\n      removed: errands_errand had "
        in said
    )


def test_a_plugin_with_a_list_that_asks_again_for_each_row_is_not_sound(
    command: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter(range(1000))
    monkeypatch.setattr(counting, "_asked", lambda *_told: (next(asked), next(asked)))
    said = command("plugin", "check", "errands", expect=1)
    assert "  – No list asks more of the database for more rows\n" in said
    assert " statements for a row, " in said


def test_an_icon_that_tenor_does_not_have_is_told_with_what_comes_near(
    command: Callable[..., str], shelf: Shelf
) -> None:
    menu = 'from tenor_sdk import Menu\nmenu = Menu("Guards", "/", icon="sheild-check")\n'
    shelf.plugin("host", {"views.py": menu})
    said = command("plugin", "check", "host", expect=1)
    assert "  – Every view can be made\n" in said
    assert "views.py:2: there is no icon sheild-check; near it: shield-check" in said


def test_a_plugin_that_can_not_be_imported_is_told_in_a_line(
    command: Callable[..., str], shelf: Shelf
) -> None:
    shelf.plugin("host", {"views.py": "import nowhere"})
    said = command("plugin", "check", "host", expect=1)
    assert said.startswith("tenor: host: Its code couldn't be imported: ")
    assert said.endswith("views.py:1: ModuleNotFoundError: No module named 'nowhere'\n")


def test_a_record_without_a_migration_is_told_in_a_line(
    command: Callable[..., str], shelf: Shelf
) -> None:
    on_shelf(shelf, "host")
    records = shelf.folder / "tenor_host" / "records.py"
    records.write_text(records.read_text("utf-8") + "    lost: Mapped[str]\n", "utf-8")
    said = command("plugin", "check", "host", expect=1)
    assert (
        said
        == 'tenor: host has no migration for host_thing.lost; run: tenor dev migration host -m "…"\n'
    )


def test_a_plugin_that_is_not_installed_has_no_rung(command: Callable[..., str]) -> None:
    assert "nowhere" in command("plugin", "check", "nowhere", expect=1)
