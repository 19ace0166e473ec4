"""Conditional fields: compiled once when they are declared, asked of a record as it would be, at every door and at the
flush. By the right of whoever declared them: nothing but the truth of a condition leaves this module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect
from sqlalchemy.sql.elements import ClauseElement

from tenor.expressions import names as naming
from tenor.expressions.scanning import Scan, scan
from tenor.expressions.values import encoded
from tenor.kept import Kept
from tenor.records.specs import specs_of
from tenor.records.values import currency_code
from tenor_sdk.conditions import When
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.expressions import ExpressionType
from tenor_sdk.records import Extension, Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.expressions.language import Compiled
    from tenor.expressions.room import Expressions
    from tenor_sdk.declare import Origin

#: the value of a field of a record as it would be; None where nobody knows it
Value = Callable[[str], Any]
TODAY: Final = "today"
_ENGINE: Final = "cel-expr-python"
#: what is kept of a condition that was compiled without a fault
_HOLDS: Final = b"holds"
_HELD: Final[Mapping[ExpressionType, type]] = {
    ExpressionType.TRUTH: bool,
    ExpressionType.NUMBER: int,
    ExpressionType.TEXT: str,
    ExpressionType.MONEY: dict,
    ExpressionType.RATE: dict,
    ExpressionType.DATE: bytes,
    ExpressionType.TIME: datetime,
}


class Asked:
    """The text of a condition, compiled when it is first asked: the engine is large, and most processes ask nothing.

    Args:
        names: that it uses.
        compile_it: raises where it doesn't hold water.
    """

    def __init__(self, names: Sequence[str], compile_it: Callable[[], Compiled]) -> None:
        self.names, self._compile = names, compile_it

    @cached_property
    def compiled(self) -> Compiled:
        """The condition as the engine has it."""
        return self._compile()


class WhenError(TypeError):
    """A condition that doesn't hold water, with its file and line."""

    def __init__(self, origin: Origin, problem: str) -> None:
        super().__init__(f"{origin}: {problem}")
        self.origin = origin


@dataclass(frozen=True)
class Condition:
    """A declared condition, ready to be asked.

    Args:
        names: of the fields that it names; ``today`` isn't one.
        moved_by: those, and the currency of the amounts among them.
    """

    when: When
    asked: Asked
    names: Mapping[str, ExpressionType]
    moved_by: frozenset[str]
    visible: frozenset[str]
    required: frozenset[str]
    read_only: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """What holds of a record's fields as it would be.

    Args:
        hidden: aren't on its page.
        required: can't be left empty.
        fixed: can't be given another value.
    """

    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


ALWAYS: Final = Standing()


