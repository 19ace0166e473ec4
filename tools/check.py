"""Format, lint, types, import contracts and our own rules: `make check`, or `python tools/check.py lint types`.

`--rules` leaves out what ruff, mypy and pyright do. Runs two at a time; prints what failed with the tool's own words;
writes the tally for `.ci/run`.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import checks, tally  # noqa: E402 - a script finds its package first
from tools.assets import node  # noqa: E402 - likewise
from tools.checks.found import Finding, TargetGone  # noqa: E402 - likewise

BIN = ROOT / ".venv" / "bin"
PACKAGES = (
    "sdk/tenor_sdk",
    "core/tenor",
    "plugins/*/tenor_*",
    "docs/examples/*/tenor_*",
    "tests/support/tenor_test_support",
    "tests/third_party/vendors/*/tenor_*",
    "tools",
    "bench",
)
TESTS = ("sdk/tests", "core/tests", "plugins/*/tests", "docs/examples/*/tests", "tests")
#: helpers among the rules' files
_NO_RULES = {"found", "workspace"}
#: what other tools do
_TOOLS = {"types", "types-pyright", "types-tests", "format", "lint"}


@dataclass(frozen=True)
class Result:
    """How a check went: what it said is empty where all is well."""

    name: str
    said: str
    seconds: float


def main(wanted: list[str]) -> int:
    """Run the checks, all or those named."""
    every = dict(_checks())
    if wanted == ["--rules"]:
        wanted = [name for name in every if name not in _TOOLS]
    unknown = set(wanted) - set(every)
    if unknown:
        raise SystemExit(
            f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(every)}"
        )
    chosen = {name: run for name, run in every.items() if not wanted or name in wanted}
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(_timed, chosen.items()))
    failed = [result for result in results if result.said]
    for result in results:
        print(f"{'FAIL' if result.said else 'ok  '}  {result.name} ({result.seconds:.1f} s)")
    for result in failed:
        print(f"\n== {result.name}\n{result.said}")
    print(f"\n{len(results) - len(failed)} checks passed, {len(failed)} failed")
    tally.write("check", passed=len(results) - len(failed), failed=len(failed))
    return 1 if failed else 0


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    """The slow ones first, so that the two lanes end together."""
    yield "types", _types_of_packages
    yield "types-pyright", _pyright
    yield "types-tests", _types_of_tests
    yield "format", lambda: _command("ruff", "format", "--check", "--quiet", ".")
    yield "lint", lambda: _command("ruff", "check", "--quiet", "--output-format=concise", ".")
    yield "docs", lambda: _findings(importlib.import_module("tools.docs").findings)
    for module in pkgutil.iter_modules(checks.__path__):
        if module.name not in _NO_RULES:
            rule = importlib.import_module(f"tools.checks.{module.name}")
            yield module.name.replace("_", "-"), partial(_findings, rule.findings)


def _pyright() -> str:
    """Pinned by npm's lock, since its wrapper on the Python side would fetch it without a hash."""
    folder = ROOT / "tools" / "pyright"
    node.install(folder)
    program = folder / "node_modules" / "pyright" / "index.js"
    return _command(node.node(), str(program), "--pythonpath", str(BIN / "python"))


def _types_of_packages() -> str:
    """Each by its own name, also where the folder around it is a package."""
    found = _existing(PACKAGES)
    bases = dict.fromkeys(str((ROOT / each).parent) for each in found)
    return _command("mypy", "--explicit-package-bases", *found, MYPYPATH=os.pathsep.join(bases))


def _types_of_tests() -> str:
    """Tests of two packages may have the same file name: here a test's module name is its whole path. Packages are
    what the others look at."""
    packages = "tests/support/tenor_test_support|tests/third_party/vendors/[a-z_]+/(tenor_|before)"
    words = ["--explicit-package-bases", "--exclude", packages]
    return _command(
        "mypy", *words, *_existing(TESTS), MYPYPATH=".", MYPY_CACHE_DIR=".mypy_cache/tests"
    )


def _existing(patterns: tuple[str, ...]) -> list[str]:
    found = (path for pattern in patterns for path in sorted(ROOT.glob(pattern)))
    return [str(path.relative_to(ROOT)) for path in found if any(path.rglob("*.py"))]


def _command(program: str, *words: str, **env: str) -> str:
    done = subprocess.run(
        [program if "/" in program else str(BIN / program), *words],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return (
        (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"
        if done.returncode
        else ""
    )


def _findings(rule: Callable[[Path], Iterator[Finding]]) -> str:
    try:
        return "\n".join(finding.told(ROOT) for finding in sorted(rule(ROOT)))
    except TargetGone as gone:
        return f"the rule has lost its target: {gone}"


def _timed(check: tuple[str, Callable[[], str]]) -> Result:
    name, run = check
    begun = time.perf_counter()
    try:
        said = run()
    except Exception:  # noqa: BLE001 - a check that breaks has failed, and the others still speak
        said = traceback.format_exc(limit=-3)
    return Result(name, said, time.perf_counter() - begun)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
