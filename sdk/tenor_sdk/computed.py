"""Values that a record computes from its own fields, its lines, or what links to it: anew each time, or stored.

Both say what they depend on, and can read nothing else::

    class Order(Record):
        items: Mapped[list[Item]] = lines()
        discount: Mapped[Amount] = field(default=Amount(0))

        @stored("items.amount", "discount", label="To pay")
        def due(self) -> Amount:
            return total(item.amount for item in self.items) - self.discount

        @computed("due")
        def is_free(self) -> bool:
            return not self.due
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import get_annotations
from types import FunctionType, MethodType
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    Never,
    NoReturn,
    TypeVar,
    cast,
    get_type_hints,
    overload,
)  # fmt: skip

from sqlalchemy import event
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from tenor_sdk.columns import text_type
from tenor_sdk.declare import Origin, caller
from tenor_sdk.fields import FieldInfo, Widget

if TYPE_CHECKING:
    from tenor_sdk.records import Record

__all__ = [
    "COMPUTING",
    "Computed",
    "Formula",
    "Stored",
    "computed",
    "formulas_of",
    "linked_from",
    "stored",
]

T = TypeVar("T")

#: Who sets a stored field: the kernel, and nobody else.
COMPUTING: Final[Any] = object()


@dataclass(frozen=True, eq=False)
class Formula:
    """How a computed field comes about.

    Args:
        function: of the record and of nothing else; it gets to see what the field depends on.
        depends_on: names of fields; ``"items.amount"`` for a field of each line, or of each record that links to it;
            ``"items"`` for how many there are.
        origin: where it is declared.
        stored: whether the value is kept in a column.
    """

    function: Callable[[Any], Any]
    depends_on: tuple[str, ...]
    origin: Origin
    stored: bool = False

    @property
    def tree(self) -> Mapping[str, tuple[str, ...]]:
        """What it may read of the record, and of each record behind a relation."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.depends_on:
            first, _dot, rest = path.partition(".")
            found[first] = (*found.get(first, ()), *([rest] if rest else []))
        return found

    def of(self, record: Record) -> Any:
        """The value for one record.

        Raises:
            TypeError: it reads what it doesn't name.
        """
        return self.function(_Reading(record, self.tree, self.origin))


class _Reading:
    """A record as a formula sees it: what it depends on, with the record's own methods and properties over that."""

    def __init__(self, record: Any, tree: Mapping[str, tuple[str, ...]], origin: Origin) -> None:
        self.__dict__.update(_record=record, _tree=tree, _origin=origin)

    def __getattr__(self, name: str) -> Any:
        kind = type(self._record)
        if name in self._tree:
            value = getattr(self._record, name)
            return self._each(value, name) if name in kind.__mapper__.relationships else value
        found = getattr(kind, name)
        if name in kind.__mapper__.attrs or isinstance(found, Computed):
            raise TypeError(
                f"{self._origin}: it reads {kind.__name__}.{name} and doesn't say that it depends on it"
            )
        if isinstance(found, property) and found.fget is not None:
            return found.fget(self)
        return MethodType(found, self) if isinstance(found, FunctionType) else found

    def _each(self, records: list[Any], relation: str) -> list[Any]:
        inner: Mapping[str, tuple[str, ...]] = dict.fromkeys(self._tree[relation], ())
        return [_Reading(record, inner, self._origin) for record in records]


class Computed(Generic[T]):
    """A value that is computed whenever it is asked for; ``computed`` makes it."""

    def __init__(self, formula: Formula, label: str) -> None:
        self.formula = formula
        self.label = label
        self.key = formula.function.__name__
        self.__doc__ = formula.function.__doc__

    @overload
    def __get__(self, record: None, owner: Any) -> Computed[T]: ...
    @overload
    def __get__(self, record: Any, owner: Any) -> T: ...
    def __get__(self, record: Any, owner: Any) -> Computed[T] | T:
        return self if record is None else cast("T", self.formula.of(record))

    def __set__(self, record: Any, value: Never) -> NoReturn:
        raise TypeError(f"{type(record).__name__}.{self.key} is computed: nobody sets it")


