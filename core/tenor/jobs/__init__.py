"""What the machine does later, on a schedule, or after an event."""

from tenor.jobs.jobs import Jobs
from tenor.jobs.kinds import JobError
from tenor.jobs.overview import JobView, Overview
from tenor.jobs.worker import Worker

__all__ = ["JobError", "JobView", "Jobs", "Overview", "Worker"]
