"""What errands tell the others."""

from tenor_sdk import Event


class ErrandStarted(Event):
    """Somebody is on the way."""

    errand_id: int


class ErrandDone(Event):
    """An errand was done."""

    errand_id: int
