"""A stage that this plugin puts before the end of an errand: somebody checks what was brought."""

from collections.abc import Iterable

from tenor_errands.public import Errand, done, errand_flow, finish, under_way
from tenor_sdk import Blocker, Context, State, Transition, WorkflowPatch, _, guard
from tenor_visits.records import ErrandVisits

checking = State(name="checking", title="Being checked")


@guard
def was_visited(ctx: Context, errand: Errand) -> Iterable[Blocker]:
    """An errand without a visit isn't done."""
    counted = ctx.session.get(ErrandVisits, errand.id)
    if counted is None or counted.visits == 0:
        yield Blocker(_("Nobody has set out for this errand"))


confirm = Transition(name="confirm", title="Confirm", source=checking, target=done, style="primary")
patch = WorkflowPatch(
    errand_flow,
    states=((checking, under_way),),
    transitions=(confirm,),
    guards=((finish, was_visited),),
    reroute=((finish, checking),),
)
