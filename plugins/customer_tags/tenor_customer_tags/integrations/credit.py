"""Where credit runs too: the rating and the repayment record are facts, and a rating judges the tags anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tenor_credit.public import Rating, RatingConfirmed, judged_class, valid_rating
from tenor_customer_tags.domain.rules import Fact
from tenor_customer_tags.hooks import customer_facts
from tenor_customer_tags.services import judge_tags
from tenor_sdk import Context, Role, can, hookimpl, job

#: months without arrears that a class of the repayment record stands for
_MONTHS: Final = {
    "clean-60-months": 60,
    "clean-24-months": 24,
    "technical": 0,
    "late-30": 0,
    "late-more": 0,
}

reads_ratings = Role("Ratings for tags", can.read(Rating), positions=("service:customer_tags",))


@hookimpl(customer_facts)
def facts_of_rating(ctx: Context, customer_id: int) -> Mapping[str, Fact]:
    """The grade in force, and the repayment record as the risk officer found it."""
    rating = valid_rating(ctx, customer_id)
    if rating is None:
        return {}
    facts = {"rating": Fact(rating.grade, rating.rated_on, "rating")}
    record = judged_class(rating, "repayment_record")
    if record in _MONTHS:
        facts["months_without_arrears"] = Fact(_MONTHS[record], rating.rated_on, "rating")
    return facts


@job(on=RatingConfirmed, actor="service")
def judge_after_rating(ctx: Context, event: RatingConfirmed) -> None:
    """A rating may give or take a tag."""
    judge_tags(ctx, event.customer_id)