class Whens:
    """The conditions of every kind of record."""

    def __init__(self, room: Expressions) -> None:
        self._room = room
        self._of: dict[type[Record], tuple[Condition, ...]] = {}

    def load(self, declarations: Declarations) -> None:
        """Compile what is declared.

        Raises:
            WhenError: with file and line.
        """
        found: dict[type[Record], list[Condition]] = {}
        for when in declarations.of(When):
            found.setdefault(when.record, []).append(_condition(self._room, when))
        self._of = {kind: tuple(each) for kind, each in found.items()}

    def of(self, kind: type[Record]) -> Sequence[Condition]:
        """The conditions of a kind of record."""
        return self._of.get(kind, ())

    # -- asked ------------------------------------------------------------------------------------------------------

    def standing(self, ctx: KernelContext, kind: type[Record], value: Value) -> Standing:
        """What holds of the fields of a record; what is asked for is shown."""
        conditions = self.of(kind)
        if not conditions:
            return ALWAYS
        true = [one for one in conditions if _holds(ctx, kind, one, value)]
        required = _united(one.required for one in true)
        shown = _united(one.visible for one in true) | required
        return Standing(
            hidden=_united(one.visible for one in conditions) - shown,
            required=required,
            fixed=_united(one.read_only for one in true),
        )

    def of_record(self, ctx: KernelContext, record: Record) -> Standing:
        """What holds of the fields of a record as it stands."""
        return self.standing(ctx, type(record), lambda key: getattr(record, key))

    def faults(
        self,
        ctx: KernelContext,
        kind: type[Record],
        existing: Record | None,
        given: Mapping[str, Any],
        unseen: AbstractSet[str] = frozenset(),
    ) -> dict[str, TenorError]:
        """What is wrong with values that a person hands in, by field.

        Args:
            existing: the record that they change; None of a new one.
            unseen: what is hidden from or masked for the person: whether they say what stands there isn't told.
        """
        if not self.of(kind):
            return {}
        value = as_it_would_be(kind, existing, given)
        touched = None if existing is None else given.keys()
        lacking = self.lacking(ctx, kind, value, touched)
        found: dict[str, TenorError] = {key: Invalid("required") for key in lacking}
        for one in self.of(kind):
            moved = [
                key
                for key in one.read_only & given.keys()
                if _moves(kind, existing, key, given[key], unseen)
            ]
            if moved and _holds(ctx, kind, one, value):
                found |= {key: Invalid("fixed-now") for key in moved}
        return found  # fmt: skip

    def lacking(
        self, ctx: KernelContext, kind: type[Record], value: Value, touched: AbstractSet[str] | None
    ) -> list[str]:
        """The fields that a record as it would be lacks.

        Args:
            touched: the fields that are changed: what was so before stays till somebody changes what it is about; None
                of a new record.
        """
        found: list[str] = []
        for one in self.of(kind):
            about = touched is None or touched & one.moved_by
            asked = one.required if about else one.required & (touched or set())
            empty = [key for key in asked if is_empty(value(key))]
            if empty and _holds(ctx, kind, one, value):
                found += empty
        return found

    # -- at the flush, and where rows are written without one -------------------------------------------------------

    def check_new(self, ctx: KernelContext, record: Record) -> None:
        """Raise where a record that is being made lacks what it needs.

        Raises:
            Invalid: by field.
        """
        kind = type(record)
        if not self.of(kind):
            return
        known = inspect(record).dict

        def value(key: str) -> Any:
            if key in known or key not in kind.__mapper__.columns:
                return getattr(record, key)
            return beginning(kind, key)

        self._check(ctx, kind, value, None)

    def check_changed(self, ctx: KernelContext, record: Record, changed: AbstractSet[str]) -> None:
        """The same of one that is being changed.

        Raises:
            Invalid: by field.
        """
        if self.of(type(record)):
            self._check(ctx, type(record), lambda key: getattr(record, key), changed)

    def check_row(
        self,
        ctx: KernelContext,
        kind: type[Record],
        row: Mapping[str, Any],
        changed: AbstractSet[str] | None = None,
    ) -> None:
        """The same of a row that is written without a record; what a new one leaves out is what it begins with.

        Raises:
            Invalid: by field.
        """

        def value(key: str) -> Any:
            left_out = changed is None and key not in row
            return beginning(kind, key) if left_out else row.get(key)

        self._check(ctx, kind, value, changed)

    def asked_of(self, kind: type[Record], changed: AbstractSet[str]) -> list[str]:
        """What has to be known of rows in which these fields are set, to tell whether they lack anything."""
        about = [one for one in self.of(kind) if changed & (one.moved_by | one.required)]
        return sorted(_united(one.moved_by | one.required for one in about))

    def _check(
        self, ctx: KernelContext, kind: type[Record], value: Value, touched: AbstractSet[str] | None
    ) -> None:
        lacking = self.lacking(ctx, kind, value, touched)
        if lacking:
            raise Invalid("invalid", dict.fromkeys(lacking, Invalid("required")))


def is_empty(value: Any) -> bool:
    """Whether a field says nothing: no value, or a text of blanks."""
    return value is None or (isinstance(value, str) and not value.strip())


def beginning(kind: type[Record], key: str) -> Any:
    """What a field of a new record begins with, where its column says so in a value."""
    column = kind.__mapper__.columns.get(key)
    default: Any = column.default if column is not None else None
    return default.arg if default is not None and default.is_scalar else None


def as_it_would_be(kind: type[Record], existing: Record | None, given: Mapping[str, Any]) -> Value:
    """The values of a record once it has what is handed in."""

    def value(key: str) -> Any:
        if key in given:
            return given[key]
        return beginning(kind, key) if existing is None else getattr(existing, key)

    return value


