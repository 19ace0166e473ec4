"""The commonest values, drawn without a template.

A list shows five hundred of them: as macros they were two thirds of what its page cost. Whatever is rarer stays in
``parts/value.html``, which asks here first. Within, what is drawn is a plain text in which everything given was
escaped as it was put in; what leaves is ``Markup``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from jinja2 import Undefined
from markupsafe import Markup, escape

from tenor.web.turning import whole

Values = dict[str, Any]
#: the markup of a value
Draw = Callable[[Values], str]
#: what stands beside or behind a value is drawn by the template
_MORE: Final = ("why", "sub", "below")
_STYLES: Final = (
    ("strong", "t-strong"), ("adverse", "t-adverse"), ("quiet", "t-quiet"), ("clip", "t-clip"),
)  # fmt: skip
#: characters of a value that its place holds for certain
_IN_A_LINE: Final = 60
#: a day, a time of it, the number by which a record is known, and an amount with its unit: no line ends within; each of
#: bounded length, as people may write figures and commas by the thousand
_UNBROKEN: Final = re.compile(
    r"(?<![\w-])(?:\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?"
    r"|(?=[\w-]{3,24}(?![\w-]))[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+"
    r"|\d[\d,]{0,40}\.\d\d (?:[A-Z]{3}|元|万元))(?![\w-])",
    re.ASCII,
)


class Drawn:
    """Draws for one site.

    Args:
        say: a message of the kernel in the language of whoever reads.
    """

    def __init__(self, say: Callable[[str], str]) -> None:
        self.say = say
        figure, moment = self._figure, self._moment
        self._kinds: dict[str, Draw] = {
            "text": self._text, "link": self._link, "hidden": self._hidden, "money": figure, "integer": figure,
            "number": figure, "percent": figure, "date": moment, "datetime": moment,
        }  # fmt: skip

    def show(self, value: Any) -> Markup | None:
        """A value of a record; None where the template draws it."""
        return _page(self.shown(value))

    def plain(self, value: Any) -> Markup | None:
        """A value without what stands beside it; None where the template draws it."""
        return _page(self.shown_plain(value))

    def nothing(self) -> Markup:
        """What stands where a value isn't known."""
        return Markup(whole((self._nothing(),)))

    @staticmethod
    def unbroken(text: Any) -> Markup:
        """A text in which days, times and numbers of records are one word each, however narrow its place is."""
        return Markup(whole((_unbroken(text),)))

    # -- as a plain text, for whoever puts many together ------------------------------------------------------------

    def shown(self, value: Any) -> str | None:
        """A value's markup; None where the template draws it."""
        if type(value) is dict:
            for name in _MORE:
                if value.get(name):
                    return None
            draw = self._kinds.get(value.get("kind") or "text")
            return draw(value) if draw is not None else None
        if value is None or isinstance(value, Undefined):
            return self._nothing()
        if isinstance(value, str):
            return _unbroken(value) if value else self._nothing()
        return None

    def shown_plain(self, value: Any) -> str | None:
        """A value's markup without what stands beside it; None where the template draws it."""
        draw = self._kinds.get(value.get("kind") or "text") if type(value) is dict else None
        return draw(value) if draw is not None else None

    def _nothing(self) -> str:
        return f'<span class="t-none" aria-label="{escape(self.say("not known"))}">—</span>'

    # -- kinds ------------------------------------------------------------------------------------------------------

    def _text(self, value: Values) -> str:
        text = value.get("text")
        if text is None or text == "":
            return self._nothing()
        classes = [name for key, name in _STYLES if value.get(key)]
        title = value.get("title")
        if not classes and not title:
            cut = _cut(text)
            return f"<span{cut}>{_unbroken(text)}</span>" if cut else _unbroken(text)
        return (
            f'<span class="{" ".join(classes)}"{attribute("title", title)}>{_unbroken(text)}</span>'
        )

    def _link(self, value: Values) -> str:
        text, href = value.get("text"), value.get("href")
        if not text:
            return self._nothing()
        if not href:
            return self._text(value)
        return f'<a href="{escape(href)}"{_cut(text)}>{_unbroken(text)}</a>'

    def _figure(self, value: Values) -> str:
        """The code of a foreign currency before it, the unit of a lone amount behind it."""
        text = value.get("text")
        if text is None or text == "":
            return self._nothing()
        adverse, unit, currency = value.get("adverse"), value.get("unit"), value.get("currency")
        title, strong = value.get("title"), value.get("strong") or adverse
        if not (strong or unit or currency or title):
            return f'<span class="t-num">{escape(text)}</span>'
        classes = f"t-num{' t-adverse' if adverse else ''}{' t-strong' if strong else ''}"
        before = f'<span class="t-unit">{escape(currency)}</span> ' if currency else ""
        behind = f' <span class="t-unit">{escape(unit)}</span>' if unit else ""
        opening = f'<span class="{classes}"{attribute("title", title)}>'
        return f"{opening}{before}{escape(text)}{behind}</span>"

    def _moment(self, value: Values) -> str:
        text = value.get("text")
        if not text:
            return self._nothing()
        adverse = " t-adverse" if value.get("adverse") else ""
        at = attribute("datetime", value.get("iso"))
        return f'<time class="t-num{adverse}"{at}>{escape(text)}</time>'

    def _hidden(self, value: Values) -> str:
        text = value.get("text") or self.say("not visible to you")
        return f'<span class="t-none">{escape(text)}</span>'


def _page(made: str | None) -> Markup | None:
    return None if made is None else Markup(whole((made,)))


def _unbroken(text: Any) -> str:
    shown = str(escape(text))
    if "-" not in shown and "." not in shown:
        return shown
    if _UNBROKEN.fullmatch(shown):  # as most of them are, and found sooner so
        return f'<span class="t-num">{shown}</span>'
    return _UNBROKEN.sub(r'<span class="t-num">\g<0></span>', shown)


def _cut(text: Any) -> str:
    """What is longer than a line holds is cut there, and whole in its title."""
    whole = longer(text, _IN_A_LINE)
    return f' class="t-clip" title="{escape(whole)}"' if whole else ""


def longer(text: Any, most: int) -> str:
    """A text that is longer than that; else nothing."""
    return text if isinstance(text, str) and len(text) > most else ""


def attribute(name: str, value: Any) -> str:
    """An attribute of a tag; nothing where there is nothing to say."""
    return f' {name}="{escape(value)}"' if value else ""
