"""Templates are compiled once for as long as their source stays what it is, for the processes that come after too."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from tenor.kept import Kept
from tenor.web.templating import Compiled


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "made", "a key")


def site(kept: Kept, page: str, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """As the next process makes it."""
    monkeypatch.setattr(Compiled, "_here", {})
    return Environment(
        loader=DictLoader({"page.html": page}), bytecode_cache=Compiled(kept), autoescape=True
    )


def test_the_next_process_takes_what_an_earlier_one_compiled(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(kept, "Good {{ time }}", monkeypatch).get_template("page.html")
    second = site(kept, "Good {{ time }}", monkeypatch)

    def compiled(*_args: object, **_more: object) -> None:
        raise AssertionError("it was compiled again")

    monkeypatch.setattr(second, "compile", compiled)
    assert second.get_template("page.html").render(time="day") == "Good day"


def test_a_template_that_was_changed_is_compiled_anew(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(kept, "Good {{ time }}", monkeypatch).get_template("page.html")
    second = site(kept, "Bad {{ time }}", monkeypatch)
    assert second.get_template("page.html").render(time="day") == "Bad day"


def test_what_was_compiled_for_an_environment_that_escapes_is_for_no_other(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(kept, "{{ name }}", monkeypatch).get_template("page.html")
    other = site(kept, "{{ name }}", monkeypatch)
    other.autoescape = False
    assert other.get_template("page.html").render(name="<b>") == "<b>"
