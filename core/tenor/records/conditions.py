"""What a filter means: fields and words of its text become expressions over the records that a person may read.

Names that the person may not see, sort or filter by aren't known, with the same words as names that nobody has.
Negation is carried down to the comparisons, so that the database never has to turn round a comparison with a null:
both databases give what plain two-valued logic gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Dialect, Select, String, and_, case, collate, func, literal, or_
from sqlalchemy.orm import RelationshipDirection, aliased

from tenor.records.custom import compared
from tenor.records.filters import And, Comparison, Not, Or, Sign, Tree
from tenor.records.specs import FieldSpec
from tenor.records.words import Bounds, Words
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.records import Extension, Record
from tenor_sdk.values import currencies_with

if TYPE_CHECKING:
    from tenor.context import KernelContext

_TEXTS: Final = ("text", "long-text")
_ORDERED: Final = ("text", "integer", "amount", "rate", "date", "time")
_NEVER: Final = ("json", "computed")
#: decimal places of most currencies
_USUAL: Final = 2
_INVERSE: Final[Mapping[str, Sign]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Place:
    """A field in the statement of a list.

    Args:
        kind: the record that it is a field of.
        entity: that record in the statement: the class, or an alias of it.
        lacking: whether a row can be without a value.
    """

    spec: FieldSpec
    kind: type[Record]
    entity: Any
    lacking: bool

    @property
    def expression(self) -> Any:
        if self.spec.is_custom:
            return compared(self.entity.custom, self.spec.name, self.spec.kind)
        return getattr(self.entity, self.spec.attribute.key)


class Joins:
    """What a list's statement reads beside its record: extensions by their id, linked records along a relation."""

    def __init__(self, record: type[Record]) -> None:
        self.record = record
        self.extensions: list[Any] = []
        self._links: dict[tuple[Any, str], tuple[Any, Any]] = {}

    def extension(self, kind: type[Record]) -> type[Record]:
        """An extension of the record, joined."""
        if kind not in self.extensions:
            self.extensions.append(kind)
        return kind

    def link(self, relation: Any) -> Any:
        """The record behind a relation, joined once under an alias."""
        if issubclass(relation.class_, Extension):
            self.extension(relation.class_)
        key = (relation.class_, relation.key)
        if key not in self._links:
            self._links[key] = (relation, aliased(relation.property.mapper.class_))
        return self._links[key][1]

    def onto(self, statement: Select[Any]) -> Select[Any]:
        """The statement with all of them."""
        for kind in self.extensions:
            statement = statement.outerjoin(kind, kind.id == self.record.id)
        for relation, target in self._links.values():
            # along the relation, not by a condition: only so does SQLAlchemy put the alias into the guard's criteria
            statement = statement.outerjoin(relation.of_type(target))
        return statement


