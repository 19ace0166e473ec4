"""What is shown."""

from tenor_errands.records import Errand
from tenor_errands.services import effort_of
from tenor_errands.workflow import drop
from tenor_sdk import Context, FormView, ListView, Menu, Panel, Section, _
from tenor_sdk.looks import BoardView, CalendarView
from tenor_sdk.views import Column, Table

errand_list = ListView(
    Errand,
    (Errand.number, Errand.subject, Errand.due_on, Errand.state),
    filters=(Errand.state,),
    looks=(
        BoardView(Errand.state, shows=(Errand.subject, Errand.due_on)),
        CalendarView(Errand.due_on, shows=(Errand.subject,)),
    ),
)
menu = Menu("Errands", errand_list, icon="run")


def _effort(ctx: Context, errand: Errand) -> Table:
    heads = (Column(_("Part")), Column(_("Minutes"), "number"))
    return Table(heads, effort_of(ctx, errand))


what = Section("What", Errand.subject, Errand.due_on)
effort = Panel(title="Effort", content=_effort, aside=True, beside=(drop,))
errand_form = FormView(Errand, what, effort, facts=(Errand.number, Errand.due_on))
