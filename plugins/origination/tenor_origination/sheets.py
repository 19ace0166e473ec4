"""An application's checklist, opinions, rating and limit, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from tenor_credit.public import latest_limit, limit_steps, valid_rating, working_sheet
from tenor_origination.checklist import DocumentKind, required
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
    brought = ctx.session.scalars(statement.order_by(ApplicationDocument.id))
    latest = {document.kind: document for document in brought}
    names = names_of(ctx, [document.brought_by_id for document in latest.values()])
    wanted = required(application.product)
    there = sum(kind.code in latest for kind in wanted)
    return Table(
        (
            Column(_("Document")), Column(_("File")), Column(_("Brought by")),
            Column(_("Brought on"), "date"),
        ),
        [_document(kind, latest.get(kind.code), names) for kind in wanted],
        caption=_("{n} of {total} documents are in", n=there, total=len(wanted)),
    )  # fmt: skip


def _document(
    kind: DocumentKind, document: ApplicationDocument | None, names: Mapping[int, str]
) -> list[object]:
    title = Text(kind.title, module=__name__)
    if document is None:
        return [title, Cell(_("missing"), tone="adverse"), None, None]
    file = Cell(document.name, href=f"/files/{document.file_id}")
    return [title, file, names.get(document.brought_by_id), document.brought_on]


def opinions_table(ctx: Context, application: Application) -> Table:
    """What each department said."""
    statement = select(Opinion).where(Opinion.application_id == application.id)
    opinions = list(ctx.session.scalars(statement.order_by(Opinion.id)))
    titles = {state.name: Text(state.title, module=__name__) for state in application_flow.states}
    names = names_of(ctx, [opinion.by_id for opinion in opinions])
    rows = [
        [
            names.get(opinion.by_id),
            titles.get(opinion.stage, opinion.stage),
            Text(opinion.view.value.replace("-", " ").capitalize(), module=__name__),
            opinion.text,
            opinion.said_on,
        ]
        for opinion in opinions
    ]
    columns = (
        Column(_("Person")), Column(_("Stage")), Column(_("Opinion")), Column(_("Reasons")),
        Column(_("Day"), "date"),
    )  # fmt: skip
    return Table(columns, rows, empty=_("Nobody has given an opinion yet"))


def rating_table(ctx: Context, application: Application) -> Sequence[Table]:
    """The rating on which it was decided, else the customer's in force; taken apart."""
    rating = application.rating or valid_rating(ctx, application.customer_id)
    if rating is None:
        return (Table((Column(_("Factor")),), [], empty=_("No rating is in force")),)
    return working_sheet(ctx, rating)


def limit_table(ctx: Context, application: Application) -> Sequence[Table]:
    """The newest limit proposed for the customer, step by step."""
    limit = latest_limit(ctx, application.customer_id)
    if limit is None:
        return (Table((Column(_("Step")),), [], empty=_("No limit was proposed yet")),)
    return limit_steps(ctx, limit)
