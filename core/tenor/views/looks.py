"""Other ways to look at a list, as plugins declare them: checked at start, and known by a name in addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tenor.records.specs import specs_of
from tenor.records.values import currency_code
from tenor.views.columns import key_of
from tenor.views.errors import ViewError
from tenor_sdk.computed import Computed
from tenor_sdk.looks import (
    BoardView,
    CalendarView,
    ChartView,
    GraphView,
    Look,
    Per,
    PivotView,
)
from tenor_sdk.records import Extension, Record, host_of
from tenor_sdk.views import Path

if TYPE_CHECKING:
    from tenor.records.specs import FieldSpec
    from tenor_sdk.declare import Origin
    from tenor_sdk.views import ListView, Network

#: by kind the word of an address, and of the switch above a list
NAMES: Final[Mapping[type[Any], str]] = {
    BoardView: "board",
    CalendarView: "calendar",
    ChartView: "chart",
    GraphView: "graph",
    PivotView: "pivot",
}
#: kinds of fields that can hold the currency of a record's amounts
_CURRENCIES: Final = ("text", "choice")
#: kinds of fields whose values may stand along an axis; of texts that is for codes, such as a rating's grade
_AXES: Final = ("choice", "state", "boolean", "link", "text")
#: kinds of fields that lie on a day
_DAYS: Final = ("date", "time")
#: what a link of a graph may be called by, and what may be told of it
_KINDS: Final = ("choice", "state", "text")
_SHARES: Final = ("rate", "integer", "amount")

#: links that may lie between a record and the furthest that its page shows: each is a statement
MOST_STEPS: Final = 4


def looks_of(view: ListView) -> dict[str, Look]:
    """The ways to look at a list by their names: ``board``, ``chart``, and ``chart-2`` for a second chart."""
    found: dict[str, Look] = {}
    for look in view.looks:
        name = NAMES[type(look)]
        known = sum(type(other) is type(look) for other in found.values())
        found[f"{name}-{known + 1}" if known else name] = look
    return found


def axis_key(axis: Any) -> str:
    """By which an axis is known: ``state``, ``customer.region``, ``maturity.month``."""
    return f"{key_of(axis.of)}.{axis.step}" if isinstance(axis, Per) else key_of(axis)


def check_look(record: type[Record], columns: Sequence[Any], look: Look) -> None:
    """Raise where a way to look at a list doesn't fit it.

    Raises:
        ViewError: an axis that has too many values or no such order, a sum that is no amount, a card's column that the
            list doesn't have.
    """
    if isinstance(look, BoardView):
        spec = _spec(record, look.by, look.origin)
        if spec.kind not in ("state", "choice") or isinstance(look.by, Path):
            raise ViewError(look.origin, f"{spec.key} is neither a state nor a choice of its own")
    elif isinstance(look, CalendarView):
        if _spec(record, look.on, look.origin).kind not in _DAYS:
            raise ViewError(look.origin, f"{key_of(look.on)} is no date")
    elif isinstance(look, GraphView):
        _check_graph(record, look)
    elif isinstance(look, ChartView):
        _check_axis(record, look.by, look)
        if look.kind == "line" and not isinstance(look.by, Per):
            raise ViewError(look.origin, "a line runs over months, quarters or years")
    else:
        if len(look.axes) < 2:
            raise ViewError(look.origin, "a pivot has two axes or more")
        for axis in look.axes:
            _check_axis(record, axis, look)
    if isinstance(look, BoardView | CalendarView):
        _check_shown(columns, look)
    for each in sums_of(look):
        check_sum(record, each, look.origin)


def check_sum(record: type[Record], added: Any, origin: Origin) -> None:
    """Raise where something can't be added up.

    Raises:
        ViewError: it is no amount of the record or an extension of it, or its currency is in no column of the record.
    """
    if _spec(record, added, origin).kind != "amount" or isinstance(added, Path):
        raise ViewError(origin, f"{key_of(added)} is no amount of its own")
    named = record.__currency__
    spec = specs_of(record).get(named)
    if hasattr(record, named) and (spec is None or spec.kind not in _CURRENCIES):
        problem = f"{record.__name__}.{named} is no column, and amounts are added up by currency"
        raise ViewError(origin, problem)
    if _has_own_currency(added.class_, record):
        problem = (
            f"{added.class_.__name__} has a currency of its own, beside that of {record.__name__}"
        )
        raise ViewError(origin, f"{problem}, in which {added.key} would be added up")


def _has_own_currency(owner: type[Record], record: type[Record]) -> bool:
    """Whether the amounts of an extension are in another currency than its host's, in which lists show them."""
    if owner is record:
        return False
    named, hosts = owner.__currency__, record.__currency__
    if hasattr(owner, named):
        return True
    return currency_code(named) == named and (
        hasattr(record, hosts) or named != currency_code(hosts)
    )


