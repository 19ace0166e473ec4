"""Fields that an institution adds: their definitions, kept until the database counts a change, and their values.

A request that is about no ``Customizable`` record asks nothing; another one asks for the number of changes, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import JSON, BigInteger, Connection, cast, select, type_coerce

from tenor.audit.entries import plain
from tenor.db import gate
from tenor.db.numbers import BEYOND
from tenor.db.state import state_of
from tenor.i18n.given import Given
from tenor.records.records import CustomChoice, CustomEpoch, CustomField, CustomKind
from tenor.records.rules import Style
from tenor.records.schema import read
from tenor.records.specs import CUSTOM, FieldSpec
from tenor.records.values import currency_of, from_ledger, to_json
from tenor_sdk.columns import AmountType, CustomValues, IsoDate, RateType
from tenor_sdk.errors import Invalid, Refused
from tenor_sdk.fields import FieldInfo
from tenor_sdk.records import Customizable, Extension, Line, Record
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

#: characters of a text of one line; an index over one of PostgreSQL's takes no more
_LINE: Final = 500
_LANGUAGES: Final = ("zh-CN", "en")
_TEXTS: Final = ("text", "long-text")


@dataclass(frozen=True)
class Definition:
    """A custom field as it is read and shown.

    Args:
        spec: with all choices, so that what stands has its label.
        offered: what may be given: without the choices that were withdrawn.
    """

    spec: FieldSpec
    offered: FieldSpec
    searched: bool
    archived: bool


Definitions = Mapping[str, Sequence[Definition]]


class CustomFields:
    """The custom fields of all records that take some."""

    kernel: Kernel

    def __init__(self) -> None:
        self.kinds: dict[str, type[Record]] = {}
        self._kept: tuple[int, Definitions] | None = None
        self._read: WeakKeyDictionary[Session, tuple[int, Definitions]] = WeakKeyDictionary()
        self._changed: WeakSet[Session] = WeakSet()

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Take in the records that ask for custom fields.

        Raises:
            TypeError: a line or an extension, whose fields are edited in its host's form.
        """
        for record in declarations.records:
            inside = issubclass(record, (Line, Extension))
            if issubclass(record, Customizable):
                if inside:
                    raise TypeError(
                        f"{record.__origin__}: a line or extension takes no custom fields"
                    )
                self.kinds[name_of(record)] = record

    def with_kinds(self, specs: Sequence[FieldSpec]) -> list[FieldSpec]:
        """The fields of a definition, the kind of record as a choice of those that take custom fields."""
        said = self.kernel.translator.text
        choices = tuple(
            (name, Given({
                language: f"{said(kind.singular(), language, kind.__plugin__)} ({name})"
                for language in _LANGUAGES
            }))
            for name, kind in sorted(self.kinds.items())
        )  # fmt: skip
        return [
            replace(spec, kind="choice", choices=choices) if spec.key == "record" else spec
            for spec in specs
        ]

    # -- definitions ------------------------------------------------------------------------------------------------

    def of(
        self, ctx: KernelContext, record: type[Record], *, hold: bool = False
    ) -> Sequence[Definition]:
        """The custom fields of a kind of record, archived ones included, in their order.

        Args:
            hold: keep them from changing until this transaction is over, as values are written by them.
        """
        if not issubclass(record, Customizable):
            return ()
        return self._definitions(ctx, hold).get(name_of(record), ())

    def shown(
        self, ctx: KernelContext, record: type[Record], row: Record | None = None
    ) -> list[FieldSpec]:
        """Those that stand on pages and in answers, for this person.

        Args:
            row: of which they are shown; None: of rows in all states, as in a list.
        """
        standing = self._standing(ctx, record)
        state = self.kernel.records.state_of(row) if row is not None else None
        if not standing or self._effect(ctx, record, state, row) in ("hide", "mask"):
            return []
        return standing

    def _standing(self, ctx: KernelContext, record: type[Record]) -> list[FieldSpec]:
        return [each.spec for each in self.of(ctx, record) if not each.archived]

    def every(self, ctx: KernelContext, record: type[Record]) -> dict[str, FieldSpec]:
        """All by their names in the ledger, ``custom.<key>``: what is archived keeps its old values readable."""
        return {each.spec.key: each.spec for each in self.of(ctx, record)}

    def writable(
        self, ctx: KernelContext, record: type[Record], existing: Record | None = None, *, hold: bool = False
    ) -> list[FieldSpec]:  # fmt: skip
        """Those that this person may give. A choice that was withdrawn is among its field's where it stands."""
        definitions = self.of(ctx, record, hold=hold)
        if not definitions:
            return []
        state = self.kernel.records.state_of(existing)
        frozen = "custom" in self.kernel.access.frozen_fields(ctx, record, state, existing)
        if frozen or self._effect(ctx, record, state, existing) in ("hide", "mask"):
            return []
        return [_offered(each, existing) for each in definitions if not each.archived]

    def searched(self, ctx: KernelContext, record: type[Record]) -> list[FieldSpec]:
        """Those by which a list of this person's may be filtered; ``attribute`` is what a condition compares."""
        if self._effect(ctx, record, None) in ("hide", "mask"):
            return []
        return [each.spec for each in self.of(ctx, record) if each.searched and not each.archived]

    def spec(self, ctx: KernelContext, record: type[Record], name: str) -> FieldSpec | None:
        """The searched field that a filter calls ``custom.<key>``; None where there is none for this person.

        Its ``attribute`` is an expression over the record's own column, compared and grouped as any other.
        """
        if not name.startswith(CUSTOM):
            return None
        return next((spec for spec in self.searched(ctx, record) if spec.key == name), None)

    def texts(self, ctx: KernelContext, record: type[Record]) -> list[FieldSpec]:
        """Those that the search box looks into."""
        return [spec for spec in self.searched(ctx, record) if spec.kind in _TEXTS]

    def _effect(
        self,
        ctx: KernelContext,
        record: type[Record],
        state: str | None,
        row: Record | None = None,
    ) -> str | None:
        """What field rules do to all custom fields together: one rule about ``TheRecord.custom`` is about each."""
        if not issubclass(record, Customizable):
            return None
        return self.kernel.access.field_effects(ctx, record, state, row).get("custom")

    # -- values -----------------------------------------------------------------------------------------------------

    def checked(
        self,
        ctx: KernelContext,
        kind: type[Record],
        existing: Record | None,
        given: object,
        style: Style,
        currency: str,
    ) -> CustomValues:
        """The values of a record's custom fields with what was handed in; those that weren't named stay.

        Raises:
            Invalid: errors by field, ``custom.<key>``.
        """
        if not isinstance(given, Mapping):
            raise Invalid("invalid", {"custom": Invalid("not-an-object")})
        specs = self.writable(ctx, kind, existing, hold=True)
        before = dict(getattr(existing, "custom", None) or {})
        named = {f"{CUSTOM}{key}": value for key, value in given.items()}
        lacking = {
            spec.key: None
            for spec in specs
            if spec.required and before.get(spec.name) is None and spec.key not in named
        }
        values = read(specs, {**lacking, **named}, style=style, partial=True, currency=currency)
        fresh = {key.removeprefix(CUSTOM): plain(value) for key, value in values.items()}
        return CustomValues(
            {key: value for key, value in {**before, **fresh}.items() if value is not None}
        )

    def define(
        self, ctx: KernelContext, record: type[Record], values: Mapping[str, object]
    ) -> None:
        """See ``tenor_sdk.custom_fields.add_custom_field``."""
        self.kernel.records.create(ctx, CustomField, {"record": name_of(record), **values})

    def set(self, ctx: KernelContext, record: Record, values: Mapping[str, object]) -> None:
        """See ``tenor_sdk.custom_fields.set_custom_fields``."""
        if not isinstance(record, Customizable):
            raise Refused("takes-no-custom-fields", what=type(record).called())
        checked = self.checked(ctx, type(record), record, values, "api", currency_of(record))
        if checked != record.custom:
            record.custom = checked
            ctx.session.flush()

    def dump(self, ctx: KernelContext, record: Record, currency: str) -> dict[str, Any]:
        """The values as the API gives them to whoever may see them; None where there is none."""
        values: Mapping[str, Any] = record.custom  # type: ignore[attr-defined]  # a Customizable, as its fields tell
        return {
            spec.name: to_json(from_ledger(spec.kind, values.get(spec.name)), currency)
            for spec in self._standing(ctx, type(record))
        }

    # -- kept until they change -------------------------------------------------------------------------------------

    def _definitions(self, ctx: KernelContext, hold: bool) -> Definitions:
        session = ctx.guarded
        known = self._read.get(session)
        if known is not None and not hold:
            return known[1]
        connection = state_of(session).connection
        epoch = self._epoch(connection, lock=hold)
        if known is None or known[0] != epoch:
            known = self._read[session] = (epoch, self._at(connection, session, epoch))
        return known[1]

    def _at(self, connection: Connection, session: Session, epoch: int) -> Definitions:
        if session in self._changed:  # what isn't committed is nobody else's
            return self._select(connection)
        kept = self._kept
        if kept is None or kept[0] != epoch:
            kept = self._kept = (epoch, self._select(connection))
        return kept[1]

    def changed(self, ctx: KernelContext) -> None:
        """A definition changes in this transaction: what was read of them holds no more."""
        self._changed.add(ctx.guarded)
        self._read.pop(ctx.guarded, None)

    @staticmethod
    def _epoch(connection: Connection, *, lock: bool) -> int:
        statement = select(CustomEpoch.__table__.c.number)
        if lock:  # on SQLite there is one writer anyway
            statement = statement.with_for_update(read=True)
        return int(_run(connection, statement).scalar_one())

    def _select(self, connection: Connection) -> Definitions:
        fields, choices = CustomField.__table__.c, CustomChoice.__table__.c
        listed: dict[int, list[Any]] = {}
        for row in _run(connection, select(CustomChoice.__table__).order_by(choices.id)):
            listed.setdefault(row.parent_id, []).append(row)
        found: dict[str, list[Definition]] = {}
        for row in _run(
            connection, select(CustomField.__table__).order_by(fields.place, fields.id)
        ):
            kind = self.kinds.get(row.record)
            if kind is not None:  # its plugin is off: the fields wait for it
                found.setdefault(row.record, []).append(
                    _definition(kind, row, listed.get(row.id, ()))
                )
        return found


