"""What narrows a list: for each filter of the view its values with their counts."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tenor.records.paging import PageQuery, Pager
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.standing import axes
from tenor.web.addresses import fields_of
from tenor.web.chips import AXIS_LABELS, value_labels
from tenor_sdk.records import Extension

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.views import ListView

Values = dict[str, Any]
_RANGED: Final = ("date", "time", "amount", "integer", "rate")
_TOP: Final = 8
#: of what people write freely, the search box finds more than a list of values would
_WRITTEN: Final = ("text", "long-text")


class Facets:
    """The facets of one list.

    Args:
        href: makes the list's address with other filters.
    """

    def __init__(
        self, web: Web, ctx: KernelContext, show: Show, view: ListView, query: PageQuery, href: Callable[..., str]
    ) -> None:  # fmt: skip
        self.web, self.ctx, self.show, self.view, self.query = web, ctx, show, view, query
        self.href = href

    def bar(self, *, counted: bool) -> list[Values]:
        """All facets; without counts where there are too many rows to count."""
        specs = [self._spec(attribute) for attribute in self.view.filters]
        allowed = [
            spec
            for spec in specs
            if spec.attribute is not None
            and self.web.kernel.access.may_sort(self.ctx, spec.attribute)
        ]
        own = self.web.kernel.records.custom.searched(self.ctx, self.view.record)
        allowed += [spec for spec in own if spec.kind not in _WRITTEN]
        made = [self._day(key) for key in axes(self.ctx, self.view.record)]
        made += [self._facet(spec, counted) for spec in allowed]
        # a heading with nothing below it says nothing
        return [facet for facet in made if "range" in facet or facet["options"]]

    @staticmethod
    def _spec(attribute: Any) -> FieldSpec:
        return specs_of(attribute.class_)[attribute.key]

    def _facet(self, spec: FieldSpec, counted: bool) -> Values:
        made: Values = {"key": spec.key, "label": self.show.label(spec)}
        if spec.kind in _RANGED and spec.target is None:
            made["range"] = self._range(spec)
        else:
            made["options"] = self._options(spec, counted)
        return made

    def _range(self, spec: FieldSpec) -> Values:
        low, high = f"{spec.key}__from", f"{spec.key}__to"
        others = {
            name: value for name, value in self.query.filters.items() if name not in (low, high)
        }
        rest = self.href(filters=others, cursor="")
        return {
            "action": rest.partition("?")[0],
            "fields": fields_of(rest),
            "from_name": low,
            "from_value": "".join(self.query.filters.get(low, [])),
            "to_name": high,
            "to_value": "".join(self.query.filters.get(high, [])),
            "type": "date" if spec.kind in ("date", "time") else "figure",
        }

    def _day(self, key: str) -> Values:
        """A day as of which dated facts are read."""
        others = {name: value for name, value in self.query.filters.items() if name != key}
        rest = self.href(filters=others, cursor="")
        day = {
            "action": rest.partition("?")[0],
            "fields": fields_of(rest),
            "to_name": key,
            "to_value": "".join(self.query.filters.get(key, [])[-1:]),
        }
        return {"key": key, "label": self.show.say(AXIS_LABELS[key]), "range": day}

    def _options(self, spec: FieldSpec, counted: bool) -> list[Values]:
        chosen = list(self.query.filters.get(spec.key, []))
        counts = self._counts(spec) if counted or not spec.choices else []
        values = [(_raw(value), number) for value, number in counts if value is not None]
        known = {value for value, _number in values}
        missing = [value for value in chosen if value not in known]
        if spec.choices and not counted:
            missing += [value for value, _label in spec.choices if value not in chosen]
        values += [(value, 0) for value in missing]
        labels = value_labels(
            self.ctx, self.show, self.view.record, spec, [value for value, _number in values]
        )
        options = [
            {
                "label": labels.get(value, value),
                "count": number if counted else None,
                "on": value in chosen,
                "href": self._toggled(spec.key, value, chosen),
            }
            for value, number in values
        ]
        return sorted(options, key=lambda option: not option["on"])

    def _counts(self, spec: FieldSpec) -> list[tuple[Any, int]]:
        columns = list(self.view.columns)
        if spec.is_custom:
            return self._counted(spec)
        if issubclass(spec.attribute.class_, Extension) and spec.attribute not in columns:
            return []
        return self._counted(spec)

    def _counted(self, spec: FieldSpec) -> list[tuple[Any, int]]:
        return Pager(self.ctx, self.view, replace(self.query, cursor="")).facet(spec.key, _TOP)

    def _toggled(self, key: str, value: str, chosen: list[str]) -> str:
        left = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        return self.href(filters={**self.query.filters, key: left}, cursor="")


def _raw(value: Any) -> str:
    """A value as an address holds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
