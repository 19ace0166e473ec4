"""Collections of the demo bank: the case of each loan that is late, and a first call to 金澜纺织."""

from __future__ import annotations

from sqlalchemy import select

from tenor_collections.records import Channel, CollectionCase
from tenor_collections.services import Said, follow, record_contact
from tenor_loans.public import Loan
from tenor_sdk.demo import Stage, demo


@demo()
def late_loans(stage: Stage) -> None:
    """A look at every loan, as each night; then 罗强 calls 金澜纺织."""
    with stage.as_("luo.qiang") as ctx:
        for loan in ctx.session.scalars(select(Loan).where(Loan.state == "active")):
            follow(ctx, loan)
    with stage.as_("luo.qiang") as ctx:
        jinlan = select(CollectionCase).where(CollectionCase.borrower.like("金澜纺织%"))
        case = ctx.session.scalars(jinlan).first()
        if case is not None:
            said = Said(Channel.PHONE, "法定代表人表示正在筹款，承诺本周内答复。")
            record_contact(ctx, case, said)
