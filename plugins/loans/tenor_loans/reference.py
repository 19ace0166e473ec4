"""The figures that the plugin is delivered with, read from its own data files: dated rules."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tenor_loans.domain.rules import Rule, rules_from_table


@cache
def delivered_rules() -> tuple[Rule, ...]:
    """The dated rules delivered for loans."""
    return rules_from_table(_table("rules.toml"))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("tenor_loans").joinpath("data", name).read_text(encoding="utf-8"))
