"""Editions of one rule: each takes the place of the one of which it came, and no two are in force."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from tenor_automation.records import Rule
from tenor_sdk import Context


def later_editions(ctx: Context, rule: Rule) -> Iterator[Rule]:
    """Those that came of a rule, directly or through others."""
    found = [rule.id]
    while found:
        later = select(Rule).where(Rule.replaces_id.in_(found)).order_by(Rule.id)
        editions = ctx.session.scalars(later).all()
        yield from editions
        found = [one.id for one in editions]
