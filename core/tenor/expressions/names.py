"""What an expression may name over a kind of record, and what each name comes to for the person who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast, get_type_hints

from sqlalchemy.orm import RelationshipDirection

from tenor.expressions.values import encoded
from tenor.records.specs import CUSTOM, FieldSpec, bare_type, specs_of, value_of
from tenor.records.values import currency_of, from_ledger
from tenor_sdk.errors import Refused
from tenor_sdk.events import Event
from tenor_sdk.expressions import ExpressionType
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record, formulas_of, words
from tenor_sdk.values import Money, Rate

if TYPE_CHECKING:
    from tenor.context import KernelContext

_KINDS: Final[Mapping[str, ExpressionType]] = {
    "text": ExpressionType.TEXT,
    "long-text": ExpressionType.TEXT,
    "choice": ExpressionType.TEXT,
    "state": ExpressionType.TEXT,
    "integer": ExpressionType.NUMBER,
    "link": ExpressionType.NUMBER,
    "boolean": ExpressionType.TRUTH,
    "amount": ExpressionType.MONEY,
    "rate": ExpressionType.RATE,
    "date": ExpressionType.DATE,
    "time": ExpressionType.TIME,
}
#: what is asked of a change, before and after
_SIDES: Final = ("change.before", "change.after")
_IDS: Final = frozenset(("id", "version", "created_by_id", "changed_by_id"))
_TIMES: Final = frozenset(("created_at", "changed_at"))
_TOLD: Final[tuple[tuple[type, ExpressionType], ...]] = (
    (bool, ExpressionType.TRUTH), (int, ExpressionType.NUMBER), (Enum, ExpressionType.TEXT), (str, ExpressionType.TEXT),
    (Money, ExpressionType.MONEY), (Rate, ExpressionType.RATE), (datetime, ExpressionType.TIME),
    (date, ExpressionType.DATE),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A field under its name.

    Args:
        kind: the record that it is a field of.
        link: the relation that leads to it, where it is another's.
        way: then the record and its field along which it leads.
    """

    name: str
    spec: FieldSpec
    kind: type[Record]
    gives: ExpressionType
    link: str = ""
    way: tuple[type[Record], str] | None = None

    @property
    def label(self) -> Text:
        """What pages call it."""
        return Text(self.spec.label, module=f"tenor_{self.spec.plugin}")


@dataclass(frozen=True)
class Told:
    """What an event says, under its name; or ``today`` and ``now``.

    Args:
        of: the kind of record of whose field it bears the name: it may tell its value, so whoever may not read the one
            may not read the other.
    """

    name: str
    field: str
    gives: ExpressionType
    of: type[Record] | None = None

    @property
    def label(self) -> Text:
        """Its name, in words."""
        return Text(words(self.field), module=__name__)


@dataclass(frozen=True)
class Changed:
    """What stood in a field before a change, or what it was set to.

    Args:
        of: the field.
        side: 0 before, 1 after.
    """

    name: str
    of: Named
    side: int

    @property
    def gives(self) -> ExpressionType:
        """As the field."""
        return self.of.gives

    @property
    def label(self) -> Text:
        """What pages call it."""
        if self.side:
            return _("{field}, after the change", field=self.of.label)
        return _("{field}, before the change", field=self.of.label)


Name = Named | Told | Changed


def names(
    ctx: KernelContext, on: type[Record], told: type[Event] | None, changed: str = ""
) -> dict[str, Name]:
    """Everything that may be named, by its name; what is named alike is what stands nearer.

    Args:
        changed: the name of a field that may be asked for its change.
    """
    found: dict[str, Name] = {}
    for one in (*_own(ctx, on), *_linked(on), *_moments(), *_said(ctx, on, told)):
        found.setdefault(one.name, one)
    of = found.get(changed)
    if isinstance(of, Named) and not of.link:
        found |= {name: Changed(name, of, side) for side, name in enumerate(_SIDES)}
    return found


def declared(on: type[Record]) -> dict[str, Named]:
    """The fields that a kind of record declares itself, by name, without what is computed of them."""
    left_out = formulas_of(on)
    return {one.name: one for one in _fields(on, "", stamps=False) if one.name not in left_out}


def asked_about(named: Mapping[str, Name]) -> Iterator[str]:
    """Of the field whose change is asked about the name under which its value stood, whether the text has it or not:
    whoever may not read it isn't to hear that it changed."""
    return (name for name in _SIDES[:1] if isinstance(named.get(name), Changed))


def field_of(ctx: KernelContext, on: type[Record], name: str) -> Named | None:
    """A field of a record, of its extensions or of the institution's own; None where there is none that can be told."""
    found = names(ctx, on, None).get(name)
    told = isinstance(found, Named) and not found.link and found.spec.attribute is not None
    return cast("Named", found) if told else None


def known(
    ctx: KernelContext,
    named: Mapping[str, Name],
    record: Record,
    told: Event | None,
    entry: int | None = None,
) -> dict[str, Any]:
    """The values of names, for the engine; those that nobody knows are left out.

    Raises:
        Refused: ``expression-not-readable``: the person may not see one of them.
    """
    values = {name: _value(ctx, one, record, told, entry) for name, one in named.items()}
    return {name: value for name, value in values.items() if value is not None}


