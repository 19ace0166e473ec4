"""The rung that a plugin stands on, computed from its declarations, its README and its tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

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


def test_a_plugin_that_is_not_installed_has_no_rung(command: Callable[..., str]) -> None:
    assert "nowhere" in command("plugin", "check", "nowhere", expect=1)
