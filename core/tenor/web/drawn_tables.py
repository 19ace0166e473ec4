"""The rows of every table, drawn without a template: plain texts put together once, everything given escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup, escape

from tenor.web.drawn import attribute, longer
from tenor.web.turning import whole

if TYPE_CHECKING:
    from tenor.web.drawn import Drawn

Values = dict[str, Any]
_STANDING: Final = (
    ("identity", "is-identity"), ("explains", "is-explains"), ("tight", "is-tight"), ("name", "is-name"),
    ("nowrap", "is-nowrap"), ("this_period", "is-this-period"),
)  # fmt: skip
_ROWS: Final = (
    ("overdue", "is-overdue"), ("current", "is-current"), ("subtotal", "is-subtotal"), ("past", "is-past"),
    ("saved", "t-saved"),
)  # fmt: skip
#: characters of the name of a row that its place holds for certain
_IN_A_NAME: Final = 20


class _Column(NamedTuple):
    """How its cells begin."""

    names: bool
    classes: str
    opening: str
    head: str


class Tables:
    """Draws rows and cells for one site.

    Args:
        drawn: draws the values.
    """

    def __init__(self, drawn: Drawn) -> None:
        self._drawn, self._say = drawn, drawn.say

    @staticmethod
    def column_class(column: Values) -> str:
        """How a column stands."""
        align = column.get("align")
        first = [f"is-{align}"] if align and align != "start" else []
        return " ".join([*first, *(name for key, name in _STANDING if column.get(key))])

    def rows(self, table: Values, value: Any, actions: Any) -> Markup:
        """The rows of a table.

        Args:
            value: the macros of ``parts/value.html``, for what isn't drawn here.
            actions: the macro that draws the buttons of a cell.
        """
        columns = [self._column(each) for each in table["columns"]]
        ticked = self._ticks(table.get("choose"))
        cells = _Cells(self._drawn, value, actions)
        made = [
            self._group(table, row)
            if row.get("group")
            else f"{_opening(row)}{ticked(row)}{cells.of(columns, row)}</tr>"
            for row in table["rows"]
        ]
        return Markup(whole(made))

    def cell(self, column: Values, cell: Any, value: Any, actions: Any) -> Markup:
        """One cell."""
        made = _Cells(self._drawn, value, actions).one(self._column(column), cell)
        return Markup(whole((made,)))

    def _column(self, column: Values) -> _Column:
        classes, label = escape(self.column_class(column)), column.get("label") or ""
        opening = f'<td class="{classes}" data-label="{escape(self._told(column))}">'
        head = f'<th scope="row" class="{classes}" data-label="{escape(label)}"'
        return _Column(bool(column.get("identity")), classes, opening, head)

    def _told(self, column: Values) -> str:
        """The label of a column with its unit, as it stands beside a value on a narrow page."""
        label, unit = column.get("label") or "", column.get("unit")
        return label + self._say(" (%(unit)s)") % {"unit": unit} if label and unit else label

    @staticmethod
    def _group(table: Values, row: Values) -> str:
        span = len(table["columns"]) + (1 if table.get("choose") else 0)
        note = f"<span>{escape(row['note'])}</span>" if row.get("note") else ""
        head = f'<th colspan="{span}" scope="colgroup">{escape(row["group"])}{note}</th>'
        return f'<tr class="is-group">{head}</tr>'

    def _ticks(self, choose: Values | None) -> Callable[[Values], str]:
        """What draws the box by which a row is chosen."""
        if not choose:
            return lambda _row: ""
        form, name = escape(choose.get("id") or "t-choose"), escape(choose.get("name") or "ids")
        opening = f'<td class="is-select"><input type="checkbox" class="t-check" form="{form}" name="{name}"'
        words = str(escape(self._say("Choose %(name)s")))

        def tick(row: Values) -> str:
            if "choose" not in row:
                return '<td class="is-select"></td>'
            chosen = " checked" if row.get("chosen") else ""
            label = words % {"name": escape(row.get("label") or row["choose"])}
            return f'{opening} value="{escape(row["choose"])}"{chosen} aria-label="{label}"></td>'

        return tick


class _Cells:
    """Draws the cells of one table."""

    def __init__(self, drawn: Drawn, value: Any, actions: Any) -> None:
        self._shown, self._drawn = drawn.shown, drawn
        self._value, self._actions = value, actions
        self._nothing: str = drawn.nothing()

    def of(self, columns: list[_Column], row: Values) -> str:
        """Those of a row."""
        href = row.get("href")
        return "".join([
            self._named(column, cell, href) if column.names else self.one(column, cell)
            for column, cell in zip(columns, row["cells"], strict=False)
        ])  # fmt: skip

    def one(self, column: _Column, cell: Any) -> str:
        """One of them."""
        if cell is None:
            return f"{column.opening}{self._nothing}</td>"
        if type(cell) is dict and "actions" in cell:
            buttons = escape(self._actions(cell["actions"]))
            return f'<td class="{column.classes} is-end has-actions">{buttons}</td>'
        if isinstance(cell, str) and not cell:
            return f'<td class="{column.classes} is-blank"></td>'
        shown = self._shown(cell)
        if shown is None:
            shown = escape(self._value.show(cell))
        return f"{column.opening}{shown}</td>"

    def _named(self, column: _Column, cell: Any, href: Any) -> str:
        """What a row is known by, with the way to it around."""
        about: Values = cell if type(cell) is dict else {}
        shown = self._name(cell, about, bool(href))
        if href:
            shown = f'<a href="{escape(href)}">{shown}</a>'
        more = about.get("sub") or about.get("below")
        beside = escape(self._value.beside(cell)) if more else ""
        title = attribute("title", about.get("title") or longer(about.get("text"), _IN_A_NAME))
        return f"{column.head}{title}>{shown}{beside}</th>"

    def _name(self, cell: Any, about: Values, leads: bool) -> str:
        if leads and about.get("kind") == "link":
            return escape(about.get("text"))
        if "kind" in about or "text" in about:
            shown = self._drawn.shown_plain(cell)
            return escape(self._value.plain(cell)) if shown is None else shown
        shown = self._shown(cell)
        return escape(self._value.show(cell)) if shown is None else shown


def _opening(row: Values) -> str:
    """The tag with which a row begins."""
    classes = " ".join([name for key, name in _ROWS if row.get(key)])
    href, own = attribute("data-href", row.get("href")), attribute("id", row.get("id"))
    return f'<tr class="{classes}"{href}{own}>'
