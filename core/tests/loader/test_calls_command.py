"""What the command says of callbacks: those that are left out, and the times that the site which runs here tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import perf_counter

import pytest
from sqlalchemy import insert
from waitress import create_server

from tenor.boot import boot
from tenor.events.records import Breaker
from tenor.events.rows import table_of
from tenor.kernel import Kernel
from tenor.settings import KernelSettings
from tenor.web import create_app
from tenor_test_support.process import free_port

Run = Callable[..., str]


@pytest.fixture
def tenor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Run) -> Run:
    """The command in a place of its own, in English, with an institution."""
    monkeypatch.setenv("TENOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setenv("TENOR_PORT", str(free_port()))
    command("init", "notes")
    return command


@pytest.fixture
def kernel(tenor: Run) -> Iterator[Kernel]:
    kernel = boot(KernelSettings.load())
    yield kernel
    kernel.db.dispose()


@pytest.fixture
def left_out(kernel: Kernel) -> None:
    now = kernel.clock.now()
    values = {
        "plugin": "notes", "kind": "tile", "name": "tenor_notes.views.open_notes", "error": "ValueError: no",
        "plugin_version": kernel.loader.installed["notes"].version, "open": True, "since": now, "until": now,
        "tries": 0, "version": 1, "created_at": now, "changed_at": now,
    }  # fmt: skip
    with kernel.db.raw() as connection:
        connection.execute(insert(table_of(Breaker)).values(values))


@pytest.fixture
def site(kernel: Kernel) -> Iterator[None]:
    """The site, as it runs in a process of its own."""
    server = create_server(create_app(kernel), host=kernel.settings.host, port=kernel.settings.port)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield
    server.close()
    thread.join(5)


@pytest.mark.usefixtures("left_out")
def test_the_doctor_names_what_is_left_out_and_the_way_back(tenor: Run) -> None:
    said = tenor("doctor", expect=1)
    assert "notes: tenor_notes.views.open_notes keeps failing" in said
    assert "tenor plugin again notes" in said


@pytest.mark.usefixtures("left_out")
def test_it_is_called_again_by_the_command(tenor: Run) -> None:
    assert "1 part is called again" in tenor("plugin", "again", "notes")
    assert "left out" not in tenor("doctor")
    assert "Nothing of notes is left out" in tenor("plugin", "again", "notes", expect=1)


@pytest.mark.usefixtures("left_out")
def test_show_says_what_is_left_out_though_no_site_answers(tenor: Run) -> None:
    said = tenor("plugin", "show", "notes")
    assert "tenor_notes.views.open_notes: ValueError: no" in said
    assert "No site answers here" in said


@pytest.mark.usefixtures("site")
def test_show_says_the_times_that_the_site_tells(tenor: Run, kernel: Kernel) -> None:
    meter = kernel.events.timings.meter("tile", "notes", "tenor_notes.views.open_notes")
    for failed in (True, False):
        meter.count(perf_counter() - 0.004, failed, perf_counter())
    said = tenor("plugin", "show", "notes")
    assert "in the process that serves the site: 2" in said
    (line,) = [each for each in said.splitlines() if each.startswith("tile ")]
    kind, name, calls, errors, *times = line.split()
    assert (kind, name, calls, errors) == ("tile", "tenor_notes.views.open_notes", "2", "1")
    assert list(times[1::2]) == ["ms"] * 3
    assert all(4 <= float(time) < 8 for time in times[::2])
