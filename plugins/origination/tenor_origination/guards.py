"""What must hold before an application goes on. Each says everything that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from tenor_credit.public import Rating, confirm, valid_rating
from tenor_origination.authority import credit_decisions
from tenor_origination.checklist import LONGEST_TERM, missing
from tenor_origination.records import Application, ApplicationDocument, Condition
from tenor_sdk import Blocker, Context, _, guard
from tenor_sdk.authority import above_authority
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import counts_for, who_did


def address(application: Application, rest: str = "") -> str:
    """Where an application is on screen."""
    return f"/origination/application/{application.id}{rest}"


def brought_kinds(ctx: Context, application: Application) -> set[str]:
    """The kinds of document that are in."""
    statement = select(ApplicationDocument.kind).where(
        ApplicationDocument.application_id == application.id
    )
    return set(ctx.session.scalars(statement))


@guard
def file_is_complete(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Every document of the checklist is in."""
    for kind in missing(application.product, brought_kinds(ctx, application)):
        yield Blocker(
            Text(kind.title, module=__name__),
            why=_("Not brought yet"),
            href=address(application, "/actions/bring-document"),
            who=application.owner_id,
        )


@guard
def term_is_allowed(_ctx: Context, application: Application) -> Iterable[Blocker]:
    """Working capital for five years at most, fixed assets for ten (NFRA orders 1 and 2 of 2024)."""
    longest = LONGEST_TERM[application.product]
    if application.months > longest:
        yield Blocker(
            _("The term of {months} months is too long", months=application.months),
            why=_("At most {longest} months for this product", longest=longest),
            href=address(application, "/edit"),
        )


@guard
def rating_is_in_force(ctx: Context, application: Application) -> Iterable[Blocker]:
    """The customer has a confirmed rating that counts today."""
    if valid_rating(ctx, application.customer_id) is None:
        yield Blocker(
            _("A confirmed rating of the customer"),
            why=_("None is in force today"),
            href=f"/customers/customer/{application.customer_id}/actions/rate",
        )


@guard
def approver_is_independent(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Who decides neither looks after the application nor rated the customer."""
    if application.state != "approval":
        return  # the risk officer who declines decides nothing that they recommended
    mine = counts_for(ctx)
    makers = {application.created_by_id, *who_did(ctx, application, "create")}
    if mine & {application.owner_id, *makers}:
        yield Blocker(_("You made this application"), why=_("Who makes one never decides on it"))
    rating = valid_rating(ctx, application.customer_id)
    if rating is not None and mine & _raters(ctx, rating):
        yield Blocker(_("You rated this customer"), why=_("Who rates never decides"))


def who_is_not_independent(
    ctx: Context, application: Application, members: Sequence[int]
) -> Mapping[int, Text]:
    """The members of the committee who made the application, look after it or rated the customer."""
    rating = valid_rating(ctx, application.customer_id)
    makers = {
        application.owner_id, application.created_by_id, *who_did(ctx, application, "create"),
    }  # fmt: skip
    raters = _raters(ctx, rating) if rating is not None else set()
    found = {who: _("Rated this customer") for who in members if who in raters}
    return found | {who: _("Made this application") for who in members if who in makers}


def _raters(ctx: Context, rating: Rating) -> set[int]:
    """Whose rating it is: who made and who confirmed it, and in whose place."""
    made = who_did(ctx, rating, "create")
    return {rating.rated_by_id, *made, *who_did(ctx, rating, confirm)}


@guard
def decides_within_authority(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Who may approve it is who may decline it."""
    if application.state == "approval":
        yield from above_authority(ctx, application, credit_decisions)


@guard
def conditions_are_met(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Every condition precedent is met, with what shows it."""
    statement = select(Condition).where(
        Condition.application_id == application.id, Condition.met_on.is_(None)
    )
    for condition in ctx.session.scalars(statement.order_by(Condition.id)):
        yield Blocker(
            _("Condition: {text}", text=condition.text),
            why=_("Not met yet"),
            href=f"/origination/condition/{condition.id}",
        )
