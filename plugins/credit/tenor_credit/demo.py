"""Ratings of the demo bank: computed by the model that ships, never typed in."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from tenor_credit.limits import LimitInputs, propose_limit
from tenor_credit.services import Judgement, propose_rating
from tenor_credit.workflow import confirm
from tenor_customers.public import Customer
from tenor_sdk import Amount, Context, Rate
from tenor_sdk.demo import Stage, demo
from tenor_sdk.workflow import transition

#: when the ratings that stand were made: before the first application
RATED: Final = date(2026, 6, 3)
#: customer, capacity utilisation, repayment record, industry outlook, governance
JUDGED: Final = (
    ("泽远精密制造股份有限公司", "0.82", "clean-24-months", "stable", "sound"),
    ("盛川控股集团有限公司", "0.75", "clean-24-months", "stable", "sound"),
    ("盛川重工有限公司", "0.68", "technical", "watched", "sound"),
    ("盛川物流有限公司", "0.80", "clean-24-months", "stable", "sound"),
    ("云州恒达汽车零部件股份有限公司", "0.86", "clean-60-months", "encouraged", "strong"),
    ("云州明泽食品有限公司", "0.77", "clean-24-months", "stable", "sound"),
    ("云州博望电子科技有限公司", "0.91", "clean-60-months", "encouraged", "strong"),
    ("云州清源水务有限公司", "0.88", "clean-60-months", "stable", "sound"),
    ("云州安泰建筑工程有限公司", "0.55", "late-30", "restricted", "weak"),
    ("临海海风一期发电有限公司", "0.92", "clean-24-months", "encouraged", "sound"),
    ("临海远洋水产有限公司", "0.74", "clean-24-months", "stable", "sound"),
    ("临海港务工程有限公司", "0.71", "technical", "stable", "sound"),
    ("金澜纺织有限公司", "0.52", "late-30", "watched", "weak"),
)


@demo()
def ratings(stage: Stage) -> None:
    """The risk officer's confirmed ratings, one that waits, and the limit of 泽远."""
    for name, *judged in JUDGED:
        with stage.as_("zhou.qiming", on=RATED) as ctx:
            rating = propose_rating(ctx, _named(ctx, name), _judgement(*judged))
            transition(ctx, rating, confirm)
    with stage.as_("he.lei") as ctx:
        waiting = _named(ctx, "盛川国际贸易有限公司")
        propose_rating(ctx, waiting, _judgement("0.70", "technical", "watched", "sound"))
    with stage.as_("zhou.qiming", on=RATED) as ctx:
        propose_limit(ctx, _named(ctx, JUDGED[0][0]), LIMIT)


def _judgement(capacity: str, record: str, industry: str, governance: str) -> Judgement:
    return Judgement(Rate.of(capacity), record, industry, governance)


def _named(ctx: Context, name: str) -> Customer:
    return ctx.session.scalars(select(Customer).where(Customer.name == name)).one()


LIMIT: Final = LimitInputs(
    growth=Rate.percent("5"),
    own_funds=Amount.of("120000000"),
    existing_loans=Amount.of("60000000"),
    other_channels=Amount.of("20000000"),
    asked=Amount.of("150000000"),
)
