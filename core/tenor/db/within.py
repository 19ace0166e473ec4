"""What rooms of the kernel know of an open transaction by what they read and wrote in it themselves."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any


class Within:
    """Knowledge that holds while a transaction is open, and what is to be known for good once it is committed.

    All of it is forgotten as soon as anything in the transaction is undone: nobody knows any more what of it stands,
    and a database may give the number of an undone row to another.

    Attributes:
        cases: of workflow that this transaction has locked, as they stand, by table and record.
        duties: the steps that people did on the records of these cases, and whose they are.
        come: the ids of cases that came into their state here, and have brought no task yet.
        rules_moved: whether task rules were published here, or anything of that undone; never forgotten.
    """

    def __init__(self) -> None:
        self.cases: dict[tuple[str, int], Any] = {}
        self.duties: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self.come: set[int] = set()
        self.rules_moved = False
        self._learnt: dict[tuple[int, Any], tuple[MutableMapping[Any, Any], Any]] = {}

    def learn(self, known: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """Know something now, and keep it in ``known`` once this is committed."""
        self._learnt[id(known), key] = known, value

    def find(self, known: MutableMapping[Any, Any], key: Any) -> Any:
        """What is kept, or was learnt here; None where neither is."""
        if key in known:
            return known[key]
        _known, value = self._learnt.get((id(known), key), (known, None))
        return value

    def forget(self) -> None:
        """Something was undone, or another transaction begins."""
        self.cases.clear()
        self.duties.clear()
        self.come.clear()
        self._learnt.clear()

    def keep(self) -> None:
        """The transaction is committed."""
        for (_id, key), (known, value) in self._learnt.items():
            known[key] = value
        self.forget()
