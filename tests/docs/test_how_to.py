"""The pages of docs/how-to: their commands run, and say what the pages say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenor_test_support.process import free_port
from tests.docs.pages import Command, commands, run

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresDatabase

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"
#: about this source tree, and run by whoever tests it
ABOUT_THE_SOURCE = {"test"}
LARGE = "run-an-institution"
SMALL = sorted({page.stem for page in HOW_TO.glob("*.md")} - ABOUT_THE_SOURCE - {LARGE})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a page's commands run: a space in its name, as people have."""
    made = tmp_path / "an institution"
    made.mkdir()
    return made


@pytest.mark.parametrize("name", SMALL)
def test_a_pages_commands_say_what_the_page_says(name: str, folder: Path) -> None:
    assert run(HOW_TO / f"{name}.md", folder, {"8000": str(free_port())}) == []


def test_an_institution_runs_in_one_process_and_in_several(
    folder: Path, postgres_database: PostgresDatabase, redis_url: str
) -> None:
    instead = {
        "postgresql+psycopg://postgres@127.0.0.1:5432/zeyuan": postgres_database.url,
        "redis://127.0.0.1:6379/0": redis_url,
        "8000": str(free_port()),
        "8001": str(free_port()),
        "8002": str(free_port()),
    }
    assert run(HOW_TO / f"{LARGE}.md", folder, instead) == []


def test_a_page_that_is_wrong_is_told_with_both_sides(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```console\n$ echo one\none\n$ cat <<'END'\ntwo\nEND\n…o\n$ echo three\nfour\n```\n"
    )
    assert commands(page)[1] == Command("cat <<'END'\ntwo\nEND", "…o")
    (tmp_path / "here").mkdir()
    (told,) = run(page, tmp_path / "here", {"8000": "1"})
    assert told == "$ echo three\nthe page says:\nfour\nit said:\nthree\n"
