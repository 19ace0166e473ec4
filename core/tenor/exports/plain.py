"""Columns with all fields of a record, each as the API gives it: what a rule hides in some state is empty in the rows
that are in it, and a field that it hides in every state is no column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tenor.exports.rows import LEFT_OUT, Cells, Chunk, Column, raw
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.values import from_ledger, masked, to_json
from tenor_sdk.records import Customizable, Record
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records.paging import Pager

Make = Callable[[Cells, Chunk], Cells]


def plain_columns(ctx: KernelContext, record: type[Record], pager: Pager) -> list[Column]:
    """The columns for one person."""
    rules = _Rules(ctx, record)
    made = []
    for spec in specs_of(record).values():
        if rules.always_hidden(spec.key) or spec.info.secret:
            continue
        read = None if spec.attribute is None else raw(spec.attribute, spec)
        figures = spec.kind in ("amount", "rate")
        make = rules.within(spec.key, spec.info.mask, _MADE.get(spec.kind, _as_given))
        made.append(Column(spec.key, spec.key, make, read, figures))
    if issubclass(record, Customizable) and not rules.always_hidden("custom"):
        made += _custom(ctx, record, rules)
    return made


def _custom(ctx: KernelContext, record: type[Record], rules: _Rules) -> list[Column]:
    specs = [each.spec for each in ctx.kernel.records.custom.of(ctx, record) if not each.archived]
    column: Any = record.__mapper__.all_orm_descriptors["custom"]
    return [
        Column(
            spec.key,
            spec.key,
            rules.within("custom", None, _of_custom(spec), shut=("hide", "mask")),
            column,
            spec.kind in ("amount", "rate"),
        )
        for spec in specs
    ]


def _of_custom(spec: FieldSpec) -> Make:
    def make(values: Cells, chunk: Chunk) -> Cells:
        kept = [(each or {}).get(spec.name) for each in values]
        if spec.kind == "amount":
            return chunk.amounts(kept)
        return [to_json(from_ledger(spec.kind, each)) for each in kept]

    return make


class _Rules:
    """What field rules do to the records of a kind, in whichever state they are."""

    def __init__(self, ctx: KernelContext, record: type[Record]) -> None:
        self._effects: dict[str, Mapping[str, str]] = {}
        self._ctx, self._record = ctx, record
        #: what no state changes, and what the hardest of all states does
        self._mildest, self._hardest = self._of(""), self._of(None)

    def _of(self, state: str | None) -> Mapping[str, str]:
        return self._ctx.kernel.access.field_effects(self._ctx, self._record, state)

    def always_hidden(self, key: str) -> bool:
        """Whether a field is hidden in every state."""
        return self._mildest.get(key) == "hide"

    def within(self, key: str, mask: Any, make: Make, shut: Sequence[str] = ("hide",)) -> Make:
        """Cells as the rules let them be seen."""

        def shown(made: Any, effect: str | None) -> Any:
            if effect in shut:
                return LEFT_OUT
            return masked(made, mask) if effect == "mask" else made

        if self._hardest.get(key) in (None, "freeze"):
            return make

        def ruled(values: Cells, chunk: Chunk) -> Cells:
            made = make(values, chunk)
            states = chunk.states or [""] * len(made)
            return [
                shown(each, self._in(state).get(key))
                for each, state in zip(made, states, strict=True)
            ]

        return ruled

    def _in(self, state: str) -> Mapping[str, str]:
        if state not in self._effects:
            self._effects[state] = self._of(state)
        return self._effects[state]


def _as_given(values: Cells, chunk: Chunk) -> Cells:
    return values


def _amounts(values: Cells, chunk: Chunk) -> Cells:
    return chunk.amounts(values)


def _rates(values: Cells, chunk: Chunk) -> Cells:
    return [None if each is None else str(Rate(each)) for each in values]


def _iso(values: Cells, chunk: Chunk) -> Cells:
    return [None if each is None else each.isoformat() for each in values]


def _computed(values: Cells, chunk: Chunk) -> Cells:
    currencies = chunk.currencies
    if isinstance(currencies, str):
        return [_figure(each, currencies) for each in values]
    return [_figure(each, one) for each, one in zip(values, currencies, strict=True)]


def _figure(value: Any, currency: str) -> Any:
    """As the API gives it; a figure as one, so that a negative one isn't taken for a formula."""
    made = to_json(value, currency)
    return Decimal(made) if isinstance(value, (Amount, Rate)) else made


_MADE: Final[Mapping[str, Make]] = {
    "amount": _amounts,
    "rate": _rates,
    "date": _iso,
    "time": _iso,
    "computed": _computed,
}
