"""What can be done with ratings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from tenor_credit.access import rate_customers
from tenor_credit.domain.grades import last_valid_day
from tenor_credit.domain.models import bundled_scorecards, bundled_trees, scorecard
from tenor_credit.domain.recompute import as_data, recompute
from tenor_credit.domain.scorecard import Factor, Input, Scorecard, rate
from tenor_credit.domain.tree import Verdict, decide
from tenor_credit.records import Rating
from tenor_credit.workflow import confirmed
from tenor_customers.public import Assurance, Customer, Filed, filed_statements, ratios
from tenor_sdk import Context, Rate, Refused, _, ask, service
from tenor_sdk.i18n import Text


def _model() -> Scorecard:
    """The scorecard in force: the newest that is bundled."""
    return max(bundled_scorecards().values(), key=lambda model: model.valid_from)


def _classes(code: str) -> tuple[tuple[str, str], ...]:
    factor = next(one for one in _model().factors if one.code == code)
    return tuple((named.code, named.en) for named in factor.classes)


@dataclass(frozen=True)
class Judgement:
    """What statements don't say, as the officer sees it."""

    capacity_utilisation: Rate = ask(
        "Capacity utilisation",
        help="Actual output to design capacity, from the visit",
        minimum=Rate(0),
    )
    repayment_record: str = ask("Repayment record", choices=_classes("repayment_record"))
    industry_outlook: str = ask("Industry", choices=_classes("industry_outlook"))
    governance: str = ask("Governance", choices=_classes("governance"))


@service(needs=rate_customers)
def rate_customer(ctx: Context, customer: Customer, judgement: Judgement) -> Text:
    """Rate a customer on the newest annual statement and the officer's judgement; a proposal until confirmed.

    Raises:
        Refused: ``no-statement``: there is none to rate on.
    """
    made = propose_rating(ctx, customer, judgement)
    return _(
        "{number}: {grade}, {score} points", number=made.number, grade=made.grade, score=made.score
    )


@service(needs=rate_customers)
def propose_rating(ctx: Context, customer: Customer, judgement: Judgement) -> Rating:
    """As ``rate_customer``; returns the rating."""
    filed = filed_statements(ctx, customer.id)
    if not filed:
        raise Refused("no-statement", customer=customer.name)
    model = _model()
    inputs = _inputs(ctx, model, filed[-1], judgement)
    sheet = rate(model, inputs)
    rating = Rating(
        customer_id=customer.id,
        model=model.id,
        model_hash=model.digest,
        statement_id=filed[-1].id,
        score=sheet.total,
        grade=sheet.grade,
        sheet=as_data(sheet),
        tree=_path(inputs),
        rated_by_id=ctx.actor.id,
        rated_on=ctx.today,
        valid_until=last_valid_day(ctx.today),
    )
    ctx.session.add(rating)
    ctx.session.flush()
    return rating


def _inputs(ctx: Context, model: Scorecard, filed: Filed, judgement: Judgement) -> dict[str, Input]:
    return {factor.code: _input(ctx, factor, filed, judgement) for factor in model.factors}


def _input(ctx: Context, factor: Factor, filed: Filed, judgement: Judgement) -> Input:
    given = getattr(judgement, factor.code, None)
    if given is not None:
        value = given.fraction if isinstance(given, Rate) else given
        return Input(value, factor.source, ctx.today)
    ratio = ratios(filed.statement, filed.opening)[factor.code]
    audited = filed.statement.assurance is Assurance.AUDITED
    source = "audited" if audited else "management"
    return Input(ratio.value, source, filed.statement.period_end, ratio.reason)


def _path(inputs: dict[str, Input]) -> dict[str, object]:
    """The decision tree beside the scorecard: the grade it gives and the way it took."""
    tree = next(iter(bundled_trees().values()))
    return verdict_data(decide(tree, {key: _number(one) for key, one in inputs.items()}))


def _number(given: Input) -> Fraction | None:
    return given.value if isinstance(given.value, Fraction) else None


def verdict_data(verdict: Verdict) -> dict[str, object]:
    """A tree's verdict as JSON."""
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


def valid_rating(ctx: Context, customer_id: int) -> Rating | None:
    """The newest confirmed rating of a customer that still counts today, as far as the person may read it."""
    statement = (
        select(Rating)
        .where(Rating.customer_id == customer_id, Rating.state == confirmed.name)
        .where(Rating.valid_until >= ctx.today)
        .order_by(Rating.id.desc())
        .limit(1)
    )
    return ctx.session.scalars(statement).first()


def recompute_rating(ctx: Context, rating: Rating, _inputs: None = None) -> Text:
    """Compute a rating again from what was kept, by the model it was made with.

    Returns:
        Whether it gives the same figures, or where it differs.

    Raises:
        Refused: ``model-gone``: the model isn't there any more in that very version.
    """
    model = scorecard(rating.model)
    if model.digest != rating.model_hash:
        raise Refused("model-gone", model=rating.model)
    again = recompute(model, rating.sheet)
    if again.differences:
        return _("Differs at {places}", places=", ".join(again.differences))
    return _("Identical: {score} points, {grade}", score=rating.score, grade=rating.grade)