class Conditions:
    """Builds the conditions of one list for one person, and notes what has to be joined for them."""

    def __init__(self, ctx: KernelContext, record: type[Record], joins: Joins) -> None:
        self.ctx, self.record, self.joins = ctx, record, joins
        self.words = Words(ctx)
        self.dialect: Dialect = ctx.kernel.db.reader.dialect

    def of(self, tree: Tree, *, negated: bool = False) -> Any:
        """The expression of a filter, or of its opposite.

        Raises:
            Invalid: ``unknown-filter``, ``filter-sign``, ``filter-value``.
        """
        if isinstance(tree, Comparison):
            return self._test(tree, negated)
        if isinstance(tree, Not):
            return self.of(tree.term, negated=not negated)
        parts = [self.of(term, negated=negated) for term in tree.terms]
        return and_(*parts) if isinstance(tree, And) is not negated else or_(*parts)

    def canonical(self, tree: Tree) -> Tree:
        """The same filter with the keys of fields and choices in the place of their words.

        Raises:
            Invalid: as ``of``.
        """
        if isinstance(tree, Not):
            return Not(self.canonical(tree.term))
        if not isinstance(tree, Comparison):
            terms = tuple(self.canonical(term) for term in tree.terms)
            return And(terms) if isinstance(tree, And) else Or(terms)
        name = self.key(tree.field, tree.at)
        place = self.place(name, tree.at)
        keys = tuple(
            self._told(tree, number, lambda word: self.words.key(place.spec, place.kind, word))
            for number in range(len(tree.values))
        )
        return Comparison(name, tree.sign, keys)

    # -- fields -----------------------------------------------------------------------------------------------------

    def place(self, name: str, at: int = 0) -> Place:
        """A field by its key, its label in the person's language, or through a link: ``customer.name``.

        Raises:
            Invalid: ``unknown-filter``: nobody has it, or this person may not filter by it.
        """
        found = self._own(name) or self._linked(name)
        if found is None:
            raise _unknown(name, at)
        return found

    def key(self, name: str, at: int = 0) -> str:
        """The name of a field as everybody writes it, whatever the person called it."""
        if (own := self._own(name)) is not None:
            return own.spec.key
        head, _dot, tail = name.partition(".")
        relation = self._relation(head)
        if relation is None:
            raise _unknown(name, at)
        target = relation.property.mapper.class_
        spec = self._spec(target, tail)
        return f"{relation.key}.{spec.key if spec is not None else tail}"

    def _own(self, name: str) -> Place | None:
        for kind in (self.record, *self.ctx.kernel.records.extensions(self.record)):
            spec = self._spec(kind, name)
            if spec is not None and kind is self.record:
                return Place(spec, kind, kind, spec.is_custom or _nullable(spec))
            if spec is not None:
                return Place(spec, kind, self.joins.extension(kind), True)
        return None

    def _linked(self, name: str) -> Place | None:
        head, dot, tail = name.partition(".")
        relation = self._relation(head) if dot else None
        if relation is None:
            return None
        target = relation.property.mapper.class_
        spec = self._spec(target, tail)
        return None if spec is None else Place(spec, target, self.joins.link(relation), True)

    def _relation(self, name: str) -> Any:
        """A link of the record that the person may filter by, by its name or its label."""
        for relation in self.record.__mapper__.relationships:
            if relation.direction is not RelationshipDirection.MANYTOONE:
                continue
            column = next(iter(relation.local_columns))
            spec = self._spec(
                self.record, self.record.__mapper__.get_property_by_column(column).key
            )
            if spec is not None and (name == relation.key or self.words.is_label(spec, name)):
                return getattr(self.record, relation.key)
        return None

    def _spec(self, kind: type[Record], name: str) -> FieldSpec | None:
        specs = self.ctx.kernel.records.specs(kind)
        found = specs.get(name)
        if found is None:
            labelled = [spec for spec in specs.values() if self.words.is_label(spec, name)]
            found = labelled[0] if len(labelled) == 1 else None
        if found is None:
            return self._custom(kind, name)
        if found.kind in _NEVER or found.attribute is None:
            return None
        return found if self.ctx.kernel.access.may_sort(self.ctx, found.attribute) else None

    def _custom(self, kind: type[Record], name: str) -> FieldSpec | None:
        """A field that the institution added, by its key, ``custom.<key>``, or its label."""
        own = self.ctx.kernel.records.custom.searched(self.ctx, kind)
        found = [spec for spec in own if spec.key == name]
        found = found or [spec for spec in own if self.words.is_label(spec, name)]
        return found[0] if len(found) == 1 else None

    # -- comparisons ------------------------------------------------------------------------------------------------

    def _test(self, test: Comparison, negated: bool) -> Any:
        place = self.place(test.field, test.at)
        if test.sign != "=" and not _takes(place.spec, test.sign):
            raise Invalid("filter-sign", None, sign=test.sign, name=test.field, **_at(test.at))
        if not test.values:
            return _empty(place, negated)
        if test.sign == "~":
            holds = or_(*(containing(place.expression, value) for value in test.values))
        else:
            bounds = [
                self._told(
                    test, number, lambda word: self.words.bounds(place.spec, place.kind, word)
                )
                for number in range(len(test.values))
            ]
            if test.sign != "=":
                return self._ordered(place, test.sign, bounds[0], negated)
            holds = self._equal(place, bounds)
        if not negated:
            return holds
        return or_(place.expression.is_(None), ~holds) if place.lacking else ~holds

    def _ordered(self, place: Place, sign: Sign, bounds: Bounds, negated: bool) -> Any:
        if negated:
            opposite = self._ordered(place, _INVERSE[sign], bounds, False)
            return or_(place.expression.is_(None), opposite) if place.lacking else opposite
        value = by_code_point(place.expression, self.dialect)
        first, last = (_value(place, bound) for bound in (bounds.first, bounds.last))
        if sign == "<":
            return value < first
        if sign == "<=":
            return value <= last
        return value > last if sign == ">" else value >= first

    def _equal(self, place: Place, wanted: Sequence[Bounds]) -> Any:
        plain = [bounds.first for bounds in wanted if bounds.is_plain]
        parts = [_within(place, bounds) for bounds in wanted if not bounds.is_plain]
        if plain:
            parts.append(place.expression.in_(plain))
        return or_(*parts)

    def _told(self, test: Comparison, number: int, read: Callable[[str], Any]) -> Any:
        """Read a word of a filter; what is wrong with it is told with its place."""
        try:
            return read(test.values[number])
        except TenorError as error:
            if not test.values_at:
                raise Invalid("invalid", {test.field: error}) from None
            raise Invalid(
                "filter-value", None, name=test.field, at=test.values_at[number], why=error
            ) from None


