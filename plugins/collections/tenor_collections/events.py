"""What collections tell the others."""

from tenor_sdk import Event


class CaseHandedOver(Event):
    """A late loan was handed over for disposal."""

    case_id: int
    loan_id: int
