"""The cells of the access matrix, read plainly: which rows a scope is, without asking the guard."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from tenor.access.actors import ActorData
from tenor.access.explain import name_of
from tenor.kernel import Kernel
from tenor.records.specs import specs_of
from tenor_sdk.records import Record
from tests.access.scopes import RULES, Row, Tables

FILE: Final = Path(__file__).parent / "matrix.toml"
MATRIX: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(FILE.read_text("utf-8"))
EVERYBODY: Final = "everybody"
#: one of the demo bank's people for each position
PEOPLE: Final = {
    "relationship-manager": "lin.xiaowen",
    "branch-head": "fang.zheng",
    "risk-officer": "zhou.qiming",
    "approver": "qin.feng",
    "committee-member": "he.jing",
    "committee-chair": "chen.li",
    "legal": "xu.min",
    "operations": "gao.jie",
    "release-checker": "jiang.nan",
    "post-loan": "feng.lei",
    "collections": "luo.qiang",
    "asset-preservation": "tang.lan",
    "auditor": "song.qing",
    "administrator": "ding.ning",
}
#: scopes that say something of every record that is somebody's
OWNED: Final = frozenset(("own", "unit", "below", "all"))


@dataclass(frozen=True)
class Holder:
    """Somebody of a position, and the token of a program of theirs."""

    actor: ActorData
    token: str


@dataclass(frozen=True)
class Seen:
    """Who looks at which record, and the ids that a plain reading of the scope gives them."""

    kernel: Kernel
    actor: ActorData
    record: type[Record]
    position: str

    @cached_property
    def rows(self) -> list[Row]:
        """Every row there is; a cell's test writes nothing that stays."""
        return Tables(self.kernel).rows(self.record.__tablename__)

    @property
    def ids(self) -> set[int]:
        """The id of every row there is."""
        return {row["id"] for row in self.rows}

    def plain(self, scopes: set[str]) -> set[int]:
        """The ids within any of the scopes."""
        owned = scopes & OWNED
        found = {row["id"] for row in self.rows if any(self._within(each, row) for each in owned)}
        return found.union(*(self._beyond(each) for each in scopes - OWNED))

    def _within(self, scope: str, row: Row) -> bool:
        return (
            scope == "all"
            or {
                "own": row.get("owner_id") == self.actor.id,
                "unit": row.get("unit_id") in self.actor.units,
                "below": row.get("unit_id") in self.actor.units_below,
            }[scope]
        )

    def _beyond(self, scope: str) -> set[int]:
        """The rows of a scope that goes by something else than unit and owner."""
        tables = Tables(self.kernel)
        if scope == "assigned":
            return tables.assigned(self.actor, self.record.__tablename__)
        if scope == "rule":
            return RULES[name_of(self.record)](tables, self.actor)
        link, target = link_of(self.record, scope.removeprefix("through "))
        there = Seen(self.kernel, self.actor, target, self.position)
        reached = there.plain(scopes_of(name_of(target), self.position))
        return {row["id"] for row in self.rows if row[link] in reached}


def link_of(record: type[Record], called: str) -> tuple[str, type[Record]]:
    """The column of a record that leads to the one of this name."""
    ((link, target),) = (
        (spec.key, spec.target)
        for spec in specs_of(record).values()
        if spec.target is not None and spec.target.__name__.lower() == called
    )
    return link, target


def scopes_of(record: str, position: str, letter: str = "R") -> set[str]:
    """The scopes of a verb in a cell together with everybody's."""
    scopes: set[str] = set()
    for who in (position, EVERYBODY):
        for part in filter(None, MATRIX[record].get(who, "").split(", ")):
            letters, _space, scope = part.partition(" ")
            if letter in letters:
                scopes |= set(scope.split(" or "))
    return scopes


def reaches_all(kernel: Kernel, record: str, position: str) -> bool:
    """Whether nothing can lie outside what a cell gives to read."""
    scopes = scopes_of(record, position)
    return "all" in scopes or any(
        reaches_all(kernel, _target(kernel, record, scope), position) for scope in _through(scopes)
    )


def reaches_something(kernel: Kernel, record: str, position: str) -> bool:
    """Whether anything can lie within it: not where it goes through what the position doesn't see at all."""
    scopes = scopes_of(record, position)
    through = _through(scopes)
    return bool(scopes - through) or any(
        reaches_something(kernel, _target(kernel, record, scope), position) for scope in through
    )


def _through(scopes: set[str]) -> set[str]:
    return {scope for scope in scopes if scope.startswith("through ")}


def _target(kernel: Kernel, record: str, scope: str) -> str:
    return name_of(link_of(kind_of(kernel, record), scope.removeprefix("through "))[1])


def kind_of(kernel: Kernel, record: str) -> type[Record]:
    """The class of a record by its name in the matrix."""
    return next(one for one in kernel.declarations.records if name_of(one) == record)
