"""A shelf of plugins written by a test: installed as pip would, in a folder of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from core.tests.loader.leaving import on_shelf, put_on_record, switch, use
from tenor.boot import boot
from tenor.cli import main
from tenor.kernel import Kernel
from tenor.testing import settings_for
from tenor_sdk.records import dispose


class Shelf:
    """Writes distributions into a folder on ``sys.path``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def plugin(
        self,
        name: str,
        files: Mapping[str, str] | None = None,
        *,
        stated: str = "",
        body: str = "",
        requires: Sequence[str] = (),
        version: str = "1.0",
        entry: str = "",
        distribution: str = "",
    ) -> Path:
        """Install a plugin; the folder of its package.

        Args:
            files: further files of the package by their path.
            stated: further keywords of its manifest, ``"critical=True"``.
            body: of its ``__init__`` below the manifest.
            requires: lines of ``Requires-Dist``.
            entry: the entry point's value, where it isn't as it should be.
        """
        package = self.folder / f"tenor_{name}"
        manifest = f'plugin = Plugin(title="{name.title()}", {stated})'
        init = f"from tenor_sdk.plugin import Plugin\n{manifest}\n{dedent(body)}"
        for path, text in {"__init__.py": init, **(files or {})}.items():
            file = package / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), "utf-8")
        self._metadata(
            name, distribution or f"tenor-{name.replace('_', '-')}", version, requires, entry
        )
        self.names.append(name)
        return package

    def _metadata(
        self, name: str, distribution: str, version: str, requires: Sequence[str], entry: str
    ) -> None:
        folder = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        folder.mkdir(exist_ok=True)
        lines = ["Metadata-Version: 2.1", f"Name: {distribution}", f"Version: {version}"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requires]
        (folder / "METADATA").write_text("\n".join(lines) + "\n")
        points = f"[tenor.plugins]\n{name} = {entry or f'tenor_{name}:plugin'}\n"
        (folder / "entry_points.txt").write_text(points)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = Shelf(folder)
    yield made
    for name in made.names:
        dispose(name)
        for module in [each for each in sys.modules if each.partition(".")[0] == f"tenor_{name}"]:
            del sys.modules[module]


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    """An institution of the kernel alone."""
    return ()


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command of ``tenor``; what it printed. ``expect`` is its exit status."""

    def run(*words: str, expect: int = 0) -> str:
        status = main(list(words))
        said = capsys.readouterr()
        assert status == expect, said
        return said.out + said.err

    return run


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[..., Kernel]]:
    """Start the institution with whatever is enabled, or with the kernel's own part alone."""
    kernels: list[Kernel] = []

    def started(plugins: tuple[str, ...] | None = None) -> Kernel:
        kernels.append(boot(settings_for(database, tmp_path), plugins=plugins))
        return kernels[-1]

    yield started
    for kernel in kernels:
        kernel.db.dispose()


@pytest.fixture
def bare(start: Callable[..., Kernel]) -> Kernel:
    """The kernel's own part alone."""
    return start(())


@pytest.fixture
def host(shelf: Shelf, start: Callable[..., Kernel], monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """A plugin that was enabled, used and disabled, and the kernel that used it."""
    monkeypatch.setenv(
        "PYTHONPATH", str(shelf.folder)
    )  # for the rehearsals, in processes of their own
    on_shelf(shelf, "host")
    on_shelf(shelf, "host_other")  # whose name begins like the other's
    put_on_record(start(()), "host", "host_other")
    kernel = start()
    use(kernel)
    switch(kernel, "host", on=False)
    return kernel
