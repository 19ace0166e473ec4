from __future__ import annotations

from collections.abc import Iterable

from tenor_petitions.records import Petition
from tenor_petitions.workflow import approval, approve, assess, petition_flow, review

from tenor_sdk import Blocker, Context, State, Task, Transition, WorkflowPatch, _, guard
from tenor_sdk.access import RISK_OFFICER

inspection = State(
    name="inspection",
    title="Inspection",
    task=Task(title="Inspect the place", position=RISK_OFFICER, unit="any"),
)


@guard
def was_inspected(ctx: Context, petition: Petition) -> Iterable[Blocker]:
    """Somebody has been there."""
    if "inspected" not in petition.subject:
        yield Blocker(_("An inspection"))


inspect = Transition(name="inspect", title="Inspect", source=inspection, target=approval)
patch = WorkflowPatch(
    petition_flow,
    states=((inspection, review),),
    transitions=(inspect,),
    guards=((approve, was_inspected),),
    reroute=((assess, inspection),),
)
