"""A list as a graph: who is linked to whom. The page holds the table of the links, and script draws that.

A link is shown to whoever may read its row and what stands at both of its ends: of any other one nothing is told, not
even how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select

from tenor.records import PageQuery
from tenor.records.paging import CAP
from tenor.records.totals import allowed
from tenor.views import address
from tenor.views.columns import key_of
from tenor.views.looks import ends_of
from tenor.views.merge import has_page
from tenor.web.figures import Figures
from tenor.web.rows import Cells
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import _
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import Page
    from tenor.web.looks import Sight
    from tenor.web.show import Show
    from tenor_sdk.looks import GraphView
    from tenor_sdk.records import Record
    from tenor_sdk.views import Network

Values = dict[str, Any]
Node = tuple[type[Any], int]
#: rows that are drawn; more would be no picture
MOST: Final = 100
#: rows whose links go into a file
_IN_A_FILE: Final = 2000


@dataclass(frozen=True)
class Link:
    """One link.

    Args:
        row: the record that says so.
        kind: what it is.
        share: what is told of it, as a cell.
    """

    row: Record
    begin: Node
    end: Node
    kind: str
    share: Any


class Graph:
    """The links among some records for one person.

    Args:
        view: the list whose rows are the links.
    """

    def __init__(self, ctx: KernelContext, show: Show, view: ListView, look: GraphView) -> None:
        self.ctx, self.show, self.view, self.look = ctx, show, view, look
        self.record = view.record
        self.begin, leads = ends_of(self.record, look)
        self.leads = {key: kind for key, kind in leads.items() if allowed(ctx, view, key)}
        effects = ctx.kernel.access.field_effects(ctx, self.record, None)
        self.share = (
            look.share if look.share is None or effects.get(key_of(look.share)) != "hide" else None
        )

    def drawn(self, query: PageQuery, where: Any = None) -> Values:
        """The links as a table, from which script draws the picture."""
        page = self._page(query, MOST, where)
        names = self._names(page)
        links = list(self._links(page, names))
        count = f"{CAP:,}+" if page.count > CAP else f"{page.count:,}"
        left = _(
            "The first {shown} of {count} are drawn; filters of the list bring others.",
            shown=MOST,
            count=count,
        )
        return {
            "title": self.show.plural(self.record),
            "heads": self._heads(),
            "links": [self._drawn(link, names) for link in links],
            "left": self.show.say(left) if page.count > MOST else "",
            "sub": self.show.say(_("Of what you may see")),
        }

    def around(self, record: Record, steps: int) -> Values:
        """The links that lead to a record, and from it, over some steps."""
        known: set[Node] = {(type(record), record.id)}
        query = PageQuery(archived=True)
        for _step in range(steps - 1):
            page = self._page(query, MOST, self._touching(known), counted=False)
            found = {
                node
                for link in self._links(page, self._names(page))
                for node in (link.begin, link.end)
            }
            if found <= known:
                break
            known |= found
        return {
            **self.drawn(query, self._touching(known)),
            "center": _key((type(record), record.id)),
        }

    def figures(self, query: PageQuery) -> Figures:
        """The links as a file holds them.

        Raises:
            Invalid: ``too-many-groups``: more than that.
        """
        page = self._page(query, _IN_A_FILE, None, counted=False)
        if page.following:
            raise Invalid("too-many-groups", None, limit=_IN_A_FILE)
        names = self._names(page)
        rows = [
            [_said(cell) for cell in self._cells(link, names)] for link in self._links(page, names)
        ]
        keys = [key_of(each) for each in self._attributes()]
        return Figures(
            self.record,
            keys,
            [head["label"] for head in self._heads()],
            rows,
            texts=len(self._heads()),
        )

    # -- rows -------------------------------------------------------------------------------------------------------

    def _page(self, query: PageQuery, size: int, where: Any, *, counted: bool = True) -> Page:
        view = ListView(
            self.record, self._attributes(), sort=self.view.sort, descending=self.view.descending,
            where=lambda actor, today: and_(*self._where(actor, today), *([] if where is None else [where])),
        )  # fmt: skip
        asked = replace(query, size=size, count=counted, sort="", cursor="")
        return self.ctx.kernel.records.page(self.ctx, view, asked)

    def _where(self, actor: Any, today: Any) -> list[Any]:
        """What the list has, with both ends before the person's eyes."""
        own = [] if self.view.where is None else [self.view.where(actor, today)]
        begins = [] if self.look.of is self.record else [_seen(self.look.of, self.begin)]
        leads = [_seen(getattr(self.record, key), kind) for key, kind in self.leads.items()]
        return [*own, *begins, or_(*leads)]

    def _touching(self, known: set[Node]) -> Any:
        """The rows of which an end is one of these."""
        ends = [(self._begin_column(), self.begin)]
        ends += [(getattr(self.record, key), kind) for key, kind in self.leads.items()]
        return or_(*(column.in_(sorted(i for k, i in known if k is kind)) for column, kind in ends))

    def _begin_column(self) -> Any:
        return self.record.id if self.look.of is self.record else self.look.of

    def _attributes(self) -> list[Any]:
        told = [each for each in (self.look.kind, self.share) if each is not None]
        begins = [] if self.look.of is self.record else [self.look.of]
        return [*begins, *(getattr(self.record, key) for key in self.leads), *told]

    # -- links ------------------------------------------------------------------------------------------------------

    def _names(self, page: Page) -> dict[tuple[str, int], str]:
        names = dict(page.names)
        if self.look.of is self.record:
            titles = self.show.names_of(page.records)
            table = self.record.__tablename__
            names |= {
                (table, row.id): title for row, title in zip(page.records, titles, strict=True)
            }
        return names

    def _links(self, page: Page, names: dict[tuple[str, int], str]) -> Iterator[Link]:
        cells = Cells(self.ctx, self.show, names)
        told = {column.key: column for column in page.columns}
        for row, values in zip(page.records, page.rows, strict=True):
            first = row.id if self.look.of is self.record else values[self.look.of.key]
            begin = (self.begin, first or 0)

            def cell(attribute: Any, row: Record = row, values: Any = values) -> Any:
                column = told.get(key_of(attribute)) if attribute is not None else None
                return cells.cell(column, values[column.key], row) if column is not None else None

            said, share = cell(self.look.kind), cell(self.share)
            for key, kind in self.leads.items():
                end = (kind, values.get(key) or 0)  # which nothing has
                if _key_of(begin) in names and _key_of(end) in names:
                    word = self._label(key) if self.look.kind is None else _said(said)
                    yield Link(row, begin, end, word, share)

    def _label(self, key: str) -> str:
        return self.show.label(self.ctx.kernel.records.specs(self.record)[key])

    def _heads(self) -> list[Values]:
        itself, one = self.look.of is self.record, len(self.leads) == 1
        begin = self.show.title(self.record) if itself else self._label(self.look.of.key)
        end = self._label(next(iter(self.leads))) if one else self.show.say(_("Linked to"))
        labels = [begin, end, self.show.say(_("Link"))]
        heads: list[Values] = [{"label": label} for label in labels]
        if self.share is not None:
            heads.append({"label": self._label(self.share.key), "end": True})
        return heads

    def _cells(self, link: Link, names: dict[tuple[str, int], str]) -> Sequence[Any]:
        shares = [link.share] if self.share is not None else []
        return [names[_key_of(link.begin)], names[_key_of(link.end)], link.kind, *shares]

    def _drawn(self, link: Link, names: dict[tuple[str, int], str]) -> Values:
        return {
            "begin": self._node(link.begin, names),
            "end": self._node(link.end, names),
            "kind": link.kind or self.show.title(self.record),
            "href": address(self.record, link.row.id) if has_page(self.record) else "",
            "share": link.share,
            "told": _said(link.share),
        }

    @staticmethod
    def _node(node: Node, names: dict[tuple[str, int], str]) -> Values:
        kind, identity = node
        href = address(kind, identity) if has_page(kind) else ""
        return {"id": _key(node), "text": names[_key_of(node)], "href": href}


