"""The sum that `.ci/run` ends with."""

from pathlib import Path

import pytest

from tools import tally


@pytest.fixture(autouse=True)
def _results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "RESULTS", tmp_path)


def test_the_runs_are_added_up(capsys: pytest.CaptureFixture[str]) -> None:
    tally.write("check", passed=18, failed=0)
    tally.write("tests", passed=400, failed=0)
    assert tally.main() == 0
    assert capsys.readouterr().out == "418 passed, 0 failed\n"


def test_a_run_that_left_no_figure_counts_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    tally.write("check", passed=18, failed=0)
    assert tally.main() == 1
    assert capsys.readouterr().out == "18 passed, 1 failed\n"


def test_figures_of_the_last_time_are_forgotten() -> None:
    tally.write("tests", passed=400, failed=0)
    tally.begin()
    assert tally.total() == (0, 2)
