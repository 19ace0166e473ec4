"""What other plugins may import; all else may change on Tuesday."""

from tenor_credit.events import RatingConfirmed
from tenor_credit.records import CustomerRating, Rating
from tenor_credit.services import Judgement, propose_rating, valid_rating
from tenor_credit.sheets import sheet_of
from tenor_credit.workflow import confirm, rating_flow

__all__ = [
    "CustomerRating",
    "Judgement",
    "Rating",
    "RatingConfirmed",
    "confirm",
    "propose_rating",
    "rating_flow",
    "sheet_of",
    "valid_rating",
]
