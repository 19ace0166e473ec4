"""A Redis server of the test run's own, on a free port of loopback, keeping nothing on disk."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import redis

from tenor_test_support.errors import MissingService
from tenor_test_support.process import free_port, start, stop, wait_until


class RedisServer:
    """A real Redis; as a context manager it runs for the length of the block.

    Raises:
        MissingService: there is no redis-server on this machine.
    """

    def __init__(self) -> None:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        if not found:
            raise MissingService("redis-server", "redis-server")
        self._binary = found
        self._folder = Path(tempfile.mkdtemp(prefix="tenor-redis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """``redis://…``, as redis-py and Celery take it; the same after a stop and a start."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty; nothing happens where it runs."""
        if self._process is not None:
            return
        log = self._folder / "log"
        words = f"--port {self.port} --bind 127.0.0.1 --appendonly no".split()
        with log.open("wb") as output:
            self._process = start(
                [self._binary, *words, "--save", "", "--dir", self._folder], log=output
            )
        wait_until(self._answers, self._process, log)

    def stop(self) -> None:
        """Take it away, with all that it held: what a test of losing Redis needs."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False
