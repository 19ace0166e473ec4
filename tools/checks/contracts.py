"""The arrows between the floors and within the kernel, by import-linter, its contracts made from what is stated:

the SDK knows neither kernel nor plugin; the kernel knows no plugin; a plugin knows no kernel and only plugins that its
pyproject.toml requires; the modules of the kernel stand in the order of tests/architecture/layers.txt. Unlike the other
rules it follows an import through any number of modules.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from pathlib import Path

from tools.checks.found import Finding, TargetGone
from tools.checks.workspace import Member, plugins

REMEDY = "turn the arrow round: an event, a hook, an argument, or a move to a lower room"
LAYERS = "tests/architecture/layers.txt"
_STEP = re.compile(r"^\s*-?\s*([\w.]+) -> ([\w.]+) \(l\.(\d+)")
_UNLISTED = re.compile(r"^- (tenor\.\w+)$")


def findings(root: Path) -> Iterator[Finding]:
    """Imports that break a contract, each at its first step."""
    members = [member for member in plugins(root) if member.importable]
    folders = {"tenor_sdk": root / "sdk", "tenor": root / "core"}
    folders |= {member.package: member.folder for member in members}
    for package, folder in folders.items():
        if not (folder / package / "__init__.py").is_file():
            raise TargetGone(f"{folder / package} is no package: correct tools/checks/contracts.py")
    said = _linted(_config(root, members), folders.values())
    yield from _told(said, root, folders)


def _config(root: Path, members: list[Member]) -> ConfigParser:
    every = [member.package for member in members]
    config = ConfigParser()
    config["importlinter"] = {
        "root_packages": _list("tenor_sdk", "tenor", *every),
        "exclude_type_checking_imports": "True",
    }
    contracts = [
        _forbidden("the SDK knows neither kernel nor plugin", "tenor_sdk", ["tenor", *every]),
        _forbidden("the kernel knows no plugin", "tenor", every),
        *(_of_plugin(member, members) for member in members),
        _layers(root),
    ]
    for number, contract in enumerate(contracts):
        config[f"importlinter:contract:{number}"] = contract
    return config


def _of_plugin(member: Member, members: list[Member]) -> dict[str, str]:
    """Whom a plugin may not know, even by way of another."""
    allowed = {member.package, *_reachable(member, {each.distribution: each for each in members})}
    others = [
        each.package
        for each in members
        if each.package not in allowed and not _couples(member, each)
    ]
    return _forbidden(
        f"{member.package} knows only what it requires", member.package, ["tenor", *others]
    )


def _reachable(member: Member, known: dict[str, Member]) -> set[str]:
    required = [known[name] for name in member.requires if name in known]
    return {each.package for each in required}.union(
        *(_reachable(each, known) for each in required)
    )


def _couples(member: Member, other: Member) -> bool:
    name = other.package.removeprefix("tenor_")
    folder = member.source / "integrations"
    return (folder / f"{name}.py").is_file() or (folder / name).is_dir()


def _layers(root: Path) -> dict[str, str]:
    order, exceptions = _order(root)
    return {
        "name": f"the modules of the kernel stand in the order of {LAYERS}",
        "type": "layers",
        "containers": _list("tenor"),
        "layers": _list(*(f"({module})" for module in reversed(order))),
        "exhaustive": "True",
        "exhaustive_ignores": _list("translations"),
        "ignore_imports": _list(*exceptions),
    }


def _order(root: Path) -> tuple[list[str], list[str]]:
    """The kernel's modules, lowest first, and the imports that are excepted.

    Raises:
        TargetGone: the list isn't there, or a line of it gives no reason.
    """
    file = root / LAYERS
    if not file.is_file():
        raise TargetGone(
            f"{LAYERS} is gone: the order of the kernel's modules has to stand somewhere"
        )
    order: list[str] = []
    exceptions: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        module, _, reason = line.partition(":")
        if line.startswith("#") or not line:
            continue
        if not reason.strip():
            raise TargetGone(f"{LAYERS}: {line!r} gives no reason for its place")
        (exceptions if " -> " in module else order).append(module.strip())
    return order, exceptions


def _forbidden(name: str, source: str, forbidden: list[str]) -> dict[str, str]:
    return {
        "name": name,
        "type": "forbidden",
        "source_modules": _list(source),
        "forbidden_modules": _list(*forbidden),
    }


def _list(*items: str) -> str:
    return "\n" + "\n".join(items)


def _linted(config: ConfigParser, folders: Iterable[Path]) -> str:
    """What import-linter says about a configuration."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contracts.ini"
        with file.open("w", encoding="utf-8") as out:
            config.write(out)
        program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
        paths = os.pathsep.join(map(str, folders))
        done = subprocess.run(
            [sys.executable, "-c", program, "--config", str(file), "--no-cache", "--no-logo"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": paths, "COLUMNS": "1000", "NO_COLOR": "1"},
        )
    if done.returncode and "BROKEN" not in done.stdout:
        raise RuntimeError(f"import-linter failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout if done.returncode else ""


def _told(said: str, root: Path, folders: dict[str, Path]) -> Iterator[Finding]:
    for line in said.splitlines():
        step, missing = _STEP.match(line), _UNLISTED.match(line)
        if step:
            words = f"{step[1]} imports {step[2]}: {REMEDY}"
            yield Finding(_file(step[1], folders), int(step[3]), words)
        elif missing:
            yield Finding(
                root / LAYERS, 1, f"{missing[1]} has no place in the order: give it a line"
            )


def _file(module: str, folders: dict[str, Path]) -> Path:
    folder = folders[module.partition(".")[0]].joinpath(*module.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
