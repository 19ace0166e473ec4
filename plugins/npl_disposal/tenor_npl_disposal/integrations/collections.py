"""Where collections hand a loan over, its case begins here."""

from tenor_collections.public import CaseHandedOver
from tenor_loans.public import Loan
from tenor_npl_disposal.services import open_case
from tenor_sdk import Context, job


@job(on=CaseHandedOver, actor="service")
def take_over(ctx: Context, event: CaseHandedOver) -> None:
    """Begin the disposal of a loan that collections handed over."""
    loan = ctx.session.get(Loan, event.loan_id)
    if loan is not None:
        open_case(ctx, loan)
