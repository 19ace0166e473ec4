"""Which fields a line has, asks for and leaves as they are, where that goes by what stands in others of the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import request

from tenor.expressions.whens import Standing, beginning
from tenor.web.choosing import SHOW_AGAIN, meant
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec
    from tenor.web.show import Names, Show
    from tenor_sdk.records import Record

Values = dict[str, Any]


class LineWhens:
    """What the conditions of a kind of line say of each row of its table.

    Args:
        specs: what the person may give: of others nothing counts that was sent.
        effects: what rules about fields do to each.
    """

    def __init__(
        self, ctx: KernelContext, show: Show, kind: type[Record], specs: Iterable[FieldSpec],
        effects: Mapping[str, str], currency: str,
    ) -> None:  # fmt: skip
        self._ctx, self._show, self._kind, self._currency = ctx, show, kind, currency
        self._specs, self._effects = {spec.key: spec for spec in specs}, effects
        conditions = ctx.kernel.expressions.whens.of(kind)
        self._by = {name for one in conditions for name in one.moved_by}
        self._kept = {key for one in conditions for key in one.read_only}
        self._names: Names = {}

    def know(self, lines: Iterable[Record]) -> None:
        """Look up at once what the fields link to that may have to stay as they are."""
        kept = [spec for key, spec in self._specs.items() if key in self._kept and spec.target]
        if kept:
            self._names = self._show.names(
                (spec.target, value)
                for line in lines
                for spec in kept
                if spec.target is not None and (value := getattr(line, spec.key)) is not None
            )

    def standing(self, row: Mapping[str, Any], line: Record | None) -> Standing:
        """What holds of a row.

        Args:
            row: what was typed into it.
            line: that it is of; None of a new one.
        """

        def value(key: str) -> Any:
            spec = self._specs.get(key)
            given = row.get(key) if spec is not None else None
            if given is None:
                given = beginning(self._kind, key) if line is None else getattr(line, key)
            return meant(spec, given, self._currency)

        return self._ctx.kernel.expressions.whens.standing(self._ctx, self._kind, value)

    def mark(
        self, made: Values, spec: FieldSpec, standing: Standing, line: Record | None
    ) -> Values:
        """The input of a cell as the row has it: gone, asked for, left as it is, or the one by which others go."""
        if not self._by:
            return made
        name = made["name"]
        cell: Values = {"name": name, "label": made["label"], "bare": True, "part": name}
        if spec.key in standing.hidden and "error" not in made:
            return cell | {"kind": "gone"}
        if spec.key in standing.fixed and not (line is None and spec.required):
            error = {"error": made["error"]} if "error" in made else {}
            return cell | error | {"kind": "fixed", "value": self._fixed(spec, line)}
        made |= {"part": name}
        if spec.key in standing.required and made["kind"] != "masked":
            made |= {"required": True, "needed": not spec.required}
        if spec.key in self._by and made["kind"] != "fixed":
            label = self._show.say(_("Show its fields"))
            made["again"] = {"name": SHOW_AGAIN, "value": name, "label": label}
            made["autofocus"] = request.form.get(SHOW_AGAIN) == name
        return made

    def _fixed(self, spec: FieldSpec, line: Record | None) -> Any:
        value = beginning(self._kind, spec.key) if line is None else getattr(line, spec.key)
        if self._effects.get(spec.key) == "mask":
            return self._show.masked(spec, value, "")
        return self._show.field(
            spec, value, of=self._kind, currency=self._currency, names=self._names, lone=True
        )
