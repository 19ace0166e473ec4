"""How many passed and failed: each run leaves a figure in .cache/results, `.ci/run` adds them up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / ".cache" / "results"
RUNS = ("check", "tests")


def begin() -> None:
    """Forget the figures of the last time: a run that dies leaves none, and is missed."""
    for file in RESULTS.glob("*.json"):
        file.unlink()


def write(run: str, *, passed: int, failed: int) -> None:
    """Note how a run went."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{run}.json").write_text(json.dumps({"passed": passed, "failed": failed}))


def total() -> tuple[int, int]:
    """What passed and failed in all runs; a run without a figure counts as one failure."""
    passed = failed = 0
    for run in RUNS:
        file = RESULTS / f"{run}.json"
        figures = json.loads(file.read_text()) if file.is_file() else {"passed": 0, "failed": 1}
        passed += figures["passed"]
        failed += figures["failed"]
    return passed, failed


def main() -> int:
    """Print the sum on a line of its own; the exit code says whether all is well."""
    passed, failed = total()
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["begin"]:
        begin()
    else:
        raise SystemExit(main())
