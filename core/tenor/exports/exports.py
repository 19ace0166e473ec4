"""An export: asked for, put on record before its first row leaves, and given out as a stream."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from tenor.exports.files import Piece, csv_of, json_of, xlsx_of
from tenor.exports.plain import plain_columns
from tenor.exports.rows import Rows
from tenor.records.conditions import Conditions, Joins
from tenor.records.filters import parse, written
from tenor.records.paging import PageQuery, Pager
from tenor_sdk.errors import Forbidden, NotFound
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.records import Record

_WRITERS: Final[Mapping[str, Callable[[Rows], Iterator[Piece]]]] = {
    "csv": csv_of,
    "xlsx": xlsx_of,
    "json": json_of,
}
#: the formats by what a browser calls them
FORMATS: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


class Export:
    """One export by one person; it is on record as soon as it is made.

    Args:
        rows: what goes out.
        form: ``csv``, ``xlsx`` or ``json``.
        asked: what the ledger tells of it beside rows and fields.

    Raises:
        NotFound: ``not-found``: another format.
        Forbidden: ``not-permitted``.
    """

    def __init__(self, ctx: KernelContext, rows: Rows, form: str, asked: Mapping[str, Any]) -> None:
        check(ctx, rows.record, form)
        self.ctx, self.rows, self.form, self.counted = ctx, rows, form, rows.count()
        self.given = 0
        ctx.kernel.audit.note(
            ctx, "export", of=rows.record.__tablename__, format=form, rows=self.counted, fields=rows.fields, **asked
        )  # fmt: skip

    def content(self) -> Generator[bytes]:
        """The file, piece by piece. Where it holds other rows in the end than were announced (somebody left in the
        middle of it, or rows came and went), that is put on record too."""
        try:
            for piece, given in _WRITERS[self.form](self.rows):
                self.given += given
                yield piece
        finally:
            if self.given != self.counted:
                self.ctx.kernel.audit.note(
                    self.ctx, "export-ended", of=self.rows.record.__tablename__, rows=self.given
                )

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.rows.record.slug()}-{self.ctx.today.isoformat()}.{self.form}"


def check(ctx: KernelContext, record: type[Record], form: str) -> None:
    """Whether a person may take records out in a format.

    Raises:
        NotFound: ``not-found``: another format.
        Forbidden: ``not-permitted``.
    """
    if form not in FORMATS:
        raise NotFound("not-found")
    if not ctx.may(record, "export"):
        raise Forbidden("not-permitted", what=record.called())


def export_of(
    ctx: KernelContext,
    record: type[Record],
    form: str,
    *,
    view: ListView | None = None,
    query: PageQuery | None = None,
) -> Export:
    """All fields of the records that a person may take out, each as the API gives it.

    Args:
        view: the list that is meant; None: all of them, archived ones too, in the order in which they came.

    Raises:
        Forbidden: ``not-permitted``.
        Invalid: a filter that isn't understood, or speaks of what the person may not know.
    """
    check(ctx, record, form)
    asked = query or PageQuery(archived=True)
    meant = view or ListView(record, (record.id,), sort=record.id)

    def columns(pager: Pager) -> Any:
        return plain_columns(ctx, record, pager)

    said: dict[str, Any] = {}
    if asked.filter.strip():
        said["filter"] = canonical(ctx, record, asked.filter)
    if asked.filters:
        said["filters"] = {name: list(values) for name, values in asked.filters.items()}
    if asked.search:
        said["search"] = asked.search
    return Export(ctx, Rows(ctx, meant, asked, columns), form, said)


def canonical(ctx: KernelContext, record: type[Record], filter: str) -> str:
    """A filter that is understood, as everybody writes it: by keys, not in the words of a language."""
    tree = parse(filter)
    return "" if tree is None else written(Conditions(ctx, record, Joins(record)).canonical(tree))
