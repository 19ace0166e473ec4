"""Roles, permissions and rules, in a page of reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenor.cli.reference.words import code, table
from tenor.declarations import Declarations
from tenor_sdk.access import (
    FieldRule,
    Grant,
    Permission,
    Role,
    RowRule,
    Scope,
    SegregationOfDuties,
    Through,
)


def roles(declared: Declarations) -> Iterator[str]:
    """Each role with the positions that have it from the start, and what it allows how far."""
    rows = (
        (
            f"{role.title} {code(role.key)}",
            ", ".join(sorted(role.positions)) or "–",
            "; ".join(_allowed(role.grants)),
        )
        for role in declared.of(Role)
    )
    yield from table(("role", "positions that have it", "allows"), rows)


def _allowed(grants: Iterable[Grant]) -> Iterator[str]:
    """What is allowed of several things alike, and as far, in one breath."""
    alike: dict[tuple[str, str], list[str]] = {}
    for grant in grants:
        target = getattr(grant.target, "__name__", "") or getattr(grant.target, "title", "")
        alike.setdefault((", ".join(sorted(grant.verbs)), _reach(grant.scope)), []).append(target)
    for (verbs, reach), targets in alike.items():
        yield f"{verbs} *{', '.join(targets)}* {reach}".rstrip()


def _reach(scope: object) -> str:
    if isinstance(scope, Through):
        return f"(as far as {code(scope.link.key)} can be read)"
    if isinstance(scope, Scope):
        return "" if scope is Scope.ALL else f"({scope.value})"
    return f"({code(getattr(scope, '__name__', 'a predicate'))})"


def permissions(declared: Declarations) -> Iterator[str]:
    """Rights that aren't about one kind of record."""
    found = [f"- {permission.title}" for permission in declared.of(Permission)]
    yield from (*found, "") if found else ()


def rules(declared: Declarations) -> Iterator[str]:
    """What no role lifts: duties that are kept apart, fields and rows that stay hidden."""
    found = [
        *(
            f"- {duty.title}: {', '.join(_step(step) for step in duty.steps)}"
            for duty in declared.of(SegregationOfDuties)
        ),
        *(_field_rule(rule) for rule in declared.of(FieldRule)),
        *(
            f"- rows of {code(rule.record.__name__)}: {code(getattr(rule.allows, '__name__', 'a predicate'))}"
            for rule in declared.of(RowRule)
        ),
    ]
    yield from (*found, "") if found else ()


def _step(step: object) -> str:
    return code(step if isinstance(step, str) else getattr(step, "name", step))


def _field_rule(rule: FieldRule) -> str:
    named = ", ".join(code(f"{each.class_.__name__}.{each.key}") for each in rule.fields)
    unless = ", ".join(role.title for role in rule.unless)
    states = f" in {', '.join(rule.in_states)}" if rule.in_states else ""
    return f"- {rule.effect} {named}{states}" + (f", unless {unless}" if unless else "")
