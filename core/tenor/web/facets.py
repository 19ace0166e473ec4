"""What narrows a list: for each filter of the view its values with their counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenor.db.numbers import number
from tenor.records.counted import TOP, Counted, as_filter, is_countable, is_ranged, narrowing
from tenor.records.specs import FieldSpec
from tenor.records.standing import axes
from tenor.web.addresses import fields_of
from tenor.web.chips import AXIS_LABELS, link_labels, value_labels

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records.counted import Counts
    from tenor.records.paging import PageQuery
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView

Values = dict[str, Any]


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
        self.specs = narrowing(ctx, view)
        self.counted = False
        self.counts: Mapping[str, Counts] = {}

    def ask(self, *, counted: bool) -> list[tuple[type[Record], int]]:
        """Count, as far as there aren't too many rows for it; the records that values are links to, which ``bar`` calls
        by their names."""
        self.counted = counted
        asked = [spec for spec in self.specs if self._is_asked(spec)]
        if asked:
            counter = Counted(self.ctx, self.view, replace(self.query, cursor=""))
            self.counts = counter.by([spec.key for spec in asked], TOP)
        return [
            (spec.target, identity)
            for spec in self.specs
            if spec.target is not None and not is_ranged(spec)
            for value, _count in self._values(spec)
            if (identity := number(value)) is not None
        ]

    def bar(self, names: Mapping[tuple[str, int], str]) -> list[Values]:
        """All facets.

        Args:
            names: of the records that ``ask`` gave, by table and id, as far as the person may see them.
        """
        made = [self._day(key) for key in axes(self.ctx, self.view.record)]
        made += [self._facet(spec, names) for spec in self.specs]
        # a heading with nothing below it says nothing
        return [facet for facet in made if "range" in facet or facet["options"]]

    def _is_asked(self, spec: FieldSpec) -> bool:
        """Whether its values are looked for among the rows; a choice's are known, where nothing is counted."""
        return is_countable(self.view, spec) and (self.counted or not spec.choices)

    def _facet(self, spec: FieldSpec, names: Mapping[tuple[str, int], str]) -> Values:
        made: Values = {"key": spec.key, "label": self.show.label(spec)}
        if is_ranged(spec):
            made["range"] = self._range(spec)
        else:
            made["options"] = self._options(spec, names)
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

    def _values(self, spec: FieldSpec) -> list[tuple[str, int]]:
        """As an address has them, those that were counted first."""
        chosen = self.query.filters.get(spec.key, [])
        counts = self.counts.get(spec.key, ())
        values = [(as_filter(value), count) for value, count in counts if value is not None]
        known = {value for value, _count in values}
        missing = [value for value in chosen if value not in known]
        if spec.choices and not self.counted:
            missing += [value for value, _label in spec.choices if value not in chosen]
        return values + [(value, 0) for value in missing]

    def _options(self, spec: FieldSpec, names: Mapping[tuple[str, int], str]) -> list[Values]:
        chosen = list(self.query.filters.get(spec.key, []))
        values = self._values(spec)
        labels = self._labels(spec, [value for value, _count in values], names)
        options = [
            {
                "label": labels.get(value, value),
                "count": count if self.counted else None,
                "on": value in chosen,
                "href": self._toggled(spec.key, value, chosen),
            }
            for value, count in values
        ]
        return sorted(options, key=lambda option: not option["on"])

    def _labels(
        self, spec: FieldSpec, values: list[str], names: Mapping[tuple[str, int], str]
    ) -> Mapping[str, str]:
        if spec.target is None:
            return value_labels(self.ctx, self.show, self.view.record, spec, values)
        table = spec.target.__tablename__
        own = {identity: name for (of, identity), name in names.items() if of == table}
        return link_labels(self.show, own, values)

    def _toggled(self, key: str, value: str, chosen: list[str]) -> str:
        left = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        return self.href(filters={**self.query.filters, key: left}, cursor="")
