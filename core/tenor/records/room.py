"""Records as everybody reaches them: found by name, read, made, changed, shown. Web, API, CLI and import go through
here, so that none has a way of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import inspect

from tenor.access.fetching import fetch
from tenor.db.numbers import BEYOND, number
from tenor.records import definitions  # noqa: F401 -- its rules listen from here on
from tenor.records.custom import CustomFields
from tenor.records.discussing import Discussion
from tenor.records.external_ids import ExternalIds
from tenor.records.lines import is_lines, lines_of
from tenor.records.paging import Page, PageColumn, PageQuery, Pager
from tenor.records.records import CustomField
from tenor.records.rules import Style
from tenor.records.schema import read
from tenor.records.showing import Showing
from tenor.records.specs import FieldSpec, input_specs, specs_of, state_key
from tenor.records.titles import Titles
from tenor.records.values import MARKS, currency_of, masked
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.records import (
    Archivable,
    Customizable,
    Extension,
    Owned,
    Record,
    formulas_of,
    host_of,
)
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

R = TypeVar("R", bound=Record)
#: A line that was there or None, its kind, and what was handed in for it.
LineRow = tuple[Record | None, type[Record], dict[str, Any]]
T = TypeVar("T")


class Records:
    """The room of records."""

    def __init__(self) -> None:
        self.custom = CustomFields()
        self.external = ExternalIds()
        self.showing = Showing()
        self.discussion = Discussion()
        self.titles = Titles()

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.custom.attach(kernel)
        self.external.attach(kernel)
        self.showing.attach(kernel)
        self.discussion.attach(kernel)
        self.titles.attach(kernel)

    def load(self, declarations: Declarations) -> None:
        self.custom.load(declarations)
        self.by_table = {record.__tablename__: record for record in declarations.records}
        self.secret = self.kernel.settings.key.encode()
        self.by_path = {
            (record.__plugin__, record.slug()): record for record in declarations.records
        }
        self._extensions: dict[type[Record], list[type[Record]]] = {}
        for record in declarations.records:
            if issubclass(record, Extension):
                self._extensions.setdefault(host_of(record, Extension), []).append(record)

    # -- finding ----------------------------------------------------------------------------------------------------

    def find(self, plugin: str, slug: str) -> type[Record]:
        """The kind of record at ``/<plugin>/<slug>``.

        Raises:
            NotFound: ``not-found``.
        """
        found = self.by_path.get((plugin, slug))
        if found is None:
            raise NotFound("not-found")
        return found

    def get(self, ctx: KernelContext, record: type[R], identity: int, *, to: str = "read") -> R:
        """One record that the person may read.

        Args:
            to: the verb for which it is asked: to change it costs a statement less.

        Raises:
            NotFound: ``not-found``: there is none for this person.
        """
        found = fetch(ctx, record, identity, to) if 0 < identity < BEYOND else None
        if found is None:
            raise NotFound("not-found", what=record.called())
        return found

    def page(self, ctx: KernelContext, view: ListView | type[Record], query: PageQuery) -> Page:
        """A page of a list, see ``Pager.page``."""
        shown = view if isinstance(view, ListView) else ListView(view, _first_columns(view))
        return Pager(ctx, shown, query).page()

    # -- fields -----------------------------------------------------------------------------------------------------

    def specs(self, record: type[Record]) -> Mapping[str, FieldSpec]:
        """The fields of a kind of record, as it declares them."""
        return specs_of(record)

    def in_ledger(self, ctx: KernelContext, record: type[Record]) -> Mapping[str, FieldSpec]:
        """The fields of a kind of record by their names in the ledger, with the institution's own, archived or not."""
        return {**specs_of(record), **self.custom.every(ctx, record)}

    def writable(
        self, ctx: KernelContext, record: type[Record], existing: Record | None = None
    ) -> list[FieldSpec]:
        """The fields that this person may give: not those that are read-only, hidden or frozen."""
        access, state = self.kernel.access, self.state_of(existing)
        effects = access.field_effects(ctx, record, state, existing)
        shut = {key for key, effect in effects.items() if effect == "hide"}
        shut |= access.frozen_fields(ctx, record, state, existing)
        specs = [
            spec for spec in specs_of(record).values() if not spec.readonly and spec.key not in shut
        ]
        return self.custom.with_kinds(specs) if record is CustomField else specs

    def state_of(self, record: Record | None) -> str:
        """The state of a record's workflow; empty where it has none."""
        if record is None:
            return ""
        key = state_key(type(record))
        return str(getattr(record, key)) if key else ""

    def effects(self, ctx: KernelContext, record: Record) -> Mapping[str, str]:
        """What this person's field rules do to a record as it stands: ``hide``, ``mask`` or ``freeze`` by field."""
        state = self.state_of(record)
        return self.kernel.access.field_effects(ctx, type(record), state, record)

    def extensions(self, record: type[Record]) -> Sequence[type[Record]]:
        """The extensions that plugins add to a kind of record."""
        return self._extensions.get(record, ())

    # -- writing ----------------------------------------------------------------------------------------------------

    def create(
        self, ctx: KernelContext, record: type[R], data: Mapping[str, Any], *, style: Style = "api"
    ) -> R:
        """Make a record from what was handed in, by the person's own grant.

        Raises:
            Invalid: errors by field.
            Forbidden: without the right.
        """
        if not ctx.may(record, "create"):
            raise Forbidden("not-permitted", what=record.called())
        data, ids = self._without_ids(data)
        values, rows = self._read(ctx, record, None, {**_owner(ctx, record), **data}, style)
        made = record(
            **{key: value for key, value in values.items() if value is not None or key in data}
        )
        self._keep_files(ctx, made)
        self._set_lines(made, rows)
        ctx.session.add(made)
        ctx.session.flush()
        self.external.set_all(ctx, made, ids)
        return made

    def _without_ids(self, data: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, str]]:
        """What was handed in, and apart from it what other systems call the record."""
        if "external_ids" not in data:
            return data, {}
        rest = {key: value for key, value in data.items() if key != "external_ids"}
        return rest, self.external.read(data["external_ids"])

    def update(
        self,
        ctx: KernelContext,
        record: Record,
        data: Mapping[str, Any],
        *,
        version: int | None = None,
        style: Style = "api",
    ) -> None:
        """Change a record to what was handed in; only what is there is changed.

        Args:
            version: that the person had before them.

        Raises:
            Conflict: ``changed-since``: it has another version by now.
            Refused: ``frozen``: the workflow's state lets nobody change it.
            Invalid, Forbidden: as ``create``.
        """
        _check_version(record, version)
        self._check_thawed(ctx, record)
        data, ids = self._without_ids(data)
        values, rows = self._read(ctx, type(record), record, data, style)
        for key, value in values.items():
            if getattr(record, key) != value:
                setattr(record, key, value)
        self._keep_files(ctx, record)
        self._set_lines(record, rows)
        ctx.session.flush()
        self.external.set_all(ctx, record, ids)

    def check_update(self, ctx: KernelContext, record: Record, data: Mapping[str, Any]) -> None:
        """Raise what ``update`` would; nothing is changed."""
        if not ctx.may(type(record), "update", record):
            raise Forbidden("not-permitted", what=type(record).called())
        self._check_thawed(ctx, record)
        own, _ids = self._without_ids(data)
        self._read(ctx, type(record), record, own, "api")

    def delete(self, ctx: KernelContext, record: Record, *, version: int | None = None) -> None:
        """Remove a record, by the person's own grant; what is pointed at is refused.

        Raises:
            Conflict: ``changed-since``, ``still-referred-to``.
            Refused: ``frozen``.
        """
        _check_version(record, version)
        self._check_thawed(ctx, record)
        ctx.session.delete(record)
        ctx.session.flush()

    def _check_thawed(self, ctx: KernelContext, record: Record) -> None:
        if self.kernel.workflow.frozen(ctx, record):
            raise Refused("frozen", what=type(record).called())

    def archive(
        self, ctx: KernelContext, record: Record, *, away: bool = True, version: int | None = None
    ) -> None:
        """Put a record away, or bring it back.

        Args:
            version: that the person had before them.

        Raises:
            Conflict: ``changed-since``: it has another version by now.
            Refused: ``not-archivable``, ``frozen``.
            Forbidden: a rule about fields freezes whether it is archived.
        """
        if not isinstance(record, Archivable):
            raise Refused("not-archivable", what=type(record).called())
        _check_version(record, version)
        self._check_thawed(ctx, record)
        kind, state = type(record), self.state_of(record)
        if "archived" in self.kernel.access.frozen_fields(ctx, kind, state, record):
            raise Forbidden("not-permitted", what=kind.called())
        record.archived = away
        ctx.session.flush()

    def _keep_files(self, ctx: KernelContext, record: Record) -> None:
        for spec in specs_of(type(record)).values():
            if spec.kind == "file" and isinstance(inspect(record).dict.get(spec.key), Upload):
                upload: Upload = getattr(record, spec.key)
                setattr(
                    record,
                    spec.key,
                    self.kernel.files.store(ctx, upload.name, upload.content, None).id,
                )

    # -- reading what was handed in ---------------------------------------------------------------------------------

    def _read(
        self,
        ctx: KernelContext,
        kind: type[Record],
        existing: Record | None,
        data: Mapping[str, Any],
        style: Style,
    ) -> tuple[dict[str, Any], Mapping[str, list[LineRow]]]:
        """The values of a record's own fields, and the rows of its lines.

        Raises:
            Invalid: with the errors of both, a line's by ``relation.place.field``.
        """
        takes_custom = issubclass(kind, Customizable)
        given = {
            key: value
            for key, value in data.items()
            if not is_lines(kind, key) and not (takes_custom and key == "custom")
        }
        currency = _currency(kind, data, existing)
        errors: dict[str, TenorError] = {}
        values: dict[str, Any] = {}
        try:
            values = self._values(ctx, kind, existing, given, style, currency)
        except Invalid as error:
            errors |= error.fields or {"": error}
        # what is required is missing of a new one though nothing was said of it
        if takes_custom and ("custom" in data or existing is None):
            own = data.get("custom", {})
            try:
                values["custom"] = self.custom.checked(ctx, kind, existing, own, style, currency)
            except Invalid as error:
                errors |= error.fields
        rows = {
            key: self._rows(ctx, existing, key, relation_kind, data[key], style, currency, errors)
            for key, relation_kind in lines_of(kind)
            if key in data
        }
        if errors:
            raise Invalid("invalid", errors)
        return values, rows

    def _values(
        self,
        ctx: KernelContext,
        kind: type[Record],
        existing: Record | None,
        given: Mapping[str, Any],
        style: Style,
        currency: str,
    ) -> dict[str, Any]:
        if style == "api" and (computed := formulas_of(kind).keys() & given.keys()):
            raise Invalid("invalid", {name: Invalid("computed") for name in computed})
        specs = self.writable(ctx, kind, existing)
        given = self._unmasked(ctx, kind, existing, given)
        values = read(specs, given, style=style, partial=existing is not None, currency=currency)
        self._check_files(ctx, specs, existing, values)
        self._check_whens(ctx, kind, existing, values)
        return values

    def _check_whens(
        self, ctx: KernelContext, kind: type[Record], existing: Record | None, values: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """What is required or read-only of the record as it would be."""
        whens = self.kernel.expressions.whens
        if not whens.of(kind):
            return
        effects = self.kernel.access.field_effects(ctx, kind, self.state_of(existing), existing)
        unseen = {key for key, effect in effects.items() if effect in ("hide", "mask")}
        errors = whens.faults(ctx, kind, existing, values, unseen)
        if errors:
            raise Invalid("invalid", errors)

    def _unmasked(
        self,
        ctx: KernelContext,
        kind: type[Record],
        existing: Record | None,
        given: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """What was handed in, less the masked values that come back as the person was shown them.

        Raises:
            Invalid: ``masked-text``, by field: other text with the marks of a mask, which is no value.
        """
        state = self.state_of(existing)
        effects = self.kernel.access.field_effects(ctx, kind, state, existing)
        specs, kept = specs_of(kind), dict(given)
        errors: dict[str, TenorError] = {}
        for name in [one for one in given if effects.get(one) == "mask"]:
            stands = getattr(existing, name) if existing is not None else None
            if stands is not None and given[name] == masked(stands, specs[name].info.mask):
                del kept[name]
            elif isinstance(given[name], str) and MARKS.intersection(given[name]):
                errors[name] = Invalid("masked-text")
        if errors:
            raise Invalid("invalid", errors)
        return kept

    def _check_files(
        self,
        ctx: KernelContext,
        specs: Sequence[FieldSpec],
        existing: Record | None,
        values: Mapping[str, Any],
    ) -> None:
        """A file that the person can't read isn't linked to: who may read the record could then read the file."""
        for spec in specs:
            value = values.get(spec.key)
            if spec.kind != "file" or not isinstance(value, int):
                continue
            if existing is not None and getattr(existing, spec.key) == value:
                continue
            try:
                self.kernel.files.info(ctx, value)
            except NotFound as error:
                raise Invalid("invalid", {spec.key: error}) from None

    def _rows(
        self,
        ctx: KernelContext,
        parent: Record | None,
        key: str,
        kind: type[Record],
        given: object,
        style: Style,
        currency: str,
        errors: dict[str, TenorError],
    ) -> list[LineRow]:
        """Of all lines that the record is to have; null says that it has none.

        Each that is there stands once: else its second row would be written over the first, and nobody be told.
        """
        known = {str(line.id): line for line in getattr(parent, key)} if parent is not None else {}
        rows: list[LineRow] = []
        if given is None:
            return rows
        if not isinstance(given, (list, tuple)):
            errors[key] = Invalid("not-an-object")
            return rows
        for place, row in enumerate(given):
            if not isinstance(row, Mapping):
                errors[f"{key}.{place}"] = Invalid("not-an-object")
                continue
            line = known.pop(str(row.get("id") or ""), None)
            if line is None and row.get("id") not in (None, ""):
                errors[f"{key}.{place}.id"] = NotFound("not-found", what=kind.called())
                continue
            version = row.get("version")
            if line is not None and version not in (None, ""):
                _check_version(line, number(str(version)) or 0)
            rest = {name: value for name, value in row.items() if name not in ("id", "version")}
            try:
                rows.append((line, kind, self._values(ctx, kind, line, rest, style, currency)))
            except Invalid as error:
                errors |= {f"{key}.{place}.{name}": one for name, one in error.fields.items()}
        return rows

    def _set_lines(self, record: Record, rows: Mapping[str, list[LineRow]]) -> None:
        for key, given in rows.items():
            setattr(record, key, [_line(*row) for row in given])

    # -- inputs -----------------------------------------------------------------------------------------------------

    def inputs(self, kind: type[Any]) -> Mapping[str, FieldSpec]:
        """The inputs of a transition, action or setting."""
        return input_specs(kind)

    def read_inputs(
        self,
        kind: type[T] | None,
        data: Mapping[str, Any],
        *,
        style: Style = "api",
        currency: str = "CNY",
    ) -> T | None:
        """An instance of an input dataclass from what was handed in; None where nothing is asked.

        Raises:
            Invalid: errors by field.
        """
        if kind is None:
            read((), data, style=style, partial=False)  # over the API any field is one too many
            return None
        values = read(
            input_specs(kind).values(), data, style=style, partial=False, currency=currency
        )
        given = {key: value for key, value in values.items() if value is not None}
        missing = {
            spec.key
            for spec in input_specs(kind).values()
            if not spec.required and spec.default is None
        }
        return kind(**{**dict.fromkeys(missing), **given})

    # -- showing ----------------------------------------------------------------------------------------------------

    def display_names(
        self, ctx: KernelContext, record: type[Record], ids: Iterable[int]
    ) -> dict[int, str]:
        """Names of records that the person may read, see ``Titles``; one statement at most."""
        return self.titles.by_id(ctx, record, ids)

    def names_in(
        self,
        ctx: KernelContext,
        columns: Sequence[PageColumn],
        rows: Sequence[Mapping[str, Any]],
        more: Iterable[tuple[type[Record], int]] = (),
    ) -> dict[tuple[str, int], str]:
        """Names of all records that the link columns of a page lead to, and of more; one statement a kind."""
        wanted: dict[type[Record], set[int]] = {}
        for kind, identity in more:
            wanted.setdefault(kind, set()).add(identity)
        for column in columns:
            if column.spec.target is not None:
                ids = {row[column.key] for row in rows if row[column.key] is not None}
                wanted.setdefault(column.spec.target, set()).update(ids)
        found = {}
        for kind, ids in wanted.items():
            for identity, name in self.display_names(ctx, kind, ids).items():
                found[kind.__tablename__, identity] = name
        return found


def _check_version(record: Record, version: int | None) -> None:
    if version is not None and record.version != version:
        raise Conflict("changed-since")


def _line(line: Record | None, kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A line as it shall be: a new one, or the one that was there with what was handed in."""
    if line is None:
        return kind(**{key: value for key, value in values.items() if value is not None})
    for key, value in values.items():
        setattr(line, key, value)
    return line


def _owner(ctx: KernelContext, record: type[Record]) -> dict[str, Any]:
    if not issubclass(record, Owned):
        return {}
    return {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id or None}


def _currency(record: type[Record], data: Mapping[str, Any], existing: Record | None = None) -> str:
    named = record.__currency__
    given = data.get(named)
    if isinstance(given, str) and len(given.strip()) == 3:
        return given.strip().upper()
    return currency_of(existing) if existing is not None else (named if named.isupper() else "CNY")


def _first_columns(record: type[Record]) -> list[Any]:
    shown = [
        spec.attribute
        for spec in specs_of(record).values()
        if spec.attribute is not None and not spec.info.secret
    ]
    return shown[:6]
