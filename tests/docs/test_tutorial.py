"""*Write your first plugin*: its commands run, in under ten minutes; and code on other pages is that of its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenor_test_support.plugins import describe
from tenor_test_support.process import free_port
from tests.docs.pages import run

DOCS = Path(__file__).resolve().parents[2] / "docs"
_EXCERPT = re.compile(
    r"^```(?:python|toml)\n# ((?:docs|plugins)/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
PAGES = sorted(page for page in DOCS.glob("how-to/*.md") if _EXCERPT.search(page.read_text()))


def test_a_first_plugin_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "an author"
    site = tmp_path / "site"
    folder.mkdir()
    describe(site, "site_visits")
    # what pip would have done: the machine that tests has no way to the world
    monkeypatch.setenv("PYTHONPATH", f"{site}:{folder / 'tenor-site-visits'}")
    instead = {"pip install --quiet --editable '.[testing]'": "true", "8000": str(free_port())}
    assert run(DOCS / "tutorial" / "first-plugin.md", folder, instead) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_code_on_a_page_is_that_of_its_file(page: Path) -> None:
    for file, code in _EXCERPT.findall(page.read_text("utf-8")):
        assert code in (DOCS.parent / file).read_text("utf-8"), file
