"""The engine of workflow, with tasks, deadlines, approvals and the calendar."""

from tenor.workflow import assigned as _assigned  # noqa: F401 -- tells the room of access whose cases are whose
from tenor.workflow.definitions import WorkflowError
from tenor.workflow.engine import Offered, Stage, WorkflowEngine
from tenor.workflow.tasks import OpenTask

__all__ = ["Offered", "OpenTask", "Stage", "WorkflowEngine", "WorkflowError"]
