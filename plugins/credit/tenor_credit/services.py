"""What can be done with ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from tenor_credit.access import rate_customers
from tenor_credit.domain.errors import CreditError
from tenor_credit.domain.grades import last_valid_day
from tenor_credit.domain.models import bundled_scorecards, bundled_trees, scorecard
from tenor_credit.domain.recompute import as_data, recompute
from tenor_credit.domain.scorecard import Factor, Input, Scorecard, rate
from tenor_credit.domain.tree import Tree, Verdict, decide
from tenor_credit.records import Rating
from tenor_credit.settings import CreditSettings
from tenor_credit.workflow import confirmed
from tenor_customers.public import Assurance, Customer, Filed, filed_statements, ratios
from tenor_sdk import Context, Rate, Refused, _, ask, service
from tenor_sdk.i18n import Text


def model_in_force() -> Scorecard:
    """The scorecard with which customers are rated now: the newest that is bundled."""
    return max(bundled_scorecards().values(), key=lambda model: model.valid_from)


def tree_in_force() -> Tree:
    """The decision tree that is shown beside it: the newest that is bundled."""
    return bundled_trees()[max(bundled_trees())]


def _classes(code: str) -> tuple[tuple[str, str], ...]:
    factor = next(one for one in model_in_force().factors if one.code == code)
    return tuple((named.code, named.en) for named in factor.classes)


@dataclass(frozen=True)
class Judgement:
    """What statements don't say, as the officer sees it. Its fields are named as the model's factors."""

    capacity_utilisation: Rate = ask(
        "Capacity utilisation",
        help="Actual output to design capacity, from the visit",
        minimum=Rate(0),
        maximum=Rate.of("2"),
    )
    repayment_record: str = ask("Repayment record", choices=_classes("repayment_record"))
    industry_outlook: str = ask("Industry outlook", choices=_classes("industry_outlook"))
    governance: str = ask("Governance", choices=_classes("governance"))


@dataclass(frozen=True)
class Working:
    """A rating before it is kept.

    Args:
        model: by which.
        statement_id: of the newest annual statement, on which it stands.
        sheet: the working sheet as JSON.
        tree: the tree's verdict as JSON.
    """

    model: Scorecard
    statement_id: int
    sheet: dict[str, Any]
    tree: dict[str, Any]


# -- rating ------------------------------------------------------------------------------------------------------------


@service(needs=rate_customers)
def rate_customer(ctx: Context, customer: Customer, judgement: Judgement) -> Text | str:
    """Rate a customer on the newest annual statement and the officer's judgement; a proposal until confirmed.

    Returns:
        The address of the rating.

    Raises:
        Refused: ``no-statement``: there is none to rate on.
    """
    return f"/credit/rating/{propose_rating(ctx, customer, judgement).id}"


@service(needs=rate_customers)
def propose_rating(ctx: Context, customer: Customer, judgement: Judgement) -> Rating:
    """As ``rate_customer``; returns the rating."""
    made = work_out(ctx, customer, judgement)
    rating = Rating(
        customer_id=customer.id,
        model=made.model.id,
        model_hash=made.model.digest,
        statement_id=made.statement_id,
        score=made.sheet["total"],
        grade=made.sheet["grade"],
        sheet=made.sheet,
        tree=made.tree,
        rated_by_id=ctx.actor.id,
        rated_on=ctx.today,
        valid_until=last_valid_day(ctx.today, ctx.settings(CreditSettings).rating_months),
    )
    ctx.session.add(rating)
    ctx.session.flush()
    return rating


def work_out(ctx: Context, customer: Customer, judgement: Judgement) -> Working:
    """A rating that nobody keeps: what would come out.

    Raises:
        Refused: ``no-statement``.
    """
    filed = filed_statements(ctx, customer.id)
    if not filed:
        raise Refused("no-statement", customer=customer.name)
    model = model_in_force()
    inputs = _inputs(ctx, model, filed[-1], judgement)
    figures = {code: _figure(given) for code, given in inputs.items()}
    return Working(
        model=model,
        statement_id=filed[-1].id,
        sheet=as_data(rate(model, inputs)),
        tree=verdict_data(decide(tree_in_force(), figures)),
    )


def _inputs(ctx: Context, model: Scorecard, filed: Filed, judgement: Judgement) -> dict[str, Input]:
    computed = ratios(filed.statement, filed.opening)
    audited = filed.statement.assurance is Assurance.AUDITED
    source = "audited" if audited else "management"

    def given(factor: Factor) -> Input:
        judged = getattr(judgement, factor.code, None)
        if judged is None:
            ratio = computed[factor.code]
            return Input(ratio.value, source, filed.statement.period_end, ratio.reason)
        value = judged.fraction if isinstance(judged, Rate) else judged
        return Input(value, factor.source, ctx.today)

    return {factor.code: given(factor) for factor in model.factors}


def _figure(given: Input) -> Fraction | None:
    return given.value if isinstance(given.value, Fraction) else None


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A tree's verdict as JSON; fractions as texts."""
    return {
        "tree": verdict.tree,
        "digest": verdict.digest,
        "grade": verdict.grade,
        "path": [
            {
                "field": step.field,
                "op": step.op,
                "threshold": str(step.threshold),
                "value": None if step.value is None else str(step.value),
                "answer": step.answer,
            }
            for step in verdict.path
        ],
    }


# -- asked -------------------------------------------------------------------------------------------------------------


def valid_rating(ctx: Context, customer_id: int) -> Rating | None:
    """The confirmed rating of a customer that counts today, as far as the person may read it."""
    statement = (
        select(Rating)
        .where(Rating.customer_id == customer_id, Rating.state == confirmed.name)
        .where(Rating.valid_until >= ctx.today)
        .order_by(Rating.id.desc())
        .limit(1)
    )
    return ctx.session.scalars(statement).first()


def judged_class(rating: Rating, factor: str) -> str | None:
    """The class that a rating's officer gave a factor, such as ``clean-24-months`` of ``repayment_record``."""
    row: Mapping[str, Any] | None = next(
        (row for row in rating.sheet["rows"] if row["factor"] == factor), None
    )
    return str(row["value"]) if row and row["is_class"] else None


# -- again -------------------------------------------------------------------------------------------------------------


def recompute_rating(_ctx: Context, rating: Rating, _inputs: None = None) -> Text:
    """Compute a rating again from what was kept, by the model it was made with.

    Returns:
        Whether it gives the same figures, or where it differs.

    Raises:
        Refused: ``model-gone``: the model isn't there any more in that very version.
    """
    again = recompute(_kept_model(rating), rating.sheet)
    if again.differences:
        return _("It differs at {places}", places=", ".join(again.differences))
    return _("Identical: {score} points, {grade}", score=rating.score, grade=rating.grade)


def _kept_model(rating: Rating) -> Scorecard:
    try:
        model = scorecard(rating.model)
    except CreditError:
        raise Refused("model-gone", model=rating.model) from None
    if model.digest != rating.model_hash:
        raise Refused("model-gone", model=rating.model)
    return model
