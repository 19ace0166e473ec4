"""Pages whose commands are run as they stand: `$ ` begins a command, what follows is what it says, `…` is anything."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK: Final = "==== tenor command "
_PATIENCE: Final = 180


@dataclass
class Command:
    """A command of a page, and what the page says that it says."""

    text: str
    expected: str = ""

    def complaint(self, said: str) -> str | None:
        """What differs; None where the page is right."""
        pattern = r".*?".join(re.escape(part) for part in self.expected.split("…"))
        if re.fullmatch(pattern, said.rstrip("\n"), re.DOTALL):
            return None
        return f"$ {self.text}\nthe page says:\n{self.expected}\nit said:\n{said}"


def commands(page: Path) -> list[Command]:
    """Every command of a page, in its order."""
    return [one for block in _BLOCK.findall(page.read_text("utf-8")) for one in _of(block)]


def _of(block: str) -> Iterator[Command]:
    found: Command | None = None
    ending = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            if found is not None:
                yield found
            found = Command(line[2:])
            here = re.search(r"<<'(\w+)'", line)
            ending = here[1] if here else ""
        elif found is not None and ending:
            found.text += "\n" + line
            ending = "" if line == ending else ending
        elif found is not None:
            found.expected += ("\n" if found.expected else "") + line
    if found is not None:
        yield found


def run(page: Path, folder: Path, instead: Mapping[str, str]) -> list[str]:
    """What a page says that isn't so, after all its commands ran in one shell.

    Args:
        folder: an empty one, where they run.
        instead: addresses of this run in the place of the page's.
    """
    found = commands(page)
    assert found, f"{page} has no commands"
    script = "".join(f"echo; echo '{_MARK}'\n{one.text}\n" for one in found)
    for here, there in instead.items():
        script = script.replace(here, there)
    parts = _played(script, folder, instead).split(f"\n{_MARK}\n")[1:]
    assert len(parts) == len(found), "the shell stopped at:\n" + parts[-1]
    said = [one.complaint(part) for one, part in zip(found, parts, strict=True)]
    return [complaint for complaint in said if complaint]


def _played(script: str, folder: Path, instead: Mapping[str, str]) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TENOR_")}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    environment["TENOR_PORT"] = instead["8000"]
    file = folder.parent / "page.out"
    with file.open("wb") as out:
        shell = subprocess.Popen(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            shell.wait(_PATIENCE)
        finally:
            with suppress(ProcessLookupError):  # nothing was left running
                os.killpg(shell.pid, signal.SIGTERM)
    return file.read_text("utf-8")
