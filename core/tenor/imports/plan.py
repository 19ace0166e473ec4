"""How the columns of a file become records: for each its goal and its rule, and by what a row is known again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tenor.access.rights import parent_of
from tenor.imports.goals import Goal, Goals, in_percent, labels, power_of
from tenor.records.rules import Rule
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.written import Written
from tenor_sdk.errors import Forbidden, Invalid
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Dated, Extension, Line, Owned, Record
from tenor_sdk.sheets import UnreadableFile

if TYPE_CHECKING:
    from tenor.context import KernelContext

_BASE: Final = "base"


@dataclass(frozen=True)
class Course:
    """What somebody said of a file: fixed for as long as it is taken in.

    Args:
        record: what its rows are.
        header: the names of its columns.
        mapping: for the places of columns the names of goals.
        matched_by: goals by which a row is known again, all of them together; none: every row is new.
        orders: for the places of columns with dates whether the day or the month stands first.
    """

    record: type[Record]
    header: Sequence[str]
    mapping: Mapping[int, str]
    matched_by: Sequence[str]
    orders: Mapping[int, str]


@dataclass(frozen=True)
class Column:
    """A column that is read."""

    place: int
    name: str
    goal: Goal


class Plan:
    """A course under the rules that hold for whoever takes a chunk, as they stand in its transaction.

    Raises:
        Forbidden: ``not-permitted``: the person may neither make nor change such records.
        Invalid: ``no-such-goal``, ``not-mapped``, ``goals-missing``.
        UnreadableFile: ``goal-twice``.
    """

    def __init__(self, ctx: KernelContext, course: Course) -> None:
        self.ctx, self.course, self.record = ctx, course, course.record
        check_importable(ctx, course.record)
        self.goals = Goals(ctx, course.record)
        self.columns = [
            Column(place, course.header[place], self.goals.goal(name))
            for place, name in sorted(course.mapping.items())
            if place < len(course.header)
        ]
        self._check_twice()
        by_name = {column.goal.name: column for column in self.columns}
        self.keys = [self._key(by_name, name) for name in course.matched_by]
        self.values = [each for each in self.columns if each.goal.name != "id"]
        self.missing = self._missing()
        if self.missing and not self.keys:
            names = ", ".join(spec.key for spec in self.missing)
            raise Invalid("goals-missing", None, names=names)
        self._rules: dict[tuple[int, str], Rule] = {}

    @property
    def bulk(self) -> bool:
        """Whether new rows are written without an object each: nothing arises from them, no object
        checks itself, and it is by one's own right."""
        kernel = self.ctx.kernel
        return (
            self.record.__plugin__ != _BASE
            and self.record not in kernel.workflow.flows
            and parent_of(self.record) is None
            and not self.record.__mapper__.validators
            and not self.ctx.actor.stands_in
        )

    def _check_twice(self) -> None:
        names: set[str] = set()
        for column in self.columns:
            spec = column.goal.spec
            name = spec.key if spec is not None else column.goal.name
            if name in names:
                raise UnreadableFile("goal-twice", name=name, column=column.name)
            names.add(name)

    @staticmethod
    def _key(by_name: Mapping[str, Column], name: str) -> Column:
        found = by_name.get(name)
        if found is None:
            raise Invalid("not-mapped", None, name=name)
        return found

    def _missing(self) -> list[FieldSpec]:
        """What a new record needs and no column brings."""
        given = {column.goal.spec.key for column in self.columns if column.goal.spec is not None}
        own = {"unit_id", "owner_id"} if issubclass(self.record, Owned) else set()
        return [
            spec
            for spec in self.goals.specs.values()
            if spec.required and spec.key not in given and spec.key not in own
        ]

    def rule(self, column: Column, currency: str) -> Rule:
        """How a column is read.

        Args:
            currency: of its amounts.
        """
        known = self._rules.get((column.place, currency))
        if known is None:
            known = self._rules[column.place, currency] = self._made(column, currency)
        return known

    def _made(self, column: Column, currency: str) -> Rule:
        spec = column.goal.spec
        assert spec is not None  # an id in another system has no rule
        order = self.course.orders.get(column.place, "")
        return rule_of(self.ctx, spec, column.name, order, currency)

    def new_values(self) -> dict[str, Any]:
        """What a new record has though no column says it."""
        if not issubclass(self.record, Owned):
            return {}
        return {"unit_id": self.ctx.actor.unit_id, "owner_id": self.ctx.actor.id or None}

    def default(self, key: str) -> Any:
        """What a field is where a cell is empty."""
        column = self.record.__mapper__.columns[key]
        default = column.default
        if default is None:
            return None
        if default.is_scalar:
            return default.arg  # type: ignore[attr-defined]  # a scalar default has it
        return default.arg(None) if default.is_callable else None  # type: ignore[attr-defined]  # as does a function


def rule_of(ctx: KernelContext, spec: FieldSpec, column: str, order: str, currency: str) -> Rule:
    """How a column that goes to a field is read.

    Args:
        column: its name, which may say a unit.
        order: of days, what stands first in them.
        currency: of its amounts.
    """
    written = Written(
        spec.kind,
        power=power_of(column) if spec.kind == "amount" else 0,
        percent=in_percent(column),
        order=order,
        year=ctx.today.year,
        words=dict(labels(ctx, spec)) if spec.kind == "choice" else {},
    )
    # that it is required is asked of new rows only: an empty cell of another leaves nothing
    return Rule(spec, "file", currency, required=False, written=written)


def importable(record: type[Record]) -> bool:
    """Whether records of a kind come from files at all. Rows of a journal say through what they came: a procedure of
    the plugin that owns it, which knows what an opening entry is."""
    inside = issubclass(record, (Line, Extension, Dated))
    return not (inside or is_journal(record) or getattr(record, "__journal__", False))


def check_importable(ctx: KernelContext, record: type[Record]) -> None:
    """Whether a person may take a file of such records in at all.

    Raises:
        Invalid: ``not-importable``: lines and extensions are edited in their record, dated facts and rows
            of journals are written by their plugin.
        Forbidden: ``not-permitted``.
    """
    if not importable(record):
        raise Invalid("not-importable", None, what=record.called())
    if not (ctx.may(record, "create") or ctx.may(record, "update")):
        raise Forbidden("not-permitted", what=record.called())


def currency_default(record: type[Record]) -> str:
    """The currency of a new record's amounts where its file doesn't name one."""
    named = record.__currency__
    if named.isupper():
        return named
    spec = specs_of(record).get(named)
    default = getattr(getattr(record.__mapper__.columns.get(named), "default", None), "arg", None)
    return default if spec is not None and isinstance(default, str) and len(default) == 3 else "CNY"
