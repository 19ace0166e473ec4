"""The commonest values and every cell of a table, drawn without a template.

A list shows five hundred of them: as macros they were two thirds of what its page cost. Whatever is rarer stays in
``parts/value.html``, which asks here first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jinja2 import Undefined
from markupsafe import Markup, escape

from tenor.web.turning import straight_page

Values = dict[str, Any]
#: each with the beginning of its cells and the class that they share
Columns = list[tuple[Values, Markup, str]]
Draw = Callable[[Values], Markup | None]
#: what stands beside or behind a value is drawn by the template
_MORE: Final = ("why", "sub", "below")
_STYLES: Final = (
    ("strong", "t-strong"), ("adverse", "t-adverse"), ("quiet", "t-quiet"), ("clip", "t-clip"),
)  # fmt: skip
_COLUMN: Final = (
    ("identity", "is-identity"), ("explains", "is-explains"), ("tight", "is-tight"), ("name", "is-name"),
    ("nowrap", "is-nowrap"), ("this_period", "is-this-period"),
)  # fmt: skip
_NONE: Final = Markup('<span class="t-none" aria-label="{}">—</span>')
_NUMBER: Final = Markup('<span class="t-num">')
_SPAN_END: Final = Markup("</span>")
_TIME: Final = Markup('<time class="t-num" datetime="')
_TIME_END: Final = Markup("</time>")
_A: Final = Markup('<a href="')
_A_END: Final = Markup("</a>")
_TD: Final = Markup('<td class="{}" data-label="{}">')
_TD_END: Final = Markup("</td>")
_BLANK: Final = Markup('<td class="{} is-blank"></td>')
_ACTIONS: Final = Markup('<td class="{} is-end has-actions">{}</td>')
_TH: Final = Markup('<th scope="row" class="{}" data-label="{}"')
_TH_END: Final = Markup("</th>")
_OPEN: Final = Markup('">')
_QUOTE: Final = Markup('"')
_SPAN: Final = Markup("<span")
_CUT: Final = Markup(' class="t-clip" title="{}"')
#: characters of a value, and of the name of a row, that its place holds for certain
_IN_A_LINE: Final = 60
_IN_A_NAME: Final = 24
_CLOSE: Final = Markup(">")
#: puts parts together and escapes what isn't markup: half of what ``format`` takes
_joined: Final = Markup("").join


class Drawn:
    """Draws for one site.

    Args:
        say: a message of the kernel in the language of whoever reads.
    """

    def __init__(self, say: Callable[[str], str]) -> None:
        self._say = say
        figure, moment = self._figure, self._moment
        self._kinds: dict[str, Draw] = {
            "text": self._text, "link": self._link, "hidden": self._hidden, "money": figure, "integer": figure,
            "number": figure, "percent": figure, "date": moment, "datetime": moment,
        }  # fmt: skip

    def show(self, value: Any) -> Markup | None:
        """A value of a record; None where the template draws it."""
        made = self._show(value)
        return None if made is None else straight_page(made)

    def plain(self, value: Any) -> Markup | None:
        """A value without what stands beside it; None where the template draws it."""
        made = self._plain(value)
        return None if made is None else straight_page(made)

    def _show(self, value: Any) -> Markup | None:
        if value is None or isinstance(value, Undefined):
            return self.nothing()
        if isinstance(value, str):
            return escape(value) if value else self.nothing()
        if type(value) is not dict or any(value.get(name) for name in _MORE):
            return None
        return self._plain(value)

    def _plain(self, value: Any) -> Markup | None:
        draw = self._kinds.get(value.get("kind") or "text") if type(value) is dict else None
        return draw(value) if draw is not None else None

    def nothing(self) -> Markup:
        """What stands where a value isn't known."""
        return _NONE.format(self._say("not known"))

    # -- kinds ------------------------------------------------------------------------------------------------------

    def _text(self, value: Values) -> Markup:
        text = value.get("text")
        if text is None or text == "":
            return self.nothing()
        classes = [name for key, name in _STYLES if value.get(key)]
        title = value.get("title")
        if not classes and not title:
            cut = _cut(text)
            return _joined((_SPAN, cut, _CLOSE, text, _SPAN_END)) if cut else escape(text)
        opening = Markup('<span class="{}"{}>').format(
            " ".join(classes), _attribute("title", title)
        )
        return _joined((opening, text, _SPAN_END))

    def _link(self, value: Values) -> Markup:
        text, href = value.get("text"), value.get("href")
        if not text:
            return self.nothing()
        if not href:
            return self._text(value)
        return _joined((_A, href, _QUOTE, _cut(text), _CLOSE, text, _A_END))

    def _figure(self, value: Values) -> Markup:
        """The code of a foreign currency before it, the unit of a lone amount behind it."""
        text = value.get("text")
        if text is None or text == "":
            return self.nothing()
        adverse, unit, currency = value.get("adverse"), value.get("unit"), value.get("currency")
        title, strong = value.get("title"), value.get("strong") or adverse
        if not (adverse or strong or unit or currency or title):
            return _joined((_NUMBER, text, _SPAN_END))
        return Markup('<span class="t-num{}{}"{}>{}{}{}</span>').format(
            " t-adverse" if adverse else "",
            " t-strong" if strong else "",
            _attribute("title", title),
            Markup('<span class="t-unit">{}</span> ').format(currency) if currency else "",
            text,
            Markup(' <span class="t-unit">{}</span>').format(unit) if unit else "",
        )

    def _moment(self, value: Values) -> Markup:
        text, iso = value.get("text"), value.get("iso")
        if not text:
            return self.nothing()
        if iso and not value.get("adverse"):
            return _joined((_TIME, iso, _OPEN, text, _TIME_END))
        adverse = " t-adverse" if value.get("adverse") else ""
        at = _attribute("datetime", iso)
        return Markup('<time class="t-num{}"{}>{}</time>').format(adverse, at, text)

    def _hidden(self, value: Values) -> Markup:
        text = value.get("text") or self._say("not visible to you")
        return Markup('<span class="t-none">{}</span>').format(text)

    # -- tables -----------------------------------------------------------------------------------------------------

    @staticmethod
    def column_class(column: Values) -> str:
        """How a column stands."""
        align = column.get("align")
        first = [f"is-{align}"] if align and align != "start" else []
        return " ".join([*first, *(name for key, name in _COLUMN if column.get(key))])

    def rows(self, table: Values, value: Any, actions: Any, row: Any) -> Markup:
        """The rows of a table.

        Args:
            value: the macros of ``parts/value.html``, for what isn't drawn here.
            actions: the macro that draws the buttons of a cell.
            row: the macro that draws a row around its cells.
        """
        columns = [self._column(each) for each in table["columns"]]
        made = []
        for one in table["rows"]:
            cells = "" if one.get("group") else self._cells(columns, one, value, actions)
            made.append(row(table, one, cells))
        return straight_page(_joined(made))

    def cell(self, column: Values, cell: Any, value: Any, actions: Any) -> Markup:
        """One cell."""
        _column, opening, classes = self._column(column)
        return straight_page(self._cell(opening, classes, cell, value, actions))

    def _column(self, column: Values) -> tuple[Values, Markup, str]:
        classes = self.column_class(column)
        return column, _TD.format(classes, self._told(column)), classes

    def _cells(self, columns: Columns, row: Values, value: Any, actions: Any) -> Markup:
        href = row.get("href")
        return _joined(
            self._named(column, cell, href, value)
            if column.get("identity")
            else self._cell(opening, classes, cell, value, actions)
            for (column, opening, classes), cell in zip(columns, row["cells"], strict=False)
        )

    def _cell(self, opening: Markup, classes: str, cell: Any, value: Any, actions: Any) -> Markup:
        if type(cell) is dict and "actions" in cell:
            return _ACTIONS.format(classes, actions(cell["actions"]))
        if isinstance(cell, str) and not cell:
            return _BLANK.format(classes)
        shown = self._show(cell)
        return _joined((opening, value.show(cell) if shown is None else shown, _TD_END))

    def _named(self, column: Values, cell: Any, href: Any, value: Any) -> Markup:
        """What a row is known by, with the way to it around."""
        about: Values = cell if type(cell) is dict else {}
        if href and about.get("kind") == "link":
            shown: Any = about.get("text")
        elif "kind" in about or "text" in about:
            shown = self._plain(cell)
            shown = value.plain(cell) if shown is None else shown
        else:
            shown = value.show(cell)
        if href:
            shown = _joined((_A, href, _OPEN, shown, _A_END))
        beside = value.beside(cell) if about.get("sub") or about.get("below") else ""
        head = _TH.format(self.column_class(column), column.get("label") or "")
        title = _attribute("title", about.get("title") or _whole(about.get("text"), _IN_A_NAME))
        return _joined((head, title, _CLOSE, shown, beside, _TH_END))

    def _told(self, column: Values) -> str:
        """The label of a column with its unit, as it stands beside a value on a narrow page."""
        label, unit = column.get("label") or "", column.get("unit")
        return label + self._say(" (%(unit)s)") % {"unit": unit} if label and unit else label


def _cut(text: Any) -> Markup:
    """What is longer than a line holds is cut there, and whole in its title."""
    whole = _whole(text, _IN_A_LINE)
    return _CUT.format(whole) if whole else Markup("")


def _whole(text: Any, most: int) -> str:
    """A text that is longer than that; else nothing."""
    return text if isinstance(text, str) and len(text) > most else ""


def _attribute(name: str, value: Any) -> Markup:
    return Markup(' {}="{}"').format(name, value) if value else Markup("")
