"""A number that no column holds, asked for: there is no such row, and nothing breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tenor_guarded import Fact, Folder, Pointer, Sheet
from tenor_visitor import visit

from tenor_sdk import Amount, Invalid, NotFound

if TYPE_CHECKING:
    from .conftest import Folders, House

BEYOND = [2**63, 2**70, 10**40, -(2**63) - 1, -(2**70)]


@pytest.mark.parametrize("beyond", BEYOND)
def test_no_record_has_such_an_id(house: House, folders: Folders, beyond: int) -> None:
    with house.as_(house.ann, write=False) as ctx:
        assert ctx.session.get(Folder, beyond) is None
        assert not ctx.may(Folder, "read", Folder(id=beyond))
        with house.kernel.db.sibling(ctx.session, elevation="look") as high:
            assert high.get(Folder, beyond) is None


@pytest.mark.parametrize("beyond", BEYOND)
def test_such_numbers_compare_as_numbers_do(house: House, folders: Folders, beyond: int) -> None:
    own, above = [folders.anns], beyond > 0

    def found(*conditions: Any) -> list[int]:
        return list(ctx.session.scalars(select(Folder.id).where(*conditions)))

    with house.as_(house.ann, write=False) as ctx:
        assert found(Folder.id == beyond) == []
        assert found(Folder.id != beyond) == own
        assert found(Folder.id.in_([beyond, folders.anns])) == own
        assert found(Folder.id.not_in([beyond])) == own
        assert found(Folder.id < beyond) == (own if above else [])
        assert found(Folder.id > beyond) == ([] if above else own)
        assert found(Folder.amount <= Amount(beyond)) == (own if above else [])
        assert found(Folder.sheets.any(Sheet.parent_id == beyond)) == []


def test_a_link_to_such_a_record_is_one_to_nothing(house: House, folders: Folders) -> None:
    with pytest.raises(NotFound, match="linked-record"), house.as_(house.ann) as ctx:
        ctx.session.add(Pointer(folder_id=2**70))
    with pytest.raises(NotFound, match="linked-record"), house.as_(house.ann) as ctx:
        visit(ctx, 2**70)
    with (
        pytest.raises(NotFound, match="linked-record"),
        house.as_(house.ann) as ctx,
        house.kernel.access.procedure(ctx, "guarded", "load"),
    ):
        house.kernel.access.bulk.load(ctx, Pointer, [{"folder_id": 2**70}])


@pytest.mark.parametrize("together", [True, False])
def test_such_a_number_is_refused_and_not_cut_where_it_is_to_be_kept(
    house: House, *, together: bool
) -> None:
    with pytest.raises(Invalid, match="number-beyond-what-is-kept"), house.as_(house.ann) as ctx:
        if together:
            with house.kernel.access.procedure(ctx, "guarded", "load"):
                house.kernel.access.bulk.load(ctx, Fact, [{"value": 2**70}])
        else:
            ctx.session.add(Fact(value=2**70))
    with house.as_(house.ann, write=False) as ctx:
        assert ctx.session.scalars(select(Fact)).all() == []
