"""Putting the leaves of seals back into the order in which they were sealed, as well as it can be told: by the numbers
of their memberships, by transaction and entry, by their places. Where a root is reached, who stands elsewhere was
moved, and who is left over came later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from tenor.audit.merkle import root_of
from tenor.audit.verdict import Finding

Rows = Sequence[Any]


def _by_member(row: Any) -> Any:
    return row.id


def _by_entry(row: Any) -> Any:
    return (row.transaction or 0, row.entry_id)


def _by_place(row: Any) -> Any:
    return (row.seal_id, row.place, row.id)


_ORDERS: Final[tuple[Callable[[Any], Any], ...]] = (_by_member, _by_entry, _by_place)


class PutBack:
    """What can be told of seals whose leaves don't lead to their roots.

    Args:
        broken: how many leaves each had, and its root.
        rows: the memberships of all of them, with the transaction of their entry.
    """

    def __init__(self, broken: Mapping[int, tuple[int, str]], rows: Rows) -> None:
        self._left = dict(broken)
        self._solved: dict[int, Rows] = {}
        for order in _ORDERS:
            ordered = sorted(rows, key=order)
            for cut in (self._each_alone, self._the_last_of_each, self._one_after_the_other):
                for number, some in list(cut(ordered)):
                    self._try(number, some)
        self.unsolved = {number: count for number, (count, _root) in self._left.items()}
        self.findings = (*self._moved(), *self._inserted(rows))

    def _each_alone(self, ordered: Rows) -> Iterator[tuple[int, Rows]]:
        for number, (count, _root) in self._left.items():
            yield number, [row for row in ordered if row.seal_id == number][:count]

    def _the_last_of_each(self, ordered: Rows) -> Iterator[tuple[int, Rows]]:
        """Where something was put in before the seal was made."""
        for number, (count, _root) in self._left.items():
            yield number, [row for row in ordered if row.seal_id == number][-count:]

    def _one_after_the_other(self, ordered: Rows) -> Iterator[tuple[int, Rows]]:
        taken = {row.id for some in self._solved.values() for row in some}
        ordered, begun = [row for row in ordered if row.id not in taken], 0
        for number, (count, _root) in sorted(self._left.items()):
            yield number, ordered[begun : begun + count]
            begun += count

    def _try(self, number: int, some: Rows) -> None:
        count, root = self._left.get(number, (0, ""))
        if len(some) == count and root_of(row.leaf for row in some) == root:
            self._solved[number] = some
            del self._left[number]

    def _moved(self) -> Iterator[Finding]:
        for number, rows in self._solved.items():
            for place, row in enumerate(rows):
                if (row.seal_id, row.place) != (number, place):
                    yield Finding("moved", row.entry_id, number, row.table_name)

    def _inserted(self, rows: Rows) -> Iterator[Finding]:
        taken = {row.id for some in self._solved.values() for row in some}
        for row in rows:
            if row.seal_id in self._solved and row.id not in taken:
                yield Finding("inserted", row.entry_id, row.seal_id, row.table_name)
