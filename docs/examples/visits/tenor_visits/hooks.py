"""This plugin's part of an errand's effort."""

from collections.abc import Sequence

from tenor_errands.public import errand_effort
from tenor_sdk import Context, hookimpl
from tenor_visits.records import ErrandVisits


@hookimpl(errand_effort)
def visits_effort(ctx: Context, errand_id: int) -> Sequence[tuple[str, int]]:
    """Half an hour for each visit."""
    counted = ctx.session.get(ErrandVisits, errand_id)
    return [("visits", 30 * counted.visits)] if counted else []
