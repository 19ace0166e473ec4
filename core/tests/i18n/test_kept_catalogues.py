"""A catalogue is read once for as long as its file stays what it is, by the processes that come after too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenor.i18n import catalogues
from tenor.i18n.catalogues import catalogues_in
from tenor.kept import Kept

ZH = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Note"
msgstr "便签"

msgid "{n} day late"
msgid_plural "{n} days late"
msgstr[0] "逾期 {n} 天"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zh-CN.po").write_text(ZH, "utf-8")
    return tmp_path


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "made", "a key")


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the next process."""
    monkeypatch.setattr(catalogues, "_here", {})


def unreadable(*_args: object) -> dict[str, object]:
    raise AssertionError("it was read again")


def test_the_next_process_takes_what_an_earlier_one_read(
    folder: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues_in(folder, kept=kept)
    forget(monkeypatch)
    monkeypatch.setattr(catalogues, "_read", unreadable)
    found = catalogues_in(folder, kept=kept)["zh-CN"]
    assert found.get("Note") == "便签"
    assert found.get("{n} day late", 3) == "逾期 {n} 天"


def test_a_file_that_was_changed_is_read_anew(
    folder: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogues_in(folder, kept=kept)
    forget(monkeypatch)
    (folder / "zh-CN.po").write_text(ZH.replace("便签", "条子"), "utf-8")
    assert catalogues_in(folder, kept=kept)["zh-CN"].get("Note") == "条子"
