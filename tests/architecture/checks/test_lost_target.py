"""A rule whose target has moved away says so: it never falls silent."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from tools import checks
from tools.checks.found import TargetGone

_HELPERS = {"found", "workspace"}
_RULES = sorted(
    each.name for each in pkgutil.iter_modules(checks.__path__) if each.name not in _HELPERS
)


@pytest.mark.parametrize("name", _RULES)
def test_a_rule_without_anything_to_watch_fails(name: str, tmp_path: Path) -> None:
    rule = importlib.import_module(f"tools.checks.{name}")
    with pytest.raises(TargetGone):
        list(rule.findings(tmp_path))


@pytest.mark.parametrize("name", _RULES)
def test_a_rule_has_a_test_of_its_own(name: str) -> None:
    assert (Path(__file__).parent / f"test_{name}.py").is_file()
