"""The engine of workflow, with tasks, deadlines, approvals and the calendar."""

from tenor.workflow import assigned as _assigned  # noqa: F401 -- tells the room of access whose cases are whose
from tenor.workflow.cases import Step
from tenor.workflow.checking import WorkflowError
from tenor.workflow.decisions import Decision
from tenor.workflow.desk import OpenTask
from tenor.workflow.engine import WorkflowEngine
from tenor.workflow.offers import Offered
from tenor.workflow.stages import Stage
from tenor.workflow.tallies import CastVote

__all__ = [
    "CastVote",
    "Decision",
    "Offered",
    "OpenTask",
    "Stage",
    "Step",
    "WorkflowEngine",
    "WorkflowError",
]