def sums_of(look: Look) -> tuple[Any, ...]:
    """The amounts that may be added up."""
    if isinstance(look, GraphView):
        return ()
    if isinstance(look, ChartView):
        return (look.sum,) if look.sum is not None else ()
    return look.sums


def ends_of(record: type[Record], look: GraphView) -> tuple[type[Record], dict[str, type[Record]]]:
    """What stands at the ends of a graph's links: where they begin, and by key where they lead."""
    specs = specs_of(record)
    begin = record if look.of is record else specs[look.of.key].target
    leads = {each.key: specs[each.key].target for each in look.to}
    return begin or record, {key: target or record for key, target in leads.items()}


def check_network(record: type[Record], network: Network) -> None:
    """Raise where a graph on a record's page doesn't fit.

    Raises:
        ViewError: as of a look; none of its links leads to such a record; no step at all, or too many.
    """
    look, origin = network.look, network.origin
    _check_graph(network.rows.record, look)
    begin, leads = ends_of(network.rows.record, look)
    if record not in (begin, *leads.values()):
        raise ViewError(origin, f"none of its links leads to a {record.__name__}")
    if not 1 <= network.steps <= MOST_STEPS:
        raise ViewError(origin, f"a graph goes from 1 to {MOST_STEPS} steps from its record")


def _check_graph(record: type[Record], look: GraphView) -> None:
    if not look.to:
        raise ViewError(look.origin, "a graph has a link by which its rows lead on")
    for each in (*(() if look.of is record else (look.of,)), *look.to):
        spec = _spec(record, each, look.origin)
        if spec.target is None or getattr(each, "class_", None) is not record:
            raise ViewError(look.origin, f"{spec.key} is no link of {record.__name__}")
    told = (
        (look.kind, _KINDS, "choice, state or text"),
        (look.share, _SHARES, "rate, whole number or amount"),
    )
    for each, kinds, words in told:
        if each is not None and (
            isinstance(each, Path) or _spec(record, each, look.origin).kind not in kinds
        ):
            raise ViewError(look.origin, f"{key_of(each)} is no {words} of its own")


def _check_axis(record: type[Record], axis: Any, look: Look) -> None:
    spec = _spec(record, axis.of if isinstance(axis, Per) else axis, look.origin)
    if isinstance(axis, Per) and spec.kind not in _DAYS:
        raise ViewError(look.origin, f"{spec.key} is no date, and has no {axis.step}s")
    if not isinstance(axis, Per) and spec.kind not in _AXES and not spec.choices:
        problem = f"{spec.key} is no choice, state, code, link, yes or no, nor the months of a date"
        raise ViewError(look.origin, problem)


def _check_shown(columns: Sequence[Any], look: BoardView | CalendarView) -> None:
    known = {key_of(column) for column in columns}
    for shown in look.shows:
        if key_of(shown) not in known:
            raise ViewError(look.origin, f"{key_of(shown)} is no column of the list")


def _spec(record: type[Record], attribute: Any, origin: Origin) -> FieldSpec:
    """The field that an attribute is.

    Raises:
        ViewError: it is none, or another record's.
    """
    last = attribute.steps[-1] if isinstance(attribute, Path) else attribute
    owner = getattr(last, "class_", None)
    own = owner is record or (
        isinstance(owner, type)
        and issubclass(owner, Extension)
        and host_of(owner, Extension) is record
    )
    if isinstance(last, Computed) or owner is None or not (own or isinstance(attribute, Path)):
        raise ViewError(
            origin, f"{last} is no field of {record.__name__}, nor of an extension of it"
        )
    found = specs_of(owner).get(last.key)
    if found is None or found.attribute is None:
        raise ViewError(origin, f"{last} has no column of its own")
    return found