def _unknown(name: str, at: int) -> Invalid:
    return Invalid("unknown-filter", None, name=name[:80], **_at(at))


def _at(at: int) -> dict[str, int]:
    """The place of what is wrong, where there is a text in which it stands."""
    return {"at": at} if at else {}


def by_code_point(expression: Any, dialect: Dialect) -> Any:
    """A text as it is ordered: by code point, also where its column was made with the order of some language."""
    kind = expression.type.dialect_impl(dialect)
    if dialect.name == "postgresql" and isinstance(kind, String) and kind.collation != "C":
        return collate(expression, "C")
    return expression


def folded(text: str) -> str:
    """As ``lower()`` does in both databases: of the letters A to Z alone."""
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)


def containing(expression: Any, text: str) -> Any:
    """Whether a text contains another, whatever the case of A to Z."""
    pattern = folded(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return func.lower(expression).like(f"%{pattern}%", escape="\\")


def _empty(place: Place, negated: bool) -> Any:
    """A text of no letters is empty as well."""
    value = place.expression
    if place.spec.kind in _TEXTS:
        return (
            and_(value.is_not(None), value != "") if negated else or_(value.is_(None), value == "")
        )
    return value.is_not(None) if negated else value.is_(None)


def _takes(spec: FieldSpec, sign: Sign) -> bool:
    if sign == "~":
        return spec.kind in _TEXTS
    return spec.kind in _ORDERED and spec.target is None


def _nullable(spec: FieldSpec) -> bool:
    return bool(spec.attribute.expression.nullable)


def _within(place: Place, bounds: Bounds) -> Any:
    return place.expression.between(_value(place, bounds.first), _value(place, bounds.last))


def _value(place: Place, bound: Any) -> Any:
    """A bound as the database compares it: of an amount, in the minor units of each row's own currency."""
    kind = place.expression.type
    if not isinstance(bound, Mapping):
        return literal(bound, kind)
    currency = getattr(place.entity, place.kind.__currency__)
    unusual = [
        (currency.in_(currencies_with(places)), literal(value, kind))
        for places, value in bound.items()
        if places != _USUAL
    ]
    return case(*unusual, else_=literal(bound[_USUAL], kind))
