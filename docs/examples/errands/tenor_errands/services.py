"""What can be done with errands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenor_errands.hooks import errand_effort
from tenor_errands.records import Errand
from tenor_sdk import Context, Invalid, call_hook, service


@service()
def add_errand(ctx: Context, subject: str, due_on: date | None = None) -> Errand:
    """A new errand of whoever asks for it, in their unit.

    Raises:
        Invalid: ``due-in-the-past``.
    """
    if due_on is not None and due_on < ctx.today:
        raise Invalid("due-in-the-past", due=due_on, today=ctx.today)
    errand = Errand(
        subject=subject, due_on=due_on, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id
    )
    ctx.session.add(errand)
    ctx.session.flush()
    return errand


def effort_of(ctx: Context, errand: Errand) -> Sequence[tuple[str, int]]:
    """What an errand costs, in minutes: an hour, and what the other plugins add."""
    parts = call_hook(ctx, errand_effort, errand_id=errand.id)
    return [("errand", 60), *(each for part in parts for each in part)]
