"""The cells of the access matrix, read plainly: which rows a scope is, without asking the guard."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from tenor.access.actors import ActorData
from tenor.access.explain import name_of
from tenor.kernel import Kernel
from tenor_sdk.records import Owned, Record

FILE: Final = Path(__file__).parent / "matrix.toml"
MATRIX: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(FILE.read_text("utf-8"))
EVERYBODY: Final = "everybody"
#: one of the demo bank's people for each position
PEOPLE: Final = {
    "relationship-manager": "lin.xiaowen",
    "branch-head": "fang.zheng",
    "risk-officer": "zhou.qiming",
    "approver": "qin.feng",
    "legal": "xu.min",
    "operations": "gao.jie",
    "release-checker": "jiang.nan",
    "post-loan": "feng.lei",
    "collections": "luo.qiang",
    "asset-preservation": "tang.lan",
    "auditor": "song.qing",
    "administrator": "ding.ning",
}
#: scopes of which a plain reading is made here; "through" and rules are the plugins' own tests' matter
PLAIN: Final = frozenset(("own", "unit", "below", "all"))


@dataclass(frozen=True)
class Seen:
    """Who looks at which record, and the ids that a plain reading of the scope gives them."""

    kernel: Kernel
    actor: ActorData
    record: type[Record]

    @property
    def rows(self) -> list[tuple[int, int | None, int | None]]:
        """Id, unit and owner of every row there is."""
        table: Any = self.record.__table__
        unit, owner = (
            (table.c.unit_id, table.c.owner_id) if issubclass(self.record, Owned) else (None, None)
        )
        columns = [table.c.id] + ([unit, owner] if unit is not None else [])
        with self.kernel.db.raw(write=False) as connection:
            return [
                (row[0], *(row[1:] or (None, None))) for row in connection.execute(select(*columns))
            ]

    def plain(self, scopes: set[str]) -> set[int]:
        """The ids within any of the scopes."""
        return {row[0] for row in self.rows if any(self._within(scope, row) for scope in scopes)}

    def _within(self, scope: str, row: tuple[int, int | None, int | None]) -> bool:
        _identity, unit, owner = row
        return {
            "all": True,
            "own": owner == self.actor.id,
            "unit": unit in self.actor.units,
            "below": unit in self.actor.units_below,
        }[scope]


def scopes_of(record: str, position: str, letter: str = "R") -> set[str] | None:
    """The scopes of a verb in a cell together with everybody's; None where one isn't plain."""
    scopes: set[str] = set()
    for who in (position, EVERYBODY):
        for part in filter(None, MATRIX[record].get(who, "").split(", ")):
            letters, _space, scope = part.partition(" ")
            if letter in letters:
                scopes |= set(scope.split(" or "))
    return scopes if scopes <= PLAIN else None


def kind_of(kernel: Kernel, record: str) -> type[Record]:
    """The class of a record by its name in the matrix."""
    return next(one for one in kernel.declarations.records if name_of(one) == record)
