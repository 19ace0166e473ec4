"""The life of an errand."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from tenor_errands.events import ErrandFinished, ErrandStarted
from tenor_errands.records import Errand
from tenor_errands.settings import ErrandSettings
from tenor_sdk import Blocker, Context, State, Task, Transition, Workflow, _, guard

to_do = State(name="to-do", title="To do", task=Task(title="Run the errand", to_owner=True))
under_way = State(name="under-way", title="Under way")
done = State(name="done", title="Done", final="good", frozen=True)
dropped = State(name="dropped", title="Dropped", final="bad", frozen=True, aside=True)


@guard
def has_a_free_hand(ctx: Context, errand: Errand) -> Iterable[Blocker]:
    """Nobody runs more errands at a time than the institution allows."""
    open_ones = select(func.count(Errand.id)).where(
        Errand.owner_id == errand.owner_id, Errand.state == under_way.name
    )
    most = ctx.settings(ErrandSettings).most_open
    if ctx.session.scalars(open_ones).one() >= most:
        yield Blocker(_("At most {most} errands are under way at a time", most=most))


def _tell_started(ctx: Context, errand: Errand, _inputs: None) -> None:
    ctx.emit(ErrandStarted(errand_id=errand.id))


def _tell_finished(ctx: Context, errand: Errand, _inputs: None) -> None:
    ctx.emit(ErrandFinished(errand_id=errand.id))


start = Transition(
    name="start", title="Start", source=to_do, target=under_way, guards=(has_a_free_hand,), do=_tell_started,
    style="primary",
)  # fmt: skip
finish = Transition(
    name="finish", title="Finish", source=under_way, target=done, do=_tell_finished, style="primary"
)
drop = Transition(
    name="drop",
    title="Drop",
    source=(to_do, under_way),
    target=dropped,
    reason=True,
    style="danger",
)

errand_flow = Workflow(
    Errand.state, states=(to_do, under_way, done, dropped), transitions=(start, finish, drop)
)