class Stored(Generic[T]):
    """A computed value that is kept in a column; ``stored`` makes it, the record's class makes a column of it."""

    def __init__(
        self, formula: Formula, column: Callable[[FieldInfo], Any], info: FieldInfo
    ) -> None:
        self.formula, self.info, self._column = formula, info, column

    @overload
    def __get__(self, record: None, owner: Any) -> InstrumentedAttribute[T]: ...
    @overload
    def __get__(self, record: Any, owner: Any) -> T: ...
    def __get__(self, record: Any, owner: Any) -> Any:
        return self

    def __set__(self, record: Any, value: Never) -> None: ...

    def kept_in(self) -> tuple[Any, Any]:
        """The annotation and the column that stand in its place once the class is mapped."""
        try:
            returns: Any = get_type_hints(self.formula.function)["return"]
        except (KeyError, NameError) as error:
            name = self.formula.function.__name__
            raise TypeError(
                f"{self.formula.origin}: {name} is stored, so it says what it returns: {error}"
            ) from None
        annotation: Any = Mapped  # of a type that is known only now
        return annotation[returns], self._column(self.info)


def computed(*depends_on: str, label: str = "") -> Callable[[Callable[[Any], T]], Computed[T]]:
    """A value that a record computes when asked: shown, given out, never kept. Its help is the docstring.

    Where a field that it depends on is hidden or masked for somebody, it is hidden too.

    Args:
        depends_on: see ``Formula``.
        label: by default its name in words.
    """
    origin = _checked(depends_on)

    def made(function: Callable[[Any], T]) -> Computed[T]:
        return Computed(Formula(function, depends_on, origin), label)

    return made


def stored(
    *depends_on: str,
    label: str = "",
    search: bool = False,
    index: bool = False,
    max_length: int | None = None,
    widget: Widget = "",
) -> Callable[[Callable[[Any], T]], Stored[T]]:
    """A computed value in a column of its own: sorted by, filtered by, searched, on record in the ledger.

    The kernel computes it anew, in the same transaction, whenever what it depends on changes, through whichever door;
    of all rows, whoever acts. Nobody sets it. Where the formula changes, ``tenor records recompute`` brings what is
    kept up to it.

    Args:
        depends_on: see ``Formula``.
        label, search, index, max_length, widget: as of ``field``.
    """
    origin = _checked(depends_on)

    def column(info: FieldInfo) -> Any:
        kind = None if max_length is None else text_type(max_length)
        return mapped_column(kind, info={"tenor": info}, index=index or None)

    def made(function: Callable[[Any], T]) -> Stored[T]:
        formula = Formula(function, depends_on, origin, stored=True)
        said = " ".join((function.__doc__ or "").split())
        info = FieldInfo(
            label=label, help=said, search=search, widget=widget, readonly=True, formula=formula
        )
        return Stored(formula, column, info)

    return made


def _checked(depends_on: tuple[Any, ...]) -> Origin:
    origin = caller()
    if not depends_on or not all(isinstance(path, str) for path in depends_on):
        raise TypeError(
            f"{origin}: a computed field says by name what it depends on, "
            'as in @computed("amount", "items.amount")'
        )
    return origin


def linked_from(key: str, *, order_by: str = "id") -> Mapped[Any]:
    """The records of the same plugin that link to this one, for a formula to read.

    ``contacts: Mapped[list[Contact]] = linked_from("Contact.case_id")``; seen as far as the person sees them, and not
    changed through this.

    Args:
        key: the class and its ``link``.
        order_by: a field of theirs.
    """
    name = key.partition(".")[0]
    return relationship(foreign_keys=key, order_by=f"{name}.{order_by}", viewonly=True)


def formulas_of(record: type[Record]) -> Mapping[str, Formula]:
    """The computed fields of a kind of record by name, those that are stored among them."""
    found: Mapping[str, Formula] = record.__formulas__
    return found


def install(cls: type[Record]) -> None:
    """Put a column where a class says ``stored``. Called before it is mapped."""
    found: dict[str, Formula] = {}
    for name, value in _members(cls):
        if isinstance(value, Computed):
            found[name] = value.formula
        elif isinstance(value, Stored):
            found[name] = value.formula
            annotation, column = value.kept_in()
            cls.__annotations__ = {**get_annotations(cls), name: annotation}
            setattr(cls, name, column)
    cls.__formulas__ = found


def shut(cls: type[Record]) -> None:
    """From now on only the kernel sets what is stored. Called after the class is mapped."""
    for name, formula in cls.__formulas__.items():
        if formula.stored:
            event.listen(getattr(cls, name), "set", _refusing(name))


def _members(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for kind in cls.__mro__:
        yield from [(name, value) for name, value in vars(kind).items() if name not in seen]
        seen.update(vars(kind))


def _refusing(name: str) -> Callable[..., None]:
    def refuse(record: Any, _value: Any, _before: Any, initiator: Any) -> None:
        if initiator is not COMPUTING:
            raise TypeError(f"{type(record).__name__}.{name} is computed: nobody sets it")

    return refuse
