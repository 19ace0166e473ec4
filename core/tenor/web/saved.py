"""Saved filters of a list: tabs with counts, and the page on which one is kept, renamed, shared and removed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from tenor.db.numbers import number
from tenor.records.paging import CAP, Pager
from tenor.records.schema import prose
from tenor.views import address
from tenor.views.access import share_filters
from tenor.views.records import NAME, QUERY
from tenor.web.addresses import with_query
from tenor.web.asked import asked_of, query_of
from tenor.web.fields import errors_of
from tenor.web.listed import readable
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import Conflict, Invalid, NotFound, TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenor.context import KernelContext
    from tenor.views.saved import Saved
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_AT = "/<plugin>/<slug>/saved"
_SHARED = "too-many-shared-filters"
#: of an address, what is of the moment and not of the filter
_MOMENTARY = frozenset(("cursor", "size", "format", "columns", "all", "saved", "look_at"))


def routes(at: Blueprint, web: Web) -> None:
    """What belongs to the saved filters of a list."""

    @at.route(f"{_AT}/new", methods=["GET", "POST"])
    def new(plugin: str, slug: str) -> Response:
        return SavedPage(web, web.kernel.records.find(plugin, slug), None).response()

    @at.route(f"{_AT}/<int:identity>", methods=["GET", "POST"])
    def change(plugin: str, slug: str, identity: int) -> Response:
        return SavedPage(web, web.kernel.records.find(plugin, slug), identity).response()


def kept_of(args: Any) -> str:
    """What of a list's address a filter keeps, always in the same order."""
    pairs = {name: sorted(args.getlist(name)) for name in sorted(args) if name not in _MOMENTARY}
    return with_query("", pairs).removeprefix("?")


def opened(kind: type[Record], identity: int, query: str) -> str:
    """The address of a list with a saved filter: all of it, so that it can be sent to others, and which one it is."""
    return f"{address(kind)}?{query}{'&' if query else ''}saved={identity}"


def kept_in(href: str) -> str:
    """The same of an address."""
    return kept_of(MultiDict(parse_qsl(href.partition("?")[2])))


class Tabs:
    """The tabs of the saved filters of one list.

    Args:
        now: what is asked for, as ``kept_of`` writes it.
    """

    def __init__(self, web: Web, ctx: KernelContext, kind: type[Record], now: str) -> None:
        self.web, self.ctx, self.kind, self.now = web, ctx, kind, now
        self.path = address(kind)
        self.saved = web.kernel.views.saved.of(ctx, kind)
        self._stand_beside(number(request.args.get("saved", "")))

    def _stand_beside(self, identity: int | None) -> None:
        """A filter that was opened by its address has its tab, where there are more than stand there."""
        if identity is None or any(each.id == identity for each in self.saved):
            return
        with suppress(NotFound):
            self.saved.append(self.web.kernel.views.saved.one(self.ctx, self.kind, identity))

    def every(self, shown: str, *, counted: bool = False) -> list[Values]:
        """One's own, then the shared ones; then the way to keep what is shown, or to change what is open.

        Args:
            shown: of what is asked for, what is understood: that is kept.
            counted: whether they say how many there are, as far as one counts: a statement for each.
        """
        tabs = [self._tab(each) for each in self.saved]
        for tab, each in zip(tabs, self.saved, strict=True):
            tab["count"] = self._count(each) if counted else None
        return tabs + self._last(shown)

    def current(self) -> Saved | None:
        """The filter that is shown."""
        return next((each for each in self.saved if each.query == self.now), None)

    def _tab(self, saved: Saved) -> Values:
        icon = "users" if saved.shared else ""
        return {
            "label": saved.name,
            "href": opened(self.kind, saved.id, saved.query),
            "current": saved.query == self.now,
            "icon": icon,
            "saved": True,
        }

    def _last(self, shown: str) -> list[Values]:
        current = self.current()
        if current is not None:
            if not self.web.kernel.views.saved.may_change(self.ctx, current):
                return []
            label = self.web.say(_("Change this saved filter"))
            return [_sign(label, "pencil", f"{self.path}/saved/{current.id}")]
        if not set(parse_qs(shown)) - {"view", "archived"}:
            return []
        label = self.web.say(_("Save this filter"))
        return [_sign(label, "plus", f"{self.path}/saved/new?{shown}")]

    def _count(self, saved: Saved) -> str | None:
        args: MultiDict[str, str] = MultiDict(parse_qsl(saved.query))
        view = self.web.kernel.views.list_view(self.kind, args.get("view", ""))
        try:
            asked = asked_of(self.ctx, view, query_of(args)).sure()
            count = Pager(self.ctx, view, asked).count()
        except TenorError:
            return None  # opened, the list says what is wrong with it
        return f"{CAP:,}+" if count > CAP else f"{count:,}"


def _sign(label: str, icon: str, href: str) -> Values:
    """A tab that is a sign alone, its words for those who hear the page."""
    return {"label": label, "icon": icon, "only": True, "href": href}


