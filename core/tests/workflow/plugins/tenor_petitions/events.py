from tenor_petitions.records import Petition
from tenor_petitions.workflow import petition_flow
from tenor_sdk import Context, on
from tenor_sdk.workflow import Transitioned


@on(Transitioned)
def listen(ctx: Context, event: Transitioned) -> None:
    """Notes on the petition that it heard of the move."""
    if event.workflow == petition_flow.name and event.target == "approval":
        petition = ctx.session.get(Petition, event.record_id)
        if petition is not None:
            petition.opinion += f" (heard {event.transition})"
