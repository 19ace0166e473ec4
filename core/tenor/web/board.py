"""A list as a board: a column for each state or choice, with counts, sums and the first cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from tenor.records.totals import totals
from tenor.views import address
from tenor.views.columns import key_of
from tenor.web.addresses import with_query
from tenor.web.axes import Along, raw
from tenor.web.cards import cards
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.records.totals import Total
    from tenor.web.looks import Sight
    from tenor_sdk.looks import BoardView

Values = dict[str, Any]
#: cards of a column; the rest is a list away
CARDS: Final = 12
#: columns of the list on a card where its author names none
_SHOWN: Final = 3
_NOTHING: Final[Mapping[str, list[Values]]] = MappingProxyType({})


class Board:
    """A board of one list for one person."""

    def __init__(self, sight: Sight, look: BoardView) -> None:
        self.sight, self.look = sight, look
        self.kind = sight.view.record
        self.along = Along(sight.ctx, sight.show, self.kind, look.by)

    def shown(self) -> Values:
        """The columns with their cards."""
        shows = self.look.shows or self._first_columns()
        rows = cards(self.sight, self.sight.query, self.look.by, shows, CARDS)
        movable = self._movable()
        lanes = self.lanes(rows, movable)
        return {"kind": "board", "lanes": lanes, "title": self.along.label, "moves": bool(movable)}

    def lanes(
        self, rows: Mapping[str, list[Values]] = _NOTHING, movable: Collection[str] = ()
    ) -> list[Values]:
        """The columns.

        Args:
            rows: their cards.
            movable: those out of which cards can be moved.
        """
        sight = self.sight
        found = totals(sight.ctx, sight.view, sight.query, [self.along.axis], sight.sums)
        values = dict.fromkeys(self.along.declared())
        values |= {_key(value): None for value in self.along.ordered(found)}
        labels = self.along.labels([value or None for value in values])
        lanes = []
        for number, value in enumerate(values):
            here = [one for one in found if _key(one.values[0]) == value]
            title = labels[value or None]
            lanes.append(
                self._lane(
                    number, value, title, here, rows.get(value, []), movable=value in movable
                )
            )
        return lanes

    def _lane(
        self, number: int, value: str, title: str, here: list[Total], rows: list[Values], *, movable: bool
    ) -> Values:  # fmt: skip
        sight, count = self.sight, sum(one.count for one in here)
        sums = [self._sum(place, here) for place in range(len(sight.sums))] if count else []
        for row in rows:
            row["moves"] = self._moves_href(row["id"]) if movable else ""
        more = count - len(rows)
        href = sight.rows_href(self.along.test(value))
        label = sight.say(_("{n} more", n=f"{more:,}"))
        return {
            "id": f"lane-{number}",
            "value": value,
            "title": self._title(value, title),
            "label": title,
            "count": count,
            "href": href,
            "sums": [each for each in sums if each["values"]],
            "cards": rows,
            "more": {"label": label, "href": href} if more > 0 else None,
        }

    def _title(self, value: str, label: str) -> Values:
        if self.along.spec.kind == "state":
            return self.sight.show.state(self.along.place.kind, value)
        if self.along.spec.info.widget == "severity" and value.isdecimal():
            return self.sight.show.severity(int(value))
        return {"text": label}

    def _sum(self, place: int, here: list[Total]) -> Values:
        spec = self.sight.ctx.kernel.records.specs(self.kind).get(self.sight.sums[place])
        label = self.sight.show.label(spec) if spec is not None else ""
        return {"label": label, "values": self.sight.amounts(here, place)}

    def _first_columns(self) -> list[Any]:
        """What a card has where its author says nothing: the columns that follow the first."""
        by = key_of(self.look.by)
        return [each for each in self.sight.view.columns[1:] if key_of(each) != by][:_SHOWN]

    # -- moving -----------------------------------------------------------------------------------------------------

    def _movable(self) -> set[str]:
        """The columns out of which somebody may try to move a card; whether it goes is asked of each card alone."""
        kernel, ctx = self.sight.ctx.kernel, self.sight.ctx
        if self.along.place.kind is not self.kind:
            return set()
        flow = kernel.workflow.flow(self.kind)
        if self.along.spec.kind == "state":
            pressed = [
                each
                for each in (flow.transitions.values() if flow is not None else ())
                if not each.by_itself and ctx.may(each)
            ]
            return {state.name for each in pressed for state in each.sources}
        if not ctx.may(self.kind, "update") or self.along.spec not in kernel.records.writable(
            ctx, self.kind
        ):
            return set()
        return {value for value, _label in self.along.spec.choices} | {""}

    def _moves_href(self, identity: int) -> str:
        """Where a card can be moved."""
        asked = {"by": self.along.axis.field, "next": self.sight.href()}
        return with_query(f"{address(self.kind, identity)}/moves", asked)


def _key(value: Any) -> str:
    return "" if value is None else raw(value)
