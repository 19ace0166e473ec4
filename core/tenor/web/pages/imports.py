"""Taking a file of records in: the file, where its columns go, a dry run, and then in earnest, as a job."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.imports.goals import Goals
from tenor.imports.jobs import take_in
from tenor.imports.records import CHECKED, CHECKING, DONE, PROPOSED, RUNNING, STOPPED
from tenor.imports.rejects import is_workbook, refused_name, write_refused
from tenor.records.custom import name_of
from tenor.views import address
from tenor.web.listed import may_make, readable
from tenor.web.pages.files import sent
from tenor.web.templating import nonce
from tenor.web.web import Done, uploads
from tenor_sdk.errors import Forbidden, Invalid, NotFound, TenorError
from tenor_sdk.i18n import _
from tenor_sdk.sheets import UnreadableFile

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.imports import Entry
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: refused rows that a page shows, and imports of before
_SHOWN: Final = 20
_EARLIER: Final = 5
#: seconds after which a page about a file on its way is asked for anew
_AGAIN: Final = "2"
_STATES: Final = {
    PROPOSED: ("hollow", _("not begun")), CHECKING: ("half", _("dry run")), CHECKED: ("hollow", _("looked through")),
    RUNNING: ("half", _("running")), DONE: ("full", _("done")), STOPPED: ("refused", _("stopped")),
}  # fmt: skip
#: kinds of fields by which nobody knows a record again
_MEASURES: Final = frozenset(("amount", "rate", "boolean", "long-text"))
_TYPES: Final = {
    True: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    False: "text/csv",
}


def routes(at: Blueprint, web: Web) -> None:
    """``/<plugin>/<record>/import``, and one below it, ``…/import/<id>``."""

    @at.route("/<plugin>/<slug>/import", methods=["GET", "POST"])
    def import_file(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        if request.method == "GET":
            with web.reading() as ctx:
                return web.page(ctx, "form.html", _upload(web, ctx, kind, None))
        try:
            return web.once(lambda ctx: _propose(web, ctx, kind))
        except (Invalid, UnreadableFile) as error:
            with web.reading() as ctx:
                return web.page(ctx, "form.html", _upload(web, ctx, kind, error), status=422)

    @at.get("/<plugin>/<slug>/import/<int:identity>")
    def one_import(plugin: str, slug: str, identity: int) -> Response:
        with web.reading() as ctx:
            entry = _found(web, ctx, plugin, slug, identity)
            response = web.page(ctx, "form.html", Wizard(web, ctx, entry).values())
        if entry.state in (CHECKING, RUNNING):
            response.headers["Refresh"] = _AGAIN
        return response

    @at.post("/<plugin>/<slug>/import/<int:identity>")
    def change_import(plugin: str, slug: str, identity: int) -> Response:
        def act(ctx: KernelContext) -> Done:
            return _change(web, ctx, _found(web, ctx, plugin, slug, identity))

        try:
            return web.once(act)
        except Invalid as error:
            with web.reading() as ctx:
                entry = _found(web, ctx, plugin, slug, identity)
                values = Wizard(web, ctx, entry, error).values()
                return web.page(ctx, "form.html", values, status=422)

    @at.get("/<plugin>/<slug>/import/<int:identity>/refused")
    def refused_rows(plugin: str, slug: str, identity: int) -> Response:
        out = io.BytesIO()
        with web.reading() as ctx:
            entry = _found(web, ctx, plugin, slug, identity)
            write_refused(ctx, entry, out)
        return sent(refused_name(entry), _TYPES[is_workbook(entry)], out.getvalue())


# -- the file --------------------------------------------------------------------------------------------------------


def _upload(web: Web, ctx: KernelContext, kind: type[Record], error: TenorError | None) -> Values:
    readable(ctx, kind)
    if not may_make(web, ctx, kind):
        raise Forbidden("not-permitted", what=kind.called())
    show = web.show(ctx)
    title = show.say(_("Import {what}", what=show.plural(kind)))
    hint = show.say(_("CSV or XLSX, with the names of the columns in one of the first rows."))
    fields: list[Values] = [
        {
            "kind": "file",
            "name": "file",
            "label": show.say(_("File")),
            "required": True,
            "accept": ".csv,.xlsx",
            "help": hint,
            "error": web.error(error) if error else "",
        },
        {
            "name": "sheet",
            "label": show.say(_("Sheet")),
            "value": request.form.get("sheet", ""),
            "max_length": 100,
            "help": show.say(_("Of a workbook; by default the first.")),
        },
    ]
    errors = [{"href": "#f-file", "label": "", "text": web.error(error)}] if error else []
    form = {
        "action": f"{address(kind)}/import",
        "upload": True,
        "once": nonce(),
        "errors": errors,
        "errors_title": show.say(_("The file can't be read")),
        "sections": [{"fields": fields}],
        "submit": {"label": show.say(_("Go on"))},
        "cancel_href": address(kind),
    }
    earlier = web.kernel.imports.journal.mine(ctx, name_of(kind), _EARLIER)
    about = [_earlier(web, ctx, earlier)] if earlier else []
    return {"title": title, "head": {"title": title}, "form": form, "about": about}


def _earlier(web: Web, ctx: KernelContext, entries: list[Entry]) -> Values:
    show = web.show(ctx)
    title = show.say(_("Your last imports"))
    columns = [
        {"label": show.say(_("File")), "identity": True},
        {"label": show.say(_("State")), "nowrap": True},
        {"label": show.say(_("New")), "align": "end"},
        {"label": show.say(_("Refused")), "align": "end"},
    ]
    rows = [
        {
            "href": _href(web, each),
            "cells": [
                {"text": each.file_name},
                _state(web, ctx, each),
                show.number(each.made),
                show.number(each.refused, adverse=each.refused > 0),
            ],
        }
        for each in entries
    ]
    return {
        "kind": "table", "label": title, "table": {"caption": title, "columns": columns, "rows": rows},
    }  # fmt: skip


def _state(web: Web, ctx: KernelContext, entry: Entry) -> Values:
    shape, text = _STATES[entry.state]
    return {"kind": "state", "shape": shape, "text": web.show(ctx).say(text)}


def _propose(web: Web, ctx: KernelContext, kind: type[Record]) -> Done:
    readable(ctx, kind)
    upload = uploads().get("file")
    if upload is None:
        raise Invalid("required")
    stored = web.kernel.files.store(ctx, upload.name, upload.content, None)
    entry = web.kernel.imports.propose(
        ctx, kind, upload.name, io.BytesIO(upload.content),
        sheet=request.form.get("sheet", "").strip(), file_id=stored.id,
    )  # fmt: skip
    return Done(_href(web, entry), "")


# -- on its way ------------------------------------------------------------------------------------------------------


def _found(web: Web, ctx: KernelContext, plugin: str, slug: str, identity: int) -> Entry:
    """The import of a kind of record at this address."""
    room = web.kernel.imports
    entry = room.journal.get(ctx, identity)
    if room.record(entry) is not web.kernel.records.find(plugin, slug):
        raise NotFound("not-found", what=room.record(entry).called())
    return entry


def _href(web: Web, entry: Entry) -> str:
    return f"{address(web.kernel.imports.record(entry))}/import/{entry.id}"


def _change(web: Web, ctx: KernelContext, entry: Entry) -> Done:
    room, what = web.kernel.imports, request.form.get("_do", "")
    here, identity = _href(web, entry), entry.id
    if what == "stop":
        room.stop(ctx, entry)
        return Done(here, web.say(_("It stops after the rows on which it is.")))
    if what == "resume":
        room.resume(ctx, entry)
    else:
        columns = {
            place: goal
            for place in range(len(entry.header))
            if (goal := request.form.get(f"column-{place}", "").strip())
        }
        room.remap(ctx, entry, columns, [each for each in request.form.getlist("match") if each])
        room.begin(ctx, room.journal.get(ctx, identity), dry=what != "take")
    ctx.enqueue(take_in, number=identity)
    return Done(here, "")


class Wizard:
    """The page of one import.

    Args:
        error: what was wrong with the columns that were said.
    """

    def __init__(
        self, web: Web, ctx: KernelContext, entry: Entry, error: Invalid | None = None
    ) -> None:
        self.web, self.ctx, self.entry, self.error = web, ctx, entry, error
        self.show, self.kind = web.show(ctx), web.kernel.imports.record(entry)

    def values(self) -> Values:
        """What the template takes."""
        head = {
            "title": self.entry.file_name,
            "sub": self.show.plural(self.kind),
            "actions": self._actions(),
        }
        return {
            "title": self.entry.file_name,
            "head": head,
            "about": [*self._counts(), *self._warnings(), *self._refused()],
            "form": self._form(),
        }

    def _actions(self) -> list[Values]:
        found: list[Values] = []
        if self.entry.refused:
            label = self.show.say(_("Refused rows as a file"))
            href = f"{_href(self.web, self.entry)}/refused"
            found.append({"label": label, "icon": "download", "href": href, "download": True})
        label = self.show.plural(self.kind)
        return [*found, {"label": label, "href": address(self.kind)}]

    def _counts(self) -> list[Values]:
        entry, show = self.entry, self.show
        if entry.state == PROPOSED:
            return []
        title = show.say(_("What becomes of its rows"))
        told = (
            (_("Rows"), entry.rows), (_("New"), entry.made), (_("Updated"), entry.changed),
            (_("As they were"), entry.unchanged), (_("Refused"), entry.refused),
        )  # fmt: skip
        columns = [{"label": show.say(_("State")), "identity": True, "nowrap": True}]
        columns += [{"label": show.say(label), "align": "end"} for label, _n in told]
        numbers = [show.number(n, adverse=label == _("Refused") and n > 0) for label, n in told]
        row = {"cells": [_state(self.web, self.ctx, entry), *numbers]}
        table = {"caption": title, "columns": columns, "rows": [row]}
        return [{"kind": "table", "label": title, "table": table}]

    def _warnings(self) -> list[Values]:
        said = [*self.entry.warnings, *([self.entry.problem] if self.entry.problem else [])]
        if not said:
            return []
        title = self.show.say(_("To be looked at"))
        rows = [{"cells": [{"text": each}]} for each in said]
        table = {"caption": title, "columns": [{"label": title, "explains": True}], "rows": rows}
        return [{"kind": "table", "label": title, "table": table}]

    def _refused(self) -> list[Values]:
        if not self.entry.refused:
            return []
        show, room, db = self.show, self.web.kernel.imports, self.web.kernel.db
        with db.marked(db.connection_of(self.ctx.session)) as connection:
            first = list(room.journal.refused(connection, self.entry.id, limit=_SHOWN))
        title = show.say(_("The first refused rows"))
        columns = [
            {"label": show.say(_("Row")), "align": "end", "tight": True},
            {"label": show.say(_("Why")), "explains": True},
        ]
        rows = [{"cells": [show.number(each.row), {"text": each.reasons}]} for each in first]
        table = {"caption": title, "columns": columns, "rows": rows}
        return [{"kind": "table", "label": title, "table": table}]

    # -- what is to be pressed --------------------------------------------------------------------------------------

    def _form(self) -> Values:
        entry, show = self.entry, self.show
        form: Values = {
            "action": _href(self.web, entry),
            "once": nonce(),
            "sections": [],
            "hidden": {},
        }
        if entry.state in (CHECKING, RUNNING):
            return {**form, "submit": self._press("stop", _("Stop"))}
        if entry.state == DONE:
            return {**form, "action": f"{address(self.kind)}/import", "method": "get",
                    "submit": {"label": show.say(_("Import another file"))}}  # fmt: skip
        if entry.state == STOPPED and entry.reached:
            return {**form, "submit": self._press("resume", _("Go on where it stopped"))}
        errors = [{"text": self.web.error(self.error)}] if self.error else []
        take = self._press("take", _("Take in"))
        tried = entry.state == CHECKED
        dry = self._press("try", _("Look through again") if tried else _("Dry run"))
        return {
            **form,
            "errors": errors,
            "errors_title": show.say(_("The columns don't fit yet")),
            "sections": [self._matching(), self._columns()],
            "submit": take if tried else dry,
            "other": [dry if tried else take],
            "foot": show.say(
                _("A dry run writes nothing, and says what would become of each row.")
            ),
        }

    def _press(self, what: str, label: Any) -> Values:
        return {"name": "_do", "value": what, "label": self.show.say(label)}

    def _columns(self) -> Values:
        goals = list(Goals(self.ctx, self.kind).every())
        own = [{"value": "id", "label": self.show.say(_("Number in Tenor"))}]
        listed = [*own, *({"value": goal.name, "label": label} for goal, label in goals)]
        samples = self.web.kernel.imports.samples(self.ctx, self.entry)
        fields = [
            {**self._column(place, name, listed), "help": " · ".join(samples.get(place, ()))}
            for place, name in enumerate(self.entry.header)
            if name
        ]
        title = self.show.say(_("Where the columns go"))
        return {"title": title, "key": "columns", "fields": fields}

    def _column(self, place: int, name: str, listed: list[Values]) -> Values:
        goal = request.form.get(f"column-{place}", self.entry.columns.get(place, ""))
        options = [{**each, "selected": each["value"] == goal} for each in listed]
        if goal and all(each["value"] != goal for each in listed):
            options.append({"value": goal, "label": goal, "selected": True})
        nowhere = self.show.say(_("Nowhere"))
        return {
            "kind": "choice", "name": f"column-{place}", "label": name, "options": options, "placeholder": nowhere,
        }  # fmt: skip

    def _matching(self) -> Values:
        said = request.form.getlist("match") or self.entry.match
        goals = list(Goals(self.ctx, self.kind).every())
        labels = {goal.name: label for goal, label in goals}
        measures = {
            goal.name for goal, _label in goals if goal.spec and goal.spec.kind in _MEASURES
        }
        mapped = [
            each for each in dict.fromkeys(self.entry.columns.values()) if each not in measures
        ]
        options = [
            {"value": goal, "label": labels.get(goal, goal), "selected": goal in said}
            for goal in mapped
        ]
        hint = self.show.say(
            _("By these a row is known again and changes its record. None: each row is a new one.")
        )
        field = {
            "kind": "radio", "multiple": True, "name": "match", "label": self.show.say(_("Known again by")),
            "options": options, "help": hint, "width": "full",
        }  # fmt: skip
        return {"fields": [field]}