def unreadable(ctx: KernelContext, one: Name) -> bool:
    """Whether a rule hides or masks a name from the person wherever it stands."""
    if isinstance(one, Told):
        return one.of is not None and _hidden(ctx, one.of, one.field, None)
    if isinstance(one, Changed):
        one = one.of
    way = one.way is not None and _hidden(ctx, *one.way, None)
    return way or _hidden(ctx, one.kind, one.spec.key, None)


# -- what there is -----------------------------------------------------------------------------------------------------


def _own(ctx: KernelContext, on: type[Record]) -> Iterator[Name]:
    records = ctx.kernel.records
    for kind in (on, *records.extensions(on)):
        yield from _fields(kind, "", stamps=kind is on)
    for spec in records.custom.every(ctx, on).values():
        if spec.kind in _KINDS:
            yield Named(spec.key, spec, on, _KINDS[spec.kind])


def _linked(on: type[Record]) -> Iterator[Name]:
    for relation in on.__mapper__.relationships:
        if relation.direction is RelationshipDirection.MANYTOONE and not relation.viewonly:
            column = next(iter(relation.local_columns))
            way = (on, on.__mapper__.get_property_by_column(column).key)
            for one in _fields(relation.mapper.class_, f"{relation.key}.", stamps=False):
                yield replace(one, link=relation.key, way=way)


def _fields(kind: type[Record], before: str, *, stamps: bool) -> Iterator[Named]:
    """The fields of a kind of record; the stamps of another than the one that is asked say nothing of it."""
    left_out = _IDS if stamps else _IDS | _TIMES
    for spec in specs_of(kind).values():
        told = spec.kind in _KINDS and spec.attribute is not None and not spec.info.secret
        if told and spec.key not in left_out:
            yield Named(f"{before}{spec.key}", spec, kind, _KINDS[spec.kind])


def _moments() -> Iterator[Name]:
    yield Told("today", "today", ExpressionType.DATE)
    yield Told("now", "now", ExpressionType.TIME)


def _said(ctx: KernelContext, on: type[Record], told: type[Event] | None) -> Iterator[Name]:
    if told is None:
        return
    try:
        hints = get_type_hints(told)
    except NameError:  # a name that its module imports for the type checker alone
        return
    kinds = (on, *ctx.kernel.records.extensions(on))
    for each in fields(cast("Any", told)):
        of = next((kind for kind in kinds if each.name in specs_of(kind)), None)
        if of is not None and specs_of(of)[each.name].info.secret:
            continue
        hint, _optional = bare_type(hints[each.name])
        for kind, type_ in _TOLD:
            if isinstance(hint, type) and issubclass(hint, kind):
                yield Told(f"event.{each.name}", each.name, type_, of)
                break


# -- what it comes to --------------------------------------------------------------------------------------------------


def _value(
    ctx: KernelContext, one: Name, record: Record, told: Event | None, entry: int | None
) -> Any:
    if isinstance(one, Told):
        _check_told(ctx, one, record)
        moments = {"today": ctx.today, "now": ctx.now}
        return encoded(moments.get(one.name) or getattr(told, one.field, None))
    if isinstance(one, Changed):
        return _changed(ctx, one, record, entry)
    holder = _holder(ctx, one, record)
    if holder is None:
        return None
    if _hidden(ctx, one.kind, one.spec.key, holder):
        raise Refused("expression-not-readable", name=one.name)
    return encoded(value_of(holder, one.spec), currency_of(holder))


def _check_told(ctx: KernelContext, one: Told, record: Record) -> None:
    """Raise where an event would tell what the person may not read in the record.

    Raises:
        Refused: ``expression-not-readable``.
    """
    if one.of is None:
        return
    holder = record if isinstance(record, one.of) else ctx.session.get(one.of, record.id)
    if _hidden(ctx, one.of, one.field, holder):
        raise Refused("expression-not-readable", name=one.name)


def _changed(ctx: KernelContext, one: Changed, record: Record, entry: int | None) -> Any:
    of, holder = one.of, _holder(ctx, one.of, record)
    if _hidden(ctx, of.kind, of.spec.key, holder):
        raise Refused("expression-not-readable", name=of.name)
    table = of.kind.__tablename__
    said = ctx.kernel.audit.changes_of(ctx, entry, table, record.id) if entry is not None else {}
    value = from_ledger(of.spec.kind, said.get(of.spec.key, (None, None))[one.side])
    currency = said.get(of.kind.__currency__)  # where it was changed at the same time
    return encoded(value, currency[one.side] if currency else currency_of(holder or record))


def _holder(ctx: KernelContext, one: Named, record: Record) -> Record | None:
    """The record in which a name's value stands; None where there is none.

    Raises:
        Refused: ``expression-not-readable``: the way to it, or the record itself, isn't the person's to see.
    """
    if one.way is None:
        return record if isinstance(record, one.kind) else ctx.session.get(one.kind, record.id)
    if _hidden(ctx, *one.way, record):
        raise Refused("expression-not-readable", name=one.name)
    found: Record | None = getattr(record, one.link)
    if found is None and getattr(record, one.way[1]) is not None:
        raise Refused("expression-not-readable", name=one.name)
    return found


def _hidden(ctx: KernelContext, kind: type[Record], key: str, record: Record | None) -> bool:
    access, records = ctx.kernel.access, ctx.kernel.records
    effects = access.field_effects(ctx, kind) if record is None else records.effects(ctx, record)
    return effects.get("custom" if key.startswith(CUSTOM) else key) in ("hide", "mask")