def graph_of(sight: Sight, look: GraphView) -> Graph:
    """The graph of a list that is looked at."""
    return Graph(sight.ctx, sight.show, sight.view, look)


def network_of(ctx: KernelContext, show: Show, network: Network, record: Record) -> Values | None:
    """The graph around a record as a panel of its page; None where nothing is linked to it, or nothing may be known."""
    look, view = network.look, network.rows
    if not ctx.may(view.record, "read") or not known(ctx, view, look):
        return None
    graph = Graph(ctx, show, view, look).around(record, network.steps)
    if not graph["links"]:
        return None
    title = (
        show.say(network.title, network.plugin)
        or show.say(look.title, look.plugin)
        or show.say(_("Graph"))
    )
    return {"kind": "graph", "graph": graph, "title": title}


def known(ctx: KernelContext, view: ListView, look: GraphView) -> bool:
    """Whether the person may know where links begin, and one way at least by which they lead on."""
    begins = look.of is view.record or allowed(ctx, view, look.of.key)
    return begins and any(allowed(ctx, view, each.key) for each in look.to)


def _seen(column: Any, kind: type[Record]) -> Any:
    """Whether what a link leads to is before the person's eyes."""
    return column.in_(select(kind.id).correlate(None))


def _key_of(node: Node) -> tuple[str, int]:
    return node[0].__tablename__, node[1]


def _key(node: Node) -> str:
    return f"{node[0].__tablename__}:{node[1]}"


def _said(cell: Any) -> str:
    return str(cell.get("text", "")) if isinstance(cell, dict) else str(cell or "")
