"""An application's checklist, opinions and rating, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tenor_credit.public import sheet_of, valid_rating
from tenor_origination.checklist import required
from tenor_origination.records import Application, ApplicationDocument, Opinion
from tenor_origination.workflow import application_flow
from tenor_sdk import Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.notify import names_of
from tenor_sdk.views import Cell, Column, Table


def checklist_table(ctx: Context, application: Application) -> Table:
    """Which documents are in, who brought them and when."""
    statement = select(ApplicationDocument).where(
        ApplicationDocument.application_id == application.id
    )
    latest = {
        one.kind: one for one in ctx.session.scalars(statement.order_by(ApplicationDocument.id))
    }
    rows = []
    for kind in required(application.product):
        title = Text(kind.title, module=__name__)
        document = latest.get(kind.code)
        if document is None:
            rows.append([title, Cell(_("missing"), tone="adverse"), None])
        else:
            rows.append(
                [title, Cell(document.name, href=f"/files/{document.file_id}"), document.brought_on]
            )
    columns = (Column(_("Document")), Column(_("File")), Column(_("Brought on"), "date"))
    caption = _("{n} of {total} documents are in", n=len(latest), total=len(rows))
    return Table(columns, rows, caption=caption)


def opinions_table(ctx: Context, application: Application) -> Table:
    """What each department said."""
    statement = select(Opinion).where(Opinion.application_id == application.id)
    opinions = list(ctx.session.scalars(statement.order_by(Opinion.id)))
    titles = {state.name: state.title for state in application_flow.states}
    names = names_of(ctx, [opinion.by_id for opinion in opinions])
    rows = [
        [
            names.get(opinion.by_id, ""),
            Text(titles.get(opinion.stage, opinion.stage), module=__name__),
            Text(opinion.view.value.replace("-", " ").capitalize(), module=__name__),
            opinion.text,
            opinion.said_on,
        ]
        for opinion in opinions
    ]
    columns = (
        Column(_("Person")), Column(_("Stage")), Column(_("Opinion")), Column(_("Reasons")), Column(_("Day"), "date"),
    )  # fmt: skip
    return Table(columns, rows, empty=_("Nobody has given an opinion yet"))


def rating_table(ctx: Context, application: Application) -> Sequence[Table]:
    """The customer's rating in force, taken apart."""
    rating = valid_rating(ctx, application.customer_id)
    if rating is None:
        return (Table((Column(_("Factor")),), [], empty=_("No rating is in force")),)
    return (sheet_of(rating),)
