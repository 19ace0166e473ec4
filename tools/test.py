"""`make test`: every check, then every test; or, with words for pytest (paths, `-k …`), those tests and nothing else.

The exit code is that of all of it: a failed check doesn't keep the tests from running.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import tally  # noqa: E402 - a script finds its package first

#: the files that take minutes each stand in the first of these folders: begun last, they would keep one worker busy
#: while the others wait
IN_ORDER = ("tests", "core", "plugins", "sdk", "docs/examples")
REPORT = ROOT / ".cache" / "results" / "tests.xml"


def main() -> int:
    """Run what was asked for, and leave the figures for `.ci/run`."""
    words = sys.argv[1:]
    if words:
        return _pytest(*words)
    tally.begin()
    checks = subprocess.run([sys.executable, ROOT / "tools" / "check.py"], cwd=ROOT, check=False)
    REPORT.unlink(missing_ok=True)
    tests = _pytest(
        "-q",
        "-n",
        os.environ.get("WORKERS", "3"),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        f"--junitxml={REPORT}",
        *IN_ORDER,
    )
    if REPORT.is_file():
        _count(tests)
    return 1 if checks.returncode or tests else 0


def _pytest(*words: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False
    ).returncode


def _count(code: int) -> None:
    """The figures of pytest's own report; a skipped test counts as failed, for nothing is skipped here."""
    suite = ET.parse(REPORT).getroot().find("testsuite")  # noqa: S314 - pytest wrote it a moment ago
    figures = (
        {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        if suite is not None
        else {}
    )
    failed = sum(figures.get(key, 0) for key in ("failures", "errors", "skipped"))
    passed = max(figures.get("tests", 0) - failed, 0)
    tally.write("tests", passed=passed, failed=failed or (1 if code else 0))


if __name__ == "__main__":
    raise SystemExit(main())