class SavedPage:
    """The page of one saved filter; ``identity`` is None while it isn't saved yet."""

    def __init__(self, web: Web, kind: type[Record], identity: int | None) -> None:
        self.web, self.kind, self.identity = web, kind, identity
        self.path = address(kind)
        self.room = web.kernel.views.saved

    def response(self) -> Response:
        """Show it, or do what it is asked for."""
        errors: dict[str, TenorError] = {}
        if request.method == "POST":
            try:
                return self.web.once(self._do)
            except Invalid as error:
                errors = dict(error.fields) or {"_form": error}
            except Conflict as error:
                errors = {"shared" if error.key == _SHARED else "name": error}
        with self.web.reading() as ctx:
            readable(ctx, self.kind)
            saved = self._saved(ctx)
            values = self._page(ctx, saved, errors)
            return self.web.page(ctx, "form.html", values, status=409 if errors else 200)

    def _saved(self, ctx: KernelContext) -> Saved | None:
        if self.identity is None:
            return None
        found = self.room.one(ctx, self.kind, self.identity)
        self.room.check_change(ctx, found)
        return found

    def _do(self, ctx: KernelContext) -> Done:
        readable(ctx, self.kind)
        if request.form.get("_do") == "remove" and self.identity is not None:
            self.room.remove(ctx, self.kind, self.identity)
            return Done(f"{self.path}?all=1", self.web.say(_("The saved filter is removed.")))
        name = prose(request.form.get("name", ""), NAME)
        if not name:
            raise Invalid("invalid", {"name": Invalid("required")})
        shared = bool(request.form.getlist("shared")[-1:] == ["1"])
        to = opened(self.kind, *self._keep(ctx, name, shared))
        return Done(to, self.web.say(_("Saved: {name}", name=name)))

    def _keep(self, ctx: KernelContext, name: str, shared: bool) -> tuple[int, str]:
        if self.identity is None:
            query = kept_of(request.args)
            if len(query) > QUERY:
                raise Invalid("too-long", limit=QUERY, length=len(query))
            identity = self.room.keep(ctx, self.kind, name, query, shared=shared)
        else:
            identity, query = self.identity, self.room.one(ctx, self.kind, self.identity).query
            if not ctx.may(share_filters):  # they were shown no box
                shared = self.room.one(ctx, self.kind, identity).shared
            self.room.change(ctx, self.kind, identity, name, shared=shared)
        self._open_with(ctx, identity, query)
        return identity, query

    def _open_with(self, ctx: KernelContext, identity: int, query: str) -> None:
        view = _view_of(query)
        now = self.room.choice(ctx, self.kind, view).opens_id
        wanted = identity if request.form.getlist("opens")[-1:] == ["1"] else None
        if wanted != now and (wanted is not None or now == identity):
            self.room.open_with(ctx, self.kind, view, wanted)

    def _page(
        self, ctx: KernelContext, saved: Saved | None, errors: Mapping[str, TenorError]
    ) -> Values:
        show = self.web.show(ctx)
        title = show.say(_("Save this filter") if saved is None else _("Change this saved filter"))
        fields = self._fields(ctx, saved, errors)
        labels = {each["name"]: each["label"] for each in fields}
        kept = f"{self.path}?{kept_of(request.args)}"
        back = opened(self.kind, saved.id, saved.query) if saved is not None else kept
        form: Values = {
            "action": request.full_path.rstrip("?"),
            "sections": [{"title": "", "fields": fields, "columns": 1}],
            "once": nonce(),
            "submit": {"label": show.say(_("Save"))},
            "cancel_href": back,
            "errors": errors_of(self.web, errors, labels),
        }
        if saved is not None:
            form["other"] = [{"label": show.say(_("Remove")), "name": "_do", "value": "remove"}]
        crumb = [{"label": show.plural(self.kind), "href": back}]
        return {"title": title, "head": {"title": title, "crumb": crumb}, "form": form}

    def _fields(
        self, ctx: KernelContext, saved: Saved | None, errors: Mapping[str, TenorError]
    ) -> Sequence[Values]:
        show = self.web.show(ctx)
        query = saved.query if saved is not None else kept_of(request.args)
        posted = request.form if request.method == "POST" else None
        opens = self.room.choice(ctx, self.kind, _view_of(query)).opens_id
        given = (
            posted.get("name", "")
            if posted is not None
            else saved.name
            if saved is not None
            else ""
        )
        name: Values = {
            "kind": "text", "name": "name", "label": show.say(_("Name")), "required": True, "max_length": NAME,
            "value": given, "autofocus": True, "help": show.say(_("It stands on a tab above the list.")),
        }  # fmt: skip
        if "name" in errors:
            name["error"] = self.web.error(errors["name"])
        fields = [name]
        if ctx.may(share_filters):
            label = show.say(_("Shared with all who may read this list"))
            box = _box("shared", label, saved is not None and saved.shared)
            fields.append(
                box | {"error": self.web.error(errors["shared"])} if "shared" in errors else box
            )
        label = show.say(_("This list opens with it, for me"))
        fields.append(_box("opens", label, saved is not None and opens == saved.id))
        return fields


def _box(name: str, label: str, on: bool) -> Values:
    posted = request.form.getlist(name)[-1:] if request.method == "POST" else None
    return {
        "kind": "bool",
        "name": name,
        "label": label,
        "on": on if posted is None else posted == ["1"],
    }


def _view_of(query: str) -> str:
    return parse_qs(query).get("view", [""])[0]
