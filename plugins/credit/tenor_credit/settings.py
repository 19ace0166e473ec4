"""What an institution sets of its ratings."""

from __future__ import annotations

from tenor_sdk import Settings, setting


class CreditSettings(Settings):
    """Ratings."""

    second_person_confirms: bool = setting(
        default=False,
        label="Another person confirms a rating",
        help="Whoever rated a customer then can't confirm the rating",
    )
    rating_months: int = setting(
        12,
        label="A rating holds for months",
        help="Afterwards the customer is rated anew",
        minimum=1,
        maximum=36,
    )
