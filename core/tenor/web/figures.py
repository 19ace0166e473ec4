"""The figures of a chart or pivot as a file: exact, in the currency's own unit, and put on record as any export is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response

from tenor.exports import FORMATS
from tenor.exports.exports import check
from tenor.exports.files import csv_of, xlsx_of
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import PageQuery
    from tenor_sdk.records import Record


@dataclass(frozen=True)
class Head:
    """A column of the file."""

    label: str
    figures: bool


class Figures:
    """A small table, ready to go out: of rows that the person may take out, which the list behind it is narrowed to.

    Args:
        fields: whose values it tells.
        texts: how many columns before the figures hold words.
    """

    for_people = True

    def __init__(
        self,
        record: type[Record],
        fields: Sequence[str],
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        texts: int,
    ) -> None:
        self.record, self.fields = record, [each for each in fields if each]
        self.columns = [Head(label, place >= texts) for place, label in enumerate(heads)]
        self.rows = rows

    def chunks(self) -> Iterator[list[Sequence[Any]]]:
        """All of it at once."""
        if self.rows:
            yield list(zip(*self.rows, strict=True))


def labelled(label: str, unit: str) -> str:
    """A head with the unit of what stands below it."""
    return f"{label} ({unit})" if unit else label


def taken_out(
    ctx: KernelContext, figures: Figures | None, query: PageQuery, look: str, form: str
) -> Response:
    """The file.

    Raises:
        NotFound: there are no figures, or the format is another.
        Forbidden: ``not-permitted``: the person may not take these records out.
    """
    makers = {"csv": csv_of, "xlsx": xlsx_of}
    if figures is None or form not in makers:
        raise NotFound("not-found")
    check(ctx, figures.record, form)
    narrowed = {
        "filters": {name: list(values) for name, values in query.filters.items()},
        "filter": query.filter,
        "search": query.search,
    }
    asked: dict[str, Any] = {name: said for name, said in narrowed.items() if said}
    ctx.kernel.audit.note(
        ctx, "export", of=figures.record.__tablename__, format=form, rows=len(figures.rows),
        fields=list(figures.fields), **asked,
    )  # fmt: skip
    response = Response(b"".join(piece for piece, _rows in makers[form](figures)))
    response.mimetype = FORMATS[form]
    name = f"{figures.record.slug()}-{look}-{ctx.today.isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
