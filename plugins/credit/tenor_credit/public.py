"""What other plugins may import; all else may change on Tuesday."""

from tenor_credit.access import rate_customers
from tenor_credit.events import RatingConfirmed
from tenor_credit.limits import latest_limit
from tenor_credit.records import CustomerRating, LimitProposal, Rating
from tenor_credit.services import Judgement, judged_class, propose_rating, valid_rating
from tenor_credit.sheets import limit_steps, working_sheet
from tenor_credit.views import rating_tab
from tenor_credit.workflow import confirm, rating_flow

__all__ = [
    "CustomerRating",
    "Judgement",
    "LimitProposal",
    "Rating",
    "RatingConfirmed",
    "confirm",
    "judged_class",
    "latest_limit",
    "limit_steps",
    "propose_rating",
    "rate_customers",
    "rating_flow",
    "rating_tab",
    "valid_rating",
    "working_sheet",
]
