"""What the command line says of itself."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tenor.cli.main import GROUPS, main


@pytest.mark.parametrize("module", GROUPS)
def test_a_module_adds_the_words_by_which_it_is_found(module: str) -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    import_module(f"tenor.cli.{module}").add(commands)
    assert tuple(commands.choices) == GROUPS[module]


def test_help_names_the_commands_of_all_modules(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    hidden = {"child"}
    assert [
        w for words in GROUPS.values() for w in words if w not in hidden and w not in said
    ] == []


def test_a_command_whose_words_nobody_reads_any_more_ends_without_a_trace(tmp_path: Path) -> None:
    """As ``tenor plugin list | head`` does."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        program = "import sys; from tenor.cli.main import main; sys.exit(main())"
        ended = subprocess.run(
            [sys.executable, "-c", program, "plugin", "list"],
            cwd=tmp_path,
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (141, "")
