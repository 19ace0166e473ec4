"""A stranger's plugin of the guard's tests."""

from __future__ import annotations

from sqlalchemy.orm import Mapped
from tenor_guarded import Folder, Sheet, rename

from tenor_sdk import Context, Extension, field, service


class Visits(Extension[Folder]):
    """How often somebody looked."""

    visits: Mapped[int] = field(default=0)


class Stamp(Extension[Sheet]):
    """That somebody looked at a sheet."""

    ink: Mapped[str] = field(default="red")


@service()
def stamp(ctx: Context, sheet_id: int) -> None:
    """Put a stamp on a sheet."""
    ctx.session.add(Stamp(id=sheet_id))


@service()
def visit(ctx: Context, folder_id: int) -> int:
    """Count a visit; its own record, so allowed."""
    counted = ctx.session.get(Visits, folder_id)
    if counted is None:
        counted = Visits(id=folder_id, visits=0)
        ctx.session.add(counted)
    counted.visits += 1
    return counted.visits


@service()
def steal(ctx: Context, folder: Folder) -> None:
    """Write another plugin's record, which is refused."""
    folder.subject = "stolen"


@service()
def ask_politely(ctx: Context, folder: Folder) -> None:
    """Go through the other plugin's door."""
    rename(ctx, folder, "renamed")
