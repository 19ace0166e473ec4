"""What other plugins may import; all else may change on Tuesday."""

from tenor_errands.events import ErrandFinished, ErrandStarted
from tenor_errands.hooks import errand_effort
from tenor_errands.records import Errand
from tenor_errands.services import add_errand, effort_of
from tenor_errands.views import errand_form, errand_list, what
from tenor_errands.workflow import done, errand_flow, finish, under_way

__all__ = [
    "Errand",
    "ErrandFinished",
    "ErrandStarted",
    "add_errand",
    "done",
    "effort_of",
    "errand_effort",
    "errand_flow",
    "errand_form",
    "errand_list",
    "finish",
    "under_way",
    "what",
]
