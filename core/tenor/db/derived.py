"""What was computed from values: in their own record, and in those whose formulas read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet

from tenor.db.computing import Formulas, Watcher
from tenor_sdk.records import Record

#: a record, by its kind and id
Place = tuple[type[Record], int]
#: the records that read one through a watcher, now or ever
Hosts = Callable[[Watcher, Place], Iterable[int]]


def own_derived(formulas: Formulas, kind: type[Record], names: AbstractSet[str]) -> frozenset[str]:
    """The stored fields of a kind that depend on these of its fields, directly or by way of one another."""
    known = set(names)
    for name, formula in formulas.own(kind).items():  # each stands after what it depends on
        if not known.isdisjoint(formula.tree):
            known.add(name)
    return frozenset(known - names)


def derived(
    formulas: Formulas, place: Place, names: AbstractSet[str], hosts: Hosts
) -> dict[Place, frozenset[str]]:
    """By record the stored fields that depend on these of one record, its own among them."""
    found: dict[Place, frozenset[str]] = {}
    waiting = [(place, own_derived(formulas, place[0], names), frozenset(names))]
    while waiting:
        here, computed, given = waiting.pop()
        fresh = computed - found.get(here, frozenset())
        if fresh:
            found[here] = found.get(here, frozenset()) | fresh
        if not (fresh or given):
            continue
        for watcher, fields in _readers(formulas, here[0], fresh | given):
            more = fields | own_derived(formulas, watcher.host, fields)
            waiting += [((watcher.host, host), more, frozenset()) for host in hosts(watcher, here)]
    return found


def _readers(
    formulas: Formulas, kind: type[Record], names: AbstractSet[str]
) -> Iterator[tuple[Watcher, frozenset[str]]]:
    """Whose formulas read these fields of a kind, and which of theirs do."""
    for watcher in formulas.watchers(kind):
        fields = frozenset(
            name
            for name, formula in formulas.own(watcher.host).items()
            if not names.isdisjoint(formula.tree.get(watcher.relation, ()))
        )
        if fields:
            yield watcher, fields
