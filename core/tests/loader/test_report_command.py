"""``tenor report``: what the pages kept of an error is read where the data lie, while no database answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tenor.reports.kept import Report, Reports
from tenor.settings import KernelSettings

Run = Callable[..., str]
NUMBER = "0123456789abcdef"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report, in a place whose database can't be reached."""
    monkeypatch.setenv("TENOR_HOME", str(tmp_path))
    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setenv("TENOR_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    chain = [{"error": "Unwell", "frames": [{"file": "tenor/a.py", "line": 3, "function": "b"}]}]
    made = Report(
        NUMBER, "2026-06-30T09:00:00+08:00", 7, "hash", "GET /a", {"tenor": "1.0"}, [chain]
    )
    Reports.of(KernelSettings.load()).keep(made)


@pytest.mark.usefixtures("kept")
def test_a_report_is_told_by_its_number_without_a_database(command: Run) -> None:
    assert NUMBER in command("report")
    told = command("report", NUMBER)
    assert f"Report {NUMBER}" in told
    assert "Address: GET /a" in told
    assert "  tenor/a.py:3 b" in told


@pytest.mark.usefixtures("kept")
def test_it_doesnt_say_whose_it_was(command: Run) -> None:
    assert "hash" not in command("report", NUMBER)
