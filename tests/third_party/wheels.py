"""Wheels, and institutions' environments that hold nothing else of ours.

An environment's ``site-packages`` has what was installed into it from wheels. The libraries that we need besides come
from the environment of the tests, by links to each but ours: nothing that stands in the source tree can be imported.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hatchling.builders.wheel import WheelBuilder

ROOT: Final = Path(__file__).parents[2]
VENDORS: Final = Path(__file__).with_name("vendors")
BUNDLED: Final = ("sdk", "core", "plugins/customers", "plugins/credit", "plugins/origination",
                  "plugins/documents", "plugins/esign_ca", "plugins/loans", "plugins/npl_disposal")  # fmt: skip
_UV: Final = Path(sys.executable).with_name("uv")
#: of which each institution gets a copy
_COPIED: Final = "template"


def wheel_of(folder: Path, into: Path) -> Path:
    """The wheel of a distribution, as its own build backend makes it."""
    into.mkdir(parents=True, exist_ok=True)
    (made,) = WheelBuilder(str(folder)).build(directory=str(into), versions=["standard"])
    return Path(made)


def vendors(name: str, into: Path, *, before: bool = False) -> Path:
    """The wheel of a third party's plugin.

    Args:
        into: a folder of its own.
        before: its first version, for which the files in its folder ``before`` stand in the place of the newer ones,
            and those that came later are missing.
    """
    source = into / f"{name}-{'before' if before else 'now'}"
    shutil.copytree(
        VENDORS / name, source, ignore=shutil.ignore_patterns("before", "__pycache__", ".*")
    )
    if before:
        for later in (VENDORS / name / "before" / "later.txt").read_text("utf-8").split():
            (source / later).unlink()
        shutil.copytree(VENDORS / name / "before", source, dirs_exist_ok=True)
    return wheel_of(source, into)


class Environment:
    """A Python environment of an institution's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    def install(self, *wheels: Path) -> None:
        """As ``pip install`` would; another version of the same takes the place of the one that is there."""
        self._uv("install", "--no-deps", "--no-index", "--reinstall", *map(str, wheels))

    def uninstall(self, distribution: str) -> None:
        self._uv("uninstall", distribution)

    def run(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        """What Python prints there."""
        told = [str(self.python), *words]
        given = {"PATH": os.environ["PATH"], **(environment or {})}
        done = subprocess.run(
            told, env=given, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _uv(self, what: str, *words: str) -> None:
        told = [str(_UV), "pip", what, "--quiet", "--python", str(self.python), *words]
        environment = {
            **os.environ,
            "UV_CACHE_DIR": str(self.folder / "uv"),
            "UV_LINK_MODE": "copy",
        }
        done = subprocess.run(told, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def environment(shared: Path, folder: Path) -> Environment:
    """A new environment with our wheels in it; they are built once in a run of the tests."""
    with once(shared / _COPIED) as missing:
        if missing:
            _template(shared)
    shutil.copytree(shared / _COPIED, folder, symlinks=True)
    return Environment(folder)


def _template(shared: Path) -> None:
    folder = shared / "making"
    made = Environment(folder)
    words = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(words, check=True)
    libraries = shared / "libraries"
    link_libraries(libraries)
    (_site(folder) / "libraries.pth").write_text(f"{libraries}\n")
    made.install(*[wheel_of(ROOT / each, shared / "wheels") for each in BUNDLED])
    made.run("-m", "compileall", "-q", str(_site(folder)))
    folder.rename(shared / _COPIED)


def link_libraries(into: Path) -> None:
    """A link to each library of the tests' environment that isn't ours."""
    into.mkdir()
    for each in Path(sysconfig.get_paths()["purelib"]).iterdir():
        ours = each.name.startswith(("tenor", "_editable", "__editable"))
        if not ours and each.suffix != ".pth":
            (into / each.name).symlink_to(each)


def _site(folder: Path) -> Path:
    (found,) = (folder / "lib").glob("python*/site-packages")
    return found


@contextmanager
def once(made: Path) -> Iterator[bool]:
    """Whether it is this process that has to make it; the others wait meanwhile."""
    made.parent.mkdir(parents=True, exist_ok=True)
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not made.exists()
