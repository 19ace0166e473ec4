"""The access matrix of a lender, kept as data: what the plugins grant, and what people see of the demo bank.

A plain reading of the scopes is compared with what session and API give, for each position and record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from tenor.access.actors import ActorData
from tenor.access.explain import cell_text, matrix, name_of
from tenor.kernel import Kernel
from tenor.loader.manifest import find
from tenor.loader.stage import actor_of, play
from tenor.testing.institution import build, start, stop
from tenor.web import create_app
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


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """The demo bank with all that is played in it."""
    folder = tmp_path_factory.mktemp("matrix")
    plugins = [
        name
        for name, found in find()[0].items()
        if name != "base" and found.stated.category != "Examples"
    ]
    url = f"sqlite:///{folder / 'bank.db'}"
    build(url, plugins, folder)
    kernel = start(url, plugins, folder)
    try:
        play(kernel)
        yield kernel
    finally:
        stop(kernel)


@pytest.fixture(scope="module")
def app(bank: Kernel) -> Flask:
    """Its site."""
    return create_app(bank)


@pytest.fixture(scope="module")
def granted(bank: Kernel) -> Mapping[str, Mapping[str, str]]:
    """What the plugins' roles come to, in the words of the file."""
    found = matrix(bank.access.roles.values(), bank.declarations.records)
    return {
        record: {
            position: cell_text(cell)
            for position, cell in row.items()
            if not position.startswith("service:")
        }
        for record, row in found.items()
    }


def test_every_record_has_its_row_and_every_row_its_record(
    granted: Mapping[str, Mapping[str, str]],
) -> None:
    assert sorted(granted) == sorted(MATRIX)


@pytest.mark.parametrize("record", MATRIX)
def test_what_is_granted_is_what_stands_in_the_matrix(
    granted: Mapping[str, Mapping[str, str]], record: str
) -> None:
    assert granted.get(record) == dict(MATRIX[record])


# -- in and out -------------------------------------------------------------------------------------------------------


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


def _reading(record: str, position: str) -> set[str] | None:
    """The scopes of reading in a cell together with everybody's; None where one isn't plain."""
    scopes: set[str] = set()
    for who in (position, EVERYBODY):
        for part in filter(None, MATRIX[record].get(who, "").split(", ")):
            letters, _space, scope = part.partition(" ")
            if "R" in letters:
                scopes |= set(scope.split(" or "))
    return scopes if scopes <= PLAIN else None


LOOKED_AT: Final = [
    (record, position)
    for record in MATRIX
    for position in PEOPLE
    if MATRIX[record] and _reading(record, position) is not None
]


@pytest.mark.parametrize(("record", "position"), LOOKED_AT)
def test_a_position_sees_the_rows_of_its_scope_and_no_others(
    bank: Kernel, app: Flask, record: str, position: str
) -> None:
    kind = next(one for one in bank.declarations.records if name_of(one) == record)
    scopes = _reading(record, position)
    assert scopes is not None
    seen = Seen(bank, actor_of(bank, PEOPLE[position]), kind)
    expected = seen.plain(scopes)
    with bank.context(seen.actor, write=False) as ctx:
        assert set(ctx.session.scalars(select(kind.id))) == expected
        assert ctx.session.scalar(select(func.count()).select_from(kind)) == len(expected)
    outside = next((row[0] for row in seen.rows if row[0] not in expected), None)
    inside = next(iter(sorted(expected)), None)
    _over_the_api(app, seen, scopes, inside, outside)


def _over_the_api(
    app: Flask, seen: Seen, scopes: set[str], inside: int | None, outside: int | None
) -> None:
    """The same through the API: what lies outside isn't found, nor is the kind where nothing is granted."""
    token = seen.kernel.identity.create_token(seen.actor, "matrix")
    program = app.test_client()
    path = f"/api/v1/{seen.record.__plugin__}/{seen.record.slug()}"
    headers = {"Authorization": f"Bearer {token}"}
    if inside is not None:
        assert program.get(f"{path}/{inside}", headers=headers).status_code == 200
    if outside is not None:
        assert program.get(f"{path}/{outside}", headers=headers).status_code == 404
    if not scopes:
        assert program.get(path, headers=headers).status_code == 404
