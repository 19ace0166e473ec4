"""Numbers of law and policy: dated, sourced data, asked for by the day that they are needed for.

A replay of an old decision asks with the old day and gets the old number; a day without a rule is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenor_sdk.errors import Invalid


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in one stretch of time.

    Args:
        rule_id: its stable name.
        valid_from: the first day on which it holds.
        valid_to: the day before which it ends, or ``None``.
        source: the statute, notice or policy that it stands in.
        confirmed: whether the text itself was read; an administrator sees where it wasn't.
        value: its numbers, in the shape that its subject reads.
    """

    rule_id: str
    valid_from: date
    valid_to: date | None
    source: str
    confirmed: bool
    value: Any

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def rule_on(rules: Iterable[Rule], rule_id: str, day: date) -> Rule:
    """The rule in force on ``day``.

    Raises:
        Invalid: ``no-rule``; ``rules-overlap`` where two of one name hold on that day.
    """
    found = [rule for rule in rules if rule.rule_id == rule_id and rule.holds(day)]
    if not found:
        raise Invalid("no-rule", rule=rule_id, day=day)
    if len(found) > 1:
        raise Invalid("rules-overlap", rule=rule_id, day=day)
    return found[0]


def rules_from_table(table: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Rules from a table as a file holds it: under ``rule`` a list of ``id``, ``valid_from``, ``source`` …"""
    return tuple(
        Rule(
            rule_id=row["id"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            source=row["source"],
            confirmed=row["confirmed"],
            value=row["value"],
        )
        for row in table["rule"]
    )
