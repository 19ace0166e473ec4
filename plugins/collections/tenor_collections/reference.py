"""What the plugin is delivered with, read from its own data files: strategies and dated rules."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from tenor_collections.domain.strategy import Strategy, strategies_from_table
from tenor_loans.public import Rule, rules_from_table


@cache
def delivered_strategies() -> tuple[Strategy, ...]:
    """The strategies delivered: for debts of any size, and for large ones."""
    return strategies_from_table(_table("strategies.toml"))


@cache
def delivered_rules() -> tuple[Rule, ...]:
    """The dated rules delivered for collections."""
    return rules_from_table(_table("rules.toml"))


def _table(name: str) -> dict[str, Any]:
    path = files("tenor_collections").joinpath("data", name)
    return tomllib.loads(path.read_text(encoding="utf-8"))
