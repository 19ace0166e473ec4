"""A new plugin as ``tenor plugin new`` writes it: it keeps all promises, is typed, and its tests pass, as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tenor.cli.scaffold import write_plugin
from tenor_sdk.errors import Conflict, Invalid, TenorError
from tools.assets import node

ROOT = Path(__file__).parents[3]


def run(folder: Path, *words: str) -> str:
    """A program beside the plugin, which is on the path as pip would have installed it."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    site = folder / "site"
    information = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    information.mkdir(parents=True, exist_ok=True)
    lines = [f"Name: {project['name']}", f"Version: {project['version']}"]
    lines += [f"Summary: {project['description']}"]
    lines += [f"Requires-Dist: {each}" for each in project["dependencies"]]
    (information / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines, ""]))
    ((name, point),) = project["entry-points"]["tenor.plugins"].items()
    (information / "entry_points.txt").write_text(f"[tenor.plugins]\n{name} = {point}\n")
    given = {**os.environ, "PYTHONPATH": f"{site}:{folder}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env=given, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return write_plugin("site_visits", "", "现场走访", tmp_path)


def test_its_own_tests_pass(made: Path) -> None:
    said = run(made, "pytest", "-q", "-p", "no:cacheprovider", "--databases=sqlite", "tests")
    assert "13 passed" in said


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("insurance_policies", "InsurancePolicy"),
        ("ties", "Tie"),
        ("site_address", "SiteAddress"),
    ],
)
def test_one_of_them_is_called_as_people_call_it(tmp_path: Path, name: str, record: str) -> None:
    folder = write_plugin(name, "", "", tmp_path)
    assert f"class {record}(" in (folder / f"tenor_{name}" / "records.py").read_text("utf-8")


def test_it_is_proven_as_it_stands(made: Path) -> None:
    said = run(made, "tenor.cli", "plugin", "check", "site_visits", "--at-least", "proven")
    assert "–" not in said


def test_it_is_typed(made: Path) -> None:
    run(made, "mypy", "--strict", "--cache-dir", str(made / ".mypy"), "tenor_site_visits")


def test_an_editor_finds_nothing_either(made: Path) -> None:
    """Pyright, as `make check` has it, over what mypy has seen: with no ignores."""
    folder = ROOT / "tools" / "pyright"
    node.install(folder)
    program = folder / "node_modules" / "pyright" / "index.js"
    words = [node.node(), str(program), "--pythonpath", sys.executable, "tenor_site_visits"]
    done = subprocess.run(words, cwd=made, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sources = [path.read_text("utf-8") for path in made.rglob("*.py")]
    assert not any("type: ignore" in source for source in sources)


def test_it_is_as_the_formatter_wants_it(made: Path) -> None:
    run(made, "ruff", "format", "--isolated", "--check", "tenor_site_visits", "tests")
    run(made, "ruff", "check", "--isolated", "tenor_site_visits", "tests")


def test_a_name_without_a_plural_does_as_well(tmp_path: Path) -> None:
    made = write_plugin("leasing", "Leasing", "", tmp_path)
    said = run(
        made,
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--databases=sqlite",
        "tests/test_contract.py",
    )
    assert "10 passed" in said


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Visits",
        "1st",
        "site-visits",
        "_x",
        "x_",
        "a__b",
        "class",
        "../x",
        "a/b",
        "x" * 31,
        "访问",
        "a b",
    ],
)
def test_what_cannot_be_a_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        write_plugin(name, "", "", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ['a "b', "a\nb", "a\\", "$name", "{x}", "x" * 31])
def test_a_title_that_would_end_a_string_is_refused(title: str, tmp_path: Path) -> None:
    for words in ((title, ""), ("", title)):
        with pytest.raises(Invalid):
            write_plugin("site_visits", *words, tmp_path)


def test_nothing_is_written_over(made: Path, tmp_path: Path) -> None:
    (made / "README.md").write_text("mine")
    with pytest.raises(Conflict):
        write_plugin("site_visits", "", "", tmp_path)
    assert (made / "README.md").read_text() == "mine"


def test_a_plugin_that_is_installed_is_not_begun_again(tmp_path: Path) -> None:
    with pytest.raises(TenorError) as refused:
        write_plugin("notes", "", "", tmp_path)
    assert refused.value.key == "plugin-exists"


def test_the_command_says_where_it_is(
    command: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENOR_LANG", "en")
    assert "Written to tenor-site-visits" in command("plugin", "new", "site_visits")
    assert (tmp_path / "tenor-site-visits" / "tests").is_dir()
