"""What this plugin hears of."""

from tenor_errands.public import ErrandStarted
from tenor_sdk import Context, on
from tenor_visits.records import ErrandVisits


@on(ErrandStarted)
def count_the_visit(ctx: Context, event: ErrandStarted) -> None:
    """One visit more, whenever somebody sets out."""
    counted = ctx.session.get(ErrandVisits, event.errand_id)
    if counted is None:
        counted = ErrandVisits(id=event.errand_id, visits=0)
        ctx.session.add(counted)
    counted.visits += 1
