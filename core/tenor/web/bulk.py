"""Many rows of a list changed at once: what is to be done, what would change and is refused, then the deed. What came
of it is on the page of ``bulked``."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from tenor.db.numbers import number
from tenor.records import FieldSpec, PageQuery
from tenor.records.paging import Pager
from tenor.views import address
from tenor.views.bulk import TRIED, Change
from tenor.web.acting import Deed
from tenor.web.addresses import with_query
from tenor.web.asked import asked_of, query_of
from tenor.web.chips import value_labels
from tenor.web.choosable import alike
from tenor.web.export import export
from tenor.web.listed import choice_of, readable, viewed
from tenor.web.rescuing import ROWS
from tenor.web.typed import Typed, read_form
from tenor.web.web import Done
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenor.context import KernelContext
    from tenor.views.bulk import Chosen, Outcome
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: refused ones that a page names; figures up to which they need no comma
SHOWN: Final = 100
_PLAIN: Final = 999
#: the address of the list in which rows were chosen: as a form carries it, and as an address does
_QUERY: Final = "_query"
_LIST: Final = "list"
_REASON: Final = FieldSpec("reason", "base", "Reason", "long-text", required=True, max_length=2000)


def routes(at: Blueprint, web: Web) -> None:
    """What is done with chosen rows, and what came of it."""

    @at.post("/<plugin>/<slug>/bulk/export/<form>")
    def chosen_export(plugin: str, slug: str, form: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with ExitStack() as opened:
            ctx = opened.enter_context(web.reading())
            args = _chosen_in(request.form)
            view = viewed(web, kind, choice_of(web, ctx, kind, args), args)
            ids = list(chosen_rows(web, ctx, kind, request.form))
            query = PageQuery(only=ids, sort=args.get("sort", ""), archived=True)
            return export(web, opened, ctx, view, asked_of(ctx, view, query).sure(), form)

    @at.post("/<plugin>/<slug>/bulk/<what>")
    @at.post("/<plugin>/<slug>/bulk/<what>/<name>")
    def bulk(plugin: str, slug: str, what: str, name: str = "") -> Response:
        kind = web.kernel.records.find(plugin, slug)
        return Many(web, kind, what, name, request.form).response()

    @at.get("/<plugin>/<slug>/bulk/<what>")
    @at.get("/<plugin>/<slug>/bulk/<what>/<name>")
    def bulk_again(plugin: str, slug: str, what: str, name: str = "") -> Response:
        kind, given = web.kernel.records.find(plugin, slug), _typed_before(web)
        if not read_rows(given.get(ROWS, "")):
            return web.go(_list_of(kind, given))
        return Many(web, kind, what, name, given).response()


def _typed_before(web: Web) -> MultiDict[str, str]:
    """What was typed for many rows when a session had ended, with the rows for which it was."""
    with web.reading() as ctx:
        kept = web.kernel.identity.drafts.of(ctx, request.path)
    texts = [] if kept is None else [pair for pair in kept.fields if pair[0] != _QUERY]
    return MultiDict([*texts, (_QUERY, request.args.get(_LIST, ""))])


def chosen_rows(
    web: Web, ctx: KernelContext, kind: type[Record], given: MultiDict[str, str]
) -> Chosen:
    """The rows that were chosen: those of the preview, with their versions; those ticked, or all that the filter shows.

    Raises:
        Invalid: ``nothing-chosen``.
        Conflict: ``too-many-at-once``.
    """
    previewed = given.get(ROWS, "")
    if previewed:
        chosen = read_rows(previewed)
    elif given.get("_all"):
        chosen = dict.fromkeys(_shown(web, ctx, kind, given))
    else:
        ticked = (number(each) for each in given.getlist("ids"))
        chosen = {each: None for each in ticked if each is not None}
    if not chosen:
        raise Invalid("nothing-chosen")
    web.kernel.views.bulk.check_number(len(chosen))
    return chosen


def read_rows(text: str) -> Chosen:
    """Rows as a page carries them; what is none is left out."""
    chosen: dict[int, int | None] = {}
    for each in text.split():
        identity, colon, version = each.partition(":")
        found, was = number(identity), number(version)
        if found is not None and (was is not None or not colon):
            chosen[found] = was
    return chosen


def written_rows(chosen: Chosen) -> str:
    """Rows as a page carries them: their ids, and behind a colon their versions where they are known."""
    return " ".join(
        str(identity) if version is None else f"{identity}:{version}"
        for identity, version in chosen.items()
    )


def _chosen_in(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """The address of the list in which rows were chosen."""
    return MultiDict(parse_qsl(given.get(_QUERY, "")))


def _list_of(kind: type[Record], given: MultiDict[str, str]) -> str:
    """The list in which rows were chosen, as it was."""
    asked = _chosen_in(given)
    if not asked:
        return f"{address(kind)}?all=1"
    return with_query(address(kind), asked.to_dict(flat=False))


def _shown(
    web: Web, ctx: KernelContext, kind: type[Record], given: MultiDict[str, str]
) -> list[int]:
    args = _chosen_in(given)
    view = web.kernel.views.list_view(kind, args.get("view", ""))
    asked = asked_of(ctx, view, query_of(args)).sure()
    statement = Pager(ctx, view, asked).everything([kind.id]).limit(web.kernel.views.bulk.most + 1)
    return list(ctx.session.scalars(statement))


class Many(Deed):
    """One thing done to many rows.

    Args:
        what: ``transition``, ``field``, ``archive`` or ``restore``.
        name: of the transition or the field; empty where the field is still to be chosen.
        given: what was sent, or was typed before.
    """

    def __init__(
        self, web: Web, kind: type[Record], what: str, name: str, given: MultiDict[str, str]
    ) -> None:
        super().__init__(web, kind, None)
        if what not in ("transition", "field", "archive", "restore"):
            raise NotFound("not-found")
        self.what, self.name, self.sent = what, name or given.get("_field", ""), given
        self.chooses = what == "field" and not name
        self.chosen: Chosen = {}
        self.outcome: Outcome | None = None
        self._specs: list[FieldSpec] = []
        self._title = ""
        with web.reading() as ctx:
            readable(ctx, kind)
            self._prepare(ctx)

    def _prepare(self, ctx: KernelContext) -> None:
        """Look up what is asked for, and who is chosen."""
        self.chosen = chosen_rows(self.web, ctx, self.kind, self.sent)
        show = self.web.show(ctx)
        if self.what == "transition":
            how = self.web.kernel.views.bulk.transition(ctx, self.kind, self.name)
            self._title = show.say(how.title, how.plugin)
            asked = (
                self.web.kernel.records.inputs(how.inputs).values()
                if how.inputs is not None
                else ()
            )
            self._specs = list(asked)
            if how.reason and "reason" not in {spec.key for spec in self._specs}:
                self._specs.append(_REASON)
        elif self.what == "field":
            fields = alike(self.web, ctx, self.kind)
            found = [spec for spec in fields if spec.key == self.name]
            if self.name and not found:
                raise NotFound("not-found")
            labels = tuple((spec.key, show.label(spec)) for spec in fields)
            choice = FieldSpec("_field", "base", "Field", "choice", required=True, choices=labels)
            self._specs = [*([choice] if self.chooses else []), *found]
            handing = self.name == "owner_id" and not self.chooses
            self._title = show.say(_("Hand over") if handing else _("Change a field"))
        else:
            self._title = show.say(_("Archive") if self.what == "archive" else _("Bring back"))

    # -- as every deed ----------------------------------------------------------------------------------------------

    @property
    def inputs(self) -> type[Any] | None:
        return None

    @property
    def specs(self) -> list[FieldSpec]:
        return self._specs

    def title(self) -> str:
        return records(self.web.say, self._title, len(self.chosen))

    def previews(self) -> bool:
        return True

    def submit(self, ctx: KernelContext, record: Record | None) -> str:
        if self.chooses and not self.name:
            return self.web.say(_("Give its value"))
        return super().submit(ctx, record)

    def response(self) -> Response:
        """As every deed; a field that was only just chosen is asked for its value first."""
        if request.method == "GET":
            return self._ask(None)
        unasked = self.chooses and (not self.name or self.name not in request.form)
        if unasked and request.args.get("step") != "ask":
            return self._ask(read_form(request.form, {}, self.specs, self.web.kernel))
        return super().response()

    def _ask(self, typed: Typed | None) -> Response:
        if not self.specs and (typed is None or not typed.errors):
            return self._previewed(Typed())
        return super()._ask(typed)

    def _previewed(self, typed: Typed) -> Response:
        change = self._change(typed)
        room = self.web.kernel.views.bulk
        with self.web.reading() as ctx:
            self.chosen = room.as_they_are(ctx, self.kind, list(self.chosen))
        self.outcome = room.tried(self.web.actor(), self.kind, change, list(self.chosen))
        self._raise_common(self.outcome)
        return super()._previewed(typed)

    def _raise_common(self, outcome: Outcome) -> None:
        """What was filled in wrongly is wrong for all: it belongs to the form."""
        errors = [error for _id, _name, error in outcome.refused]
        if (
            self.specs
            and len(errors) == min(len(self.chosen), TRIED)
            and all(isinstance(one, Invalid) for one in errors)
        ):
            raise errors[0]

    def _change(self, typed: Typed) -> Change:
        texts = {
            name: text
            for name, text in typed.values.items()
            if isinstance(text, str) and name != "_field"
        }
        return Change(self.what, self.name, texts)

    def preview(self, ctx: KernelContext, record: Record | None, typed: Typed) -> list[Values]:
        assert self.outcome is not None  # tried before the page is made
        show = self.web.show(ctx)
        refused = [
            (identity, name, self.web.error(error))
            for identity, name, error in self.outcome.refused
        ]
        untried = len(self.chosen) - TRIED
        of_those = show.say(_("of the first {n}", n=TRIED)) if untried > 0 else ""
        changed, already = self.outcome.changed, len(self.outcome.already)
        figures = counted(show, show.say(_("Will change")), changed, already, len(refused))
        shown = [{**each, "note": of_those} for each in figures]
        panels: list[Values] = [
            *self._given(ctx, show, typed),
            {"kind": "figures", "label": self.title(), "figures": shown},
        ]
        if untried > 0:
            panels.insert(0, _sample(show, untried))
        elif not changed:
            panels.insert(0, _nothing(show))
        return panels + refused_table(show, self.kind, refused, len(refused))

    def _given(self, ctx: KernelContext, show: Show, typed: Typed) -> list[Values]:
        """What is filled in, in words; what is left empty is said to be emptied."""
        fields = [
            {"label": show.label(spec), "value": self._said(ctx, show, spec, typed.text(spec.key))}
            for spec in self.specs
            if spec.key != "_field" and spec.kind != "file"
        ]
        return [{"kind": "fields", "label": self.title(), "fields": fields}] if fields else []

    def _said(self, ctx: KernelContext, show: Show, spec: FieldSpec, text: str) -> Values:
        if not text:
            emptied = self.what == "field" and spec.kind != "boolean"
            return {"text": show.say(_("emptied"))} if emptied else {"text": show.say(_("No"))}
        if spec.kind == "boolean":
            return {"text": show.say(_("Yes"))}
        if spec.target is not None or spec.choices:
            return {"text": value_labels(ctx, show, self.kind, spec, [text]).get(text, text)}
        return {"text": text}

    def goes_on(self) -> bool:
        """Whether anything would change; of rows beyond those that were tried nobody knows."""
        assert self.outcome is not None  # tried before the page is made
        return self.outcome.changed > 0 or len(self.chosen) > TRIED

    def hidden(self, ctx: KernelContext, record: Record | None) -> list[Values]:
        """The rows by their ids, as a filter may show others by then; and the address of the list, to go back."""
        query = {"name": _QUERY, "value": self.sent.get(_QUERY, "")}
        return [{"name": ROWS, "value": written_rows(self.chosen)}, query]

    def keeps(self) -> tuple[str, ...]:
        return (ROWS,)

    def do(self, ctx: KernelContext, record: Record | None, typed: Typed) -> Done:
        course = self.web.kernel.views.bulk_course
        found = course.begin(ctx, self.kind, self._change(typed), self.chosen)
        return Done(f"{address(self.kind)}/bulk/{found}")

    def page(self, record: Record | None) -> str:
        """Where what was typed is found again with the rows; the list where nothing is."""
        query = self.sent.get(_QUERY, "")
        return with_query(request.path, {_LIST: query} if query else {})

    def back(self, record: Record | None) -> str:
        return _list_of(self.kind, self.sent)


def records(say: Callable[[Text], str], what: Text | str, n: int) -> str:
    """What is done with how many."""
    if n > _PLAIN:
        return say(_("{what}: {n} records", what=what, n=f"{n:,}"))
    return say(ngettext("{what}: {n} record", "{what}: {n} records", n, what=what))


def _sample(show: Show, untried: int) -> Values:
    """That only the first rows were tried."""
    title = _("Tried on the first {n}.", n=TRIED)
    text = _(
        "The other {n} are tried when they are changed: each that is refused then is told with its reason.",
        n=f"{untried:,}",
    )
    return {"kind": "notice", "tone": "note", "title": show.say(title), "text": show.say(text)}


def _nothing(show: Show) -> Values:
    """That nothing would change."""
    text = show.say(_("Each of these records is refused, or is so already."))
    title = show.say(_("Nothing would change"))
    return {"kind": "notice", "tone": "note", "title": title, "text": text}


def counted(show: Show, label: str, changed: int, already: int, refused: int) -> list[Values]:
    """The figures of a change: how many are changed, were so already, and are refused.

    Args:
        label: of those that are changed.
    """
    return [
        {"label": label, "text": f"{changed:,}"},
        {"label": show.say(_("Already so")), "text": f"{already:,}"},
        {"label": show.say(_("Refused")), "text": f"{refused:,}", "adverse": bool(refused)},
    ]


def refused_table(
    show: Show, kind: type[Record], refused: Sequence[tuple[int, str, str]], count: int
) -> list[Values]:
    """The first of those that are refused, each with its reason.

    Args:
        count: how many there are in all.
    """
    if not refused:
        return []
    rows = [
        {
            "href": f"{address(kind)}/{identity}" if name else "",
            "cells": [{"text": name or f"#{identity}"}, {"text": why}],
        }
        for identity, name, why in refused[:SHOWN]
    ]
    columns = [
        {"label": show.title(kind), "identity": True},
        {"label": show.say(_("Why")), "explains": True},
    ]
    title = show.say(_("Refused"))
    table = {"columns": columns, "rows": rows, "caption": title}
    made: Values = {"kind": "table", "title": title, "count": f"{count:,}", "table": table}
    if count > len(rows):
        made["lines"] = [show.say(_("The first {n} stand here.", n=len(rows)))]
    return [made]
