"""What ``tenor errands`` can do."""

from sqlalchemy import select

from tenor_errands.records import Errand
from tenor_sdk import Context
from tenor_sdk.commands import command


@command("open")
def open_errands(ctx: Context) -> str:
    """List the errands that are not yet done, one a line."""
    waiting = select(Errand).where(Errand.state.in_(("to-do", "under-way"))).order_by(Errand.id)
    return "\n".join(
        f"{errand.number}  {errand.subject}" for errand in ctx.session.scalars(waiting)
    )
