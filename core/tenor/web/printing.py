"""A list on paper: all rows that its filter leaves, as far as a person reads paper, with what they come to, and who
printed what by which filter at the head. It takes the rows out: it has those that its person may take out, and is put
on record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.exports.rows import exportable
from tenor.records.totals import Total, summable, totals
from tenor.web.asked import query_of
from tenor.web.chips import Chips
from tenor.web.listed import choice_of, viewed
from tenor.web.lists import List
from tenor.web.rows import column_head, rows_of
from tenor_sdk.errors import Forbidden
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.records import Page, PageColumn
    from tenor.web.web import Web

Values = dict[str, Any]
#: rows of one printed list, some eighty sheets of paper
MOST: Final = 2000


def routes(at: Blueprint, web: Web) -> None:
    """``/<plugin>/<record>/print``, with the query of the list."""

    @at.get("/<plugin>/<slug>/print")
    def record_print(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        query = query_of(request.args, size=MOST)
        with web.reading() as ctx:
            if not ctx.may(kind, "export"):
                raise Forbidden("not-permitted", what=kind.called())
            view = exportable(ctx, viewed(web, kind, choice_of(web, ctx, kind)))
            listed = List(web, ctx, view, query)
            return web.page(ctx, "printed.html", Printed(web, ctx, listed).values())


class Printed:
    """One list as it is printed.

    Args:
        listed: the list.
    """

    def __init__(self, web: Web, ctx: KernelContext, listed: List) -> None:
        self.web, self.ctx, self.listed, self.show = web, ctx, listed, listed.show
        asked = listed.asked.sure()
        self.query = replace(asked, cursor="", size=MOST, count=False)

    def values(self) -> Values:
        """What the template takes; what is printed is on record before it leaves."""
        page = self.web.kernel.records.page(self.ctx, self.listed.view, self.query)
        sums = [column for column in page.columns if self._is_summed(column)]
        found = totals(self.ctx, self.listed.view, self.query, [], [column.key for column in sums])
        count = sum(one.count for one in found)
        self._note(page)
        table = {
            "caption": self.listed.title(),
            "columns": [
                column_head(self.show, column, page, identity=place == 0)
                for place, column in enumerate(page.columns)
            ],
            "rows": rows_of(self.web, self.ctx, self.show, page),
            "total": self._total(page, sums, found, count) if sums and count else None,
            "empty": self.listed.empty(),
        }
        return {
            "title": self.listed.title(),
            "head": self._head(count),
            "left_out": self._left_out(len(page.rows), count),
            "table": table,
        }

    # -- the head ---------------------------------------------------------------------------------------------------

    def _head(self, count: int) -> Values:
        say = self.show.say
        rows = ngettext(
            "{n} record, of what you may see", "{n} records, of what you may see", count
        )
        back = {"label": say(_("Back to the list")), "href": self.listed.href()}
        again = {"label": say(_("Print")), "icon": "printer", "style": "primary", "prints": True}
        facts = [(_("Filter"), self._filter())]
        facts += [(_("Printed by"), self.ctx.actor.name), (_("When"), self._now())]
        return {
            "title": self.listed.title(),
            "sub": say(rows),
            "facts": [[{"label": say(label), "value": text} for label, text in facts]],
            "actions": [back, again],
        }

    def _filter(self) -> str:
        kind = self.listed.kind
        chips = Chips(self.ctx, self.show, kind, self.query, self.listed.href).every()
        said = [chip["label"] for chip in chips]
        if self.query.archived:
            said.append(self.show.say(_("With archived")))
        return self.show.clauses(said) or self.show.say(_("none: all rows"))

    def _now(self) -> str:
        zone = self.web.kernel.clock.zone
        return f"{self.ctx.now.astimezone(zone):%Y-%m-%d %H:%M}"

    def _left_out(self, printed: int, count: int) -> Values | None:
        """That there are more rows than are printed."""
        if printed >= count:
            return None
        text = _(
            "The first {n} of {of} rows are here. Narrow the list for the others, or take it out as a file.",
            n=f"{printed:,}",
            of=f"{count:,}",
        )
        return {"tone": "warning", "text": self.show.say(text)}

    # -- what they come to ------------------------------------------------------------------------------------------

    def _is_summed(self, column: PageColumn) -> bool:
        own = column.record is self.listed.kind and column.key == column.spec.key
        return (
            own
            and column.spec.kind == "amount"
            and summable(self.ctx, self.listed.view, column.key)
        )

    def _total(
        self, page: Page, sums: Sequence[PageColumn], found: Sequence[Total], count: int
    ) -> list[Any]:
        """The last line: of all rows of the filter, also of those that aren't printed."""
        cells: list[Any] = ["" for _column in page.columns]
        cells[0] = self.show.say(ngettext("Total of {n} row", "Total of {n} rows", count))
        for place, column in enumerate(page.columns):
            if place and column in sums:
                cells[place] = self._sum(found, sums.index(column))
        return cells

    def _sum(self, found: Sequence[Total], place: int) -> Values | None:
        """What a column comes to, each currency apart."""
        of = {one.currency: one.sums[place] for one in found}
        if not of:
            return None
        main = "CNY" if "CNY" in of else min(of)
        shown = self.show.amount(of.pop(main), main)
        others = [
            f"{code} {self.show.amount_text(each, code)}" for code, each in sorted(of.items())
        ]
        return {**shown, "below": self.show.clauses(others)} if others else shown

    # -- the ledger -------------------------------------------------------------------------------------------------

    def _note(self, page: Page) -> None:
        query = self.query
        filters = {name: list(values) for name, values in query.filters.items()}
        narrowed = {"filters": filters, "filter": query.filter, "search": query.search}
        asked: dict[str, Any] = {name: said for name, said in narrowed.items() if said}
        self.ctx.kernel.audit.note(
            self.ctx, "export", of=self.listed.kind.__tablename__, format="print", rows=len(page.rows),
            fields=[column.key for column in page.columns], **asked,
        )  # fmt: skip
