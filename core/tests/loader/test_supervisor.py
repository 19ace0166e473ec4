"""The supervisor and its child: replaced by a newer generation, started again when it dies, ended when asked."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenor.boot import boot
from tenor.loader.lifecycle import record_state
from tenor.testing import settings_for
from tenor_test_support.process import wait_until

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

PATIENCE = 60.0
READY = "Tenor's worker runs"


class Running:
    """A ``tenor`` process and what it says."""

    def __init__(self, words: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tenor.cli", *words],
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not re.search(words, self.said):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def child(self) -> int:
        """The process id of the child, which is told of before it is there."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        wait_until(lambda: path.read_text() != "", self.process, self.log, seconds=PATIENCE)
        return int(path.read_text().split()[0])

    def end(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def run(
    database: str, tmp_path: Path, shelf: "Shelf", request: pytest.FixtureRequest
) -> Iterator[Callable[..., Running]]:
    """Start ``tenor`` on this test's database, the shelf on its path."""
    started: list[Running] = []
    (tmp_path / "secret.key").write_text("a key for this test, long enough for all of it")

    def start(*words: str, **environment: str) -> Running:
        own = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(shelf.folder), "TENOR_HOME": str(tmp_path),
            "TENOR_DATABASE_URL": database, "TENOR_LANG": "en", "TENOR_PORT": "0", **environment,
        }  # fmt: skip
        started.append(Running(list(words), own, tmp_path / f"log{len(started)}"))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def put_on_record(database: str, tmp_path: Path, *plugins: str) -> None:
    """Another set of plugins, a generation later."""
    kernel = boot(settings_for(database, tmp_path))
    with kernel.context(kernel.access.system_actor(), write=True) as ctx:
        others = kernel.loader.enabled - set(plugins)
        record_state(kernel, ctx, enable=plugins, disable=others)
    kernel.db.dispose()


def test_it_runs_until_it_is_told_to_end(run: Callable[..., Running]) -> None:
    tenor = run("worker")
    tenor.wait_for(READY)
    child = tenor.child()
    assert tenor.end() == 0
    assert not Path(f"/proc/{child}").exists()


def test_a_newer_set_of_plugins_replaces_the_child(
    run: Callable[..., Running], shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    tenor = run("worker")
    tenor.wait_for(READY)
    before = tenor.child()
    shelf.plugin("fresh", {"services.py": f"open({str(tmp_path / 'imported')!r}, 'w').close()"})
    put_on_record(database, tmp_path, "fresh")
    tenor.wait_for("Generation 2 of the plugins is running")
    assert (tmp_path / "imported").exists()
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{before}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert tenor.end() == 0


def test_a_killed_child_is_started_again(run: Callable[..., Running]) -> None:
    tenor = run("worker")
    tenor.wait_for(READY)
    before = tenor.child()
    os.kill(before, signal.SIGKILL)
    tenor.wait_for("ended unexpectedly and is started again")
    assert tenor.child() != before
    assert tenor.end() == 0


def test_a_child_does_not_outlive_a_killed_supervisor(run: Callable[..., Running]) -> None:
    tenor = run("worker")
    tenor.wait_for(READY)
    child = Path(f"/proc/{tenor.child()}")
    tenor.end(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while child.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_plugin_that_hangs_at_import_is_left_out(
    run: Callable[..., Running], shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("endless", {"services.py": "import time\ntime.sleep(600)\n"})
    put_on_record(database, tmp_path, "endless")
    tenor = run("worker", TENOR_START_TIMEOUT="20")
    tenor.wait_for("Plugin endless didn't finish its start within 20 seconds and is left out")
    tenor.wait_for(READY)
    assert tenor.end() == 0


@pytest.mark.parametrize("way", ["os._exit(0)", "os.abort()", "raise KeyboardInterrupt"])
def test_a_plugin_whose_import_ends_the_process_is_left_out(
    run: Callable[..., Running], shelf: "Shelf", database: str, tmp_path: Path, way: str
) -> None:
    shelf.plugin("good")
    shelf.plugin("rude", {"services.py": f"import os\n{way}\n"})
    put_on_record(database, tmp_path, "good", "rude")
    tenor = run("worker")
    tenor.wait_for("The process ends while plugin rude is imported, which is left out")
    tenor.wait_for(READY)
    assert tenor.end() == 0


def test_a_child_that_never_starts_is_given_up(
    run: Callable[..., Running], database: str, tmp_path: Path
) -> None:
    tenor = run("worker", TENOR_SECRET_KEY="", TENOR_DATA_DIR=str(tmp_path / "elsewhere"))
    assert tenor.process.wait(PATIENCE) == 1
    assert "It ended 3 times in a row; giving up." in tenor.said


def test_the_site_answers_while_one_generation_replaces_another(
    run: Callable[..., Running], shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from http.client import HTTPConnection

    tenor = run("serve")
    tenor.wait_for(r"Tenor serves at http://[\d.:]+")
    found = re.search(r"http://([\d.]+):(\d+)", tenor.said)
    assert found is not None
    shelf.plugin("fresh")
    put_on_record(database, tmp_path, "fresh")
    answers = []
    while "Generation 2" not in tenor.said:
        connection = HTTPConnection(found[1], int(found[2]), timeout=PATIENCE)
        connection.request("GET", "/sign-in")
        answers.append(connection.getresponse().status)
        connection.close()
    assert set(answers) == {200}
    assert tenor.end(signal.SIGINT) == 0


def test_who_goes_on_asking_over_one_connection_soon_asks_the_new_generation(
    run: Callable[..., Running], shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    from http.client import HTTPConnection

    tenor = run("serve")
    tenor.wait_for(r"Tenor serves at http://[\d.:]+")
    found = re.search(r"http://([\d.]+):(\d+)", tenor.said)
    assert found is not None
    before = tenor.child()
    shelf.plugin("fresh")
    put_on_record(database, tmp_path, "fresh")
    connection = HTTPConnection(found[1], int(found[2]), timeout=PATIENCE)

    def asks() -> None:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()

    deadline = (
        time.monotonic() + PATIENCE
    )  # how long it takes to start is no matter of the connection
    while "Generation 2" not in tenor.said:
        assert time.monotonic() < deadline, tenor.said
        asks()
    deadline = time.monotonic() + 20  # a connection that stays is closed after 30
    while Path(f"/proc/{before}").exists():
        assert time.monotonic() < deadline, tenor.said
        asks()
    connection.close()
    assert tenor.end(signal.SIGINT) == 0


def test_a_port_that_is_taken_is_one_line(run: Callable[..., Running]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        tenor = run("serve", TENOR_PORT=str(taken.getsockname()[1]))
        assert tenor.process.wait(PATIENCE) == 1
    assert "can't listen on 127.0.0.1" in tenor.said
    assert len(tenor.said.splitlines()) == 1
