"""Rules as data: read from TOML, with the ones that ship."""

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from tenor_customer_tags.domain.rules import NUMERIC, Condition, Rule, RuleInvalid


def read_rules(text: str) -> tuple[Rule, ...]:
    """Rules from their TOML. Figures stand there as texts or whole numbers, so that none becomes a float.

    Raises RuleInvalid: ``rules-unreadable`` (reason), ``number-is-float`` (found), and what `Rule` and `Condition`
    raise.
    """
    try:
        raw = tomllib.loads(text, parse_float=_no_float)
        return tuple(_rule(rule) for rule in raw["rules"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as problem:
        raise RuleInvalid("rules-unreadable", reason=repr(problem)) from None


def _no_float(found: str) -> Any:
    raise RuleInvalid("number-is-float", found=found)


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        tag=raw["tag"],
        version=raw["version"],
        conditions=tuple(_condition(condition) for condition in raw["conditions"]),
        valid_from=raw["valid_from"],
        valid_until=raw.get("valid_until"),
        group=raw.get("group", ""),
        severity=raw.get("severity", 0),
        priority=raw.get("priority", 0),
    )


def _condition(raw: Mapping[str, Any]) -> Condition:
    threshold = raw["threshold"]
    if raw["op"] in NUMERIC and isinstance(threshold, str):
        threshold = Fraction(threshold)
    return Condition(raw["fact"], raw["op"], threshold, tuple(raw.get("scale", ())))


@cache
def bundled_rules() -> tuple[Rule, ...]:
    """The rules of the package."""
    path = files("tenor_customer_tags") / "data" / "rules.toml"
    return read_rules(path.read_text(encoding="utf-8"))
