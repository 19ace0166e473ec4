"""The form that makes and changes a record: what was typed is never lost, and two who change the same lose nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.db.numbers import number
from tenor.files.records import File
from tenor.records import FieldSpec
from tenor.records.specs import CUSTOM, specs_of, value_of
from tenor.records.values import currency_of
from tenor.views import address
from tenor.views.merge import ShownSection
from tenor.web import addresses
from tenor.web.choosing import SHOW_AGAIN, Choosing
from tenor.web.conflict import chosen, conflict_of
from tenor.web.fields import Fields, as_typed, errors_of
from tenor.web.lines import LinesInput, Relation, lines_typed, relations_of
from tenor.web.listed import may_make, readable
from tenor.web.record_page import OWN_FIELDS, found
from tenor.web.templating import nonce
from tenor.web.typed import Typed, read_form, read_lines
from tenor.web.web import Done, uploads
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.i18n import _
from tenor_sdk.records import Owned

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
            return self._page(ctx, record, None)

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
        typed = self.typed()
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

    def typed(self) -> Typed:
        """What was sent; of a conflict what was chosen."""
        specs = specs_of(self.kind).values()
        form = chosen(request.form)
        typed = read_form(form, uploads(), specs, self.web.kernel)
        for relation in self.relations:
            line_specs = specs_of(relation.kind).values()
            rows = read_lines(form, uploads(), relation.key, line_specs, self.web.kernel)
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
        version = number(request.form.get("_version", ""))
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
                "conflict": conflict_of(
                    self.web, ctx, record, typed, request.form.get("_base", "")
                ),
            }
            return self.web.page(ctx, "form.html", values, status=409)

    # -- the page ---------------------------------------------------------------------------------------------------

    def _page(
        self, ctx: KernelContext, record: Record | None, typed: Typed | None, *, status: int = 200
    ) -> Response:
        values = {"title": self._heading(ctx, record), "head": self._head(ctx, record)}
        form = FormPage(self.web, ctx, self, record, typed)
        return self.web.page(ctx, "form.html", {**values, "form": form.values()}, status=status)

    def _heading(self, ctx: KernelContext, record: Record | None) -> str:
        if record is not None:
            return self.web.show(ctx).name(record)
        return self.web.say(_("New {what}", what=self._title()))

    def _head(self, ctx: KernelContext, record: Record | None) -> Values:
        show = self.web.show(ctx)
        crumb = [{"label": show.plural(self.kind), "href": address(self.kind)}]
        if record is not None:
            crumb.append({"label": self._heading(ctx, record), "href": addresses.of(record)})
        return {"title": self._heading(ctx, record), "crumb": crumb}


class FormPage:
    """The values of one form."""

    def __init__(
        self, web: Web, ctx: KernelContext, form: RecordForm, record: Record | None, typed: Typed | None
    ) -> None:  # fmt: skip
        self.web, self.ctx, self.form, self.record, self.typed = web, ctx, form, record, typed
        self.show = web.show(ctx)
        self.show.about = record
        self.fields = Fields(web, ctx, self.show)
        self.kind = form.kind
        self.currency = currency_of(record) if record is not None else _currency(self.kind)
        self.writable = {
            spec.key: spec
            for spec in web.kernel.records.writable(ctx, self.kind, record)
            if spec.kind != "json"
        }
        self.own = web.kernel.records.custom.writable(ctx, self.kind, record)
        self.effects = {} if record is None else web.kernel.records.effects(ctx, record)
        self.names = self.show.names(self._files())
        view = web.kernel.views.form(self.kind)
        self.choosing = Choosing(
            view, self.show, typed, lambda key: self._value(specs_of(self.kind)[key])
        )

    def values(self) -> Values:
        """The form."""
        sections = self.sections()
        back = addresses.of(self.record) if self.record is not None else address(self.kind)
        inputs = [each for section in sections for each in section.get("fields") or ()]
        made: Values = {
            "action": request.path,
            "sections": sections,
            "once": nonce(),
            "version": self.record.version if self.record is not None else None,
            "upload": any(each["kind"] == "file" for each in inputs),
            "submit": {"label": self.show.say(_("Save"))},
            "cancel_href": back,
            "errors": self.errors(sections),
            "asks": any("again" in each for each in inputs),
            "dirty": self.typed is not None,
        }
        if self.record is not None:
            made["hidden"] = [{"name": "_base", "value": self.base(inputs)}]
        return made

    def base(self, inputs: list[Values]) -> str:
        """What the person had before them when they began, for the case that somebody else is first."""
        if self.typed is not None and request.form.get("_base"):
            return request.form["_base"]
        named = {spec.input_name: spec for spec in (*self.writable.values(), *self.own)}
        assert self.record is not None  # of a new one there is none
        lines = {
            f"{one.key}[]": lines_typed(self.web, self.ctx, self.record, one)
            for one in self.form.relations
        }
        return json.dumps(
            lines
            | {
                name: as_typed(spec, value_of(self.record, spec), self.currency)
                for name in (one["name"] for one in inputs)
                if (spec := named.get(name)) is not None and self.effects.get(name) != "mask"
            },
            ensure_ascii=False,
        )

    def sections(self) -> list[Values]:
        """The sections of the page that can be written, then the lines."""
        made = []
        placed: set[str] = set()
        for tab in self.web.kernel.views.form(self.kind).tabs:
            for part in tab.content:
                if isinstance(part, ShownSection):
                    made += self._section(part, placed)
        if self.own:
            title = self.show.say(OWN_FIELDS)
            made.append({"title": title, "fields": [self._input(spec) for spec in self.own]})
        lines = [relation for relation in self.form.relations if relation.key not in placed]
        return [*made, *(each for relation in lines if (each := self._lines(relation)) is not None)]

    def _section(self, section: ShownSection, placed: set[str]) -> list[Values]:
        keys = [
            getattr(field, "key", "")
            for field in section.fields
            if getattr(field, "class_", None) is self.kind
        ]
        relations = {relation.key: relation for relation in self.form.relations}
        fresh = [key for key in keys if key not in placed]
        placed.update(fresh)
        inputs = [
            self.choosing.mark(self._input(self.writable[key]))
            for key in fresh
            if key in self.writable and self.choosing.asks_for(key)
        ]
        title = self.show.say(section.title, section.plugin) if section.title else ""
        made = [{"title": title, "fields": inputs}] if inputs else []
        lines = [self._lines(relations[key]) for key in fresh if key in relations]
        return [*made, *(each for each in lines if each is not None)]

    def _input(self, spec: FieldSpec) -> Values:
        masked = self.record is not None and self.effects.get(spec.key) == "mask"
        reveal = addresses.of(self.record, "reveal", spec.key) if masked and self.record else None
        return self.fields.input(
            spec, self._value(spec), self.typed, name=spec.input_name, currency=self.currency, names=self.names,
            mask=reveal,
        )  # fmt: skip

    def _value(self, spec: FieldSpec) -> Any:
        if self.record is not None:
            return value_of(self.record, spec)
        given = request.args.get(spec.key, "") if request.method == "GET" else ""
        if given:
            return given
        if issubclass(self.kind, Owned) and spec.key in ("unit_id", "owner_id"):
            return self.ctx.actor.unit_id if spec.key == "unit_id" else self.ctx.actor.id
        return _default(spec)

    def _lines(self, relation: Any) -> Values | None:
        lines = LinesInput(self.web, self.ctx, self.show, self.fields, relation, self.currency)
        return lines.section(self.record, self.typed)

    def _files(self) -> list[tuple[Any, int]]:
        kept = list(self.typed.kept.values()) if self.typed is not None else []
        if self.record is not None:
            files = [spec for spec in self.writable.values() if spec.kind == "file"]
            kept += [
                value for spec in files if (value := getattr(self.record, spec.key)) is not None
            ]
        return [(File, identity) for identity in kept]

    def errors(self, sections: list[Values]) -> list[Values]:
        """The summary of what is wrong, each with the way to its field."""
        if self.typed is None or not self.typed.errors:
            return []
        labels: dict[str, str] = {}
        for section in sections:
            labels |= {each["name"]: each["label"] for each in section.get("fields") or ()}
            lines = section.get("lines")
            for row in lines["rows"] if lines else ():
                labels |= {each["name"]: each["label"] for each in row["fields"]}
        return errors_of(self.web, self.typed.errors, labels)


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


def _default(spec: FieldSpec) -> Any:
    """What the column begins with, where it says so in a value."""
    declared = spec.attribute is not None and not spec.is_custom
    column = spec.attribute.property.columns[0] if declared else None
    default = getattr(column, "default", None)
    if default is None:
        return spec.default
    return default.arg if default.is_scalar else None


def _currency(kind: type[Record]) -> str:
    return kind.__currency__ if kind.__currency__.isupper() else "CNY"
