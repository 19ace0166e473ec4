"""The lock: only what was locked runs, byte for byte; what isn't is named, and harms nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from compileall import compile_dir
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenor.boot import boot
from tenor.kernel import Kernel
from tenor.loader import locking
from tenor.loader.failures import BootError
from tenor.loader.loader import Loader
from tenor.loader.manifest import find
from tenor.testing.institution import settings_for

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


@pytest.fixture
def at(database: str, tmp_path: Path) -> Callable[[], Kernel]:
    """Start an institution with both plugins, as a process would."""
    settings = settings_for(database, tmp_path)
    return lambda: boot(settings, plugins=["good", "other"])


@contextmanager
def running(at: Callable[[], Kernel]) -> Iterator[Kernel]:
    kernel = at()
    try:
        yield kernel
    finally:
        kernel.db.dispose()


@pytest.fixture
def good(shelf: Shelf) -> Path:
    shelf.plugin("other")
    return shelf.plugin("good", {"words.txt": "as it came\n"})


@pytest.fixture
def lock(good: Path, tmp_path: Path) -> Path:
    """Of what is installed."""
    assert good.is_dir()
    file = tmp_path / "plugins.lock"
    locking.write(file, find()[0])
    return file


@pytest.mark.usefixtures("lock")
def test_what_is_as_it_was_locked_runs(at: Callable[[], Kernel]) -> None:
    with running(at) as kernel:
        assert (kernel.loader.order.names, kernel.failures) == (["base", "good", "other"], [])


@pytest.mark.usefixtures("good")
def test_without_a_lock_everything_may_run(at: Callable[[], Kernel]) -> None:
    with running(at) as kernel:
        assert kernel.failures == []


def edited(package: Path, _shelf: Shelf) -> None:
    (package / "words.txt").write_text("as somebody wanted it\n")


def added(package: Path, _shelf: Shelf) -> None:
    (package / "more.py").touch()


def removed(package: Path, _shelf: Shelf) -> None:
    (package / "words.txt").unlink()


def renamed(package: Path, _shelf: Shelf) -> None:
    (package / "words.txt").rename(package / "others.txt")


def upgraded(package: Path, shelf: Shelf) -> None:
    (shelf.folder / "tenor_good-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tenor-good\nVersion: 1.1\n"
    )
    assert package.is_dir()


@pytest.mark.usefixtures("lock")
@pytest.mark.parametrize("change", [edited, added, removed, renamed, upgraded])
def test_another_one_is_left_out_and_the_rest_runs(
    at: Callable[[], Kernel], good: Path, shelf: Shelf, change: Callable[[Path, Shelf], None]
) -> None:
    change(good, shelf)
    with running(at) as kernel:
        assert kernel.loader.order.names == ["base", "other"]
        assert [each.plugin for each in kernel.failures] == ["good"]
        assert "tenor plugin lock" in str(kernel.failures[0].remedy)


@pytest.mark.usefixtures("lock")
def test_what_nobody_locked_is_neither_run_nor_enabled(
    at: Callable[[], Kernel],
    shelf: Shelf,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))  # for the process that tries it
    shelf.plugin("late")
    loader = Loader(settings_for(database, tmp_path))
    refusals = loader.plan_enable("late").refusals
    assert [str(each) for each in refusals] == ["late: It isn't in the lock."]
    assert loader.plan_enable("good").refusals == ()
    with running(at) as kernel:
        assert kernel.failures == []


def test_what_python_makes_beside_a_module_counts_for_nothing(
    at: Callable[[], Kernel], lock: Path, good: Path
) -> None:
    assert compile_dir(good, quiet=1)
    assert (good / "__pycache__").is_dir()
    before = lock.read_text()
    locking.write(lock, find()[0])
    assert lock.read_text() == before
    with running(at) as kernel:
        assert kernel.failures == []


def test_a_link_to_nowhere_in_a_package_harms_no_other(
    at: Callable[[], Kernel], good: Path, lock: Path
) -> None:
    assert lock.is_file()
    (good / "gone.txt").symlink_to(good / "nowhere")
    with running(at) as kernel:
        assert kernel.loader.order.names == ["base", "other"]


def test_what_lies_behind_a_link_to_a_folder_is_locked(
    at: Callable[[], Kernel], good: Path, tmp_path: Path
) -> None:
    behind = tmp_path / "behind"
    behind.mkdir()
    (behind / "more.py").write_text("ANSWER = 41\n")
    (good / "parts").symlink_to(behind)
    locking.write(tmp_path / "plugins.lock", find()[0])
    with running(at) as kernel:
        assert kernel.failures == []
    (behind / "more.py").write_text("ANSWER = 42\n")
    with running(at) as kernel:
        assert kernel.loader.order.names == ["base", "other"]


def test_another_kernel_does_not_start(at: Callable[[], Kernel], lock: Path) -> None:
    said = json.loads(lock.read_text())
    said["plugins"]["base"]["sha256"] = "0" * 64
    lock.write_text(json.dumps(said))
    with pytest.raises(BootError, match="tenor isn't what"):
        at()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"form": 2, "plugins": {}}', '{"form": 1, "plugins": {"base": {}}}']
)
def test_a_lock_that_cannot_be_read_lets_nothing_run(
    at: Callable[[], Kernel], lock: Path, content: str
) -> None:
    lock.write_text(content)
    with pytest.raises(BootError, match="can't be read"):
        at()


def test_the_command_locks_and_says_what_is_different(
    shelf: Shelf, command: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TENOR_LANG", "en")
    package = shelf.plugin("good")
    assert "no institution" in command("plugin", "lock", expect=1)
    command("init", "good")
    assert "Nothing is locked" in command("plugin", "lock", "--check", expect=1)
    assert "plugins are locked" in command("plugin", "lock")
    assert "as it was locked" in command("plugin", "lock", "--check")
    added(package, shelf)
    assert "good: Its files aren't those" in command("plugin", "lock", "--check", expect=1)
    assert "Its files aren't those" in command("plugin", "list")
    assert "Its files aren't those" in command("doctor", expect=1)