def name_of(record: type[Record]) -> str:
    """What a kind of record is called in definitions, as in addresses: ``customers.customer``."""
    return f"{record.__plugin__}.{record.slug()}"


def _run(connection: Connection, statement: Any) -> Any:
    return connection.execute(statement, execution_options=gate.MARKED)


def _definition(kind: type[Record], row: Any, choices: Iterable[Any]) -> Definition:
    listed = [
        (each.value, Given({"zh-CN": each.label, "en": each.label_en}), each.withdrawn)
        for each in choices
    ]
    spec = FieldSpec(
        key=f"{CUSTOM}{row.key}",
        plugin="base",
        label=Given({"zh-CN": row.label, "en": row.label_en}),
        kind=row.kind.value,
        required=row.required,
        help=Given({"zh-CN": row.help, "en": row.help_en}),
        choices=tuple((value, label) for value, label, _withdrawn in listed),
        max_length=_LINE if row.kind is CustomKind.TEXT else None,
        info=_bounds(row.kind.value),
        attribute=compared(kind.custom, row.key, row.kind.value),  # type: ignore[attr-defined]  # a Customizable
    )
    offered = tuple((value, label) for value, label, withdrawn in listed if not withdrawn)
    return Definition(spec, replace(spec, choices=offered), row.searched, row.archived)


