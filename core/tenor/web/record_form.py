"""The form that makes and changes a record: what was typed is never lost, and two who change the same lose nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from tenor.db.numbers import number
from tenor.records.specs import CUSTOM, specs_of
from tenor.views import address
from tenor.web import addresses
from tenor.web.choosing import SHOW_AGAIN
from tenor.web.conflict import began_with, chosen, conflict_of
from tenor.web.form_page import FormPage
from tenor.web.lines import Relation, begun, relations_of
from tenor.web.listed import may_make, readable
from tenor.web.record_page import found
from tenor.web.typed import Typed, read_form, read_lines
from tenor.web.web import Done, uploads
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_SEVERAL: Final = "_form"
#: how the inputs of the institution's own fields begin
_OWN: Final = CUSTOM.replace(".", "-")


def routes(at: Blueprint, web: Web) -> None:
    """Making and changing records of any kind."""

    @at.route("/<plugin>/<slug>/new", methods=["GET", "POST"])
    def make(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        form = RecordForm(web, kind)
        return form.sent(None) if request.method == "POST" else form.asked(None)

    @at.route("/<plugin>/<slug>/<int:identity>/edit", methods=["GET", "POST"])
    def change(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        form = RecordForm(web, kind)
        return form.sent(identity) if request.method == "POST" else form.asked(identity)


class RecordForm:
    """The form of one kind of record."""

    def __init__(self, web: Web, kind: type[Record]) -> None:
        self.web, self.kind = web, kind
        self.relations = relations_of(kind)

    # -- asked for --------------------------------------------------------------------------------------------------

    def asked(self, identity: int | None) -> Response:
        """The empty form, or that of a record."""
        with self.web.reading() as ctx:
            record = self._record(ctx, identity)
            kept = self.web.kernel.identity.drafts.of(ctx, request.path)
            if kept is None or _begins_otherwise(dict(kept.fields)):
                return self._page(ctx, record, None)
            typed = self.typed(MultiDict(kept.fields), {})
            typed.draft = kept
            return self._page(ctx, record, typed)

    def _record(self, ctx: KernelContext, identity: int | None) -> Record | None:
        if identity is None:
            readable(ctx, self.kind)
            if not may_make(self.web, ctx, self.kind):
                raise Forbidden("not-permitted", what=self.kind.called())
            return None
        record = found(self.web, ctx, self.kind, identity)
        if not ctx.may(self.kind, "update", record):
            raise Forbidden("not-permitted", what=self.kind.called())
        if self.web.kernel.workflow.frozen(ctx, record):
            raise Refused("frozen", what=self.kind.called())
        return record

    # -- sent -------------------------------------------------------------------------------------------------------

    def sent(self, identity: int | None) -> Response:
        """Save, or show the form again with what is wrong."""
        typed = self.typed(request.form, uploads())
        if request.form.get("_add") or request.form.get(SHOW_AGAIN):
            return self._again(identity, typed, added=request.form.get("_add", ""))
        try:
            return self.web.once(lambda ctx: self._save(ctx, identity, typed))
        except (NotFound, Forbidden):
            raise
        except Conflict as error:
            if error.key == "changed-since" and identity is not None:
                return self._conflict(identity, typed)
            typed.errors = {_SEVERAL: error}
        except Invalid as error:
            typed.errors = _placed(error, typed)
        except TenorError as error:
            typed.errors = {_SEVERAL: error}
        return self._again(identity, typed)

    def typed(self, sent: MultiDict[str, str], files: Mapping[str, Upload]) -> Typed:
        """What was sent, or would have been; of a conflict what was chosen."""
        specs = specs_of(self.kind).values()
        form, base = chosen(sent), began_with(sent.get("_base", ""))
        typed = read_form(form, files, specs, self.web.kernel, base)
        typed.version, typed.base = sent.get("_version", ""), sent.get("_base", "")
        for relation in self.relations:
            line_specs = specs_of(relation.kind).values()
            rows = read_lines(
                form, files, relation.key, line_specs, self.web.kernel, base,
                begun=begun(relation.kind), whole=SHOW_AGAIN in form,
            )  # fmt: skip
            if rows is not None:
                typed.lines[relation.key] = rows
        # which there are is known when it is saved; what isn't among them stays away then
        typed.values |= {name: form.getlist(name)[-1] for name in form if name.startswith(_OWN)}
        return typed

    def _save(self, ctx: KernelContext, identity: int | None, typed: Typed) -> Done:
        records = self.web.kernel.records
        data = self._data(ctx, identity, typed)
        if identity is None:
            readable(ctx, self.kind)
            made = records.create(ctx, self.kind, data, style="form")
            name = self.web.show(ctx).name(made)
            told = _("{what} {name} is kept.", what=self._title(), name=name)
            return Done(addresses.of(made), self.web.say(told))
        record = records.get(ctx, self.kind, identity, to="update")
        version = number(typed.version)
        records.update(ctx, record, data, version=version, style="form")
        return Done(addresses.of(record), self.web.say(_("Saved.")))

    def _title(self) -> str:
        return self.web.say(self.kind.singular(), self.kind.__plugin__)

    def _data(self, ctx: KernelContext, identity: int | None, typed: Typed) -> dict[str, Any]:
        """What the records' door is handed: an untouched masked value and an untouched file stay away."""
        data = dict(typed.values)
        if identity is not None:
            record = self.web.kernel.records.get(ctx, self.kind, identity, to="update")
            for name, effect in self.web.kernel.records.effects(ctx, record).items():
                if effect == "mask" and not data.get(name):
                    data.pop(name, None)
        own = {name: data.pop(name) for name in typed.values if name.startswith(_OWN)}
        if own:
            data["custom"] = {name.removeprefix(_OWN): value for name, value in own.items()}
        data |= typed.kept
        for relation in self.relations:
            if relation.key in typed.lines:
                data[relation.key] = self._line_data(ctx, relation, typed.lines[relation.key])
        return data

    def _line_data(
        self, ctx: KernelContext, relation: Relation, rows: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The lines that stay; of one that was there an untouched masked value stays away."""
        effects = self.web.kernel.access.field_effects(ctx, relation.kind)
        masked = {name for name, effect in effects.items() if effect == "mask"}
        return [
            {
                name: value
                for name, value in row.items()
                if value or name not in masked or not row.get("id")
            }
            for row in rows
            if not row.get("_remove")
        ]

    # -- shown again ------------------------------------------------------------------------------------------------

    def _again(self, identity: int | None, typed: Typed, *, added: str = "") -> Response:
        self._keep_files(typed)
        if added in {relation.key for relation in self.relations}:
            typed.lines.setdefault(added, []).append({})
        with self.web.reading() as ctx:
            record = self._record(ctx, identity)
            status = _status(typed) if typed.errors else 200
            return self._page(ctx, record, typed, status=status)

    def _keep_files(self, typed: Typed) -> None:
        """A file that was handed in isn't asked for twice: it is kept, and the form remembers its id."""
        files = {name: each for name, each in typed.values.items() if isinstance(each, Upload)}
        if not files or any(name in typed.errors for name in files):
            return
        with self.web.writing() as ctx:
            for name, upload in files.items():
                kept = self.web.kernel.files.store(ctx, upload.name, upload.content, None)
                typed.kept[name] = kept.id
                typed.values.pop(name)

    def _conflict(self, identity: int, typed: Typed) -> Response:
        with self.web.reading() as ctx:
            record = self._record(ctx, identity)
            assert record is not None  # it is being changed
            values = {
                "title": self._heading(ctx, record),
                "head": self._head(ctx, record),
                "conflict": conflict_of(self.web, ctx, record, typed, typed.base),
            }
            return self.web.page(ctx, "form.html", values, status=409)

    # -- the page ---------------------------------------------------------------------------------------------------

    def _page(
        self, ctx: KernelContext, record: Record | None, typed: Typed | None, *, status: int = 200
    ) -> Response:
        values: Values = {"title": self._heading(ctx, record), "head": self._head(ctx, record)}
        form = FormPage(self.web, ctx, self, record, typed)
        return self.web.page(ctx, "form.html", {**values, "form": form.values()}, status=status)

    def _heading(self, ctx: KernelContext, record: Record | None) -> str:
        show = self.web.show(ctx)
        if record is not None:
            return show.name(record)
        return show.say(_("New {what}", what=show.within(self._title())))

    def _head(self, ctx: KernelContext, record: Record | None) -> Values:
        show = self.web.show(ctx)
        crumb = [{"label": show.plural(self.kind), "href": address(self.kind)}]
        if record is not None:
            crumb.append({"label": self._heading(ctx, record), "href": addresses.of(record)})
        return {"title": self._heading(ctx, record), "crumb": crumb}


def _begins_otherwise(kept: Mapping[str, str]) -> bool:
    """Whether the address of a new record gives a field another value than the draft has: somebody begins another."""
    return any(name in kept and kept[name] != given for name, given in request.args.items())


def _placed(error: Invalid, typed: Typed) -> dict[str, TenorError]:
    """Errors by input: of a line by its place in the form, where removed rows still stand."""
    if not error.fields:
        return {_SEVERAL: error}
    places = {
        key: [place for place, row in enumerate(rows) if not row.get("_remove")]
        for key, rows in typed.lines.items()
    }
    return {_input_name(name, places): one for name, one in error.fields.items()}


def _input_name(name: str, places: Mapping[str, list[int]]) -> str:
    parts = name.split(".")
    if len(parts) == 3 and parts[0] in places and parts[1].isdecimal():
        kept = places[parts[0]]
        place = kept[int(parts[1])] if int(parts[1]) < len(kept) else parts[1]
        return f"{parts[0]}-{place}-{parts[2]}"
    return name.replace(".", "-")


def _status(typed: Typed) -> int:
    one = typed.errors.get(_SEVERAL)
    return one.status if one is not None else 422
