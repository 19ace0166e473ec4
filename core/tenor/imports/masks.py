"""Cells that show a mask where a value stands: what somebody took out masked comes in again as no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenor.imports.plan import Column, Plan
from tenor.records.specs import FieldSpec, value_of
from tenor.records.values import MARKS, masked
from tenor_sdk.errors import Invalid
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext


class Masks:
    """Looks at the columns of fields that are masked for a person, in whichever state of their records."""

    def __init__(self, ctx: KernelContext, plan: Plan) -> None:
        self._ctx, self._record = ctx, plan.record
        self._hardest = ctx.kernel.access.field_effects(ctx, plan.record, None)
        self.columns = [
            column
            for column in plan.values
            if column.goal.spec is not None
            and self._hardest.get(attribute_of(column.goal.spec)) in ("mask", "hide")
        ]

    def comes_back(self, column: Column, cell: Any, existing: Record | None) -> bool:
        """Whether a cell is what is shown masked of the record that its row changes: nothing changes then.

        Raises:
            Invalid: ``masked-text``: other text with the marks of a mask, which is no value.
        """
        spec = column.goal.spec
        if spec is None or not isinstance(cell, str) or not MARKS.intersection(cell):
            return False
        if not self._is_masked(attribute_of(spec), existing):
            return False
        if existing is not None:
            stands = value_of(existing, spec)
            if stands is not None and cell.strip() == masked(stands, spec.info.mask):
                return True
        raise Invalid("masked-text")

    def _is_masked(self, name: str, existing: Record | None) -> bool:
        if self._hardest.get(name) == "mask":  # in some state, and it may have gone out in that
            return True
        room, access = self._ctx.kernel.records, self._ctx.kernel.access
        state = room.state_of(existing)
        return access.field_effects(self._ctx, self._record, state, existing).get(name) == "mask"


def attribute_of(spec: FieldSpec) -> str:
    """The attribute that rules about fields name: of an institution's own fields the one that holds them all."""
    return spec.key.partition(".")[0]
