"""What errands tell the others."""

from tenor_sdk import Event


class ErrandStarted(Event):
    """Somebody is on the way."""

    errand_id: int


class ErrandFinished(Event):
    """Whoever ran the errand has finished."""

    errand_id: int
