"""The palette: records, menus and actions by a few letters, in one list that is walked with the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.db.numbers import number
from tenor.search.marking import Match, Part, match
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.addresses import with_query
from tenor.web.deeds import Doable, deeds_of_list, deeds_of_menus, deeds_of_record
from tenor.web.pages.search import everywhere, typed
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.search import Found
    from tenor.views import MenuItem
    from tenor.web.web import Web
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: found of each kind of record; lines of a group
_EACH: Final = 3
_MOST: Final = 7
_RECENT: Final = 6
#: buttons of the page, and characters of one
_BUTTONS: Final = 30
_LABEL: Final = 60
_ICON: Final = "file-text"
#: how well a record fits: found in a field, by its name, by how its name begins
_FIELD, _NAME, _BEGINS = 1, 2, 3


def routes(at: Blueprint, web: Web) -> None:
    """The palette, and what is in it."""

    @at.get("/palette")
    def palette() -> Response:
        with web.reading() as ctx:
            groups = Palette(web, ctx, typed()).groups()
            macro = "results" if request.args.get("part") == "results" else "dialog"
            return web.fragment("parts/palette.html", macro, groups, typed())


class Palette:
    """What one person may go to and do from where they are.

    Args:
        text: what they look for; empty where they have only opened it.
    """

    def __init__(self, web: Web, ctx: KernelContext, text: str) -> None:
        self.web, self.ctx, self.text = web, ctx, text
        self.show = web.show(ctx)
        self.apps = web.kernel.views.apps(ctx)
        self.icons = {
            item.href.partition("?")[0]: app.icon for app in self.apps for item in app.items
        }
        self.buttons = _given("button")
        #: what each of them says of itself beside its words
        self.about = _given("about")
        self.here = self._here()
        #: whether more records fit than there are lines for
        self.more = False

    def groups(self) -> list[Values]:
        """Groups with at least one line."""
        records = self.found() if self.text else self.recent()
        label = _("Records") if self.text else _("Seen lately")
        made = [
            {"key": "page", "label": self.show.say(_("On this page")), "lines": self.on_page()},
            {"key": "records", "label": self.show.say(label), "lines": records},
            {"key": "places", "label": self.show.say(_("Go to")), "lines": self.places()},
            {"key": "deeds", "label": self.show.say(_("Actions")), "lines": self.deeds(records)},
        ]
        return [group for group in made if group["lines"]]

    # -- records ----------------------------------------------------------------------------------------------------

    def found(self) -> list[Values]:
        """Records that are found: those whose name is what was typed before those that it is found in otherwise."""
        found = everywhere(self.web, self.ctx, self.text, _EACH)
        lines = [line for each in found for line in self._lines(each)]
        lines.sort(key=lambda line: -line["rank"])
        self.more = len(lines) > _MOST or any(each.more for each in found)
        words = _("All that is found by “{text}”", text=self.text)
        return [*lines[:_MOST], *([self._everywhere(words)] if self.more else [])]

    def _lines(self, found: Found) -> Iterator[Values]:
        names = self.web.kernel.records.display_names(self.ctx, found.record, found.ids)
        told = self.web.kernel.search.told_by(self.ctx, found.record, found.ids, self.text)
        for identity in found.ids:
            if identity not in names:
                continue
            line = self._record(found.record, identity, names[identity])
            named = match(names[identity], self.text)
            if named is not None:
                line |= {
                    "parts": named.parts(),
                    "sound": named.sound,
                    "rank": _BEGINS if named.at_once else _NAME,
                }
            elif identity in told:
                spec, said = told[identity]
                label = {"label": self.show.label(spec)}
                line |= {
                    "because": label | {"parts": said.around()},
                    "sound": said.sound,
                    "rank": _FIELD,
                }
            yield line

    def _record(self, kind: type[Record], identity: int, name: str) -> Values:
        return {
            "parts": [Part(name)],
            "name": name,
            "what": self.show.title(kind),
            "href": address(kind, identity),
            "icon": self.icons.get(address(kind), _ICON),
            "rank": 0,
        }

    def recent(self) -> list[Values]:
        """Records that the browser remembers by their addresses; what they are called is told by what the person may
        see of them today."""
        wanted = [
            one for path in request.args.getlist("recent")[:_RECENT] if (one := self._at(path))
        ]
        names: dict[type[Record], dict[int, str]] = {}
        for kind in dict.fromkeys(kind for kind, _identity in wanted):
            ids = [identity for one, identity in wanted if one is kind]
            names[kind] = dict(self.web.kernel.records.display_names(self.ctx, kind, ids))
        return [
            self._record(kind, identity, names[kind][identity])
            for kind, identity in wanted
            if identity in names[kind]
        ]

    def _at(self, path: str) -> tuple[type[Record], int] | None:
        """The record at an address, if there can be one."""
        plugin, slug, last = [*path.strip("/").split("/"), "", "", ""][:3]
        kind, identity = self.web.kernel.records.by_path.get((plugin, slug)), number(last)
        if kind is None or identity is None or not has_page(kind):
            return None
        return (kind, identity) if self.ctx.may(kind, "read") else None

    # -- menus ------------------------------------------------------------------------------------------------------

    def places(self) -> list[Values]:
        """Menus: by their own name, then by that of their app; all apps where nothing is looked for."""
        if not self.text:
            return [self._place(app, app.items[0], None) for app in self.apps[:_MOST]]
        named, others = [], []
        for app in self.apps:
            title = self.show.say(app.title, app.plugin)
            for item in app.items:
                found = match(self.show.say(item.title, item.plugin), self.text)
                if found is not None:
                    named.append(self._place(app, item, found))
                elif match(title, self.text) is not None:
                    others.append(self._place(app, item, None))
        return [*named, *others][:_MOST]

    def _place(self, app: Any, item: MenuItem, found: Match | None) -> Values:
        title, of = self.show.say(item.title, item.plugin), self.show.say(app.title, app.plugin)
        beside = match(of, self.text)
        apart = [] if of == title else beside.parts() if beside is not None else [Part(of)]
        return {
            "parts": found.parts() if found is not None else [Part(title)],
            "of": apart,
            "sound": found.sound
            if found is not None
            else beside.sound
            if beside is not None
            else (),
            "href": item.href,
            "icon": app.icon,
        }

    # -- the page itself --------------------------------------------------------------------------------------------

    def on_page(self) -> list[Values]:
        """The buttons of the page from which the palette was opened, as its browser read them, by their places. One
        that would do something at once is led to the page that asks first, where there is one."""
        asking = {deed.label: deed for deed in self.here}
        lines = []
        for place, label in enumerate(self.buttons):
            about = self.about[place] if place < len(self.about) else ""
            found, beside = match(label, self.text), match(about, self.text)
            if found is None and beside is None and self.text:
                continue
            line = _deed(asking.get(label) or Doable(label, ""), found)
            told = beside.parts() if beside is not None else [Part(about)] if about else []
            lines.append(line | {"place": place, "of": told})
        return lines if self.text else lines[:_MOST]

    # -- actions ----------------------------------------------------------------------------------------------------

    def deeds(self, records: Sequence[Values]) -> list[Values]:
        """What can be done: here, to the record that fits best, elsewhere; and a search of everything."""
        here = self._fitting(deed for deed in self.here if deed.label not in self.buttons)
        if not self.text:
            return here[:_MOST]
        elsewhere = self._fitting(deeds_of_menus(self.web, self.ctx, self.show))
        lines = [*here, *self._with_best(records), *elsewhere]
        lines = list({line["href"]: line for line in reversed(lines)}.values())[::-1]
        if self.more:
            return lines[:_MOST]
        return [
            *lines[:_MOST],
            self._everywhere(_("Search everything for “{text}”", text=self.text)),
        ]

    def _fitting(self, deeds: Iterable[Doable]) -> list[Values]:
        lines = []
        for deed in deeds:
            found = match(deed.label, self.text)
            if found is not None or not self.text:
                lines.append(_deed(deed, found))
        return lines

    def _here(self) -> list[Doable]:
        """What the page can do from which the palette was opened."""
        path = request.args.get("on", "")
        found = self._at(path)
        if found is not None:
            kind, identity = found
            record = self.ctx.session.get(kind, identity)
            return deeds_of_record(self.web, self.ctx, self.show, record) if record else []
        plugin, slug = [*path.strip("/").split("/"), ""][:2]
        listed = self.web.kernel.records.by_path.get((plugin, slug))
        if listed is None or not has_page(listed) or not self.ctx.may(listed, "read"):
            return []
        return deeds_of_list(self.web, self.ctx, self.show, listed)

    def _with_best(self, records: Sequence[Values]) -> list[Values]:
        """What can be done with the record whose name begins with what was typed."""
        best = next((line for line in records if line["rank"] == _BEGINS), None)
        found = self._at(best["href"]) if best is not None else None
        record = self.ctx.session.get(*found) if found is not None else None
        if best is None or record is None:
            return []
        deeds = deeds_of_record(self.web, self.ctx, self.show, record)
        lines = [_deed(deed, None) | {"of": best["parts"]} for deed in deeds[:_EACH]]
        return [line for line in lines if not line["href"].endswith(("/why", "/delete"))]

    def _everywhere(self, words: Text) -> Values:
        """The line that leads to all results."""
        return {
            "parts": [Part(self.show.say(words))],
            "href": with_query("/search", {"q": self.text}),
            "icon": "search",
            "rank": 0,
        }


def _given(name: str) -> list[str]:
    """What the browser read of the buttons of its page."""
    return [text[:_LABEL] for text in request.args.getlist(name)[:_BUTTONS]]


def _deed(deed: Doable, found: Match | None) -> Values:
    return {
        "parts": found.parts() if found is not None else [Part(deed.label)],
        "sound": found.sound if found is not None else (),
        "href": deed.href,
        "icon": deed.icon,
        "key": deed.key,
    }
