"""Who decides applications: over the amount, the term, the rating, the product and the borrower's exposure."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tenor_credit.public import valid_rating
from tenor_origination.checklist import Product
from tenor_origination.hooks import Owed, owed_by_customer
from tenor_origination.records import Application
from tenor_origination.settings import OriginationSettings
from tenor_sdk import Context, Money, call_hook
from tenor_sdk.access import APPROVER
from tenor_sdk.authority import Authority, AuthorityLimit, Dimension, Measure

#: the grades of the rating models, best first
GRADES = ("A++", "A+", "A", "B++", "B+", "B", "C", "D")
#: an application that ends so adds nothing to the exposure
_CAME_TO_NOTHING = ("declined", "withdrawn")


def asked_amount(_ctx: Context, application: Application) -> Money:
    """What is applied for."""
    return Money(application.amount.minor, application.currency)


def asked_months(_ctx: Context, application: Application) -> int:
    """For how long."""
    return application.months


def borrowers_rating(ctx: Context, application: Application) -> str | None:
    """The grade that counts today; None without a confirmed rating."""
    rating = valid_rating(ctx, application.customer_id)
    return rating.grade if rating is not None else None


def borrowers_exposure(ctx: Context, application: Application) -> Money | None:
    """What the borrower owes, what was approved and isn't paid out yet, and this application; None across currencies.

    An application that was paid out counts with what is still owed on it, or in full where nobody says.
    """
    owed: list[Owed] = [
        one
        for answer in call_hook(ctx, owed_by_customer, customer_id=application.customer_id)
        for one in answer
    ]
    told = {one.application_id for one in owed}
    statement = select(Application).where(
        Application.customer_id == application.customer_id,
        Application.id != application.id,
        Application.approved_amount.is_not(None),
        Application.state.not_in(_CAME_TO_NOTHING),
    )
    approved = [one for one in ctx.session.scalars(statement) if one.id not in told]
    parts = [
        asked_amount(ctx, application),
        *(one.amount for one in owed),
        *(
            Money(one.approved_amount.minor, one.currency)
            for one in approved
            if one.approved_amount
        ),
    ]
    if len({part.currency for part in parts}) > 1:
        return None
    return Money(sum(part.minor for part in parts), application.currency)


def product(_ctx: Context, application: Application) -> str:
    """The kind of loan."""
    return application.product.value


def delivered(ctx: Context) -> Sequence[AuthorityLimit]:
    """One approver up to the institution's amount in CNY, two above it, and in any other currency."""
    single = ctx.settings(OriginationSettings).single_approver_up_to
    return (
        AuthorityLimit(APPROVER, up_to={"amount": Money(single.minor, "CNY")}),
        AuthorityLimit(APPROVER, people=2),
    )


credit_decisions = Authority(
    "credit-decisions",
    title="Credit decisions",
    dimensions=(
        Dimension("amount", title="Amount", kind=Measure.MONEY, of=asked_amount),
        Dimension("months", title="Term", kind=Measure.MONTHS, of=asked_months),
        Dimension(
            "rating", title="Rating", kind=Measure.GRADE, of=borrowers_rating, order=GRADES
        ),
        Dimension(
            "product", title="Product", kind=Measure.CHOICE, of=product,
            choices=tuple((one.value, one.value.replace("-", " ").capitalize()) for one in Product),
        ),
        Dimension(
            "exposure", title="Exposure of the borrower", kind=Measure.MONEY, of=borrowers_exposure
        ),
    ),
    delivered=delivered,
    one_at_a_time=Application.customer_id,
)  # fmt: skip
