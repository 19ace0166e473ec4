"""A demo bank that really runs: made and served by ``tenor demo``, in either of the two set-ups."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.journeys.bank import PATIENCE, Started


class House:
    """The bank, its address and its command.

    Args:
        folder: its home.
        more: of its environment; without any it is one process on SQLite.
        beside: what runs besides it, as words of the command.
    """

    def __init__(
        self, folder: Path, more: Mapping[str, str] | None = None, beside: Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self.url = ""
        self.beside = beside
        #: what was asked of ``tenor``
        self.ran: list[str] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "TENOR_HOME": str(folder),
            "TENOR_LANG": "zh-CN",
            "TENOR_PORT": "0",
            **(more or {}),
        }

    def working(self) -> int:
        """The process that answers, a child of the one that was started."""
        return int(self._demo.children()[0].name)

    def command(self, *words: str, expect: int = 0) -> str:
        """What ``tenor …`` prints, in English."""
        self.ran.append(" ".join(words))
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tenor.cli",
                "--config",
                str(self.folder / "tenor.toml"),
                *words,
            ],
            env={**self.environment, "TENOR_LANG": "en"},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == expect, f"tenor {words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def make(self) -> None:
        """The bank as it is before anybody works in it, without serving it."""
        words = [sys.executable, "-m", "tenor.cli", "demo", "--no-serve"]
        done = subprocess.run(
            words,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"

    @contextmanager
    def serving(self, *options: str) -> Iterator[House]:
        """The bank at work, from ``tenor demo …`` to Ctrl-C."""
        with ExitStack() as stack:
            command = " ".join(["demo", *options])
            self.ran.append(command)
            demo = Started(command, self.environment, self.folder / "demo.log")
            stack.callback(demo.end)
            self.url, self._demo = demo.wait(), demo
            for word in self.beside:
                started = Started(word, self.environment, self.folder / f"{word}.log")
                stack.callback(started.end)
                started.wait()
            yield self
