"""Why a running job is stopped in the middle. No ``Exception``: a plugin that catches those doesn't go on."""

from __future__ import annotations

from tenor_sdk.errors import Refused


class Fenced(BaseException):
    """The lease was taken over: whatever this run did is undone, as another does it."""


class Alone(BaseException):
    """It can't be done in a transaction that it shares with other jobs."""


class Cancelled(BaseException):
    """Somebody cancelled it while it ran."""


class OutOfTime(BaseException):
    """It took longer than its time limit."""


class NeedsAPerson(Refused):
    """An effect beyond the database of which nobody knows whether it was made.

    Args:
        call_key: of the outside call.
    """

    def __init__(self, call_key: str) -> None:
        super().__init__("needs-a-person", call=call_key)
        self.call_key = call_key
