"""A working sheet as it is kept, and whether the same model still gives it: figure by figure, years later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tenor_credit.domain.scorecard import Band, Input, NextBand, Row, Scorecard, WorkingSheet, rate


def as_data(sheet: WorkingSheet) -> dict[str, Any]:
    """The sheet in plain JSON: fractions as ``"23075/5494"``, days as ISO dates; nothing is rounded."""
    return {
        "model": sheet.model,
        "digest": sheet.digest,
        "total": sheet.total,
        "grade": sheet.grade,
        "to_next": sheet.to_next,
        "rows": [_row_data(row) for row in sheet.rows],
    }


def _row_data(row: Row) -> dict[str, Any]:
    given = row.input
    return {
        "factor": row.factor,
        "value": _value_data(given.value),
        "is_class": isinstance(given.value, str),
        "source": given.source,
        "as_of": given.as_of.isoformat() if given.as_of else None,
        "reason": given.reason,
        "band": _band_data(row.band),
        "points": row.points,
        "maximum": row.maximum,
        "next": _next_data(row.next),
    }


def _value_data(value: Fraction | str | None) -> str | None:
    return None if value is None else str(value)


def _band_data(band: Band | None) -> list[str | None] | None:
    return [_value_data(band.low), _value_data(band.high)] if band else None


def _next_data(more: NextBand | None) -> dict[str, Any] | None:
    if more is None:
        return None
    return {
        "gain": more.gain,
        "at_least": _value_data(more.at_least),
        "below": _value_data(more.below),
        "named": more.named,
    }


def inputs_of(kept: Mapping[str, Any]) -> dict[str, Input]:
    """The inputs of a kept sheet, to rate again with."""
    return {row["factor"]: _input(row) for row in kept["rows"]}


def _input(row: Mapping[str, Any]) -> Input:
    value = row["value"]
    if value is not None and not row["is_class"]:
        value = Fraction(value)
    as_of = date.fromisoformat(row["as_of"]) if row["as_of"] else None
    return Input(value, row["source"], as_of, row["reason"])


@dataclass(frozen=True, slots=True)
class Recomputation:
    """The sheet made again from what was kept, and the paths at which the two differ (``rows.3.points``)."""

    sheet: WorkingSheet
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every figure came out as it was kept."""
        return not self.differences


def recompute(model: Scorecard, kept: Mapping[str, Any]) -> Recomputation:
    """Rate again from a kept sheet; a model whose content changed under its id shows as ``digest``.

    Raises CreditError as `rate`: kept inputs that the model doesn't know.
    """
    sheet = rate(model, inputs_of(kept))
    return Recomputation(sheet, tuple(_differences(dict(kept), as_data(sheet), "")))


def _differences(kept: Any, again: Any, path: str) -> list[str]:
    if isinstance(kept, Mapping) and isinstance(again, Mapping):
        pairs = [(key, kept.get(key), again.get(key)) for key in sorted({*kept, *again})]
    elif isinstance(kept, list) and isinstance(again, list) and len(kept) == len(again):
        pairs = [(str(i), *pair) for i, pair in enumerate(zip(kept, again, strict=True))]
    else:
        return [] if kept == again else [path]
    found: list[str] = []
    for key, one, other in pairs:
        found.extend(_differences(one, other, f"{path}.{key}" if path else key))
    return found
