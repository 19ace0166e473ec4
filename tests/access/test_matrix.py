"""The access matrix of a lender, kept as data: what the plugins grant, and what people see of the demo bank.

A plain reading of the scopes is compared with what session and API give, for each position and record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from tenor.access.explain import cell_text, matrix
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tests.access.cells import MATRIX, PEOPLE, Seen, kind_of, scopes_of


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


LOOKED_AT: Final = [
    (record, position)
    for record in MATRIX
    for position in PEOPLE
    if MATRIX[record] and scopes_of(record, position) is not None
]


@pytest.mark.parametrize(("record", "position"), LOOKED_AT)
def test_a_position_sees_the_rows_of_its_scope_and_no_others(
    bank: Kernel, app: Flask, record: str, position: str
) -> None:
    kind = kind_of(bank, record)
    scopes = scopes_of(record, position)
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
