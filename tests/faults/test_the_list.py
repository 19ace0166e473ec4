"""Every test that the list of bad input names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

LIST = Path(__file__).with_name("README.md")
ROOT = LIST.parents[2]


def test_every_row_names_tests_that_exist() -> None:
    rows = [line for line in LIST.read_text("utf-8").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named, row
        for path, name in named:
            tree = ast.parse((ROOT / path).read_text("utf-8"))
            defined = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
            assert name in defined, f"{path}::{name}"
