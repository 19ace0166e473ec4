"""What credit tells the others."""

from tenor_sdk import Event


class RatingConfirmed(Event):
    """A customer has a rating in force."""

    rating_id: int
    customer_id: int
    grade: str