def _united(sets: Iterator[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _moves(
    kind: type[Record], existing: Record | None, key: str, value: Any, unseen: AbstractSet[str]
) -> bool:
    """Whether what is handed in is another value than the field has, or begins with."""
    if existing is None:
        given_once = specs_of(kind)[key].required  # there is no record without it
        return not given_once and not _same(value, beginning(kind, key))
    return key in unseen or not _same(value, getattr(existing, key))


def _same(one: Any, other: Any) -> bool:
    return one == other or (is_empty(one) and is_empty(other))


def _holds(ctx: KernelContext, kind: type[Record], one: Condition, value: Value) -> bool:
    """Whether a condition holds; an error isn't true."""
    known, currency = {}, _currency(kind, value)
    for name, gives in one.names.items():
        given = encoded(_plain(value(name)), currency)
        if gives is ExpressionType.MONEY and not currency:
            continue
        if isinstance(given, _HELD[gives]) and isinstance(given, bool) == (
            gives is ExpressionType.TRUTH
        ):
            known[name] = given  # fmt: skip
    if TODAY in one.asked.names:
        known[TODAY] = encoded(ctx.today)
    try:
        return one.asked.compiled.value(known, {name: name in known for name in one.names}) is True
    except TenorError:
        return False


def _currency(kind: type[Record], value: Value) -> str:
    """The currency of a record's amounts; empty where it is worked out for each record, and this one isn't there."""
    named = kind.__currency__
    if not hasattr(kind, named):
        return currency_code(named)
    given = _plain(value(named))
    return currency_code(given) if given or named in kind.__mapper__.columns else ""


def _plain(value: Any) -> Any:
    """A value; what the database is to compute isn't known yet."""
    return None if isinstance(value, ClauseElement) else value


# -- at the start ------------------------------------------------------------------------------------------------------


def _condition(room: Expressions, when: When) -> Condition:
    """A condition, checked and compiled.

    Raises:
        WhenError: with file and line.
    """
    kind = when.record
    if kind.__plugin__ != when.plugin:
        raise WhenError(when.origin, f"{kind.__name__} is a record of {kind.__plugin__}")
    asked = _asked(room, when)
    declared = naming.declared(kind)
    names = {name: declared[name].gives for name in asked.names if name in declared}
    currency = {kind.__currency__}.intersection(kind.__mapper__.columns.keys())
    has_money = ExpressionType.MONEY in names.values()
    keys = {
        part: frozenset(_key(when, each, part) for each in getattr(when, part))
        for part in ("visible", "required", "read_only")
    }
    _check_governed(when, keys, names.keys())
    return Condition(
        when, asked, names, frozenset(names) | (currency if has_money else set()), **keys
    )


def _asked(room: Expressions, when: When) -> Asked:
    """A condition that holds water, as this engine said of it: now, or at a start before."""
    types = {name: one.gives for name, one in naming.declared(when.record).items()}
    types[TODAY] = ExpressionType.DATE
    try:
        text = scan(when.text)
    except TenorError as error:
        raise _no_condition(when, error) from None
    asked = Asked(text.names, lambda: _compiled(room, when, types, text))
    piece = f"condition {version(_ENGINE)} {sorted(types.items())} {when.text}"
    kept = Kept.of(room.kernel.settings)
    if kept.get(piece) is None:
        _ = asked.compiled
        kept.put(piece, _HOLDS)
    return asked


def _compiled(
    room: Expressions, when: When, types: Mapping[str, ExpressionType], text: Scan
) -> Compiled:
    try:
        compiled = room.compiled(types, text)
    except TenorError as error:
        raise _no_condition(when, error) from None
    if compiled.gives is not ExpressionType.TRUTH:
        said = compiled.gives or "something else"
        raise WhenError(when.origin, f"{when.text[:200]!r} gives a {said}, not a truth")
    return compiled


def _no_condition(when: When, error: TenorError) -> WhenError:
    return WhenError(when.origin, f"{when.text[:200]!r} is no condition: {error}")


def _key(when: When, attribute: Any, part: str) -> str:
    """The key of a field that a condition governs, which has to be one of the record's that can be governed so."""
    kind, key = when.record, getattr(attribute, "key", "")
    spec = specs_of(kind).get(key)
    if getattr(attribute, "class_", None) is not kind or spec is None:
        raise WhenError(when.origin, f"{attribute} is no field of {kind.__name__}")
    if part != "visible" and (spec.readonly or spec.kind in ("state", "computed")):
        raise WhenError(when.origin, f"{key} can't be {_said(part)}: nobody hands it in")
    if part == "required" and spec.kind == "boolean":
        raise WhenError(when.origin, f"{key} can't be required: a yes or no is never empty")
    return str(key)


def _check_governed(
    when: When, keys: Mapping[str, AbstractSet[str]], names: AbstractSet[str]
) -> None:
    governed = {key for each in keys.values() for key in each}
    if not governed:
        raise WhenError(when.origin, "the condition is about no field")
    own = sorted(governed & names)
    if own:
        raise WhenError(when.origin, f"{own[0]} would go by itself: its condition names it")
    both = sorted(keys["required"] & keys["read_only"])
    if both:
        raise WhenError(when.origin, f"{both[0]} would be required and read-only at once")
    if keys["visible"] and issubclass(when.record, Extension):
        raise WhenError(
            when.origin, f"{when.record.__name__} has no page on which a field is shown"
        )


def _said(part: str) -> str:
    return part.replace("_", "-")