def _bounds(kind: str) -> FieldInfo:
    """What no BIGINT holds isn't compared by a database."""
    most = {"amount": Amount(BEYOND - 1), "rate": Rate(BEYOND - 1)}.get(kind)
    least = {"amount": Amount(1 - BEYOND), "rate": Rate(1 - BEYOND)}.get(kind)
    return FieldInfo(minimum=least, maximum=most)


def compared(column: Any, key: str, kind: str) -> Any:
    """The value of a custom field within its column, as both databases compare it.

    Args:
        column: the attribute or column that holds all of them.
    """
    value = type_coerce(column, JSON)[key]
    if kind == "boolean":
        return value.as_boolean()
    if kind in ("integer", "amount", "rate"):
        whole = cast(value.as_string(), BigInteger)
        kept: dict[str, Any] = {"amount": AmountType(), "rate": RateType()}
        return type_coerce(whole, kept[kind]) if kind in kept else whole
    return type_coerce(value.as_string(), IsoDate()) if kind == "date" else value.as_string()


def _offered(definition: Definition, existing: Record | None) -> FieldSpec:
    offered = definition.offered
    stands = (getattr(existing, "custom", None) or {}).get(offered.name)
    if not definition.spec.choices or stands in (
        None,
        *(value for value, _label in offered.choices),
    ):
        return offered
    kept = tuple(choice for choice in definition.spec.choices if choice[0] == stands)
    return replace(offered, choices=(*offered.choices, *kept))
