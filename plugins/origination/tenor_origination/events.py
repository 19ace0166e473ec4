"""What origination tells the others."""

from tenor_sdk import Amount, Event


class ApplicationSubmitted(Event):
    """A relationship manager handed an application in."""

    application_id: int


class DocumentBrought(Event):
    """A document of an application's checklist is in."""

    application_id: int
    kind: str


class ApplicationApproved(Event):
    """An application was approved, by as many as its amount needs."""

    application_id: int
    amount: Amount
    currency: str


class ApplicationDeclined(Event):
    """An application was declined."""

    application_id: int
