"""A dossier is submitted: where its customer has an income, as a task, and others are told."""

from __future__ import annotations

from collections.abc import Iterable

from tenor_book.events import DossierSubmitted
from tenor_book.records import Dossier
from tenor_sdk import Blocker, Context, State, Task, Transition, Workflow, _, guard

open_ = State(name="open", title="Open")
submitted = State(
    name="submitted", title="Submitted", task=Task(title="Decide on a dossier", to_owner=True)
)
decided = State(name="decided", title="Decided", final="good", frozen=True)


@guard
def has_an_income(_ctx: Context, dossier: Dossier) -> Iterable[Blocker]:
    """Whoever has no income gets no loan."""
    if dossier.customer.income is None:
        yield Blocker(_("The customer has no income"))


def _tell(ctx: Context, dossier: Dossier, _inputs: None) -> None:
    ctx.emit(DossierSubmitted(dossier_id=dossier.id))


submit = Transition(
    name="submit", title="Submit", source=open_, target=submitted, guards=(has_an_income,), do=_tell
)
decide = Transition(name="decide", title="Decide", source=submitted, target=decided)
dossiers = Workflow(Dossier.state, states=(open_, submitted, decided), transitions=(submit, decide))
