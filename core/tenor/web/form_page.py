"""The values of a record's form: its sections, inputs and lines, what it began with, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import request

from tenor.db.numbers import number
from tenor.files.records import File
from tenor.records import FieldSpec
from tenor.records.specs import specs_of, value_of
from tenor.records.values import currency_of
from tenor.views import address
from tenor.views.merge import ShownSection
from tenor.web import addresses
from tenor.web.choosing import Choosing
from tenor.web.fields import Fields, as_typed, errors_of, forget_others_files
from tenor.web.lines import LinesInput, lines_typed
from tenor.web.record_page import OWN_FIELDS
from tenor.web.templating import nonce
from tenor.web.typed import Typed
from tenor_sdk.i18n import _
from tenor_sdk.records import Owned

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.record_form import RecordForm
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]


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
        if typed is not None:
            forget_others_files(ctx, typed)
        self.names = self.show.names(self._files())
        view = web.kernel.views.form(self.kind)
        self.choosing = Choosing(
            ctx, self.show, view, typed, lambda key: self._value(specs_of(self.kind)[key]),
            self.writable, self.currency,
        )  # fmt: skip

    def values(self) -> Values:
        """The form."""
        sections = self.sections()
        back = addresses.of(self.record) if self.record is not None else address(self.kind)
        inputs = [each for section in sections for each in section.get("fields") or ()]
        made: Values = {
            "action": request.path,
            "sections": sections,
            "once": nonce(),
            "version": self._version(),
            "upload": any(each["kind"] == "file" for each in inputs),
            "submit": {"label": self.show.say(_("Save"))},
            "cancel_href": back,
            "errors": self.errors(sections),
            "asks": any("again" in each for each in (*inputs, *_cells(sections))),
            "dirty": self.typed is not None,
            "draft": self.typed.draft if self.typed is not None else None,
        }
        if self.record is not None:
            made["hidden"] = [{"name": "_base", "value": self.base(inputs)}]
        return made

    def _version(self) -> int | None:
        """That with which the person began: however often they are shown the form, what was changed since isn't
        overwritten."""
        if self.record is None:
            return None
        before = number(self.typed.version) if self.typed is not None else None
        return self.record.version if before is None else before

    def base(self, inputs: list[Values]) -> str:
        """What the person had before them when they began, for the case that somebody else is first."""
        if self.typed is not None and self.typed.base:
            return self.typed.base
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
            title, own = self.show.say(OWN_FIELDS), [self._input(spec) for spec in self.own]
            made.append({"title": title, "fields": own, "key": self._section_key("own")})
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
        key = self._section_key(fresh[0]) if inputs else ""
        made: list[Values] = [{"title": title, "fields": inputs, "key": key}] if inputs else []
        lines = [self._lines(relations[key]) for key in fresh if key in relations]
        return [*made, *(each for each in lines if each is not None)]

    def _section_key(self, first: str) -> str:
        """By what a section is known where fields come and go."""
        return f"of-{first}" if self.choosing.moves else ""

    def _input(self, spec: FieldSpec) -> Values:
        if spec.key in self.choosing.standing.fixed and not (self.record is None and spec.required):
            return self._fixed(spec)
        masked = self.record is not None and self.effects.get(spec.key) == "mask"
        reveal = addresses.of(self.record, "reveal", spec.key) if masked and self.record else None
        return self.fields.input(
            spec, self._value(spec), self.typed, name=spec.input_name, currency=self.currency, names=self.names,
            mask=reveal,
        )  # fmt: skip

    def _fixed(self, spec: FieldSpec) -> Values:
        """A field that can't be given another value now: what stands in it, and what is wrong with another."""
        value, error = self._stands(spec), self.typed and self.typed.errors.get(spec.key)
        shown = (
            self.show.masked(spec, value, "") if self.effects.get(spec.key) == "mask"
            else self.show.field(spec, value, of=self.kind, currency=self.currency, names=self.names, lone=True)
        )  # fmt: skip
        made = {
            "kind": "fixed",
            "name": spec.input_name,
            "label": self.show.label(spec),
            "value": shown,
        }
        return made | {"error": self.web.error(error)} if error else made

    def _stands(self, spec: FieldSpec) -> Any:
        """What stands in a field, or what it begins with, whatever was typed."""
        return value_of(self.record, spec) if self.record is not None else _default(spec)

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


def _cells(sections: list[Values]) -> Iterator[Values]:
    """The inputs of lines, those of a line that is added in the browser among them."""
    for section in sections:
        if lines := section.get("lines"):
            for row in (*lines["rows"], lines["blank"]):
                yield from row["fields"]


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
