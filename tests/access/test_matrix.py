"""The access matrix of a lender, kept as data: what the plugins grant, and what people see of the demo bank.

A plain reading of the scopes is compared with what session and API give, for each position and record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import func, select

from tenor.access.explain import cell_text, matrix, name_of
from tenor.kernel import Kernel
from tests.access.cells import (
    MATRIX,
    OWNED,
    PEOPLE,
    Holder,
    Seen,
    kind_of,
    reaches_all,
    reaches_something,
    scopes_of,
)
from tests.access.scopes import RULES


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


def test_each_rule_of_the_matrix_has_its_plain_reading_and_each_reading_its_rule() -> None:
    ruled = {
        record for record, row in MATRIX.items() if any("rule" in cell for cell in row.values())
    }
    assert ruled == RULES.keys()


# -- in and out -------------------------------------------------------------------------------------------------------


LOOKED_AT: Final = [
    (record, position) for record in MATRIX for position in PEOPLE if MATRIX[record]
]


#: the cells whose scope says something else than unit and owner
OF_THEIR_OWN: Final = [
    (record, position) for record, position in LOOKED_AT if scopes_of(record, position) - OWNED
]


@pytest.mark.parametrize(("record", "position"), OF_THEIR_OWN)
def test_something_lies_within_a_scope_and_something_without(
    bank: Kernel, holders: Mapping[str, Holder], record: str, position: str
) -> None:
    """Else the cell's other tests would look at nothing: then ``supply`` lacks the record."""
    seen = Seen(bank, holders[position].actor, kind_of(bank, record), position)
    within = seen.plain(scopes_of(record, position))
    assert bool(within) == reaches_something(bank, record, position)
    assert bool(seen.ids - within) != reaches_all(bank, record, position)


@pytest.mark.parametrize(("record", "position"), LOOKED_AT)
def test_a_position_sees_the_rows_of_its_scope_and_no_others(
    bank: Kernel, app: Flask, holders: Mapping[str, Holder], record: str, position: str
) -> None:
    kind = kind_of(bank, record)
    seen = Seen(bank, holders[position].actor, kind, position)
    expected = seen.plain(scopes_of(record, position))
    with bank.context(seen.actor, write=False) as ctx:
        assert set(ctx.session.scalars(select(kind.id))) == expected
        assert ctx.session.scalar(select(func.count()).select_from(kind)) == len(expected)
    outside = next(iter(sorted(seen.ids - expected)), None)
    inside = next(iter(sorted(expected)), None)
    _over_the_api(app, seen, holders[position].token, inside, outside)


def _over_the_api(
    app: Flask, seen: Seen, token: str, inside: int | None, outside: int | None
) -> None:
    """The same through the API: what lies outside isn't found, nor is the kind where nothing is granted."""
    program = app.test_client()
    path = f"/api/v1/{seen.record.__plugin__}/{seen.record.slug()}"
    headers = {"Authorization": f"Bearer {token}"}
    if inside is not None:
        assert program.get(f"{path}/{inside}", headers=headers).status_code == 200
    if outside is not None:
        assert program.get(f"{path}/{outside}", headers=headers).status_code == 404
    if not scopes_of(name_of(seen.record), seen.position):
        assert program.get(path, headers=headers).status_code == 404
