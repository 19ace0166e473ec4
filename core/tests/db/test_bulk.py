"""The doors of set-based writing judge as the writing of one record does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from tenor_guarded import Folder, Pointer, Sheet
from tenor_visitor import Visits

from tenor_sdk import NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext

    from .conftest import Folders, House


def _load(
    house: House, ctx: KernelContext, record: type, row: dict[str, object], plugin: str = "guarded"
) -> int:
    with house.kernel.access.procedure(ctx, plugin, "load"):
        return house.kernel.access.bulk.load(ctx, record, [row])


def test_rows_that_lead_to_what_the_person_sees_are_loaded(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        assert _load(house, ctx, Pointer, {"folder_id": folders.anns}) == 1
        assert _load(house, ctx, Sheet, {"parent_id": folders.anns, "text": "more"}) == 1
        assert ctx.session.scalar(select(func.count()).select_from(Pointer)) == 1


@pytest.mark.parametrize("hidden", [True, False])
def test_a_link_to_what_the_person_cannot_see_is_not_found_whether_it_is_there_or_not(
    house: House, folders: Folders, hidden: bool
) -> None:
    there = folders.bens if hidden else 10**6
    rows: list[tuple[type, dict[str, object], str]] = [
        (Pointer, {"folder_id": there}, "guarded"),
        (Sheet, {"parent_id": there, "text": "t"}, "guarded"),
        (Visits, {"id": there, "visits": 1}, "visitor"),
    ]
    for record, row, plugin in rows:
        with house.as_(house.ann) as ctx, pytest.raises(NotFound) as refused:
            _load(house, ctx, record, row, plugin)
        assert refused.value.key == "linked-record"


def test_nothing_is_set_to_lead_to_what_the_person_cannot_see(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        _load(house, ctx, Pointer, {"folder_id": folders.anns})
    with (
        house.as_(house.ann) as ctx,
        pytest.raises(NotFound),
        house.kernel.access.procedure(ctx, "guarded", "set"),
    ):
        house.kernel.access.bulk.update_where(
            ctx, Pointer, Pointer.id > 0, {"folder_id": folders.bens}
        )
    with house.as_(house.ann) as ctx:
        assert ctx.session.scalars(
            select(Folder.id).join(Pointer, Pointer.folder_id == Folder.id)
        ).all() == [folders.anns]
